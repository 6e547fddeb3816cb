//! The scenarios that this server can play, by their names, and what each wants of the work itself. Those that happen
//! in a browser (offline, asleep, hidden …) are not here.

use crate::config::Scripted;
use crate::generator::Mishaps;

/// The event at which most scripts strike: well into the page, well before its end.
pub(super) const MIDDLE: u64 = 20;

macro_rules! scenarios {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// What goes wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Scenario {
            $(#[doc = $name] $variant,)*
        }

        impl Scenario {
            /// All names, in order.
            pub(super) const NAMES: &[&str] = &[$($name),*];

            pub(super) fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            pub(super) fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

scenarios! {
    Honest = "honest",
    CleanDrip = "clean-drip",
    OneGulp = "one-gulp",
    SplitAnywhere = "split-anywhere",
    HeadersNever = "headers-never",
    BodyHeld = "body-held",
    HalfOpen = "half-open",
    OnlyHeartbeats = "only-heartbeats",
    CutMidEvent = "cut-mid-event",
    CleanEof = "clean-eof",
    EofEveryMinute = "eof-every-minute",
    DiesYoung = "dies-young",
    RetryAfter = "retry-after",
    Stream429 = "stream-429",
    BadGateway = "bad-gateway",
    CaptivePortal = "captive-portal",
    NotAStream = "not-a-stream",
    NoStream = "no-stream",
    NoStream405 = "no-stream-405",
    NoStream406 = "no-stream-406",
    NoStream501 = "no-stream-501",
    Stream204 = "stream-204",
    ExpiredToken = "expired-token",
    SignedOut = "signed-out",
    Two401s = "two-401s",
    Forbidden = "forbidden",
    NotYet = "not-yet",
    NotFound = "not-found",
    Replay50 = "replay-50",
    Reordered = "reordered",
    MissingOne = "missing-one",
    Restarted = "restarted",
    RestartWhileAway = "restart-while-away",
    StaleOldRun = "stale-old-run",
    AfterTheEnd = "after-the-end",
    GarbageFrame = "garbage-frame",
    EndlessLine = "endless-line",
    StaleState = "stale-state",
    EmptyPolls = "empty-polls",
    PollHangs = "poll-hangs",
    ProxyCutsHolds = "proxy-cuts-holds",
    Block4k = "block-4k",
    HelloThenHeld = "hello-then-held",
    LiveThenBuffered = "live-then-buffered",
    GapAndSlowState = "gap-and-slow-state",
    ForeignId = "foreign-id",
    Heals = "heals",
    FinalReadHangs = "final-read-hangs",
    SlowStart = "slow-start",
    JobFails = "job-fails",
}

impl Scenario {
    /// What this scenario does to the work.
    pub(super) fn mishaps(self, settings: Scripted) -> Mishaps {
        let honest = Mishaps::default();
        match self {
            Self::SlowStart => Mishaps { late: settings.seconds(20.0), ..honest },
            Self::OnlyHeartbeats => Mishaps { pause: settings.seconds(300.0), ..honest },
            Self::JobFails => Mishaps { fails_at: Some(MIDDLE), ..honest },
            Self::Restarted | Self::RestartWhileAway | Self::StaleOldRun => {
                Mishaps { restarts_at: Some(MIDDLE), ..honest }
            }
            _ => honest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_names_its_scenario() {
        for name in Scenario::NAMES {
            assert_eq!(Scenario::named(name).map(Scenario::name), Some(*name));
        }
        assert_eq!(Scenario::named("no such"), None);
    }
}
