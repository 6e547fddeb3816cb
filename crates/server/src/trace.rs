//! What is written down about each request: a line when it is answered, under an id that the answer carries, too. Never an
//! address (it may be the key of a page), a header, or anybody's name.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument as _, info_span};

use crate::app::App;
use crate::ids;
use crate::metrics::Asked;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken over from a proxy, in bytes.
const ID_MAX: usize = 64;

/// Counts the request, and writes down how it was answered. A stream counts as answered when it begins.
pub(crate) async fn request(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = given_id(&request).unwrap_or_else(new_id);
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let span = info_span!("request", id = id.to_str().unwrap_or_default(), %method, route);
    async {
        let mut response = next.run(request).await;
        let status = response.status().as_u16();
        let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        if status >= 500 {
            tracing::warn!(status, took_ms, "answered");
        } else {
            tracing::debug!(status, took_ms, "answered");
        }
        app.metrics.requests.get_or_create(&Asked { route: route.clone(), status }).inc();
        response.headers_mut().insert(REQUEST_ID, id);
        response
    }
    .instrument(span.clone())
    .await
}

/// What a proxy before us calls the request, if it can stand in a log.
fn given_id(request: &Request) -> Option<HeaderValue> {
    let id = request.headers().get(REQUEST_ID)?;
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    ((1..=ID_MAX).contains(&id.len()) && id.as_bytes().iter().all(is_plain)).then(|| id.clone())
}

fn new_id() -> HeaderValue {
    let id = ids::random_id().ok().and_then(|id| id.parse().ok());
    id.unwrap_or(HeaderValue::from_static("unknown"))
}
