//! For each point a server that breaks it: what it does otherwise, and which points that breaks. Where one fault cannot
//! but break two, both are named.

use axum::http::{HeaderValue, StatusCode};
use contract_check::Point;
use serde_json::{Value, json};

use crate::fault::{Asked, Fault, Frame, Habit, Head};

/// One row: the fault in words, the fault, the points that it breaks.
pub(crate) type Row = (&'static str, Fault, &'static [Point]);

fn set(head: &mut Head<'_>, name: &'static str, value: &'static str) {
    head.headers.insert(name, HeaderValue::from_static(value));
}

fn status(head: &mut Head<'_>, asked: Asked, status: StatusCode) {
    if head.asked == asked && head.status.is_success() {
        *head.status = status;
    }
}

fn is(frame: &Frame, kind: &str) -> bool {
    frame.data["type"] == kind
}

fn is_ended(state: &Value) -> bool {
    state["status"] == "done"
}

/// What every server has to do.
pub(crate) fn events() -> Vec<Row> {
    vec![
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
            Fault::state(|s| {
                s["html"]["len"] = json!(s["html"]["text"].as_str().unwrap_or("").chars().count())
            }),
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
        ("a piece of 70 KB", Fault::habit(Habit::BigPiece), &[Point::HtmlPieces]),
        (
            "progress in per cent",
            Fault::frame(|f| {
                if f.data["seq"] == 4 {
                    f.data["progress"] = json!(25);
                }
            }),
            &[Point::Progress],
        ),
        (
            "progress that goes back",
            Fault::frame(|f| {
                if f.data["seq"] == 1 {
                    f.data["progress"] = json!(0.5);
                }
            }),
            &[Point::Progress],
        ),
        (
            "a hello that promises another event",
            Fault::frame(|f| {
                if let (true, Some(after)) = (is(f, "hello"), f.data["after"].as_u64()) {
                    (f.data["after"], f.data["head"]) = (json!(after + 1), json!(after + 9));
                }
            }),
            &[Point::HelloFields],
        ),
        (
            "a hello with an id",
            Fault::frame(|f| {
                if is(f, "hello") {
                    f.id = Some("hello".to_owned());
                }
            }),
            &[Point::HelloFields],
        ),
        (
            "a stream without done",
            Fault::frame(|f| {
                if is(f, "done") {
                    f.text = Some(":\n\n".to_owned());
                }
            }),
            &[Point::Terminal],
        ),
        ("an event after done", Fault::habit(Habit::TalksOn), &[Point::TerminalLast]),
        (
            "done with another length",
            Fault::frame(|f| {
                if let (true, Some(len)) = (is(f, "done"), f.data["html_len"].as_u64()) {
                    f.data["html_len"] = json!(len - 1);
                }
            }),
            &[Point::DoneLength],
        ),
        ("nothing for latecomers", Fault::habit(Habit::NoReplay), &[Point::Replay]),
        (
            "a state that says cancelled after done",
            Fault::state(|s| {
                if is_ended(s) {
                    s["status"] = json!("cancelled");
                }
            }),
            &[Point::StateAgrees],
        ),
        (
            "another page in the state",
            Fault::state(|s| {
                if let (true, Some(text)) =
                    (is_ended(s) && s["html"]["from"] == 0, s["html"]["text"].as_str())
                {
                    s["html"]["text"] = json!(text.replacen("<p>", "<P>", 1));
                }
            }),
            &[Point::StatePage],
        ),
        ("a state without its preview", Fault::state(|s| s["preview"] = json!(null)), &[Point::StateDetails]),
        (
            "a state without its page while work runs",
            Fault::state(|s| {
                if !is_ended(s) {
                    s["html"] = json!({"from": 0, "len": 0, "text": ""});
                }
            }),
            &[Point::Joins],
        ),
        ("one queue for all streams", Fault::habit(Habit::SharedQueue), &[Point::Viewers]),
        ("work that stops with its stream", Fault::habit(Habit::StopsWithStream), &[Point::Closing]),
        ("work that is cancelled with its stream", Fault::habit(Habit::CancelsWithStream), &[Point::Closing]),
        ("a cancel that does nothing", Fault::habit(Habit::CancelDoesNothing), &[Point::Cancel]),
        ("a retry under the same number", Fault::habit(Habit::SameRun), &[Point::NextRun]),
        ("old streams that stay", Fault::habit(Habit::StaysOpenAfterCancel), &[Point::OldStreams]),
    ]
}

/// The same level, and what is advice.
pub(crate) fn advice() -> Vec<Row> {
    vec![
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
    ]
}

/// Levels 2 and 3.
pub(crate) fn resume_and_held() -> Vec<Row> {
    vec![
        ("events without ids", Fault::frame(|f| f.id = None), &[Point::EventIds]),
        (
            "the same id twice",
            Fault::frame(|f| {
                if f.data["seq"] == 9 {
                    f.id = Some("1-3".to_owned());
                }
            }),
            &[Point::EventIds],
        ),
        ("the last event again", Fault::habit(Habit::RepeatsOne), &[Point::Resume]),
        ("nothing after an unknown id", Fault::habit(Habit::UnknownIsEnd), &[Point::ResumeUnknown]),
        ("ids without a run", Fault::habit(Habit::IdsWithoutRun), &[Point::ResumeOlderRun]),
        ("an old event_id", Fault::habit(Habit::OldEventId), &[Point::StateEventId]),
        ("no event_id", Fault::state(|s| s["event_id"] = json!(null)), &[Point::StateEventId]),
        ("no Html-From", Fault::habit(Habit::HeaderFromIgnored), &[Point::HtmlFrom]),
        ("no html_from", Fault::habit(Habit::QueryFromIgnored), &[Point::HtmlFromQuery]),
        ("characters cut", Fault::habit(Habit::CutsForward), &[Point::HtmlFromCharacter]),
        ("nothing past the end", Fault::habit(Habit::NothingPastEnd), &[Point::HtmlFromPastEnd]),
        ("no tags", Fault::head(|h| drop(h.headers.remove("etag"))), &[Point::Etag]),
        ("one tag for all", Fault::habit(Habit::ConstantTag), &[Point::EtagChanges, Point::EtagForm]),
        ("never 304", Fault::habit(Habit::NeverNotModified), &[Point::NotModified]),
        ("tags of another form", Fault::habit(Habit::OtherTagForm), &[Point::EtagForm]),
        ("no held reads", Fault::habit(Habit::NeverHolds), &[Point::Held, Point::HeldAfterEnd]),
        ("reads held after the end only", Fault::habit(Habit::HoldsAfterEndOnly), &[Point::Held]),
        (
            "reads held while work runs only",
            Fault::habit(Habit::HoldsWhileRunningOnly),
            &[Point::HeldAfterEnd],
        ),
        ("reads that sleep through", Fault::habit(Habit::SleepsThrough), &[Point::HeldWakes]),
        ("reads held for ever", Fault::habit(Habit::HoldsForEver), &[Point::HeldWaitOver]),
        ("old tags held", Fault::habit(Habit::HoldsOldTags), &[Point::HeldStaleTag]),
        (
            "holding without saying so",
            Fault::head(|h| drop(h.headers.remove("preference-applied"))),
            &[Point::PreferenceApplied],
        ),
        ("reads without a tag held", Fault::habit(Habit::HoldsWithoutTag), &[Point::HeldNeedsTag]),
    ]
}
