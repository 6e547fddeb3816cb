//! The two requests that a host of the screen makes itself: for a token, from the page's own origin, and for a new
//! generation, from where the API is. A host of your own signs in as it always does. Tokens are kept nowhere.

use std::time::Duration;

use generation_screen::contract::{GENERATIONS_PATH, Problem, SessionToken, is_generation_id};
use generation_screen::{Token, TokenError, TokenProvider, plain_text};
use gloo_net::http::Request;
use web_sys::RequestCredentials;

/// A place to write about.
pub const PLACE: &str = "https://www.google.com/maps/place/Eiffel+Tower/@48.8583701,2.2944813,17z";

/// Tokens for the API at `origin`; `None`: for the page's own.
#[must_use]
pub fn token_provider(origin: Option<&str>) -> TokenProvider {
    let provider = TokenProvider::new(|_why| async {
        let session = session_token().await?;
        Ok(Token { value: session.access_token, expires_in: session.expires_in.map(Duration::from_secs) })
    });
    match origin {
        Some(origin) => provider.for_origin(origin),
        None => provider,
    }
}

/// The address of a generation.
#[must_use]
pub fn src(api: Option<&str>, id: &str) -> String {
    format!("{}{GENERATIONS_PATH}/{id}", api.unwrap_or_default())
}

/// Begins so many generations about `place`, and gives their ids.
///
/// # Errors
/// A sentence for the reader.
pub async fn create(api: Option<&str>, place: &str, count: usize) -> Result<Vec<String>, String> {
    // One after the other, and one token for all: the first answer's cookie says who one is from then on.
    let session =
        session_token().await.map_err(|_| "There is no token to be had: is the server there?".to_owned())?;
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(create_one(api, place, &session.access_token).await?);
    }
    Ok(ids)
}

async fn create_one(api: Option<&str>, place: &str, token: &str) -> Result<String, String> {
    let unanswered = |_| "The server did not answer. Start again.".to_owned();
    let request = Request::post(&format!("{}{GENERATIONS_PATH}", api.unwrap_or_default()))
        .credentials(RequestCredentials::Omit)
        .header("authorization", &format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(serde_json::json!({ "url": place }).to_string());
    let answer = request.map_err(unanswered)?.send().await.map_err(unanswered)?;
    let (status, text) = (answer.status(), answer.text().await.map_err(unanswered)?);
    if !(200..300).contains(&status) {
        let problem: Problem = serde_json::from_str(&text).unwrap_or_default();
        let says = plain_text(problem.detail.as_deref().unwrap_or(&problem.title));
        return Err(format!("The server refused (status {status}). {says}"));
    }
    // Not from `Location`: on another origin it may be hidden.
    let state: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let id = state["id"].as_str().filter(|id| is_generation_id(id));
    id.map(str::to_owned).ok_or_else(|| "The server named no generation.".to_owned())
}

/// Sessions are given to pages of the same origin only, so this never goes to another.
async fn session_token() -> Result<SessionToken, TokenError> {
    let request = Request::post("/api/session").credentials(RequestCredentials::SameOrigin);
    let answer = request.send().await.map_err(|_| TokenError::Unavailable)?;
    match answer.status() {
        200..300 => {
            let text = answer.text().await.map_err(|_| TokenError::Unavailable)?;
            serde_json::from_str(&text).map_err(|_| TokenError::Unavailable)
        }
        401 | 403 => Err(TokenError::Refused),
        _ => Err(TokenError::Unavailable),
    }
}
