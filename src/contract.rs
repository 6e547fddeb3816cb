//! The contract: the JSON that travels between a server and the screen, as types.
//!
//! Two resources, and one rule that joins them: **the state at `seq` N, plus the events with `seq` > N, is the
//! truth.** This module says what the two look like. It never says what to do about them (that is
//! [`engine`](crate::engine)), and it reads and writes no bytes: it only knows `serde`.
//!
//! Reading is lenient where that loses nothing (unknown fields, unknown event types, left-out options), so that a
//! plain backend fits; writing is exact.

use serde::Serialize;

mod frame;
mod json;
mod json_text;
mod read;

#[cfg(feature = "ui")]
pub(crate) use json::Json;
#[cfg(feature = "ui")]
pub(crate) use json_text::parse as parse_json;

pub use frame::{Event, EventBody, Frame, Hello, MalformedFrame, UnreadFrame, WireFrame};

/// The path, below the API's origin, that generations live under.
pub const GENERATIONS_PATH: &str = "/api/generations";

/// True if `id` can name a generation: `[A-Za-z0-9_-]{1,64}`. Anything else is not to be sent, nor looked up.
///
/// ```
/// # use generation_screen::contract::is_generation_id;
/// assert!(is_generation_id("q7Zp_-0"));
/// assert!(!is_generation_id("../session"));
/// assert!(!is_generation_id(""));
/// ```
#[must_use]
pub fn is_generation_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// What a generation is doing as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    /// Accepted, not begun.
    Queued,
    /// At work.
    Running,
    /// Ended with a whole page.
    Done,
    /// Ended by a failure.
    Error,
    /// Ended because somebody asked for it.
    Cancelled,
}

impl RunStatus {
    /// True for the three that nothing follows.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, RunStatus::Done | RunStatus::Error | RunStatus::Cancelled)
    }
}

/// Where one step of the work stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepState {
    /// Not begun.
    #[default]
    Pending,
    /// The one that runs now.
    Running,
    /// Finished.
    Done,
    /// The one in which the generation failed or was cancelled.
    Failed,
}

/// One step of the work, in the order in which steps run.
///
/// ```
/// # use generation_screen::contract::*;
/// let step: Step = serde_json::from_str(
///     r#"{"name": "place", "label": "Reading the place", "state": "done",
///         "started_at": "2026-03-01T10:00:00Z", "finished_at": "2026-03-01T10:00:02.5Z"}"#)?;
/// assert_eq!(step.state, StepState::Done);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Step {
    /// A short stable name: `place`, `brief`, `page`, or others.
    pub name: String,
    /// The server's word for it, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Where it stands.
    pub state: StepState,
    /// RFC 3339, by the server's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// RFC 3339, by the server's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
}

/// The card that is shown before there is a page: what the server has understood so far.
///
/// ```
/// # use generation_screen::contract::Card;
/// let card: Card = serde_json::from_str(r#"{"title": "Eiffel Tower", "subtitle": "Paris, France"}"#)?;
/// assert_eq!(card.subtitle.as_deref(), Some("Paris, France"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The place's name.
    pub title: String,
    /// A line under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// A sentence or two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Address of an image; shown only from hosts that the screen's options name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// Why a generation failed, in the server's words.
///
/// ```
/// # use generation_screen::contract::Failure;
/// let failure: Failure = serde_json::from_str(
///     r#"{"code": "place_unknown", "message": "There is no such place.", "retryable": false}"#)?;
/// assert!(!failure.retryable);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// A short stable name for programs.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// Whether `POST …/retry` may help.
    pub retryable: bool,
}

/// What a finished generation left behind.
///
/// ```
/// # use generation_screen::contract::PageResult;
/// let result: PageResult = serde_json::from_str(r#"{"url": "/pages/3f", "title": "Eiffel Tower"}"#)?;
/// assert_eq!(result.url.as_deref(), Some("/pages/3f"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PageResult {
    /// Where the finished page can be opened. Linked only if it is `https:` or of the same origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The page's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// The page's HTML in a [`State`], from a byte offset on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HtmlPart {
    /// Offset of `text` in the page, in UTF-8 bytes; where a character starts.
    pub from: u64,
    /// Length of the whole page so far, in UTF-8 bytes.
    pub len: u64,
    /// The bytes `from..len`.
    pub text: String,
}

/// The state of a generation: everything that can be known without the stream, at any time.
///
/// ```
/// # use generation_screen::contract::*;
/// let state: State = serde_json::from_str(r#"{
///     "id": "q7Zp", "run": 1, "seq": 7, "event_id": "1-7", "now": "2026-03-01T10:00:09Z",
///     "status": "running", "progress": 0.4,
///     "steps": [{"name": "place", "state": "done"}, {"name": "page", "state": "running"}],
///     "preview": {"title": "Eiffel Tower"},
///     "html": {"from": 0, "len": 15, "text": "<!doctype html>"}
/// }"#)?;
/// assert_eq!((state.run, state.seq, state.status), (1, 7, RunStatus::Running));
///
/// // The least that a plain backend has to send:
/// let plain: State = serde_json::from_str(r#"{"seq": 0, "status": "queued"}"#)?;
/// assert_eq!((plain.run, plain.html.len), (1, 0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct State {
    /// The generation's id.
    pub id: String,
    /// Which run this is, from 1. A retry starts the next one.
    pub run: u64,
    /// Number of the newest event of this run; 0 before the first.
    pub seq: u64,
    /// What to send as `Last-Event-ID` to get the events after `seq`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// The server's clock, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// What the generation is doing.
    pub status: RunStatus,
    /// All steps, in order.
    pub steps: Vec<Step>,
    /// 0 to 1, if the server can tell. Never goes back within a run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<f64>,
    /// The newest card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Card>,
    /// The page so far, from the byte that was asked for.
    pub html: HtmlPart,
    /// Why it failed, if `status` is `error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// What it made, if `status` is `done`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<PageResult>,
}

impl Default for State {
    // Where a field is left out: there is one run, and nothing has happened.
    fn default() -> Self {
        State {
            id: String::new(),
            run: 1,
            seq: 0,
            event_id: None,
            now: None,
            status: RunStatus::Queued,
            steps: Vec::new(),
            progress: None,
            preview: None,
            html: HtmlPart::default(),
            error: None,
            result: None,
        }
    }
}

/// Body of `POST /api/generations`.
///
/// ```
/// # use generation_screen::contract::NewGeneration;
/// let new: NewGeneration = serde_json::from_str(r#"{"url": "geo:48.8584,2.2945"}"#)?;
/// assert_eq!(serde_json::to_string(&new)?, r#"{"url":"geo:48.8584,2.2945"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NewGeneration {
    /// The place URL that was pasted. It is read, never fetched.
    pub url: String,
}

/// Answer of `POST /api/session`: a bearer token and how long it lives.
///
/// ```
/// # use generation_screen::contract::SessionToken;
/// let token: SessionToken = serde_json::from_str(r#"{"access_token": "abc", "expires_in": 900}"#)?;
/// assert_eq!(token.expires_in, Some(900));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct SessionToken {
    /// Goes into `Authorization: Bearer …`, and nowhere else.
    pub access_token: String,
    /// Seconds until it expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
}

impl std::fmt::Debug for SessionToken {
    // A token in a log is a token lost.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionToken").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// An error answer: `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457#section-3)).
///
/// ```
/// # use generation_screen::contract::Problem;
/// let problem: Problem = serde_json::from_str(
///     r#"{"type": "about:blank", "title": "Not a place", "status": 422, "code": "not_a_place",
///         "detail": "That address names no place."}"#)?;
/// assert_eq!(problem.code.as_deref(), Some("not_a_place"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A URI that names the kind; `about:blank` where the status says it all.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The kind in a few words.
    pub title: String,
    /// The HTTP status, again.
    pub status: u16,
    /// What happened here, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// A short stable name for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}
