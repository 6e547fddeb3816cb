//! Whether a text is a time as RFC 3339 writes it. It converts nothing.

/// True for `2026-03-01T10:00:00Z`, with a fraction, with an offset ([RFC 3339, section
/// 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6)). Days are not held against their month.
pub(crate) fn is_rfc3339(text: &str) -> bool {
    read(text.as_bytes()).is_some_and(<[u8]>::is_empty)
}

/// What stands behind the time.
fn read(text: &[u8]) -> Option<&[u8]> {
    let rest = number(text, 4, 0..=9999)?;
    let rest = number(skip(rest, b"-")?, 2, 1..=12)?;
    let rest = number(skip(rest, b"-")?, 2, 1..=31)?;
    let rest = number(skip(rest, b"Tt ")?, 2, 0..=23)?;
    let rest = number(skip(rest, b":")?, 2, 0..=59)?;
    let mut rest = number(skip(rest, b":")?, 2, 0..=60)?;
    if let Some(fraction) = skip(rest, b".") {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        rest = (digits > 0).then(|| &fraction[digits..])?;
    }
    if let Some(rest) = skip(rest, b"Zz") {
        return Some(rest);
    }
    let rest = number(skip(rest, b"+-")?, 2, 0..=23)?;
    number(skip(rest, b":")?, 2, 0..=59)
}

fn skip<'a>(text: &'a [u8], one_of: &[u8]) -> Option<&'a [u8]> {
    let (first, rest) = text.split_first()?;
    one_of.contains(first).then_some(rest)
}

fn number(text: &[u8], digits: usize, range: std::ops::RangeInclusive<u32>) -> Option<&[u8]> {
    let (number, rest) = text.split_at_checked(digits)?;
    let is_number = number.iter().all(u8::is_ascii_digit);
    let value = number.iter().fold(0, |value, digit| value * 10 + u32::from(digit.wrapping_sub(b'0')));
    (is_number && range.contains(&value)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_from_what_looks_like_one() {
        for time in [
            "2026-03-01T10:00:00Z",
            "2026-03-01t10:00:00.123456789z",
            "2026-03-01 10:00:60+01:30",
            "0000-01-31T00:00:00-23:59",
        ] {
            assert!(is_rfc3339(time), "{time}");
        }
        for other in [
            "",
            "2026-03-01",
            "2026-03-01T10:00:00",
            "2026-03-01T10:00Z",
            "2026-13-01T10:00:00Z",
            "2026-03-00T10:00:00Z",
            "2026-03-01T24:00:00Z",
            "2026-03-01T10:00:00.Z",
            "2026-03-01T10:00:00+0100",
            "2026-03-01T10:00:00Zulu",
            "1772359200",
            "Sun, 01 Mar 2026 10:00:00 GMT",
            "２026-03-01T10:00:00Z",
        ] {
            assert!(!is_rfc3339(other), "{other}");
        }
    }
}
