//! `POST /api/generations`: begins a generation. What was pasted is read before anything is made; the same
//! `Idempotency-Key` never makes two.

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::header::{HeaderName, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use generation_screen::contract::{GENERATIONS_PATH, NewGeneration};
use sha2::{Digest as _, Sha256};

use super::Caller;
use super::state::respond;
use crate::app::App;
use crate::generator::{self, Mishaps};
use crate::place;
use crate::problem::Refusal;
use crate::store::{Created, NewRecord};
use crate::{body, ids};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest key, in bytes.
const KEY_MAX: usize = 255;

pub(super) async fn create(
    State(app): State<App>,
    Caller(owner): Caller,
    mishaps: Option<Extension<Mishaps>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    if *app.closing.borrow() {
        return Err(Refusal::stopping());
    }
    let bytes = body::read(body).await?;
    let NewGeneration { url } = body::json(&headers, &bytes)?;
    place::read(&url)
        .map_err(|error| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), error.to_string()))?;
    let id = ids::random_id().map_err(|_| {
        Refusal::unavailable("no_randomness", "The server cannot name a generation now. Try again soon.", 5)
    })?;
    let new = NewRecord {
        id: id.clone(),
        owner,
        key: key(&headers)?,
        digest: Sha256::digest(&url).into(),
        url,
        steps: generator::steps(),
    };
    let Extension(mishaps) = mishaps.unwrap_or_default();
    let id = match generator::create(&app, new, mishaps).await? {
        Created::New => id,
        Created::Same(id) => id,
        Created::OtherBody => {
            let detail = "This Idempotency-Key was used for another address. Use a new key.";
            return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", detail));
        }
        Created::TooMany => return Err(Refusal::too_many_running()),
        Created::Full => {
            return Err(Refusal::unavailable(
                "at_capacity",
                "The server is busy. Try again in a moment.",
                10,
            ));
        }
    };
    let mut response = respond(&app, &id, 0, StatusCode::ACCEPTED).await?;
    if let Ok(location) = format!("{GENERATIONS_PATH}/{id}").parse() {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=KEY_MAX).contains(&key.len()) && !key.contains('\t'));
    let detail = "Idempotency-Key must be 1 to 255 visible ASCII characters.";
    key.map(|key| Some(key.to_owned()))
        .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "bad_idempotency_key", detail))
}
