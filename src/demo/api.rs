//! The demo's own two requests: for a token, and for a new generation. The token goes to this origin, in one header,
//! and is kept nowhere.

use std::pin::Pin;
use std::time::Duration;

use generation_screen::contract::{GENERATIONS_PATH, NewGeneration, Problem, SessionToken, is_generation_id};
use generation_screen::{Token, TokenError, TokenProvider, plain_text};
use gloo_net::http::{Method, RequestBuilder};
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestRedirect};

/// How long an answer may take, with all of its body.
const ANSWER_WITHIN_MS: u32 = 15_000;

/// Why there is no new generation: a sentence for the reader, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// It is about what was pasted, so it stands at the field.
    pub(crate) is_about_place: bool,
    /// What happened and what to do.
    pub(crate) text: String,
}

fn refusal(text: impl Into<String>) -> Refusal {
    Refusal { is_about_place: false, text: text.into() }
}

/// The token source of this page: `POST /api/session`. A cookie that only this request uses names the user.
pub(crate) fn token_provider() -> TokenProvider {
    TokenProvider::new(|_why| async {
        let session = session_token().await?;
        Ok(Token { value: session.access_token, expires_in: session.expires_in.map(Duration::from_secs) })
    })
}

async fn session_token() -> Result<SessionToken, TokenError> {
    let request = RequestBuilder::new("/api/session").credentials(RequestCredentials::SameOrigin);
    let answer = post(request, None).await.ok_or(TokenError::Unavailable)?;
    match answer.status {
        200..300 => SessionToken::from_json(&answer.text).ok_or(TokenError::Unavailable),
        401 | 403 => Err(TokenError::Refused),
        _ => Err(TokenError::Unavailable),
    }
}

/// Asks for a page about `url`, and gives the new generation's id. The same `idempotency_key` never starts two.
///
/// # Errors
/// A sentence for the reader.
pub(crate) async fn create(url: String, idempotency_key: String) -> Result<String, Refusal> {
    let body = serde_json::to_string(&NewGeneration { url }).unwrap_or_default();
    let mut tries = 0;
    let answer = loop {
        let token = session_token().await.map_err(|why| match why {
            TokenError::Refused => {
                refusal("The server does not let you in. Reload the page to be known anew.")
            }
            TokenError::Unavailable => {
                refusal("The server cannot be reached just now. Nothing was started: send again.")
            }
        })?;
        let request = RequestBuilder::new(GENERATIONS_PATH)
            .credentials(RequestCredentials::Omit)
            .header("authorization", &["Bearer ", &token.access_token].concat())
            .header("content-type", "application/json")
            .header("idempotency-key", &idempotency_key);
        let Some(answer) = post(request, Some(body.clone())).await else {
            return Err(refusal(
                "The server did not answer. Send again: if it did begin, you get to the same page, not to a second one.",
            ));
        };
        tries += 1;
        // A token may have expired on the way: once more with a new one.
        if answer.status != 401 || tries == 2 {
            break answer;
        }
    };
    if !(200..300).contains(&answer.status) {
        return Err(refused(&answer));
    }
    id_of(&answer.location, &location_origin()).map(str::to_owned).ok_or_else(|| {
        refusal("The server answered with an address that is not its own. It was not followed; nothing was sent there.")
    })
}

fn location_origin() -> String {
    leptos::prelude::location().origin().unwrap_or_default()
}

/// The id in a `Location`, if it lies on this origin and can be one.
fn id_of<'a>(location: &'a str, origin: &str) -> Option<&'a str> {
    let path = location.strip_prefix(origin).unwrap_or(location);
    let id = path.strip_prefix(GENERATIONS_PATH)?.strip_prefix('/')?;
    is_generation_id(id).then_some(id)
}

/// The server's refusal, in its own words where it has some.
fn refused(answer: &Answer) -> Refusal {
    let status = answer.status;
    let problem = Problem::from_json(&answer.text).unwrap_or_default();
    let detail = plain_text(problem.detail.as_deref().unwrap_or(&problem.title));
    let is_about_place = matches!(status, 400 | 413 | 414 | 422);
    if !detail.is_empty() {
        return Refusal { is_about_place, text: detail };
    }
    let wait = answer.retry_after.parse::<u32>().ok();
    refusal(match (status, wait) {
        (429 | 503, Some(s)) => format!("The server is busy. Send again in {s} s; nothing was started."),
        (429 | 503, None) => "The server is busy. Send again in a moment; nothing was started.".to_owned(),
        _ => format!("The server refused (status {status}). Nothing was started; send again later."),
    })
}

/// What of an answer counts here; a header that is missing is empty.
struct Answer {
    status: u16,
    location: String,
    retry_after: String,
    text: String,
}

/// Sends a request; `None`: no answer in time, or not all of it. Boxed, because it is used twice, and would be compiled
/// twice.
fn post(request: RequestBuilder, body: Option<String>) -> Pin<Box<dyn Future<Output = Option<Answer>>>> {
    Box::pin(async {
        let request = request
            .method(Method::POST)
            .abort_signal(Some(&AbortSignal::timeout_with_u32(ANSWER_WITHIN_MS)))
            .redirect(RequestRedirect::Error)
            .cache(RequestCache::NoStore);
        let request = match body {
            Some(body) => request.body(body),
            None => request.build(),
        };
        let response = request.ok()?.send().await.ok()?;
        let header = |name| response.headers().get(name).unwrap_or_default();
        Some(Answer {
            status: response.status(),
            location: header("location"),
            retry_after: header("retry-after"),
            text: response.text().await.ok()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::id_of;

    #[test]
    fn a_location_on_another_origin_or_with_an_odd_id_is_none() {
        let own = "https://app.example.org";
        assert_eq!(id_of("/api/generations/a1", own), Some("a1"));
        assert_eq!(id_of("https://app.example.org/api/generations/a1", own), Some("a1"));
        for odd in [
            "",
            "/api/generations/",
            "/api/generations/../session",
            "/api/generations/a/b",
            "https://evil.example/api/generations/a1",
            "//evil.example/api/generations/a1",
            "https://app.example.org.evil.example/api/generations/a1",
        ] {
            assert_eq!(id_of(odd, own), None, "{odd}");
        }
    }
}
