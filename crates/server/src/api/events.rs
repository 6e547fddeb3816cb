//! `GET …/events`: the log as a stream of server-sent events. A viewer is a cursor into the log, never a queue: a slow
//! one costs nothing, a gone one ends nothing.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use generation_screen::contract::Hello;
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{Mine, vanished};
use crate::app::App;
use crate::clock::now_rfc3339;
use crate::config::DRAIN_MAX;
use crate::ids;
use crate::limits::{Closed, OpenGuard};
use crate::metrics::{ViewerCount, Why};
use crate::problem::Refusal;
use crate::sse;
use crate::store::Head;

/// How long those wait whose stream ends because the server stops: another one has to be there first.
const RETRY_MIN: Duration = Duration::from_secs(1);
const RETRY_SPREAD: Duration = Duration::from_secs(4);

/// From one piece of news to the next: what comes quicker goes together. A write costs a server ten times what an event does, and nobody
/// sees the difference: it is three pictures of a screen. What comes after a pause goes at once.
const PACE: Duration = Duration::from_millis(50);

/// Events read from the log, and sent, at a time: so many, and no more bytes than this if it is more than one.
const BATCH: usize = 32;
const BATCH_BYTES: usize = 16 * 1024;

pub(super) async fn events(
    State(app): State<App>,
    mine: Mine,
    version: Version,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let open = app.limits.open(&mine.user).map_err(too_many)?;
    let head = app.store.follow(&mine.id).ok_or_else(|| vanished(&app, &mine.id, &mine.user))?;
    let run = mine.head.run;
    let viewer = Viewer {
        after: resume_after(&headers, mine.head),
        id: mine.id,
        run,
        head,
        next_hello: Some(Instant::now()),
        expires_at: Instant::now() + mine.expires_in,
        ends_at: None,
        hellos: 0,
        next_news: Instant::now(),
        alarm: Box::pin(sleep_until(Instant::now())),
        closed: Box::pin({
            let app = app.clone();
            async move { app.closed().await }
        }),
        count: app.metrics.viewer(),
        _open: open,
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

fn too_many(closed: Closed) -> Refusal {
    match closed {
        Closed::User => {
            let detail =
                "You have as many streams open as one may have. Close one, or read the state instead.";
            Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", detail).retry_after(5)
        }
        Closed::Server => {
            Refusal::unavailable("at_capacity", "The server is busy. Try again in a moment.", 10)
        }
    }
}

/// One connection's place in the log.
struct Viewer {
    app: App,
    id: String,
    run: u64,
    /// The last event that was sent.
    after: u64,
    head: watch::Receiver<Head>,
    /// `None` after the last frame: then the stream ends.
    next_hello: Option<Instant>,
    /// That of the token.
    expires_at: Instant,
    /// The server stops: the stream ends then, with a word about when to come back.
    ends_at: Option<Instant>,
    hellos: u32,
    /// Not before this.
    next_news: Instant,
    /// Both are made once for a connection, not for every event: with thousands of viewers the timers' lock, and that of those who
    /// wait for the end, would be what all of them wait for.
    alarm: Pin<Box<Sleep>>,
    closed: Pin<Box<dyn Future<Output = ()> + Send>>,
    count: ViewerCount,
    _open: OpenGuard,
}

impl Viewer {
    /// The next bytes; `None` at the end. Dropping it loses nothing: the cursor moves only with what is returned.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let (next_hello, now) = (self.next_hello?, Instant::now());
            let head = *self.head.borrow_and_update();
            if head.run != self.run {
                return self.end(Why::Superseded);
            }
            if self.expires_at <= now {
                return self.end(Why::Expired);
            }
            if *self.app.closing.borrow() && self.ends_at.is_none() {
                self.drain(now);
            }
            if self.ends_at.is_some_and(|at| at <= now) {
                self.last(Why::Drained);
                return Some(sse::retry(RETRY_MIN + RETRY_SPREAD.mul_f64(ids::random_share())).into());
            }
            if next_hello <= now {
                return Some(self.hello(head));
            }
            let is_behind = self.after < head.seq;
            if is_behind && self.next_news <= now {
                return self.news(head, now);
            }
            if head.ended && !is_behind {
                // The client has the terminal event already: nothing can follow in this run.
                return self.end(Why::Whole);
            }
            let mut alarm_at = next_hello.min(self.expires_at).min(self.ends_at.unwrap_or(next_hello));
            if is_behind {
                alarm_at = alarm_at.min(self.next_news);
            }
            if self.alarm.deadline() != alarm_at {
                self.alarm.as_mut().reset(alarm_at);
            }
            tokio::select! {
                changed = self.head.changed(), if !is_behind => changed.ok()?,
                () = self.alarm.as_mut() => {}
                // Once it is over it is never asked again: there is a moment of the end then.
                () = self.closed.as_mut(), if self.ends_at.is_none() => self.drain(now),
            }
        }
    }

    /// What is in the log after this viewer's place, which moves there. `None`: there is no such run any more.
    fn news(&mut self, head: Head, now: Instant) -> Option<Bytes> {
        let mut frames = self.app.store.frames_after(&self.id, self.run, self.after, BATCH);
        if frames.is_empty() {
            return self.end(Why::Superseded);
        }
        let mut bytes = 0;
        let fits = |frame: &&Bytes| {
            bytes += frame.len();
            bytes <= BATCH_BYTES
        };
        let fitting = frames.iter().take_while(fits).count();
        frames.truncate(fitting.max(1));
        self.app.metrics.behind.0.observe((head.seq - self.after) as f64);
        self.app.metrics.deliveries.inc_by(frames.len() as u64);
        self.after += frames.len() as u64;
        if self.after >= head.seq {
            self.next_news = now + PACE;
            if head.ended {
                self.last(Why::Whole);
            }
        }
        // One is what most viewers get: it is the same text for all of them, not a copy.
        Some(if frames.len() == 1 { frames.remove(0) } else { frames.concat().into() })
    }

    /// Chooses a moment for the end: not all at once.
    fn drain(&mut self, now: Instant) {
        let spread = self.app.config.drain.min(DRAIN_MAX);
        self.ends_at = Some(now + spread.mul_f64(ids::random_share()));
    }

    /// What is sent now is the last.
    fn last(&mut self, why: Why) {
        self.next_hello = None;
        self.count.why = why;
    }

    fn end(&mut self, why: Why) -> Option<Bytes> {
        self.last(why);
        None
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
