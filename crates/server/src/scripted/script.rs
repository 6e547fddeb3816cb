//! One generation's script: its scenario, its clock, and what has happened to it so far.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use axum::body::{Bytes, to_bytes};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;

use super::log::Log;
use super::scenario::Scenario;
use crate::config::Scripted;

/// Larger answers than this are not kept; states are far smaller.
const KEPT_MAX: usize = 16 * 1024 * 1024;

pub(super) struct Script {
    pub(super) scenario: Scenario,
    pub(super) settings: Scripted,
    pub(super) log: Log,
    began: Instant,
    /// Tokens that end at this moment or before are refused, in milliseconds since 1970.
    refused_until_ms: AtomicU64,
    /// When the script took the tokens away.
    revoked: OnceLock<Instant>,
    /// A state that was answered before, to be answered again.
    kept: Mutex<Option<(HeaderMap, Bytes)>>,
}

impl Script {
    /// `expires_ms`: of the token with which the generation was made.
    pub(super) fn new(scenario: Scenario, settings: Scripted, expires_ms: Option<u64>) -> Self {
        let refused = if scenario == Scenario::Two401s { expires_ms.unwrap_or(0) } else { 0 };
        Self {
            scenario,
            settings,
            log: Log::default(),
            began: Instant::now(),
            refused_until_ms: AtomicU64::new(refused),
            revoked: OnceLock::new(),
            kept: Mutex::default(),
        }
    }

    /// Whether fewer than `seconds` of the script's time have gone by.
    pub(super) fn within(&self, seconds: f64) -> bool {
        self.began.elapsed() < self.settings.seconds(seconds)
    }

    /// `Retry-After` in the script's time: whole seconds, at least one.
    pub(super) fn retry_after(&self, seconds: f64) -> u64 {
        self.settings.seconds(seconds).as_secs_f64().ceil().max(1.0) as u64
    }

    /// Takes away the token that ends at `expires_ms`, and all older ones.
    pub(super) fn revoke(&self, expires_ms: u64) {
        let _ = self.revoked.set(Instant::now());
        self.refused_until_ms.fetch_max(expires_ms, Ordering::Relaxed);
    }

    pub(super) fn refuses(&self, expires_ms: u64) -> bool {
        let signed_out = self.scenario == Scenario::SignedOut
            && self.revoked.get().is_some_and(|at| at.elapsed() < self.settings.seconds(20.0));
        signed_out || expires_ms <= self.refused_until_ms.load(Ordering::Relaxed)
    }

    /// Keeps the first good answer, and passes all on.
    pub(super) async fn keep(&self, response: Response) -> Response {
        if !response.status().is_success() || self.kept().is_some() {
            return response;
        }
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, KEPT_MAX).await.unwrap_or_default();
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((parts.headers.clone(), bytes.clone()));
        Response::from_parts(parts, bytes.into())
    }

    /// The answer that was kept.
    pub(super) fn kept(&self) -> Option<Response> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().map(|(headers, bytes)| (headers.clone(), bytes.clone()).into_response())
    }
}
