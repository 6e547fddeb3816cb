//! `GET /api/generations/{id}`: the state, at once or when it changes. Short and long polling are the same request; a
//! wait is held by the log's end, never by a timer that looks again.

use std::time::Duration;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, ETAG, HeaderName, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;

use super::{Mine, conditional, etag, matches_etag};
use crate::app::App;
use crate::metrics::Why;
use crate::problem::Refusal;
use crate::store::Head;

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

pub(super) async fn state(
    State(app): State<App>,
    mine: Mine,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    app.limits.read(Instant::now()).map_err(|wait| {
        let detail = "The server is busy. Streams go on; a state can be read again in a moment.";
        Refusal::unavailable("at_capacity", detail, 1).retry_in(wait)
    })?;
    let seen = etag(mine.head);
    // Whoever has as much open as one may have is answered at once, and not told that it was held.
    let held = conditional::wait(&headers).and_then(|wait| Some((wait, app.limits.hold(&mine.user).ok()?)));
    let mut response = if matches_etag(&headers, &seen) {
        if let Some((wait, _)) = &held {
            until_changed(&app, &mine.id, mine.head, *wait).await?;
        }
        let now = respond(&app, &mine.id, html_from(&headers, query.as_deref()), StatusCode::OK).await?;
        let is_unchanged = now.headers().get(ETAG).is_some_and(|tag| tag == seen.as_str());
        app.metrics.read(match held {
            _ if is_unchanged => Why::Unchanged,
            Some(_) => Why::Held,
            None => Why::Whole,
        });
        if is_unchanged { not_modified(&seen) } else { now }
    } else {
        app.metrics.read(Why::Whole);
        respond(&app, &mine.id, html_from(&headers, query.as_deref()), StatusCode::OK).await?
    };
    if let Some((wait, _)) = held
        && let Ok(applied) = format!("wait={}", wait.as_secs()).parse()
    {
        response.headers_mut().insert(PREFERENCE_APPLIED, applied);
    }
    Ok(response)
}

/// The state as an answer with `status`.
pub(super) async fn respond(
    app: &App,
    id: &str,
    html_from: u64,
    status: StatusCode,
) -> Result<Response, Refusal> {
    let state = app.store.state(id, html_from).ok_or_else(Refusal::not_found)?;
    // The tag comes from the state itself: the log may have grown since the head was read.
    let tag = etag(Head { run: state.run, seq: state.seq, ended: false });
    let mut response = (status, Json(state)).into_response();
    put_caching(&mut response, &tag);
    Ok(response)
}

fn not_modified(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    put_caching(&mut response, tag);
    response
}

fn put_caching(response: &mut Response, tag: &str) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static("authorization, html-from"));
    if let Ok(tag) = tag.parse() {
        headers.insert(ETAG, tag);
    }
}

/// Waits for an event, another run, the end of the wait, or the end of the server.
async fn until_changed(app: &App, id: &str, seen: Head, wait: Duration) -> Result<(), Refusal> {
    let Some(mut head) = app.store.follow(id) else { return Ok(()) };
    tokio::select! {
        _ = head.wait_for(|head| (head.run, head.seq) != (seen.run, seen.seq)) => {}
        () = tokio::time::sleep(wait) => {}
        () = app.closed() => {}
    }
    Ok(())
}

/// The header counts; `?html_from=` is for those who cannot send it. Nonsense is 0: the whole page is never wrong.
fn html_from(headers: &HeaderMap, query: Option<&str>) -> u64 {
    let header = headers.get("html-from").and_then(|value| value.to_str().ok());
    let parameter = || query?.split('&').find_map(|pair| pair.strip_prefix("html_from="));
    header.or_else(parameter).and_then(|from| from.trim().parse().ok()).unwrap_or(0)
}
