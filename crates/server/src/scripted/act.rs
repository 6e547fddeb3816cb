//! What a scenario does to one request: lets it pass, answers instead, waits, or tampers with the stream that it gets.
//! All decisions of all scenarios stand here; how bytes are tampered with stands in `tamper`.

use std::time::Duration;

use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use super::scenario::{MIDDLE, Scenario};
use super::script::Script;
use super::tamper::{Tamper, Trick};
use crate::app::App;
use crate::problem::Refusal;
use crate::token::Claims;

/// What kind of request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Stream,
    Read,
    /// With `Prefer: wait` and `If-None-Match`.
    HeldRead,
    Post,
}

/// A request, as far as scenarios care.
pub(super) struct Asked {
    id: String,
    pub(super) kind: Kind,
}

impl Asked {
    pub(super) fn new(request: &Request, id: &str, resource: Option<&str>) -> Self {
        let headers = request.headers();
        let held = headers.contains_key("prefer") && headers.contains_key("if-none-match");
        let kind = match (request.method(), resource) {
            (&Method::POST, _) => Kind::Post,
            (_, Some("events")) => Kind::Stream,
            _ if held => Kind::HeldRead,
            _ => Kind::Read,
        };
        Self { id: id.to_owned(), kind }
    }
}

/// What happens to a request.
pub(super) enum Act {
    /// The honest handler answers.
    Pass,
    /// This is the answer.
    Answer(Response),
    /// There is no answer.
    Never,
    /// After a while: this answer, or the honest one.
    Late(Duration, Option<Response>),
    /// The honest handler answers, and the first answer is kept.
    Keep,
    /// The honest stream, changed.
    Tamper(Tamper),
}

/// The answer to a token that the script has taken away.
pub(super) fn refused_token(script: &Script, claims: Option<&Claims>) -> Option<Response> {
    let claims = claims?;
    script.refuses(claims.expires_ms).then(|| Refusal::invalid_token().into_response())
}

/// Decides about one request. May change its headers: `replay-50` and `foreign-id` rewrite `Last-Event-ID`.
pub(super) async fn act(script: &Script, app: &App, asked: &Asked, headers: &mut HeaderMap) -> Act {
    match asked.kind {
        Kind::Post => Act::Pass,
        Kind::Stream => {
            let nth = script.log.count(|kind| kind == Kind::Stream);
            on_everything(script).unwrap_or_else(|| on_stream(script, nth, headers))
        }
        Kind::Read | Kind::HeldRead => match on_everything(script) {
            Some(act) => act,
            None => on_read(script, app, asked).await,
        },
    }
}

fn on_everything(script: &Script) -> Option<Act> {
    let refusal = match script.scenario {
        Scenario::RetryAfter if script.within(60.0) => busy(script),
        Scenario::Forbidden => {
            Refusal::new(StatusCode::FORBIDDEN, "forbidden", "You may not see this.").into_response()
        }
        Scenario::NotYet if script.within(2.0) => Refusal::not_found().into_response(),
        Scenario::NotFound => Refusal::not_found().into_response(),
        Scenario::CaptivePortal if script.within(15.0) => {
            Html("<!doctype html><title>Welcome</title><p>Accept the terms to use this network.")
                .into_response()
        }
        _ => return None,
    };
    Some(Act::Answer(refusal))
}

fn on_stream(script: &Script, nth: usize, headers: &mut HeaderMap) -> Act {
    let first =
        |trick| if nth == 1 { Act::Tamper(Tamper::At(MIDDLE, trick)) } else { Act::Tamper(Tamper::None) };
    match script.scenario {
        Scenario::HeadersNever => Act::Never,
        Scenario::CleanDrip => Act::Tamper(Tamper::Drip),
        Scenario::SplitAnywhere => Act::Tamper(Tamper::Split),
        Scenario::OneGulp | Scenario::BodyHeld => Act::Tamper(Tamper::HoldAfter(0)),
        Scenario::HelloThenHeld => Act::Tamper(Tamper::HoldAfter(1)),
        Scenario::LiveThenBuffered => Act::Tamper(Tamper::HoldAfter(MIDDLE)),
        Scenario::Block4k => Act::Tamper(Tamper::Lumps(4096)),
        Scenario::HalfOpen => first(Trick::Silence),
        Scenario::CutMidEvent => first(Trick::CutMidEvent),
        Scenario::CleanEof | Scenario::Replay50 | Scenario::ForeignId => {
            resume(script.scenario, headers);
            match (script.scenario, nth) {
                (Scenario::ForeignId, n) => {
                    Act::Tamper(Tamper::ForeignIds { ends_at: (n == 1).then_some(MIDDLE) })
                }
                _ => first(Trick::End),
            }
        }
        Scenario::RestartWhileAway if nth == 1 => Act::Tamper(Tamper::At(MIDDLE - 1, Trick::End)),
        Scenario::MissingOne | Scenario::GapAndSlowState => first(Trick::Omit),
        Scenario::Reordered => first(Trick::Swap),
        Scenario::GarbageFrame => first(Trick::Garbage),
        Scenario::EndlessLine => first(Trick::EndlessLine),
        Scenario::ExpiredToken | Scenario::SignedOut => first(Trick::Revoke),
        Scenario::EofEveryMinute => Act::Tamper(Tamper::EndAfter(script.settings.seconds(60.0))),
        Scenario::DiesYoung if nth <= 100 => {
            Act::Tamper(Tamper::DieAfter(script.settings.seconds(0.2), nth.is_multiple_of(2)))
        }
        Scenario::AfterTheEnd => Act::Tamper(Tamper::AfterTheEnd),
        _ => instead_of_stream(script).map_or(Act::Tamper(Tamper::None), Act::Answer),
    }
}

fn instead_of_stream(script: &Script) -> Option<Response> {
    let gone = |status| Refusal::new(status, "no_stream", "There is no stream here.").into_response();
    Some(match script.scenario {
        Scenario::Stream429 if script.within(30.0) => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            let refusal = Refusal::new(status, "too_many_streams", "Too many streams. Try again later.");
            refusal.retry_after(script.retry_after(20.0)).into_response()
        }
        Scenario::BadGateway if script.within(10.0) => bad_gateway(StatusCode::BAD_GATEWAY),
        Scenario::PollHangs if script.within(15.0) => bad_gateway(StatusCode::SERVICE_UNAVAILABLE),
        Scenario::Heals if script.within(20.0) => bad_gateway(StatusCode::SERVICE_UNAVAILABLE),
        Scenario::NotAStream => {
            let json = HeaderValue::from_static("application/json");
            ([(CONTENT_TYPE, json)], "{\"seq\":0,\"status\":\"queued\"}").into_response()
        }
        Scenario::NoStream | Scenario::StaleState | Scenario::EmptyPolls | Scenario::ProxyCutsHolds => {
            gone(StatusCode::NOT_FOUND)
        }
        Scenario::NoStream405 => gone(StatusCode::METHOD_NOT_ALLOWED),
        Scenario::NoStream406 => gone(StatusCode::NOT_ACCEPTABLE),
        Scenario::NoStream501 => gone(StatusCode::NOT_IMPLEMENTED),
        Scenario::Stream204 => StatusCode::NO_CONTENT.into_response(),
        _ => return None,
    })
}

async fn on_read(script: &Script, app: &App, asked: &Asked) -> Act {
    let held = asked.kind == Kind::HeldRead;
    let even = script.log.count(|kind| matches!(kind, Kind::Read | Kind::HeldRead)).is_multiple_of(2);
    match script.scenario {
        Scenario::PollHangs if script.within(45.0) => Act::Never,
        Scenario::EmptyPolls if held => Act::Answer(StatusCode::NO_CONTENT.into_response()),
        Scenario::ProxyCutsHolds if held => {
            Act::Late(script.settings.seconds(5.0), Some(bad_gateway(StatusCode::GATEWAY_TIMEOUT)))
        }
        Scenario::GapAndSlowState => Act::Late(script.settings.seconds(1.0), None),
        Scenario::FinalReadHangs if has_ended(app, &asked.id).await => Act::Never,
        Scenario::StaleState | Scenario::StaleOldRun => match script.kept() {
            Some(kept) if even => Act::Answer(kept),
            _ => Act::Keep,
        },
        _ => Act::Pass,
    }
}

async fn has_ended(app: &App, id: &str) -> bool {
    let head = app.store.follow(id);
    head.is_some_and(|head| head.borrow().ended)
}

fn busy(script: &Script) -> Response {
    Refusal::unavailable("busy", "The server is busy.", script.retry_after(20.0)).into_response()
}

/// As a proxy says it: HTML, no problem.
fn bad_gateway(status: StatusCode) -> Response {
    let html = "<!doctype html><html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";
    (status, Html(html)).into_response()
}

/// `replay-50`: from fifty events earlier. `foreign-id`: the honest id stands behind the last space.
fn resume(scenario: Scenario, headers: &mut HeaderMap) {
    let Some(id) = headers.get("last-event-id").map(|id| id.as_bytes().to_vec()) else { return };
    let last = id.rsplit(|&byte| byte == b' ').next().unwrap_or_default();
    let Some((run, seq)) = std::str::from_utf8(last).ok().and_then(|id| id.split_once('-')) else { return };
    let back = if scenario == Scenario::Replay50 { 50 } else { 0 };
    let earlier = seq.parse::<u64>().ok().map(|seq| format!("{run}-{}", seq.saturating_sub(back)));
    if let Some(id) = earlier.and_then(|id| id.parse().ok()) {
        headers.insert("last-event-id", id);
    }
}
