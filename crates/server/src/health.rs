//! Whether the server is there (`/healthz`), and whether it should be sent work (`/readyz`). For whatever runs and balances
//! it; nothing else is told.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::problem::Refusal;

/// For the store to say that it lives.
const STORE_WITHIN: Duration = Duration::from_secs(2);

/// Answers as long as anything is answered.
pub(crate) async fn healthz() -> Response {
    said("alive")
}

/// Answers that new work may come: the server does not stop, and its store answers.
pub(crate) async fn readyz(State(app): State<App>) -> Result<Response, Refusal> {
    if *app.closing.borrow() {
        return Err(Refusal::stopping());
    }
    match tokio::time::timeout(STORE_WITHIN, app.store.answers()).await {
        Ok(Ok(())) => Ok(said("ready")),
        _ => Err(Refusal::unavailable(
            "store_failed",
            "The server's store does not answer. Try again soon.",
            2,
        )),
    }
}

fn said(what: &'static str) -> Response {
    (StatusCode::OK, [(CACHE_CONTROL, "no-store")], what).into_response()
}
