//! The timers: each one's deadline is a function of what the session knows, so none can go stale or be forgotten.
//!
//! Says when to wake, and calls what a timer does. What it does stands with its leg.

use super::{Life, Session};
use crate::engine::time::Moment;

/// Everything that time alone makes happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// An opened stream brought no byte.
    Open,
    /// The stream was silent for the whole idle time.
    Idle,
    /// … for half of it: Live no more.
    HalfIdle,
    /// We know of more than the stream brings.
    Behind,
    /// Bytes, but no event.
    Quiet,
    /// A read was not answered in time.
    ReadLimit,
    /// The token provider did not answer.
    TokenLimit,
    /// The token expires soon.
    TokenRenew,
    /// The last read takes too long.
    Finish,
    /// A cancel was not answered.
    CancelLimit,
    /// No news for a minute: the mark changes. Does nothing else.
    Stalled,
}

const TIMERS: [Timer; 11] = [
    Timer::Finish,
    Timer::Open,
    Timer::Idle,
    Timer::HalfIdle,
    Timer::Behind,
    Timer::Quiet,
    Timer::ReadLimit,
    Timer::TokenLimit,
    Timer::TokenRenew,
    Timer::CancelLimit,
    Timer::Stalled,
];

impl Session {
    /// When to come back with [`Input::Wake`](crate::engine::Input::Wake), if nothing happens before. `None`: there is
    /// nothing to wait for.
    #[must_use]
    pub fn next_wake(&self) -> Option<Moment> {
        if !matches!(self.life, Life::Active | Life::Finishing(_)) {
            return None;
        }
        let timers = TIMERS.iter().filter_map(|&timer| self.deadline(timer));
        let sends =
            [self.token_ask_at(), self.stream_opens_at(), self.read_starts_at(), self.cancel_sends_at()];
        timers.chain(sends.into_iter().flatten()).min()
    }

    pub(super) fn expired(&self) -> Option<Timer> {
        if !matches!(self.life, Life::Active | Life::Finishing(_)) {
            return None;
        }
        TIMERS.into_iter().find(|&timer| self.deadline(timer).is_some_and(|at| at <= self.now))
    }

    fn deadline(&self, timer: Timer) -> Option<Moment> {
        match timer {
            Timer::Open => self.stream_open_limit(),
            Timer::Idle => self.stream_idle_at(),
            Timer::HalfIdle => self.stream_half_idle_at(),
            Timer::Behind => self.stream_behind_at(),
            Timer::Quiet => self.quiet_at(),
            Timer::ReadLimit => self.read_limit(),
            Timer::TokenLimit => self.token.limit(self.scaled(self.options.token_timeout)),
            Timer::TokenRenew => self.token.renew_at(),
            Timer::Finish => self.finish_at(),
            Timer::CancelLimit => self.cancel_limit(),
            Timer::Stalled => self.stalls_at(),
        }
    }

    pub(super) fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::Open => self.stream_mute(),
            Timer::Idle => self.stream_idle(),
            Timer::HalfIdle => self.stream_half_idle(),
            Timer::Behind => self.stream_behind(),
            Timer::Quiet => self.quiet(),
            Timer::ReadLimit => self.read_timed_out(),
            Timer::TokenLimit => self.token_timed_out(),
            Timer::TokenRenew => self.token_expires_soon(),
            Timer::Finish => self.finish_timed_out(),
            Timer::CancelLimit => self.cancel_timed_out(),
            Timer::Stalled => self.marks_stalled(),
        }
    }
}
