//! Lengths of time, as the session counts them. Reads no clock.

use std::ops::{Add, Div, Mul, Sub};
use std::time::Duration;

/// A length of time in whole microseconds, up to 584,000 years. Sums, differences and products saturate, so that no
/// number of a peer can make them panic; what is less than 1 µs is dropped.
///
/// It stands where a [`Duration`] would: one number instead of two makes the program that a browser loads 3 KB
/// smaller. What a host hands over stays a `Duration`; `From` leads either way.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

impl Span {
    /// No time.
    pub const ZERO: Span = Span(0);
    /// The longest one.
    pub const MAX: Span = Span(u64::MAX);

    /// So many seconds.
    #[must_use]
    pub const fn from_secs(s: u64) -> Self {
        Span(at_most(s, u64::MAX / 1_000_000) * 1_000_000)
    }

    /// So many milliseconds.
    #[must_use]
    pub const fn from_millis(ms: u64) -> Self {
        Span(at_most(ms, u64::MAX / 1000) * 1000)
    }

    /// So many microseconds.
    #[must_use]
    pub const fn from_micros(us: u64) -> Self {
        Span(us)
    }

    /// So many milliseconds and parts of one. Negative and not-a-number count as none.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, as wanted"
    )]
    pub const fn from_ms(ms: f64) -> Self {
        Span((ms * 1000.0) as u64)
    }

    /// Whole seconds.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0 / 1_000_000
    }

    /// Whole milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0 / 1000
    }

    /// Microseconds.
    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Whether it is none.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// A share of it, or a multiple; none if `by` is negative or no number.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "exact up to 285 years")]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, as wanted"
    )]
    pub const fn mul_f64(self, by: f64) -> Self {
        Span((self.0 as f64 * by) as u64)
    }
}

const fn at_most(number: u64, most: u64) -> u64 {
    if number < most { number } else { most }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

/// What is left, at least nothing.
impl Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

/// So many times as long.
impl Mul<u32> for Span {
    type Output = Span;
    fn mul(self, times: u32) -> Span {
        // A saturating product of whole numbers takes 128 bits, which a browser has to be taught.
        self.mul_f64(times.into())
    }
}

/// # Panics
/// By 0.
impl Div<u32> for Span {
    type Output = Span;
    fn div(self, by: u32) -> Span {
        Span(self.0 / u64::from(by))
    }
}

impl core::fmt::Debug for Span {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        Duration::from(*self).fmt(f)
    }
}

impl From<Duration> for Span {
    fn from(duration: Duration) -> Self {
        Span::from_secs(duration.as_secs()) + Span(duration.subsec_micros().into())
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        Duration::from_micros(span.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_keeps_its_microseconds() {
        let duration = Duration::new(3, 1_002_003);
        assert_eq!(Span::from(duration), Span::from_micros(3_001_002));
        assert_eq!(Duration::from(Span::from(duration)), Duration::from_micros(3_001_002));
        assert!(Span::from(Duration::MAX) > Span::MAX - Span::from_secs(2));
    }

    #[test]
    fn nothing_overflows() {
        assert_eq!(Span::MAX + Span::from_micros(1), Span::MAX);
        assert_eq!(Span::ZERO - Span::MAX, Span::ZERO);
        assert_eq!(Span::MAX * 2, Span::MAX);
        assert!(Span::from_secs(u64::MAX) > Span::MAX - Span::from_secs(1));
        assert!(Span::from_millis(u64::MAX) > Span::MAX - Span::from_millis(1));
        assert_eq!((Span::MAX.mul_f64(2.0), Span::MAX.mul_f64(-1.0)), (Span::MAX, Span::ZERO));
        assert_eq!((Span::from_ms(-1.0), Span::from_ms(f64::NAN)), (Span::ZERO, Span::ZERO));
    }

    #[test]
    fn shares_and_parts() {
        let second = Span::from_secs(1);
        assert_eq!((second.mul_f64(1.5), second / 4), (Span::from_millis(1500), Span::from_ms(250.0)));
        assert_eq!((second.as_millis(), (second * 3).as_secs()), (1000, 3));
    }
}
