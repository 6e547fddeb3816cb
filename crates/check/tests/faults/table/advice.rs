//! What is advice, and what is told with it.

use axum::http::StatusCode;
use contract_check::Point;
use serde_json::json;

use super::{Row, is, set, status};
use crate::fault::{Asked, Fault, Habit};

pub(super) const ROWS: &[Row] = &[
    (
        "a compressed stream",
        Fault::head(|h| {
            if h.asked == Asked::Events && h.accepts_gzip {
                set(h, "content-encoding", "gzip");
            }
        }),
        &[Point::Uncompressed],
    ),
    ("an id with a dot", Fault::habit(Habit::DottedIds), &[Point::GenerationId]),
    ("201", Fault::head(|h| status(h, Asked::Create, StatusCode::CREATED)), &[Point::CreateAnswer]),
    (
        "a cookie for scripts",
        Fault::head(|h| {
            if h.asked == Asked::Session {
                set(h, "set-cookie", "user=1; SameSite=Strict; Path=/api/session");
            }
        }),
        &[Point::SessionCookie],
    ),
    (
        "comments in place of hellos",
        Fault::frame(|f| {
            if is(f, "hello") {
                f.text = Some(":\n\n".to_owned());
            }
        }),
        &[Point::Hello],
    ),
    ("one hello", Fault::habit(Habit::NoSecondHello), &[Point::HelloAgain]),
    ("a pause without a heartbeat", Fault::habit(Habit::Pauses), &[Point::HelloAgain, Point::Heartbeat]),
    ("a stream that stays open", Fault::habit(Habit::StaysOpenAfterDone), &[Point::StreamEnds]),
    (
        "a stream that may be changed",
        Fault::head(|h| {
            if h.asked == Asked::Events {
                set(h, "cache-control", "no-cache");
            }
        }),
        &[Point::NoTransform],
    ),
    (
        "a stream that may be buffered",
        Fault::head(|h| drop(h.headers.remove("x-accel-buffering"))),
        &[Point::NoBuffering],
    ),
    (
        "a stream that is not incremental",
        Fault::head(|h| drop(h.headers.remove("incremental"))),
        &[Point::Incremental],
    ),
    ("no keep-alive", Fault::head(|h| drop(h.headers.remove("connection"))), &[Point::KeepAlive]),
    ("times in words", Fault::frame(|f| f.data["at"] = json!("just now")), &[Point::Times]),
    ("a state without steps", Fault::state(|s| s["steps"] = json!([])), &[Point::Steps]),
    ("a state that lags", Fault::habit(Habit::StateLags), &[Point::Fresh]),
    (
        "errors as HTML",
        Fault::head(|h| {
            if h.status.is_client_error() {
                set(h, "content-type", "text/html");
            }
        }),
        &[Point::Problems],
    ),
    (
        "401 without a challenge",
        Fault::head(|h| drop(h.headers.remove("www-authenticate"))),
        &[Point::Challenge],
    ),
    ("403 for strangers", Fault::habit(Habit::ForbidsStrangers), &[Point::Foreign404]),
    ("keys that are forgotten", Fault::habit(Habit::ForgetsKeys), &[Point::Idempotency]),
    (
        "no cancel",
        Fault::head(|h| status(h, Asked::Cancel, StatusCode::METHOD_NOT_ALLOWED)),
        &[Point::CancelOffered, Point::Problems],
    ),
    ("cancel twice", Fault::habit(Habit::CancelAgain), &[Point::CancelEnded]),
    (
        "no retry",
        Fault::head(|h| status(h, Asked::Retry, StatusCode::NOT_FOUND)),
        &[Point::RetryOffered, Point::Problems],
    ),
    ("a retry of what runs", Fault::habit(Habit::RetryAgain), &[Point::RetryRunning]),
    ("busy without a time", Fault::habit(Habit::BusyOnce), &[Point::RetryAfter]),
    ("a link to http", Fault::habit(Habit::LinksElsewhere), &[Point::ResultUrl]),
    (
        "a page that may do what it likes",
        Fault::head(|h| drop(h.headers.remove("content-security-policy"))),
        &[Point::PageSandbox],
    ),
    (
        "another origin",
        Fault::head(|h| {
            if h.headers.contains_key("access-control-allow-origin") {
                set(h, "access-control-allow-origin", "https://other.example");
            }
        }),
        &[Point::CorsOrigin],
    ),
    (
        "a wildcard for Authorization",
        Fault::head(|h| {
            if h.asked == Asked::Preflight {
                set(h, "access-control-allow-headers", "*");
            }
        }),
        &[Point::CorsRequest],
    ),
    (
        "headers that no page can read",
        Fault::head(|h| drop(h.headers.remove("access-control-expose-headers"))),
        &[Point::CorsResponse],
    ),
];
