//! What was asked of a generation, so that tests can count: `GET /api/scripted/generations/{id}/log`. It notes that an
//! `Authorization` header came, never what it said.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use serde::Serialize;
use tokio::time::Instant;

use super::Scripts;
use super::act::{Asked, Kind};
use crate::api::Mine;
use crate::problem::Refusal;

/// More requests than this are counted but not listed.
const LISTED_MAX: usize = 2000;

pub(super) struct Log {
    began: Instant,
    requests: Mutex<Vec<Noted>>,
    open_streams: AtomicUsize,
}

impl Default for Log {
    fn default() -> Self {
        Self { began: Instant::now(), requests: Mutex::default(), open_streams: AtomicUsize::new(0) }
    }
}

/// One request.
#[derive(Clone, Debug, Serialize)]
struct Noted {
    /// Since the generation was made.
    at_ms: u64,
    kind: Kind,
    authorization: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_event_id: Option<String>,
    /// Missing while there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
}

#[derive(Serialize)]
pub(super) struct Report {
    scenario: &'static str,
    streams: usize,
    reads: usize,
    held_reads: usize,
    posts: usize,
    open_streams: usize,
    without_authorization: usize,
    requests: Vec<Noted>,
}

/// Counts an open stream for as long as it lives.
pub(super) struct OpenStream(Arc<super::Script>);

impl OpenStream {
    pub(super) fn new(script: Arc<super::Script>) -> Self {
        script.log.open_streams.fetch_add(1, Ordering::Relaxed);
        Self(script)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.log.open_streams.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Log {
    /// Answers where it stands in the list.
    pub(super) fn note(&self, asked: &Asked, headers: &HeaderMap) -> usize {
        let id = headers.get("last-event-id").map(|id| String::from_utf8_lossy(id.as_bytes()));
        let noted = Noted {
            at_ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
            kind: asked.kind,
            authorization: headers.contains_key(AUTHORIZATION),
            last_event_id: id.map(|id| id.chars().take(100).collect()),
            status: None,
        };
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(noted);
        requests.len() - 1
    }

    pub(super) fn answered(&self, noted: usize, status: StatusCode) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(noted) = requests.get_mut(noted) {
            noted.status = Some(status.as_u16());
        }
    }

    /// How many requests of that kind came, the present one included.
    pub(super) fn count(&self, wanted: impl Fn(Kind) -> bool) -> usize {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.iter().filter(|noted| wanted(noted.kind)).count()
    }

    fn report(&self, scenario: &'static str) -> Report {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let count = |kind: Kind| requests.iter().filter(|noted| noted.kind == kind).count();
        Report {
            scenario,
            streams: count(Kind::Stream),
            reads: count(Kind::Read),
            held_reads: count(Kind::HeldRead),
            posts: count(Kind::Post),
            open_streams: self.open_streams.load(Ordering::Relaxed),
            without_authorization: requests.iter().filter(|noted| !noted.authorization).count(),
            requests: requests.into_iter().take(LISTED_MAX).collect(),
        }
    }
}

pub(super) async fn log(
    mine: Mine,
    Extension(scripts): Extension<Arc<Scripts>>,
) -> Result<Json<Report>, Refusal> {
    let script = scripts.of(&mine.id).ok_or_else(Refusal::not_found)?;
    Ok(Json(script.log.report(script.scenario.name())))
}
