//! The wall clock: RFC 3339 in UTC, and milliseconds for tokens. It never measures durations; that is `Instant`'s.

use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Now, as `2026-03-01T10:00:00.123Z`.
pub(crate) fn now_rfc3339() -> String {
    let now = OffsetDateTime::now_utc();
    let millis = u32::from(now.millisecond());
    // A year beyond 9999 is the only way to fail; an empty time says "unknown" on the wire.
    now.replace_nanosecond(millis * 1_000_000).ok().and_then(|t| t.format(&Rfc3339).ok()).unwrap_or_default()
}

/// Milliseconds since 1970; 0 if the clock is set before that.
pub(crate) fn now_unix_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Milliseconds since 1970 of a time as [`now_rfc3339`] writes it; `None` if it is none.
pub(crate) fn unix_ms_of(rfc3339: &str) -> Option<u64> {
    let at = OffsetDateTime::parse(rfc3339, &Rfc3339).ok()?;
    u64::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_rfc_3339_in_utc_with_at_most_milliseconds() {
        let now = now_rfc3339();
        assert!(
            ("2026-03-01T10:00:00Z".len()..="2026-03-01T10:00:00.123Z".len()).contains(&now.len()),
            "{now}"
        );
        assert_eq!((&now[10..11], &now[now.len() - 1..]), ("T", "Z"));
        assert!(now_unix_ms() - unix_ms_of(&now).unwrap() < 60_000);
        assert_eq!(unix_ms_of("yesterday"), None);
    }
}
