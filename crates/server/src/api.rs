//! The API's addresses, and who may use them. What each does stands in its own file; here is only what all share: the
//! caller, and the generation that the address names, if it is the caller's.

mod actions;
mod conditional;
mod create;
mod cross_origin;
mod description;
mod events;
mod page;
mod session;
mod state;

use std::time::Duration;

use axum::extract::{FromRequestParts, Path};
use axum::http::header::{AUTHORIZATION, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use axum::{Router, middleware};
use generation_screen::contract::is_generation_id;
use tokio::time::Instant;

use crate::app::App;
use crate::clock::now_unix_ms;
use crate::problem::Refusal;
use crate::store::{Found, Head};
use crate::token::{Claims, UserId};
use crate::{health, scripted};

pub(crate) use conditional::{etag, matches_etag};

/// Everything below `/api`, the finished pages, and what a supervisor asks.
pub(crate) fn routes(app: &App) -> Router<App> {
    scripted::wrap(router(of_generations()), app)
        .merge(router(of_everything_else()))
        .layer(middleware::map_response(guard))
        .layer(middleware::from_fn_with_state(app.clone(), cross_origin::allow))
}

/// What every answer says besides, where it does not say otherwise: it is no page, whatever somebody makes of it.
async fn guard(mut answer: Response) -> Response {
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer
}

/// An address, and what it does by which method.
type Address = (&'static str, MethodRouter<App>);

/// What scripts may come in between of.
fn of_generations() -> [Address; 5] {
    [
        ("/api/generations", post(create::create)),
        ("/api/generations/{id}", get(state::state)),
        ("/api/generations/{id}/events", get(events::events)),
        ("/api/generations/{id}/cancel", post(actions::cancel)),
        ("/api/generations/{id}/retry", post(actions::retry)),
    ]
}

fn of_everything_else() -> [Address; 5] {
    [
        ("/api/session", post(session::session)),
        ("/api/openapi.json", get(description::description)),
        ("/pages/{key}", get(page::page)),
        ("/healthz", get(health::healthz)),
        ("/readyz", get(health::readyz)),
    ]
}

fn router<const N: usize>(addresses: [Address; N]) -> Router<App> {
    addresses.into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, only(methods)))
}

/// The API's addresses, as `docs/openapi.json` describes them; `{id}` stands for any name. Routes of one's own have to leave
/// them alone.
pub fn addresses() -> impl Iterator<Item = &'static str> {
    of_generations().into_iter().chain(of_everything_else()).map(|(path, _)| path)
}

/// The generation was there when the request came, and is no more: its owner is told.
pub(crate) fn vanished(app: &App, id: &str, user: &UserId) -> Refusal {
    match app.store.find(id, user) {
        Found::Gone => Refusal::gone(),
        _ => Refusal::not_found(),
    }
}

/// Any other method is told so as a problem.
pub(crate) fn only(methods: MethodRouter<App>) -> MethodRouter<App> {
    methods.fallback(async || {
        let detail = "That address exists, but does not take this method.";
        Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
    })
}

/// Who calls, by a valid token.
pub(crate) struct Caller(pub(crate) UserId);

impl FromRequestParts<App> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let Claims { user, .. } = claims(&parts.headers, app).ok_or_else(Refusal::invalid_token)?;
        admit(app, &user)?;
        Ok(Self(user))
    }
}

/// A user's requests have a limit.
fn admit(app: &App, user: &UserId) -> Result<(), Refusal> {
    app.limits.request(user, Instant::now()).map_err(|wait| {
        let detail = "You have asked more often than one may. Wait a moment, then go on.";
        Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).retry_in(wait)
    })
}

/// What the request's token says, if it is valid.
pub(crate) fn claims(headers: &HeaderMap, app: &App) -> Option<Claims> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let bearer = scheme.eq_ignore_ascii_case("bearer");
    bearer.then(|| app.signer.read_token(token.trim(), now_unix_ms())).flatten()
}

/// The generation that the address names, of the caller. Anything else is 404 and looks the same: no such id, no
/// possible id, somebody else's.
pub(crate) struct Mine {
    pub(crate) id: String,
    pub(crate) user: UserId,
    pub(crate) head: Head,
    /// How long the token still serves: a stream ends with it.
    pub(crate) expires_in: Duration,
}

impl FromRequestParts<App> for Mine {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let Claims { user, expires_ms } = claims(&parts.headers, app).ok_or_else(Refusal::invalid_token)?;
        admit(app, &user)?;
        let expires_in = Duration::from_millis(expires_ms.saturating_sub(now_unix_ms()));
        let id = Path::<String>::from_request_parts(parts, app).await;
        let Ok(Path(id)) = id else { return Err(Refusal::not_found()) };
        if !is_generation_id(&id) {
            return Err(Refusal::not_found());
        }
        match app.store.find(&id, &user) {
            Found::Mine(head) => Ok(Self { id, user, head, expires_in }),
            Found::Gone => Err(Refusal::gone()),
            Found::Nothing => Err(Refusal::not_found()),
        }
    }
}
