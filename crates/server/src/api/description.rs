//! `GET /api/openapi.json`: what the API is, for programs and people. The text is `docs/openapi.json` as it was when the
//! server was built; `tests/http/described.rs` holds it against what the server does. It never knows who asks.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::matches_etag;

const TEXT: &str = include_str!("../../../../docs/openapi.json");

/// A server that describes itself otherwise has another.
static TAG: LazyLock<String> =
    LazyLock::new(|| format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(TEXT)[..12])));

/// The type is plain JSON: `application/openapi+json` is a draft yet, and browsers would save the file instead of showing it.
pub(super) async fn description(headers: HeaderMap) -> Response {
    let caching = [(CACHE_CONTROL, "no-cache"), (ETAG, TAG.as_str())];
    if matches_etag(&headers, &TAG) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(CONTENT_TYPE, "application/json")], TEXT).into_response()
}
