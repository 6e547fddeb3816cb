//! The inputs of the table, one fact each. Judges nothing.

use generation_screen::engine::{Input, PageEvent, RequestId, Span, StreamEnd, TokenAnswer};

use super::situations::{HELLO, Situation};

/// A row: a fact, and how it is told.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) give: fn(&mut Situation),
}

const fn row(name: &'static str, give: fn(&mut Situation)) -> Row {
    Row { name, give }
}

const PROBLEM: &str = "application/problem+json";

pub(super) const ROWS: &[Row] = &[
    row("start", |s| s.after(50).give(&Input::Start)),
    row("its next time comes", |s| {
        if let Some(wake) = s.session.next_wake() {
            s.now = wake.since_origin();
        }
        s.give(&Input::Wake);
    }),
    row("it wakes an hour late", |s| {
        s.now = s.now + Span::from_secs(3600);
        s.give(&Input::Wake);
    }),
    row("seat", |s| s.give(&Input::Seat)),
    row("token: fresh", |s| token(s, TokenAnswer::Fresh { expires_in: None })),
    row("token: refused", |s| token(s, TokenAnswer::Refused)),
    row("token: failed", |s| token(s, TokenAnswer::Failed)),
    row("stream: 200", |s| s.after(50).head(200, "text/event-stream", None)),
    row("stream: hello", |s| s.after(50).bytes(HELLO)),
    row("stream: hello 0.3 s later", |s| s.after(300).bytes(HELLO)),
    row("stream: hello of run 2", |s| {
        s.after(50).bytes("data: {\"type\":\"hello\",\"run\":2,\"after\":0,\"head\":1}\n\n");
    }),
    row("stream: next event", |s| {
        s.after(50).bytes("data: {\"seq\":4,\"type\":\"status\",\"step\":\"page\"}\n\n");
    }),
    row("stream: old event", |s| {
        s.after(50).bytes("data: {\"seq\":3,\"type\":\"status\",\"step\":\"page\"}\n\n");
    }),
    row("stream: event too far", |s| {
        s.after(50).bytes("data: {\"seq\":9,\"type\":\"status\",\"step\":\"page\"}\n\n");
    }),
    row("stream: done", |s| s.after(50).bytes("data: {\"seq\":4,\"type\":\"done\",\"html_len\":3}\n\n")),
    row("stream: no JSON", |s| s.after(50).bytes("data: {\n\n")),
    row("stream: comment", |s| s.after(50).bytes(": alive\n")),
    row("stream: line over 1 MiB", |s| s.after(50).bytes(&"x".repeat((1 << 20) + 1))),
    row("stream: ends", |s| ends(s, StreamEnd::Closed)),
    row("stream: is cut", |s| ends(s, StreamEnd::Broken)),
    row("stream: 401", |s| s.after(50).head(401, PROBLEM, None)),
    row("stream: 204, 403, 404, 405, 406, 501", |s| s.after(50).head(404, PROBLEM, None)),
    row("stream: 200 JSON", |s| s.after(50).head(200, "application/json", None)),
    row("stream: 200 HTML", |s| s.after(50).head(200, "text/html", None)),
    row("stream: 410", |s| s.after(50).head(410, PROBLEM, None)),
    row("stream: 429, 5xx", |s| s.after(50).head(503, PROBLEM, None)),
    row("read: newer state", |s| s.after(50).state(1, 4, "running")),
    row("read: same state, 304, 204", |s| s.after(50).answer(304, "", None, "")),
    row("read: older state", |s| s.after(50).state(1, 2, "running")),
    row("read: state of run 2", |s| s.after(50).state(2, 1, "running")),
    row("read: state of the end", |s| s.after(50).state(1, 4, "done")),
    row("read: 401", |s| s.after(50).answer(401, PROBLEM, None, "{}")),
    row("read: 403", |s| s.after(50).answer(403, PROBLEM, None, "{}")),
    row("read: 404", |s| s.after(50).answer(404, PROBLEM, None, "{}")),
    row("read: 410", |s| s.after(50).answer(410, PROBLEM, None, "{}")),
    row("read: 429, 5xx, HTML, no answer", |s| s.after(50).answer(503, PROBLEM, None, "{}")),
    row("an answer to nothing", |s| s.give(&Input::NoAnswer { id: RequestId(u64::MAX - 1) })),
    row("offline", |s| s.after(50).give(&Input::Page(PageEvent::Offline))),
    row("online", |s| s.after(50).give(&Input::Page(PageEvent::Online))),
    row("hidden", |s| s.after(50).give(&Input::Page(PageEvent::Hidden))),
    row("visible", |s| s.after(50).give(&Input::Page(PageEvent::Visible))),
    row("`pagehide`", |s| s.after(50).give(&Input::Page(PageEvent::PageHide))),
    row("`pageshow`", |s| s.after(50).give(&Input::Page(PageEvent::PageShow))),
    row("cancel", |s| s.after(50).give(&Input::Cancel)),
    row("stop", |s| s.after(50).give(&Input::Stop)),
];

fn token(situation: &mut Situation, answer: TokenAnswer) {
    let ticket = situation.ticket;
    situation.after(50).give(&Input::Token { ticket, answer });
}

fn ends(situation: &mut Situation, how: StreamEnd) {
    let id = situation.stream;
    situation.after(50).give(&Input::StreamEnded { id, how });
}
