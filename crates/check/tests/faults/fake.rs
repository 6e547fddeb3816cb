//! A small server that keeps the whole contract, but for its fault. Everything stands in memory; the work is a task.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep, timeout_at};

use crate::fault::{Asked, Fault, Habit, Head};
use crate::generation::{self, Generation};
use crate::streaming;

/// What all handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) fault: Fault,
    shelf: Arc<Mutex<Shelf>>,
}

#[derive(Default)]
pub(crate) struct Shelf {
    sessions: usize,
    pub(crate) generations: HashMap<String, Generation>,
    keys: HashMap<String, String>,
}

/// Starts it on a free port.
pub(crate) async fn start(fault: Fault) -> SocketAddr {
    let app = App { fault, shelf: Arc::default() };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(answer).with_state(app);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

impl App {
    pub(crate) fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap()
    }

    pub(crate) fn has(&self, habit: Habit) -> bool {
        self.fault.habit == Some(habit)
    }
}

async fn answer(State(app): State<App>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    let path = request.uri.path().to_owned();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (asked, id) = match (&request.method, parts.as_slice()) {
        (&Method::OPTIONS, _) => (Asked::Preflight, ""),
        (&Method::POST, ["api", "session"]) => (Asked::Session, ""),
        (&Method::POST, ["api", "generations"]) => (Asked::Create, ""),
        (&Method::GET, ["api", "generations", id]) => (Asked::State, *id),
        (&Method::GET, ["api", "generations", id, "events"]) => (Asked::Events, *id),
        (&Method::POST, ["api", "generations", id, "cancel"]) => (Asked::Cancel, *id),
        (&Method::POST, ["api", "generations", id, "retry"]) => (Asked::Retry, *id),
        (&Method::GET, ["pages", _]) => (Asked::Page, ""),
        _ => (Asked::Other, ""),
    };
    let accepts = request.headers.get("accept-encoding").and_then(|value| value.to_str().ok());
    let accepts_gzip = accepts.is_some_and(|accepts| accepts.contains("gzip"));
    let mut response = respond(&app, asked, id, &request).await;
    cross_origin(&mut response, &request.headers);
    let (mut parts, body) = response.into_parts();
    (app.fault.head)(&mut Head {
        asked,
        accepts_gzip,
        status: &mut parts.status,
        headers: &mut parts.headers,
    });
    Response::from_parts(parts, body)
}

async fn respond(app: &App, asked: Asked, id: &str, request: &Parts) -> Response {
    match asked {
        Asked::Session => return session(app),
        Asked::Page => return page(),
        Asked::Preflight => return StatusCode::NO_CONTENT.into_response(),
        Asked::Other => return problem(StatusCode::NOT_FOUND, None),
        _ => {}
    }
    let headers = &request.headers;
    let Some(user) = user(app, headers) else { return problem(StatusCode::UNAUTHORIZED, None) };
    if asked == Asked::Create {
        return create(app, &user, headers);
    }
    let owner = app.shelf().generations.get(id).map(|generation| generation.owner.clone());
    match owner {
        Some(owner) if owner == user || app.has(Habit::ServesStrangers) => {}
        Some(_) if app.has(Habit::ForbidsStrangers) => return problem(StatusCode::FORBIDDEN, None),
        _ => return problem(StatusCode::NOT_FOUND, None),
    }
    match asked {
        Asked::State => state(app, id, &user, request).await,
        Asked::Events => streaming::events(app, id, headers),
        Asked::Cancel => cancel(app, id),
        _ => retry(app, id),
    }
}

fn session(app: &App) -> Response {
    app.shelf().sessions += 1;
    let token = format!("token-of-user-{}", app.shelf().sessions);
    let cookie = "user=1; HttpOnly; SameSite=Strict; Path=/api/session";
    ([("set-cookie", cookie)], axum::Json(json!({"access_token": token, "expires_in": 900}))).into_response()
}

fn user(app: &App, headers: &HeaderMap) -> Option<String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let token = text("authorization").and_then(|value| value.strip_prefix("Bearer "));
    match token.filter(|token| token.starts_with("token-of-user-")) {
        Some(token) => Some(token.to_owned()),
        None if app.has(Habit::ServesAnybody) => Some("token-of-user-1".to_owned()),
        None if app.has(Habit::CookieOpens) && text("cookie").is_some() => Some("token-of-user-1".to_owned()),
        None => None,
    }
}

fn page() -> Response {
    let headers = [
        ("content-type", "text/html"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
    ];
    (headers, "<!doctype html>").into_response()
}

pub(crate) fn problem(status: StatusCode, state: Option<Value>) -> Response {
    let mut body = json!({"type": "about:blank", "title": "No", "status": status.as_u16()});
    if let Some(state) = state {
        body["state"] = state;
    }
    let mut response = (status, axum::Json(body)).into_response();
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
        response.headers_mut().insert("www-authenticate", challenge);
    }
    response
}

fn create(app: &App, user: &str, headers: &HeaderMap) -> Response {
    let key = headers.get("idempotency-key").map(|key| format!("{user} {key:?}"));
    let known = key.as_ref().and_then(|key| app.shelf().keys.get(key).cloned());
    let id = match known.filter(|_| !app.has(Habit::ForgetsKeys)) {
        Some(id) => id,
        None => {
            let mut shelf = app.shelf();
            let dot = if app.has(Habit::DottedIds) { "." } else { "" };
            let id = format!("g{dot}{}", shelf.generations.len() + 1);
            let generation = Generation::new(id.clone(), user.to_owned(), shelf.generations.is_empty());
            shelf.generations.insert(id.clone(), generation);
            shelf.keys.extend(key.map(|key| (key, id.clone())));
            tokio::spawn(work(app.clone(), id.clone(), 1));
            id
        }
    };
    let mut response = accepted(app, &id);
    response.headers_mut().insert("location", format!("/api/generations/{id}").parse().unwrap());
    response
}

/// Says one thing after the other, until the run is over.
async fn work(app: App, id: String, run: u64) {
    let is_first = app.shelf().generations[&id].is_first;
    for (pause, event) in generation::script(is_first, &app.fault) {
        sleep(pause).await;
        let mut shelf = app.shelf();
        let Some(generation) = shelf.generations.get_mut(&id) else { return };
        let is_over = generation.is_ended && !(app.has(Habit::TalksOn) && is_first);
        if generation.run != run || is_over || generation.is_stopped {
            return;
        }
        generation.append(event);
    }
}

fn accepted(app: &App, id: &str) -> Response {
    let state = app.shelf().generations[id].state(None, &app.fault);
    (StatusCode::ACCEPTED, axum::Json(state)).into_response()
}

fn cancel(app: &App, id: &str) -> Response {
    let ended = app.shelf().generations[id].is_ended;
    if ended && !app.has(Habit::CancelAgain) {
        let state = app.shelf().generations[id].state(None, &app.fault);
        return problem(StatusCode::CONFLICT, Some(state));
    }
    if !ended && !app.has(Habit::CancelDoesNothing) {
        app.shelf().generations.get_mut(id).unwrap().append(json!({"type": "cancelled"}));
    }
    accepted(app, id)
}

fn retry(app: &App, id: &str) -> Response {
    let (run, may) = {
        let shelf = app.shelf();
        let generation = &shelf.generations[id];
        let failed = generation.log.last().is_some_and(|event| event["type"] == "cancelled");
        (generation.run, failed || app.has(Habit::RetryAgain))
    };
    if !may {
        let state = app.shelf().generations[id].state(None, &app.fault);
        return problem(StatusCode::CONFLICT, Some(state));
    }
    let run = if app.has(Habit::SameRun) { run } else { run + 1 };
    app.shelf().generations.get_mut(id).unwrap().begin(run);
    tokio::spawn(work(app.clone(), id.to_owned(), run));
    accepted(app, id)
}

async fn state(app: &App, id: &str, user: &str, request: &Parts) -> Response {
    let headers = &request.headers;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if app.has(Habit::BusyOnce) && is_second_read(app, id) {
        return problem(StatusCode::SERVICE_UNAVAILABLE, None);
    }
    let wait =
        text("prefer").and_then(|value| value.strip_prefix("wait=")).and_then(|wait| wait.parse().ok());
    let tag = text("if-none-match");
    let tag_now = || app.shelf().generations[id].tag(&app.fault);
    let is_current = tag.is_some_and(|tag| tag == tag_now());
    if let Some(wait) = wait {
        hold(app, id, tag, is_current, Duration::from_secs(wait)).await;
    }
    let by_header = text("html-from").filter(|_| !app.has(Habit::HeaderFromIgnored));
    let query = request.uri.query().and_then(|query| query.strip_prefix("html_from="));
    let by_query = query.filter(|_| !app.has(Habit::QueryFromIgnored));
    let from = by_header.or(by_query).and_then(|from| from.parse().ok());
    let (tag_then, mut state) = {
        let shelf = app.shelf();
        (shelf.generations[id].tag(&app.fault), shelf.generations[id].state(from, &app.fault))
    };
    (app.fault.state)(&mut state);
    if app.has(Habit::EchoesToken) {
        state["steps"][0]["label"] = json!(user);
    }
    let mut response = if tag == Some(tag_then.as_str()) && !app.has(Habit::NeverNotModified) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        axum::Json(state).into_response()
    };
    response.headers_mut().insert("etag", tag_then.parse().unwrap());
    if let Some(wait) = wait {
        response.headers_mut().insert("preference-applied", format!("wait={wait}").parse().unwrap());
    }
    response
}

/// Of the first generation.
fn is_second_read(app: &App, id: &str) -> bool {
    let mut shelf = app.shelf();
    let generation = shelf.generations.get_mut(id).unwrap();
    generation.reads += 1;
    generation.is_first && generation.reads == 2
}

/// Holds a read, for as long as the server would.
async fn hold(app: &App, id: &str, tag: Option<&str>, is_current: bool, wait: Duration) {
    let is_ended = app.shelf().generations[id].is_ended;
    let (holds, wait) = match app.fault.habit {
        Some(Habit::NeverHolds) => (false, wait),
        Some(Habit::HoldsAfterEndOnly) => (is_current && is_ended, wait),
        Some(Habit::HoldsWhileRunningOnly) => (is_current && !is_ended, wait),
        Some(Habit::HoldsOldTags) => (tag.is_some(), wait),
        Some(Habit::HoldsWithoutTag) => (is_current || tag.is_none(), wait),
        Some(Habit::HoldsForEver) => (is_current, Duration::from_secs(600)),
        _ => (is_current, wait),
    };
    if !holds {
        return;
    }
    if app.has(Habit::SleepsThrough) {
        return sleep(wait).await;
    }
    let mut changed = app.shelf().generations[id].changed.subscribe();
    // What changed since the tag was compared counts.
    let is_still = tag.is_none_or(|tag| !is_current || tag == app.shelf().generations[id].tag(&app.fault));
    if is_still {
        let _ = timeout_at(Instant::now() + wait, changed.changed()).await;
    }
}

fn cross_origin(response: &mut Response, asked: &HeaderMap) {
    let Some(origin) = asked.get("origin").cloned() else { return };
    let headers = response.headers_mut();
    headers.insert("access-control-allow-origin", origin);
    for (name, value) in [
        (
            "access-control-allow-headers",
            "authorization, last-event-id, if-none-match, prefer, html-from, idempotency-key, content-type",
        ),
        ("access-control-allow-methods", "GET, POST"),
        (
            "access-control-expose-headers",
            "etag, retry-after, preference-applied, location, www-authenticate",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// A body of what a stream gives.
pub(crate) fn body(frames: impl futures_util::Stream<Item = Bytes> + Send + 'static) -> Body {
    use futures_util::StreamExt as _;
    Body::from_stream(frames.map(Ok::<_, std::convert::Infallible>))
}
