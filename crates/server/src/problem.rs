//! Error answers: problem+json ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457#section-3)) with a `code` for
//! programs and a sentence for people. It never tells what somebody else owns: missing and foreign look the same.

use std::time::Duration;

use axum::Json;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use generation_screen::contract::{Problem, State};
use serde::Serialize;

/// What a client should do, in a header of its own.
#[derive(Debug)]
enum Advice {
    None,
    NewToken,
    RetryAfter(u64),
}

/// Why a request was refused.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: &'static str,
    detail: String,
    advice: Advice,
    state: Option<Box<State>>,
}

impl Refusal {
    /// `detail` is a sentence that says what to do.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), advice: Advice::None, state: None }
    }

    /// One for all: no such address, no such generation, or somebody else's.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing here, or it is not yours.")
    }

    /// It was there, and is kept no longer. Only its owner is told.
    pub(crate) fn gone() -> Self {
        Self::new(StatusCode::GONE, "gone", "This was kept for a while, and is there no longer. Start again.")
    }

    /// No token, or one that this server does not know (any more).
    pub(crate) fn invalid_token() -> Self {
        Self {
            advice: Advice::NewToken,
            ..Self::new(
                StatusCode::UNAUTHORIZED,
                "invalid_token",
                "The access token is missing, wrong or expired. Ask /api/session for a new one.",
            )
        }
    }

    /// Right request, wrong moment; the answer carries the `state` that says why.
    pub(crate) fn conflict(code: &'static str, detail: &str, state: State) -> Self {
        Self { state: Some(Box::new(state)), ..Self::new(StatusCode::CONFLICT, code, detail) }
    }

    /// One may have so many at work.
    pub(crate) fn too_many_running() -> Self {
        let detail = "You have as many pages being written as one may have at a time. Wait for one of them, or cancel it.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_running", detail).retry_after(10)
    }

    /// The server ends, and another one has to be there first.
    pub(crate) fn stopping() -> Self {
        let detail = "The server is about to stop, and begins nothing new. Try again in a moment.";
        Self::unavailable("stopping", detail, 5)
    }

    /// Not now: come back in `seconds`.
    pub(crate) fn unavailable(code: &'static str, detail: &str, seconds: u64) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).retry_after(seconds)
    }

    /// Says when to come back, in whole seconds and at least one.
    pub(crate) fn retry_in(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.retry_after(seconds.max(1))
    }

    /// Says when to come back.
    pub(crate) fn retry_after(self, seconds: u64) -> Self {
        Self { advice: Advice::RetryAfter(seconds), ..self }
    }
}

/// The state travels as an extension member (RFC 9457, section 3.2).
#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    problem: Problem,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<Box<State>>,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: Some("about:blank".to_owned()),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: Some(self.detail),
            code: Some(self.code.to_owned()),
        };
        let mut response = (self.status, Json(Body { problem, state: self.state })).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.advice {
            Advice::None => None,
            Advice::NewToken => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""))
            }
            Advice::RetryAfter(seconds) => headers.insert(RETRY_AFTER, HeaderValue::from(seconds)),
        };
        response
    }
}
