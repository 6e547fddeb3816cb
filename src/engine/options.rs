//! What a host may want to change about a session: times and limits, with their defaults and why.

use std::time::Duration;

/// Times and limits of a session. `Options::default()` suits a server that keeps the contract.
///
/// All durations are divided by [`speed`](Options::speed), which exists for tests.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// How long the stream has the field to itself before the state is read beside it. 2.5 s: content although the
    /// stream is mute.
    pub head_start: Duration,
    /// How long an opened stream may bring no byte. 10 s: a proxy that holds the body must not hold the screen.
    pub open_timeout: Duration,
    /// How long a stream may be silent if no heartbeat interval is known. 45 s.
    pub idle_timeout: Duration,
    /// How long a read of the state may take. 10 s; a held one: its wait more.
    pub read_timeout: Duration,
    /// How long the server is asked to hold a read. 25 s: below the 30 s that many proxies allow.
    pub held_wait: Duration,
    /// How long the token provider may take. 10 s; it is asked twice.
    pub token_timeout: Duration,
    /// Longest page, in bytes: 32 MiB. A longer one ends the session with
    /// [`Outcome::TooLarge`](super::Outcome::TooLarge).
    pub page_bytes_max: u64,
    /// Hosts that card images may come from, besides small `data:` images. None.
    pub image_hosts: Vec<String>,
    /// Whether cookies go along (`credentials: same-origin` instead of `omit`). No.
    pub send_cookies: bool,
    /// All times are divided by it: 1. For tests.
    pub speed: f64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            head_start: Duration::from_millis(2500),
            open_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(45),
            read_timeout: Duration::from_secs(10),
            held_wait: Duration::from_secs(25),
            token_timeout: Duration::from_secs(10),
            page_bytes_max: 32 << 20,
            image_hosts: Vec::new(),
            send_cookies: false,
            speed: 1.0,
        }
    }
}

/// An option that makes no sense. Its words are looked up when they are asked for: a page that never shows them is without
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionsError(usize);

/// What has to be of which option.
const RULES: [(&str, &str); 8] = [
    ("head_start", "be at most 60 s"),
    ("open_timeout", "be between 1 s and 1 h"),
    ("idle_timeout", "be between 10 s and 1 h"),
    ("read_timeout", "be between 1 s and 1 h"),
    ("held_wait", "be at most 30 s"),
    ("token_timeout", "be between 1 s and 1 h"),
    ("page_bytes_max", "be more than 0"),
    ("speed", "be between 0.01 and 1000"),
];

impl OptionsError {
    /// Its name.
    #[must_use]
    pub fn option(&self) -> &'static str {
        RULES[self.0].0
    }

    /// What it has to be.
    #[must_use]
    pub fn must(&self) -> &'static str {
        RULES[self.0].1
    }
}

impl std::fmt::Display for OptionsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "option `{}` must {}", self.option(), self.must())
    }
}

impl std::error::Error for OptionsError {}

impl Options {
    /// Checks that the values make sense together.
    ///
    /// # Errors
    /// Names the first that does not.
    pub fn check(&self) -> Result<(), OptionsError> {
        let (second, hour) = (Duration::from_secs(1), Duration::from_secs(3600));
        let holds = [
            self.head_start <= 60 * second,
            (second..=hour).contains(&self.open_timeout),
            (10 * second..=hour).contains(&self.idle_timeout),
            (second..=hour).contains(&self.read_timeout),
            self.held_wait <= 30 * second,
            (second..=hour).contains(&self.token_timeout),
            self.page_bytes_max > 0,
            (0.01..=1000.0).contains(&self.speed),
        ];
        match holds.iter().position(|holds| !holds) {
            Some(rule) => Err(OptionsError(rule)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_refused_by_name_and_the_defaults_are_not() {
        let (zero, year) = (Duration::ZERO, Duration::from_secs(365 * 86_400));
        let default = Options::default();
        assert_eq!(default.check(), Ok(()));
        for (options, option) in [
            (Options { head_start: year, ..default.clone() }, "head_start"),
            (Options { open_timeout: zero, ..default.clone() }, "open_timeout"),
            (Options { open_timeout: year, ..default.clone() }, "open_timeout"),
            (Options { idle_timeout: zero, ..default.clone() }, "idle_timeout"),
            (Options { read_timeout: zero, ..default.clone() }, "read_timeout"),
            (Options { held_wait: year, ..default.clone() }, "held_wait"),
            (Options { token_timeout: zero, ..default.clone() }, "token_timeout"),
            (Options { page_bytes_max: 0, ..default.clone() }, "page_bytes_max"),
            (Options { speed: 0.0, ..default.clone() }, "speed"),
            (Options { speed: f64::NAN, ..default.clone() }, "speed"),
        ] {
            let error = options.check().unwrap_err();
            assert_eq!(error.option(), option);
            assert!(error.to_string().starts_with(&format!("option `{option}` must be ")), "{error}");
        }
        // No head start, and no held reads: both can be wanted.
        assert_eq!(Options { head_start: zero, held_wait: zero, ..default }.check(), Ok(()));
    }
}
