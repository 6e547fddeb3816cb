//! The fake server's event stream: a cursor into the log.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::fake::{App, body};
use crate::fault::{Frame, Habit};
use crate::generation::is_terminal;

/// One connection. Dropping it is seen by servers that work only while somebody looks.
struct Viewer {
    app: App,
    id: String,
    run: u64,
    after: usize,
    changed: watch::Receiver<u64>,
    next_hello: Instant,
    hellos: u32,
    /// It is not the only one.
    is_second: bool,
    /// What it has sent.
    is_over: bool,
    is_cancelled: bool,
}

pub(crate) fn events(app: &App, id: &str, headers: &HeaderMap) -> Response {
    let last_event_id = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let viewer = {
        let mut shelf = app.shelf();
        let generation = shelf.generations.get_mut(id).unwrap();
        generation.streams += 1;
        Viewer {
            app: app.clone(),
            id: id.to_owned(),
            run: generation.run,
            after: generation.after(last_event_id, &app.fault),
            changed: generation.changed.subscribe(),
            next_hello: Instant::now(),
            hellos: 0,
            is_second: generation.streams > 1,
            is_over: false,
            is_cancelled: false,
        }
    };
    let frames = stream::unfold(viewer, async |mut viewer| Some((viewer.next().await?, viewer)));
    let mut response = body(frames).into_response();
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-cache, no-transform"),
        ("x-accel-buffering", "no"),
        ("incremental", "?1"),
        ("connection", "keep-alive"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

impl Viewer {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.next_hello <= Instant::now() {
                return Some(self.hello());
            }
            let (frame, is_over) = self.step();
            if let Some(frame) = frame {
                return Some(frame.into());
            }
            if is_over {
                return None;
            }
            let _ = timeout_at(self.next_hello, self.changed.changed()).await;
        }
    }

    /// The next event, if there is one, and whether there will be none.
    fn step(&mut self) -> (Option<String>, bool) {
        let shelf = self.app.shelf();
        let generation = &shelf.generations[&self.id];
        self.changed.mark_unchanged();
        let keeps_old = self.app.has(Habit::StaysOpenAfterCancel) && self.is_cancelled;
        if generation.run != self.run || keeps_old {
            return (None, !keeps_old);
        }
        let waits = self.app.has(Habit::HoldsBack) && generation.is_first && !generation.is_ended;
        let Some(event) = generation.log.get(self.after).filter(|_| !waits) else {
            let last = generation.log.last();
            let stays = last.is_some_and(|last| last["type"] == "done")
                && (self.app.has(Habit::StaysOpenAfterDone) || self.app.has(Habit::TalksOn));
            return (None, generation.is_ended && !stays);
        };
        self.after += 1;
        self.is_over |= is_terminal(event);
        self.is_cancelled |= event["type"] == "cancelled";
        if self.is_second && self.app.has(Habit::SharedQueue) && self.after.is_multiple_of(2) && !self.is_over
        {
            return (Some(":\n".to_owned()), false);
        }
        let id = format!("{}-{}", self.run, self.after);
        let mut frame = Frame { id: Some(id), data: event.clone(), text: None };
        (self.app.fault.frame)(&mut frame);
        (Some(frame.into_text()), false)
    }

    fn hello(&mut self) -> Bytes {
        self.hellos += 1;
        let heartbeat = if self.app.has(Habit::Pauses) { 100 } else { 15_000 };
        let is_silent = matches!(self.app.fault.habit, Some(Habit::NoSecondHello | Habit::Pauses));
        let pause = if self.hellos == 1 && !is_silent { 1000 } else { 15_000 };
        self.next_hello = Instant::now() + Duration::from_millis(pause);
        let head = self.app.shelf().generations[&self.id].log.len();
        let data = json!({
            "type": "hello", "run": self.run, "after": self.after, "head": head.max(self.after),
            "now": "2026-03-01T10:00:00Z", "heartbeat_ms": heartbeat,
        });
        let mut frame = Frame { id: None, data, text: None };
        (self.app.fault.frame)(&mut frame);
        frame.into_text().into()
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        let mut shelf = self.app.shelf();
        let Some(generation) = shelf.generations.get_mut(&self.id) else { return };
        generation.streams -= 1;
        if generation.is_ended || generation.run != self.run {
            return;
        }
        generation.is_stopped |= self.app.has(Habit::StopsWithStream);
        if self.app.has(Habit::CancelsWithStream) {
            generation.append(json!({"type": "cancelled"}));
        }
    }
}

impl Frame {
    fn into_text(self) -> String {
        let id = self.id.map(|id| format!("id: {id}\n")).unwrap_or_default();
        self.text.unwrap_or_else(|| format!("{id}data: {}\n\n", self.data))
    }
}
