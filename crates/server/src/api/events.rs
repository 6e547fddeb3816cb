//! `GET …/events`: the log as a stream of server-sent events. A viewer is a cursor into the log, never a queue: a slow
//! one costs nothing, a gone one ends nothing.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Version};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use generation_screen::contract::Hello;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::Mine;
use crate::app::App;
use crate::clock::now_rfc3339;
use crate::problem::Refusal;
use crate::sse;
use crate::store::Head;

/// Events read from the log, and sent, at a time.
const BATCH: usize = 32;

pub(super) async fn events(
    State(app): State<App>,
    mine: Mine,
    version: Version,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let head = app.store.follow(&mine.id).await?.ok_or_else(Refusal::not_found)?;
    let run = mine.head.run;
    let viewer = Viewer {
        after: resume_after(&headers, mine.head),
        id: mine.id,
        run,
        head,
        next_hello: Some(Instant::now()),
        hellos: 0,
        app,
    };
    let frames = stream::unfold(viewer, async |mut viewer| {
        let frame = viewer.next().await?;
        Some((Ok::<_, Infallible>(frame), viewer))
    });
    let mut response = Body::from_stream(frames).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-cache, no-transform"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
        (HeaderName::from_static("incremental"), "?1"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if version == Version::HTTP_11 {
        headers.insert(CONNECTION, HeaderValue::from_static("keep-alive"));
    }
    Ok(response)
}

/// The event that the client has, if it is one of this run; else none.
fn resume_after(headers: &HeaderMap, head: Head) -> u64 {
    let id = headers.get("last-event-id").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = |id: &str| {
        let (run, seq) = id.split_once('-')?;
        let (run, seq) = (run.parse::<u64>().ok()?, seq.parse::<u64>().ok()?);
        (run == head.run && seq <= head.seq).then_some(seq)
    };
    known(id).unwrap_or(0)
}

/// One connection's place in the log.
struct Viewer {
    app: App,
    id: String,
    run: u64,
    /// The last event that was sent.
    after: u64,
    head: watch::Receiver<Head>,
    /// `None` after the terminal event: then the stream ends.
    next_hello: Option<Instant>,
    hellos: u32,
}

impl Viewer {
    /// The next bytes; `None` at the end. Dropping it loses nothing: the cursor moves only with what is returned.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let next_hello = self.next_hello?;
            let head = *self.head.borrow_and_update();
            if head.run != self.run || *self.app.closing.borrow() {
                return None;
            }
            if next_hello <= Instant::now() {
                return Some(self.hello(head));
            }
            let events = self.app.store.events_after(&self.id, self.run, self.after, BATCH).await.ok()?;
            if let Some(last) = events.last() {
                self.after = last.seq;
                if last.body.is_terminal() {
                    self.next_hello = None;
                }
                let frames = events.into_iter().map(|event| sse::event(self.run, event));
                return Some(frames.collect::<String>().into());
            }
            if head.ended {
                // The client has the terminal event already: nothing can follow in this run.
                return None;
            }
            tokio::select! {
                changed = self.head.changed() => changed.ok()?,
                () = sleep_until(next_hello) => {}
                () = self.app.closed() => return None,
            }
        }
    }

    /// At once, again after a second (a proxy that holds back shows then), then with each heartbeat.
    fn hello(&mut self, head: Head) -> Bytes {
        let heartbeat = self.app.config.heartbeat;
        let pause = if self.hellos == 0 { heartbeat.min(Duration::from_secs(1)) } else { heartbeat };
        self.hellos = self.hellos.saturating_add(1);
        self.next_hello = Some(Instant::now() + pause);
        sse::hello(Hello {
            run: self.run,
            after: self.after,
            head: head.seq,
            now: Some(now_rfc3339()),
            heartbeat_ms: u64::try_from(heartbeat.as_millis()).ok(),
        })
        .into()
    }
}
