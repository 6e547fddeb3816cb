//! Faults by script, for tests: wraps the honest handlers of the generation routes. A generation is made with the name
//! of a scenario (a header, or `#scenario=…` behind what is pasted); from then on its requests meet that scenario. The
//! handlers know nothing of it, and without `--scripted` nothing of this is there.

mod act;
mod choose;
mod log;
mod scenario;
mod script;
mod tamper;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::LOCATION;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};

use crate::api;
use crate::app::App;
use crate::body;
use crate::config::Scripted;
use act::{Act, Asked};
use script::Script;
use tamper::Tampered;

/// The scripts of all generations of this server.
struct Scripts {
    app: App,
    settings: Scripted,
    by_id: Mutex<HashMap<String, Arc<Script>>>,
}

impl Scripts {
    fn of(&self, id: &str) -> Option<Arc<Script>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn attach(&self, id: &str, script: Script) {
        // Asked for again under the same Idempotency-Key, a generation keeps its script.
        let mut by_id = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        by_id.entry(id.to_owned()).or_insert_with(|| Arc::new(script));
    }
}

/// Wraps the generation routes, if the server was started with scripts.
pub(crate) fn wrap(routes: Router<App>, app: &App) -> Router<App> {
    let Some(settings) = app.config.scripted else { return routes };
    let scripts = Arc::new(Scripts { app: app.clone(), settings, by_id: Mutex::default() });
    routes
        .layer(from_fn_with_state(scripts.clone(), intercept))
        .route("/api/scripted/generations/{id}/log", api::only(get(log::log)))
        .layer(Extension(scripts))
}

async fn intercept(State(scripts): State<Arc<Scripts>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut parts = path.trim_start_matches("/api/generations").trim_start_matches('/').split('/');
    match (parts.next().unwrap_or_default(), parts.next()) {
        ("", None) if request.method() == Method::POST => create(&scripts, request, next).await,
        (id, resource) => match scripts.of(id) {
            Some(script) => play(&scripts, &script, Asked::new(&request, id, resource), request, next).await,
            None => next.run(request).await,
        },
    }
}

/// Chooses the scenario, hides the choice from the honest handler, and remembers what was made.
async fn create(scripts: &Scripts, request: Request, next: Next) -> Response {
    let (mut parts, sent) = request.into_parts();
    let sent = match body::read(sent).await {
        Ok(sent) => sent,
        Err(refusal) => return refusal.into_response(),
    };
    let (scenario, sent) = match choose::scenario(&parts.headers, sent) {
        Ok(chosen) => chosen,
        Err(refusal) => return refusal.into_response(),
    };
    let claims = api::claims(&parts.headers, &scripts.app);
    parts.extensions.insert(scenario.mishaps(scripts.settings));
    let response = next.run(Request::from_parts(parts, Body::from(sent))).await;
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let id = location.and_then(|location| location.rsplit('/').next());
    if let Some(id) = id.filter(|_| response.status() == StatusCode::ACCEPTED) {
        scripts.attach(id, Script::new(scenario, scripts.settings, claims.map(|claims| claims.expires_ms)));
    }
    response
}

async fn play(
    scripts: &Scripts,
    script: &Arc<Script>,
    asked: Asked,
    mut request: Request,
    next: Next,
) -> Response {
    let noted = script.log.note(&asked, request.headers());
    let claims = api::claims(request.headers(), &scripts.app);
    let act = match act::refused_token(script, claims.as_ref()) {
        Some(refusal) => Act::Answer(refusal),
        None => act::act(script, &scripts.app, &asked, request.headers_mut()).await,
    };
    let response = match act {
        Act::Pass => next.run(request).await,
        Act::Answer(response) => response,
        Act::Never => {
            scripts.app.closed().await;
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Act::Late(delay, None) => {
            tokio::time::sleep(delay).await;
            next.run(request).await
        }
        Act::Late(delay, Some(response)) => {
            tokio::time::sleep(delay).await;
            response
        }
        Act::Keep => script.keep(next.run(request).await).await,
        Act::Tamper(tamper) => {
            let response = next.run(request).await;
            let expires_ms = claims.map_or(0, |claims| claims.expires_ms);
            Tampered::wrap(response, tamper, script.clone(), scripts.app.clone(), expires_ms)
        }
    };
    script.log.answered(noted, response.status());
    response
}
