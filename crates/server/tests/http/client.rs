//! A light HTTP client, and a server to talk to. It retries nothing and follows nothing.

use std::time::Duration;

use generation_screen::contract::{Problem, SessionToken, State};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, HOST};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use server::{Config, Running, Scripted};
use tokio::net::TcpStream;

pub(crate) const TOWER: &str = "https://www.google.com/maps/place/Eiffel+Tower/@48.8583701,2.2944813,17z";

/// The limit of everything that must come.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), what).await.expect("it should have come by now")
}

/// A server whose work takes `seconds`.
pub(crate) async fn server(seconds: f64) -> Running {
    start(Config { generation_time: Duration::from_secs_f64(seconds), ..Config::default() }).await
}

/// A server with scripts: its work takes `seconds`, the scripts' times are divided by `speed`.
pub(crate) async fn scripted(seconds: f64, speed: f64) -> Running {
    start(Config {
        generation_time: Duration::from_secs_f64(seconds),
        heartbeat: Duration::from_millis(300),
        scripted: Some(Scripted { speed }),
        ..Config::default()
    })
    .await
}

pub(crate) async fn start(config: Config) -> Running {
    server::start(config).await.unwrap()
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn state(&self) -> State {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The code of a problem that is complete and agrees with the status.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.status, self.status.as_u16());
        assert!(!problem.title.is_empty() && problem.detail.is_some_and(|detail| detail.ends_with('.')));
        problem.code.unwrap()
    }
}

/// Somebody, with a token.
#[derive(Clone)]
pub(crate) struct Client {
    address: std::net::SocketAddr,
    token: Option<String>,
    cookie: String,
}

impl Client {
    /// Somebody without a token.
    pub(crate) fn nobody(server: &Running) -> Self {
        Self::at(server.address())
    }

    pub(crate) fn at(address: std::net::SocketAddr) -> Self {
        Self { address, token: None, cookie: String::new() }
    }

    /// The same user, where the server is now.
    pub(crate) fn moved(&self, address: std::net::SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// Somebody new.
    pub(crate) async fn new(server: &Running) -> Self {
        let mut client = Self::nobody(server);
        let answer = client.post("/api/session", &[], "").await;
        client.set_token(&answer);
        client
    }

    pub(crate) fn set_token(&mut self, answer: &Answer) {
        let token: SessionToken = serde_json::from_slice(&answer.body).unwrap();
        self.token = Some(token.access_token);
        if let Some(cookie) = answer.header("set-cookie") {
            self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        }
    }

    /// The same user with a new token.
    pub(crate) async fn renewed(&self) -> Self {
        let mut client = self.clone();
        let answer = self.post("/api/session", &[("cookie", &self.cookie)], "").await;
        client.set_token(&answer);
        client
    }

    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, path, headers, "").await
    }

    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        self.send(Method::POST, path, headers, body).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let response = self.open(method, path, headers, body).await;
        let (parts, body) = response.into_parts();
        let body = soon(body.collect()).await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The answer's head; the body follows.
    pub(crate) async fn open(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Response<Incoming> {
        self.try_open(method, path, headers, body).await.unwrap()
    }

    /// The same, of a server that may be gone.
    pub(crate) async fn try_open(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Option<Response<Incoming>> {
        let socket = TcpStream::connect(self.address).await.ok()?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(socket)).await.ok()?;
        tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path).header(HOST, self.address.to_string());
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        soon(sender.send_request(request.body(Full::new(body.into())).unwrap())).await.ok()
    }

    /// The whole answer of a server that may be gone before its end.
    pub(crate) async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Option<Answer> {
        let (parts, body) = self.try_open(method, path, headers, body).await?.into_parts();
        let body = soon(body.collect()).await.ok()?.to_bytes();
        Some(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// Asks for a generation; its path, and its first state.
    pub(crate) async fn begin(&self, url: &str) -> String {
        self.begin_with(url, &[]).await
    }

    pub(crate) async fn begin_with(&self, url: &str, headers: &[(&str, &str)]) -> String {
        let answer = self.ask(url, headers).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.header("location").unwrap().to_owned()
    }

    pub(crate) async fn ask(&self, url: &str, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.post("/api/generations", &all, json!({ "url": url }).to_string()).await
    }

    pub(crate) async fn state(&self, path: &str) -> State {
        self.get(path, &[]).await.state()
    }

    /// Holds reads until the state is as wished.
    pub(crate) async fn until(&self, path: &str, wished: impl Fn(&State) -> bool) -> State {
        soon(async {
            let mut tag = String::new();
            loop {
                let answer = self.get(path, &[("if-none-match", &tag), ("prefer", "wait=20")]).await;
                if answer.status != 304 {
                    let state = answer.state();
                    if wished(&state) {
                        return state;
                    }
                    tag = answer.header("etag").unwrap().to_owned();
                }
            }
        })
        .await
    }

    pub(crate) async fn stream(&self, path: &str, last_event_id: Option<&str>) -> Stream {
        let headers: Vec<_> = last_event_id.map(|id| ("last-event-id", id)).into_iter().collect();
        Stream::of(self.open(Method::GET, &format!("{path}/events"), &headers, "").await)
    }
}

/// An open event stream.
pub(crate) struct Stream {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Incoming,
    read: Vec<u8>,
}

/// One frame: its id, and its JSON (null if it is none).
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) id: Option<String>,
    pub(crate) json: Value,
    pub(crate) retry_ms: Option<u64>,
}

impl Frame {
    pub(crate) fn kind(&self) -> &str {
        self.json["type"].as_str().unwrap_or_default()
    }

    pub(crate) fn seq(&self) -> Option<u64> {
        self.json["seq"].as_u64()
    }
}

/// How a stream went: its frames, what was left of a frame, and whether it ended well.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) frames: Vec<Frame>,
    pub(crate) rest: String,
    pub(crate) clean: bool,
}

impl Whole {
    pub(crate) fn seqs(&self) -> Vec<u64> {
        self.frames.iter().filter_map(Frame::seq).collect()
    }

    pub(crate) fn html(&self) -> String {
        self.frames
            .iter()
            .filter(|frame| frame.kind() == "html")
            .map(|f| f.json["text"].as_str().unwrap())
            .collect()
    }

    pub(crate) fn last_id(&self) -> String {
        self.frames.iter().rev().find_map(|frame| frame.id.clone()).unwrap()
    }
}

impl Stream {
    pub(crate) fn of(response: Response<Incoming>) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status, headers: parts.headers, body, read: Vec::new() }
    }

    /// The next raw chunk; `None` at the end, `Err` if the connection broke.
    pub(crate) async fn chunk(&mut self) -> Option<Result<Bytes, hyper::Error>> {
        let frame = soon(self.body.frame()).await?;
        Some(frame.map(|frame| frame.into_data().unwrap()))
    }

    /// The next frame; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(end) = self.read.windows(2).position(|two| two == b"\n\n") {
                let rest = self.read.split_off(end + 2);
                let frame = std::mem::replace(&mut self.read, rest);
                return Some(parse(std::str::from_utf8(&frame).unwrap()));
            }
            let chunk = self.chunk().await?.ok()?;
            self.read.extend_from_slice(&chunk);
        }
    }

    /// Everything until the end, however it ends.
    pub(crate) async fn whole(mut self) -> Whole {
        let mut bytes = self.read;
        let clean = loop {
            match soon(self.body.frame()).await {
                None => break true,
                Some(Err(_)) => break false,
                Some(Ok(frame)) => bytes.extend_from_slice(&frame.into_data().unwrap()),
            }
        };
        let text = String::from_utf8_lossy(&bytes).replace('\u{feff}', "").replace("\r\n", "\n");
        let mut frames: Vec<&str> = text.split("\n\n").collect();
        let rest = frames.pop().unwrap_or_default().to_owned();
        Whole { frames: frames.into_iter().map(parse).collect(), rest, clean }
    }
}

fn parse(frame: &str) -> Frame {
    let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let json = field("data").and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
    let retry_ms = field("retry").and_then(|ms| ms.parse().ok());
    Frame { id: field("id").map(str::to_owned), json, retry_ms }
}
