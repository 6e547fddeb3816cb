//! `POST /api/session`: a short-lived bearer token for whoever the cookie names; without a cookie, for somebody new.
//! Only this address reads the cookie, and only from our own pages.

use std::net::SocketAddr;

use axum::Json;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use generation_screen::contract::SessionToken;
use tokio::time::Instant;

use crate::app::App;
use crate::body;
use crate::clock::now_unix_ms;
use crate::problem::Refusal;
use crate::token::UserId;

const COOKIE_NAME: &str = "session";
/// Thirty days.
const COOKIE_SECONDS: u64 = 30 * 24 * 60 * 60;

pub(super) async fn session(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    if is_cross_site(&headers) {
        let detail = "A session is only given to pages of this server.";
        return Err(Refusal::new(StatusCode::FORBIDDEN, "cross_site", detail));
    }
    let sent = body::read(body).await?;
    if !sent.is_empty() || headers.contains_key(CONTENT_TYPE) {
        body::require_json(&headers)?;
    }
    let known = cookie(&headers).and_then(|value| app.signer.read_cookie(value));
    let user = match known {
        Some(user) => {
            super::admit(&app, &user)?;
            user
        }
        None => newcomer(&app, from)?,
    };
    let token = SessionToken {
        access_token: app.signer.token(&user, now_unix_ms(), app.config.token_lifetime),
        expires_in: Some(app.config.token_lifetime.as_secs()),
    };
    let cookie = format!(
        "{COOKIE_NAME}={}; HttpOnly; SameSite=Strict; Path=/api/session; Max-Age={COOKIE_SECONDS}",
        app.signer.cookie(&user)
    );
    Ok(([(SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())], Json(token)).into_response())
}

/// Somebody new. So many may come from one address: a limit of each user is none for whoever can be many.
fn newcomer(app: &App, from: SocketAddr) -> Result<UserId, Refusal> {
    app.limits.newcomer(from.ip(), Instant::now()).map_err(|wait| {
        let detail = "Many have come from your address just now. Wait a moment, then try again.";
        Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).retry_in(wait)
    })?;
    UserId::new().map_err(|_| {
        Refusal::unavailable("no_randomness", "The server cannot make a session now. Try again soon.", 5)
    })
}

/// Browsers say where a request comes from. `Sec-Fetch-Site` counts, because no page can forge it and a proxy in between
/// leaves it alone; where it is missing, `Origin` must name the host that was asked. Without both it is no browser.
fn is_cross_site(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    match (text(ORIGIN), text(HOST)) {
        (None, _) => false,
        (Some(origin), host) => origin.split_once("://").map(|(_, host)| host) != host,
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE_NAME).map(|(_, value)| value)
}
