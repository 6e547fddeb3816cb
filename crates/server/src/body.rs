//! Reads request bodies: small JSON, nothing else. A body that is too long is refused, but read on for a while, so that
//! the answer arrives before the connection breaks.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;

use crate::problem::Refusal;

/// The longest body that is read.
pub(crate) const BODY_MAX: usize = 16 * 1024;
/// A longer one is thrown away, up to here.
const DISCARD_MAX: usize = 1024 * 1024;

/// For all of it to arrive.
const WITHIN: Duration = Duration::from_secs(30);

/// All of `body`.
///
/// # Errors
/// 413 beyond [`BODY_MAX`], 400 if it breaks off, 408 if it takes longer than 30 s.
pub(crate) async fn read(body: Body) -> Result<Bytes, Refusal> {
    let late = |_| {
        let detail = "The request took too long to arrive. Send it again.";
        Refusal::new(StatusCode::REQUEST_TIMEOUT, "body_late", detail)
    };
    tokio::time::timeout(WITHIN, read_all(body)).await.map_err(late)?
}

async fn read_all(body: Body) -> Result<Bytes, Refusal> {
    let mut stream = body.into_data_stream();
    let (mut whole, mut length) = (Vec::new(), 0);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| {
            Refusal::new(
                StatusCode::BAD_REQUEST,
                "body_cut",
                "The request broke off before its end. Send it again.",
            )
        })?;
        length += chunk.len();
        if length <= BODY_MAX {
            whole.extend_from_slice(&chunk);
        } else if length > DISCARD_MAX {
            break;
        }
    }
    if length > BODY_MAX {
        let detail = "That is too long. Send at most 16 KiB: paste only the address of the place.";
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail));
    }
    Ok(whole.into())
}

/// `bytes` as the JSON of a `T`.
///
/// # Errors
/// 415 if it does not call itself JSON, 400 if it is not, 422 if it is but not a `T`.
pub(crate) fn json<T: DeserializeOwned>(headers: &HeaderMap, bytes: &[u8]) -> Result<T, Refusal> {
    require_json(headers)?;
    serde_json::from_slice(bytes).map_err(|error| {
        if error.is_data() {
            let detail = "The JSON lacks a field, or a field has the wrong type.";
            Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_fields", detail)
        } else {
            Refusal::new(StatusCode::BAD_REQUEST, "bad_json", "The body is not JSON.")
        }
    })
}

/// # Errors
/// 415 unless the body calls itself JSON.
pub(crate) fn require_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let detail = "Send the body as JSON, with Content-Type: application/json.";
    Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail))
}
