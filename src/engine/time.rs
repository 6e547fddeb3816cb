//! Moments of the screen's own monotonic clock, and the server's written times. Reads no clock.

use super::span::Span;
use std::ops::{Add, Sub};

/// A point in time: how long after an origin that the caller chose (in a browser: `performance.now()`).
///
/// Moments of two origins do not compare. Adding saturates; the difference to a later moment is zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Span);

impl Moment {
    /// The moment `since_origin` after the origin.
    #[must_use]
    pub const fn new(since_origin: Span) -> Self {
        Moment(since_origin)
    }

    /// The moment `ms` milliseconds after the origin. What is negative, infinite or no number counts as the origin.
    #[must_use]
    pub fn from_ms(ms: f64) -> Self {
        Moment(Span::from_ms(if ms.is_finite() { ms } else { 0.0 }))
    }

    /// How long after the origin.
    #[must_use]
    pub const fn since_origin(self) -> Span {
        self.0
    }
}

impl Add<Span> for Moment {
    type Output = Moment;
    fn add(self, by: Span) -> Moment {
        Moment(self.0 + by)
    }
}

impl Sub<Moment> for Moment {
    type Output = Span;
    fn sub(self, earlier: Moment) -> Span {
        self.0 - earlier.0
    }
}

/// Milliseconds since 1970 that an RFC 3339 time names; `None` if it is not one.
///
/// Source: [RFC 3339, section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6). A leap second counts as the
/// second before it.
#[must_use]
pub(crate) fn rfc3339_ms(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let digits = |from: usize, len: usize| -> Option<i64> {
        let part = bytes.get(from..from + len)?;
        part.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
    };
    let is = |at: usize, any: &[u8]| bytes.get(at).is_some_and(|b| any.contains(b));
    if !(is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":")) {
        return None;
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 2)?, digits(8, 2)?);
    let (hour, minute, second) = (digits(11, 2)?, digits(14, 2)?, digits(17, 2)?.min(59));
    if !((1..=12).contains(&month) && (1..=31).contains(&day) && hour <= 23 && minute <= 59) {
        return None;
    }
    let mut at = 19;
    let mut ms = 0;
    if is(at, b".") {
        let fraction = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        if fraction == 0 {
            return None;
        }
        for place in 0..3.min(fraction) {
            ms += digits(at + 1 + place, 1)? * [100, 10, 1][place];
        }
        at += 1 + fraction;
    }
    let offset_minutes = if is(at, b"Zz") && bytes.len() == at + 1 {
        0
    } else if is(at, b"+-") && is(at + 3, b":") && bytes.len() == at + 6 {
        let sign = if bytes[at] == b'-' { -1 } else { 1 };
        sign * (digits(at + 1, 2)? * 60 + digits(at + 4, 2)?)
    } else {
        return None;
    };
    let days = days_since_1970(year, month, day);
    Some((((days * 24 + hour) * 60 + minute - offset_minutes) * 60 + second) * 1000 + ms)
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar: years are counted from March, so that the
/// leap day is the last of its year.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times_are_read_and_others_are_not() {
        for (text, ms) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:00:00Z", Some(951_825_600_000)),
            ("2026-03-01T10:00:02.5Z", Some(1_772_359_202_500)),
            ("2026-03-01T11:00:02.512345+01:00", Some(1_772_359_202_512)),
            ("2016-12-31t23:59:60z", Some(1_483_228_799_000)),
            ("1969-12-31T23:59:59.999Z", Some(-1)),
            ("2026-03-01T10:00:02", None),
            ("2026-13-01T10:00:02Z", None),
            ("2026-03-01T10:00:02.Z", None),
            ("2026-03-01T10:00:02Zz", None),
            ("2026-03-01", None),
            ("été", None),
            ("", None),
        ] {
            assert_eq!(rfc3339_ms(text), ms, "{text}");
        }
    }

    #[test]
    fn a_difference_to_a_later_moment_is_zero() {
        let (a, b) = (Moment::from_ms(1.0), Moment::from_ms(2.5));
        assert_eq!(b - a, Span::from_micros(1500));
        assert_eq!(a - b, Span::ZERO);
        assert_eq!(Moment::from_ms(f64::NAN), Moment::default());
    }
}
