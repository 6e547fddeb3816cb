//! Level 1: who may do what, the state's form, and the stream up to its pieces.

use axum::http::StatusCode;
use contract_check::Point;
use serde_json::json;

use super::{Row, is, set, status};
use crate::fault::{Asked, Fault, Habit};

pub(super) const ROWS: &[Row] = &[
    ("no session", Fault::head(|h| status(h, Asked::Session, StatusCode::NOT_FOUND)), &[Point::Token]),
    (
        "no generations",
        Fault::head(|h| status(h, Asked::Create, StatusCode::BAD_GATEWAY)),
        &[Point::Create, Point::Problems],
    ),
    (
        "a Location elsewhere",
        Fault::head(|h| {
            if h.asked == Asked::Create {
                set(h, "location", "https://elsewhere.example/api/generations/g1");
            }
        }),
        &[Point::LocationOrigin],
    ),
    ("an open door", Fault::habit(Habit::ServesAnybody), &[Point::NeedsToken]),
    ("a cookie that opens", Fault::habit(Habit::CookieOpens), &[Point::NeedsToken]),
    ("a state with the token in it", Fault::habit(Habit::EchoesToken), &[Point::TokenSecret]),
    ("strangers see all", Fault::habit(Habit::ServesStrangers), &[Point::ForeignClosed]),
    (
        "400 for what is missing",
        Fault::head(|h| {
            if *h.status == StatusCode::NOT_FOUND {
                *h.status = StatusCode::BAD_REQUEST;
            }
        }),
        &[Point::Missing, Point::Foreign404, Point::Problems],
    ),
    (
        "a state that is called text",
        Fault::head(|h| {
            if h.asked == Asked::State && *h.status == StatusCode::OK {
                set(h, "content-type", "text/plain");
            }
        }),
        &[Point::StateJson],
    ),
    ("a state without status", Fault::state(|s| s["status"] = json!(null)), &[Point::StateJson]),
    (
        "a length in characters",
        Fault::state(|s| s["html"]["len"] = json!(s["html"]["text"].as_str().unwrap_or("").chars().count())),
        &[Point::StateHtml],
    ),
    (
        "no stream",
        Fault::head(|h| status(h, Asked::Events, StatusCode::INTERNAL_SERVER_ERROR)),
        &[Point::Stream],
    ),
    (
        "a stream that is called JSON",
        Fault::head(|h| {
            if h.asked == Asked::Events && *h.status == StatusCode::OK {
                set(h, "content-type", "application/json");
            }
        }),
        &[Point::StreamType],
    ),
    (
        "an id of 2 KiB",
        Fault::frame(|f| f.id = f.id.take().map(|id| id + &"x".repeat(2048))),
        &[Point::Limits],
    ),
    (
        "an event without a number",
        Fault::frame(|f| {
            if f.data["seq"] == 7 {
                f.data["seq"] = json!(null);
            }
        }),
        &[Point::Frames],
    ),
    (
        "an event that is no JSON",
        Fault::frame(|f| {
            if f.data["seq"] == 7 {
                f.text = Some("data: Hello!\n\n".to_owned());
            }
        }),
        &[Point::Frames],
    ),
    (
        "a gap",
        Fault::frame(|f| {
            if let Some(seq) = f.data["seq"].as_u64().filter(|seq| *seq > 5) {
                f.data["seq"] = json!(seq + 1);
            }
        }),
        &[Point::Seq],
    ),
    (
        "numbers from 0",
        Fault::frame(|f| {
            if let Some(seq) = f.data["seq"].as_u64() {
                f.data["seq"] = json!(seq - 1);
            }
        }),
        &[Point::Seq],
    ),
    ("events that wait for the end", Fault::habit(Habit::HoldsBack), &[Point::Timely]),
    (
        "offsets in UTF-16 units",
        Fault::frame(|f| {
            if let (true, Some(offset)) = (is(f, "html"), f.data["offset"].as_u64()) {
                f.data["offset"] = json!(offset / 41 * 34);
            }
        }),
        &[Point::HtmlOffsets],
    ),
];
