//! Cross-origin use: which web origins may read the API's answers, by name. Without a name nobody else may. The session
//! stays closed to them: it never answers with credentials allowed.

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;

const REQUEST_HEADERS: &str =
    "authorization, last-event-id, if-none-match, prefer, html-from, idempotency-key, content-type";
const RESPONSE_HEADERS: &str = "etag, retry-after, preference-applied, location, www-authenticate";

pub(super) async fn allow(State(app): State<App>, request: Request, next: Next) -> Response {
    let named = |origin: &&HeaderValue| {
        let known = app.config.allowed_origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes());
        known && request.uri().path().starts_with("/api/generations")
    };
    let Some(origin) = request.headers().get(ORIGIN).filter(named).cloned() else {
        return next.run(request).await;
    };
    let preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response =
        if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    // So that its screens see whether they share one connection, and need not save on streams.
    headers.insert(HeaderName::from_static("timing-allow-origin"), origin.clone());
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(VARY, HeaderValue::from_static("origin"));
    if preflight {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(REQUEST_HEADERS));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    } else {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(RESPONSE_HEADERS));
    }
    response
}
