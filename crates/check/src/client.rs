//! One request over one connection: bounded in time and length, following nothing, retrying nothing. It takes notes of
//! what holds for every answer, and judges none.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use generation_screen::contract::{Problem, State};
use generation_screen::engine::is_header_value;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, AUTHORIZATION, HOST};
use hyper::{HeaderMap, Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use crate::dial::dial;
use crate::target::Target;

/// Where tokens come from.
pub(crate) const SESSION_PATH: &str = "/api/session";
/// The longest body that is read: a page of 32 MiB, as JSON.
const BODY_MAX: usize = 80 << 20;
/// Quoted of a body, before it is made fit to be shown.
const QUOTED_MAX: usize = 4096;
/// After so many requests in a row without an answer nothing more is sent.
const SILENCE_MAX: u32 = 3;
/// Most notes of a kind.
const NOTES_MAX: usize = 50;

/// There was no answer; why, in words.
#[derive(Clone, Debug)]
pub(crate) struct NoAnswer(pub(crate) String);

/// What was seen beside what was asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    /// Answers 429 and 503, and whether they say when to come back.
    pub(crate) busy: Vec<(String, bool)>,
    /// Errors, and what is wrong with their form.
    pub(crate) errors: Vec<Result<(), String>>,
    /// Places where the token stood.
    pub(crate) leaks: Vec<String>,
    silent: u32,
}

/// A whole answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// When it was asked for, and when it was whole.
    pub(crate) asked: Instant,
    pub(crate) came: Instant,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// Whether it says that it is of this type.
    pub(crate) fn is(&self, essence: &str) -> bool {
        is_type(self.header("content-type"), essence)
    }

    /// Status and the beginning of the body, for a message. It is not fit to be shown yet.
    pub(crate) fn quoted(&self) -> String {
        match self.body.len() {
            0 => format!("status {}", self.status),
            _ => format!("status {}: {}", self.status, quoted(&self.body)),
        }
    }

    /// The state in the body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn state(&self) -> Result<State, String> {
        serde_json::from_slice(&self.body).map_err(|error| format!("{error}: {}", quoted(&self.body)))
    }

    pub(crate) fn took(&self) -> Duration {
        self.came - self.asked
    }
}

/// A header, if it is text.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

pub(crate) fn is_type(content_type: Option<&str>, essence: &str) -> bool {
    let named = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    named.trim().eq_ignore_ascii_case(essence)
}

/// The beginning of `bytes` as text.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(QUOTED_MAX)]).into_owned()
}

/// A connection that ends when this is dropped.
pub(crate) struct Open(JoinHandle<()>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The head of an answer, what keeps its connection open, and when it was asked for.
pub(crate) type Opened = (Response<Incoming>, Open, Instant);

/// Somebody who asks.
pub(crate) struct Client {
    pub(crate) target: Target,
    pub(crate) token: Option<String>,
    pub(crate) request_limit: Duration,
    pub(crate) notes: Mutex<Notes>,
}

/// A request that has not been sent.
pub(crate) struct Asking<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    headers: Vec<(&'a str, String)>,
    body: String,
    token: Option<&'a str>,
    limit: Duration,
}

impl Client {
    pub(crate) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ask<'a>(&'a self, method: Method, path: &str) -> Asking<'a> {
        Asking {
            client: self,
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: String::new(),
            token: self.token.as_deref(),
            limit: self.request_limit,
        }
    }

    pub(crate) fn get<'a>(&'a self, path: &str) -> Asking<'a> {
        self.ask(Method::GET, path)
    }

    pub(crate) fn post<'a>(&'a self, path: &str) -> Asking<'a> {
        self.ask(Method::POST, path)
    }

    /// A POST of JSON.
    pub(crate) fn post_json<'a>(&'a self, path: &str, body: &str) -> Asking<'a> {
        let mut asking = self.post(path).header("content-type", "application/json");
        asking.body = body.to_owned();
        asking
    }

    async fn whole(&self, opened: Opened, limit: Duration, what: &str) -> Result<Answer, NoAnswer> {
        let (response, open, asked) = opened;
        let (parts, body) = response.into_parts();
        let whole = timeout(limit, Limited::new(body, BODY_MAX).collect()).await;
        drop(open);
        let body = match whole {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) => return Err(NoAnswer(format!("{what}: the answer broke off: {error}"))),
            Err(_) => return Err(NoAnswer(format!("{what}: the answer had no end within {limit:.1?}"))),
        };
        let status = parts.status.as_u16();
        let answer = Answer { status, headers: parts.headers, body, asked, came: Instant::now() };
        self.note(what, &answer);
        Ok(answer)
    }

    fn note(&self, what: &str, answer: &Answer) {
        let mut notes = self.notes();
        if matches!(answer.status, 429 | 503) && notes.busy.len() < NOTES_MAX {
            notes
                .busy
                .push((format!("{what}: status {}", answer.status), answer.header("retry-after").is_some()));
        }
        // The session is where tokens come from: nothing of its answers is told.
        if what.ends_with(SESSION_PATH) {
            return;
        }
        if answer.status >= 400 && notes.errors.len() < NOTES_MAX {
            notes.errors.push(problem(what, answer));
        }
        let Some(token) = self.token.as_deref() else { return };
        let in_headers = answer.headers.values().any(|value| contains(value.as_bytes(), token));
        if (in_headers || contains(&answer.body, token)) && notes.leaks.len() < NOTES_MAX {
            notes.leaks.push(format!("the token stands in the answer to {what}"));
        }
    }
}

/// Whether `token` stands in `bytes`. One of less than 8 bytes may stand anywhere by chance.
pub(crate) fn contains(bytes: &[u8], token: &str) -> bool {
    token.len() >= 8 && bytes.windows(token.len()).any(|part| part == token.as_bytes())
}

fn problem(what: &str, answer: &Answer) -> Result<(), String> {
    if !answer.is("application/problem+json") {
        let kind = answer.header("content-type").unwrap_or("none");
        return Err(format!("{what}: status {}, Content-Type: {kind}", answer.status));
    }
    let problem = serde_json::from_slice::<Problem>(&answer.body)
        .map_err(|error| format!("{what}: {error}: {}", quoted(&answer.body)))?;
    if problem.status != answer.status || problem.title.is_empty() {
        return Err(format!("{what}: `status` or `title` is missing or wrong: {}", answer.quoted()));
    }
    Ok(())
}

impl<'a> Asking<'a> {
    pub(crate) fn header(mut self, name: &'a str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Without a token, or with another one.
    pub(crate) fn token(mut self, token: Option<&'a str>) -> Self {
        self.token = token;
        self
    }

    /// Another limit than that of most requests.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Sends it, and waits for the whole answer.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) async fn send(self) -> Result<Answer, NoAnswer> {
        let (client, limit, what) = (self.client, self.limit, self.what());
        let opened = self.open().await?;
        client.whole(opened, limit, &what).await
    }

    /// Sends it, and waits for status and headers; what an error says is read, too. A body that may have no end is left.
    ///
    /// # Errors
    /// If there is no answer.
    pub(crate) async fn head(self) -> Result<(u16, HeaderMap), NoAnswer> {
        let (client, limit, what) = (self.client, self.limit, self.what());
        let opened = self.open().await?;
        if opened.0.status().as_u16() < 400 {
            return Ok((opened.0.status().as_u16(), opened.0.headers().clone()));
        }
        let answer = client.whole(opened, limit, &what).await?;
        Ok((answer.status, answer.headers))
    }

    fn what(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Sends it, and waits for the head of the answer.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) async fn open(self) -> Result<Opened, NoAnswer> {
        let (client, limit, what) = (self.client, self.limit, self.what());
        if client.notes().silent >= SILENCE_MAX {
            return Err(NoAnswer(format!(
                "{what}: not sent, since the {SILENCE_MAX} requests before had no answer"
            )));
        }
        let request = self.request().map_err(|error| NoAnswer(format!("{what}: not sent: {error}")))?;
        let asked = Instant::now();
        let answer = timeout(limit, exchange(&client.target, request)).await;
        let answer = answer.unwrap_or_else(|_| Err(format!("no answer within {limit:.1?}")));
        let mut notes = client.notes();
        notes.silent = if answer.is_ok() { 0 } else { notes.silent + 1 };
        let (response, open) = answer.map_err(|error| NoAnswer(format!("{what}: {error}")))?;
        Ok((response, open, asked))
    }

    fn request(self) -> Result<Request<Full<Bytes>>, String> {
        let mut request =
            Request::builder().method(self.method).uri(self.path).header(HOST, &self.client.target.authority);
        if let Some(token) = self.token {
            if !is_header_value(token) {
                return Err("the token cannot stand in a header".to_owned());
            }
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(ACCEPT.as_str())) {
            request = request.header(ACCEPT, "application/json");
        }
        for (name, value) in self.headers {
            request = request.header(name, value.as_bytes());
        }
        request.body(Full::new(self.body.into())).map_err(|error| error.to_string())
    }
}

async fn exchange(
    target: &Target,
    request: Request<Full<Bytes>>,
) -> Result<(Response<Incoming>, Open), String> {
    let wire =
        dial(target).await.map_err(|error| format!("no connection to {}: {error}", target.authority))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(wire)).await.map_err(|error| error.to_string())?;
    let open = Open(tokio::spawn(async move {
        // What went wrong is told by the request.
        let _ = connection.await;
    }));
    let response = sender.send_request(request).await.map_err(|error| format!("no HTTP answer: {error}"))?;
    Ok((response, open))
}
