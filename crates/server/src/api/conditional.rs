//! Entity tags of states, and the two ways to ask for a change: `If-None-Match`, and `Prefer: wait` with it. It reads
//! headers and decides nothing about what is sent.

use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::IF_NONE_MATCH;

use crate::store::Head;

/// The longest wait that is granted.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// `"run-seq"`.
pub(crate) fn etag(head: Head) -> String {
    format!("\"{}-{}\"", head.run, head.seq)
}

/// Whether `If-None-Match` names `etag`, by weak comparison
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2)).
pub(crate) fn matches_etag(headers: &HeaderMap, etag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// The seconds of `Prefer: wait=N` ([RFC 7240](https://www.rfc-editor.org/rfc/rfc7240#section-4.3)), as far as they are
/// granted.
pub(crate) fn wait(headers: &HeaderMap) -> Option<Duration> {
    let values = headers.get_all("prefer").into_iter().filter_map(|value| value.to_str().ok());
    let mut preferences = values.flat_map(|value| value.split([',', ';'])).map(str::trim);
    let seconds = preferences.find_map(|preference| {
        let (name, value) = preference.split_once('=')?;
        let seconds = value.trim().trim_matches('"').parse().ok()?;
        name.trim().eq_ignore_ascii_case("wait").then_some(seconds)
    })?;
    Some(Duration::from_secs(seconds).min(WAIT_MAX)).filter(|wait| !wait.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
    }

    #[test]
    fn a_wait_is_read_among_other_preferences_and_capped() {
        for (value, seconds) in [
            ("wait=25", Some(25)),
            ("respond-async, wait=10", Some(10)),
            ("Wait = \"5\"; foo=bar", Some(5)),
            ("wait=3600", Some(30)),
            ("wait=0", None),
            ("wait=-1", None),
            ("wait=soon", None),
            ("wait", None),
            ("", None),
        ] {
            assert_eq!(wait(&headers("prefer", value)), seconds.map(Duration::from_secs), "{value}");
        }
    }

    #[test]
    fn a_tag_matches_weakly_and_in_lists() {
        for (value, matches) in [
            ("\"1-7\"", true),
            ("W/\"1-7\"", true),
            ("\"1-6\", \"1-7\"", true),
            ("*", true),
            ("\"1-70\"", false),
            ("1-7", false),
        ] {
            assert_eq!(matches_etag(&headers("if-none-match", value), "\"1-7\""), matches, "{value}");
        }
    }
}
