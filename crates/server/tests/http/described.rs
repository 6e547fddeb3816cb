//! The description of the API and the server are held against each other: addresses and methods, the fields of the
//! contract's types, the examples, and the answers of every kind that a test can bring about.

use std::collections::BTreeSet;
use std::time::Duration;

use generation_screen::contract::{
    Card, Event, EventBody, Failure, Frame, Hello, HtmlPart, NewGeneration, PageResult, Problem, RunStatus,
    SessionToken, State, Step, StepState, UnreadFrame, WireFrame,
};
use hyper::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::Config;

use crate::client::{Answer, Client, TOWER, server, start};
use crate::description::{Description, TEXT};

#[test]
fn every_address_is_described_and_no_other() {
    let description = Description::read();
    let described: BTreeSet<&str> = description.methods().into_keys().collect();
    assert_eq!(described, server::addresses().collect());
}

#[tokio::test]
async fn every_address_takes_the_methods_that_are_described() {
    let server = server(60.0).await;
    let nobody = Client::nobody(&server);
    for (path, mut methods) in Description::read().methods() {
        // Whoever can be read can be asked whether it is there.
        if methods.contains("GET") {
            methods.insert("HEAD".to_owned());
        }
        let address = path.replace("{id}", "x").replace("{key}", "x");
        let refused = nobody.send(Method::OPTIONS, &address, &[], "").await;
        assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (405, "method_not_allowed"));
        let allowed = refused.header("allow").unwrap().split(',').map(|name| name.trim().to_owned());
        assert_eq!(allowed.collect::<BTreeSet<_>>(), methods, "{path}");
    }
}

#[tokio::test]
async fn the_description_is_there_for_everybody_and_is_sent_once() {
    let server = server(60.0).await;
    let nobody = Client::nobody(&server);
    let first = nobody.get("/api/openapi.json", &[]).await;
    assert_eq!((first.status.as_u16(), first.text()), (200, TEXT));
    assert_eq!(first.json()["info"]["version"], env!("CARGO_PKG_VERSION"));
    let tag = first.header("etag").unwrap();
    let second = nobody.get("/api/openapi.json", &[("if-none-match", tag)]).await;
    assert_eq!((second.status.as_u16(), second.text()), (304, ""));
    let description = Description::read();
    for answer in [first, second] {
        assert_eq!(description.differences("GET", "/api/openapi.json", &answer), [""; 0]);
    }
}

/// Asks, and holds the answer against the description.
struct Asker {
    description: Description,
    client: Client,
}

impl Asker {
    async fn new(server: &server::Running) -> Self {
        Self { description: Description::read(), client: Client::new(server).await }
    }

    /// `path` as it is described, `status` as it has to be; `id` takes the place of a name.
    async fn ask(&self, status: u16, line: &str, id: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let address = path.replace("{id}", id).replace("{key}", id);
        let answer = self.client.send(method.parse().unwrap(), &address, headers, body.to_owned()).await;
        assert_eq!(answer.status, status, "{line}: {answer:?}");
        assert_eq!(self.description.differences(method, path, &answer), [""; 0], "{line}: {answer:?}");
        answer
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");
const CREATE: &str = "POST /api/generations";
const STATE: &str = "GET /api/generations/{id}";
const EVENTS: &str = "GET /api/generations/{id}/events";
const CANCEL: &str = "POST /api/generations/{id}/cancel";
const RETRY: &str = "POST /api/generations/{id}/retry";

#[tokio::test]
async fn a_generation_is_as_described_from_its_beginning_to_its_end() {
    let server = server(0.3).await;
    let me = Asker::new(&server).await;
    let body = json!({ "url": TOWER }).to_string();
    let id = me.ask(202, CREATE, "", &[JSON, ("idempotency-key", "a key")], &body).await.state().id;
    me.ask(409, RETRY, &id, &[], "").await;
    me.ask(202, CANCEL, &id, &[], "").await;
    me.ask(409, CANCEL, &id, &[], "").await;
    me.ask(202, RETRY, &id, &[], "").await;

    let path = format!("/api/generations/{id}");
    let stream = me.client.stream(&path, None).await.whole().await;
    let event = me.description.schema("ServerSentEvent");
    for frame in &stream.frames {
        let sent = json!({ "data": frame.json.to_string() });
        assert_eq!(me.description.wrong(event, &sent, "event"), [""; 0], "{frame:?}");
    }
    let kinds: BTreeSet<&str> = stream.frames.iter().map(crate::client::Frame::kind).collect();
    assert_eq!(kinds, BTreeSet::from(["done", "hello", "html", "preview", "status"]));
    me.ask(200, EVENTS, &id, &[("last-event-id", &stream.last_id())], "").await;

    let done = me.ask(200, STATE, &id, &[("prefer", "wait=25")], "").await;
    let tag = done.header("etag").unwrap();
    me.ask(304, STATE, &id, &[("if-none-match", tag)], "").await;
    me.ask(304, STATE, &id, &[("if-none-match", tag), ("prefer", "wait=1")], "").await;
    let page = done.state().result.unwrap().url.unwrap();
    me.ask(200, "GET /pages/{key}", page.trim_start_matches("/pages/"), &[], "").await;
}

#[tokio::test]
async fn every_refusal_of_a_request_is_as_described() {
    let server = server(60.0).await;
    let me = Asker::new(&server).await;
    let long = format!(r#"{{"url": "{}"}}"#, "x".repeat(17_000));
    for (status, code, body) in [
        (400, "bad_json", "{"),
        (413, "too_large", long.as_str()),
        (422, "wrong_fields", r#"{"url": 7}"#),
        (422, "empty", r#"{"url": " "}"#),
        (422, "not_a_url", r#"{"url": "somewhere"}"#),
        (422, "not_a_place", r#"{"url": "https://example.com/"}"#),
        (422, "out_of_range", r#"{"url": "91, 0"}"#),
        (422, "short_link", r#"{"url": "https://maps.app.goo.gl/x"}"#),
    ] {
        assert_eq!(me.ask(status, CREATE, "", &[JSON], body).await.problem(), code);
    }
    me.ask(415, CREATE, "", &[], "{}").await;
    let key = ("idempotency-key", "one");
    me.ask(202, CREATE, "", &[JSON, key], r#"{"url": "1, 2"}"#).await;
    assert_eq!(me.ask(422, CREATE, "", &[JSON, key], r#"{"url": "1, 3"}"#).await.problem(), "key_reused");
    let key = ("idempotency-key", "tower \u{1f5fc}");
    me.ask(400, CREATE, "", &[JSON, key], r#"{"url": "1, 2"}"#).await;

    me.ask(200, "POST /api/session", "", &[], "").await;
    me.ask(403, "POST /api/session", "", &[("sec-fetch-site", "cross-site")], "").await;
    me.ask(413, "POST /api/session", "", &[JSON], &long).await;
    me.ask(415, "POST /api/session", "", &[("content-type", "text/plain")], "x").await;
    me.ask(404, "GET /pages/{key}", "AAAAAAAAAAAAAAAAAAAAAA", &[], "").await;
    let nobody = Asker { client: Client::nobody(&server), ..Asker::new(&server).await };
    nobody.ask(401, CREATE, "", &[JSON], "{}").await;
    for line in [STATE, EVENTS, CANCEL, RETRY] {
        me.ask(404, line, "missing", &[], "").await;
        nobody.ask(401, line, "missing", &[], "").await;
    }
}

#[tokio::test]
async fn being_asked_for_too_much_is_as_described() {
    let slow = Config { generation_time: Duration::from_secs(60), ..Config::default() };
    let refused = async |config: Config, status: u16, lines: &[&str], code: &str| {
        let server = start(config).await;
        let me = Asker::new(&server).await;
        let body = json!({ "url": TOWER }).to_string();
        let id = me.ask(202, CREATE, "", &[JSON], &body).await.state().id;
        for line in lines {
            assert_eq!(me.ask(status, line, &id, &[JSON], &body).await.problem(), code);
        }
    };
    let all = [CREATE, STATE, EVENTS, CANCEL, RETRY];
    let requests = Config { requests_per_minute: 1, ..slow.clone() };
    refused(requests, 429, &all, "too_many_requests").await;
    let newcomers = Config { newcomers_per_minute: 1, ..slow.clone() };
    refused(newcomers, 429, &["POST /api/session"], "too_many_requests").await;
    refused(Config { running_max: 1, ..slow.clone() }, 429, &[CREATE], "too_many_running").await;
    refused(Config { open_of_one_max: 0, ..slow.clone() }, 429, &[EVENTS], "too_many_streams").await;
    refused(Config { open_max: 0, ..slow.clone() }, 503, &[EVENTS], "at_capacity").await;
    refused(Config { generations_max: 1, running_max: 2, ..slow }, 503, &[CREATE], "at_capacity").await;
}

#[tokio::test]
async fn what_operators_ask_is_as_described() {
    let server = start(Config { metrics: Some(([127, 0, 0, 1], 0).into()), ..Config::default() }).await;
    let me = Asker::new(&server).await;
    me.ask(200, "GET /healthz", "", &[], "").await;
    me.ask(200, "GET /readyz", "", &[], "").await;
    let prometheus = Asker { client: Client::at(server.metrics_address().unwrap()), ..me };
    prometheus.ask(200, "GET /metrics", "", &[], "").await;
}

/// With a value in every field: a new one does not compile until it stands here.
fn full_state() -> State {
    let text = || Some("2026-03-01T10:00:00Z".to_owned());
    State {
        id: "frRp0E0R2CUpmoyf-UrEoQ".to_owned(),
        run: 1,
        seq: 7,
        event_id: text(),
        now: text(),
        status: RunStatus::Error,
        steps: vec![Step {
            name: "page".to_owned(),
            label: text(),
            state: StepState::Failed,
            started_at: text(),
            finished_at: text(),
        }],
        progress: Some(0.5),
        preview: Some(full_card()),
        html: HtmlPart { from: 0, len: 1, text: "x".to_owned() },
        error: Some(full_failure()),
        result: Some(full_result()),
    }
}

fn full_card() -> Card {
    let text = || Some("x".to_owned());
    Card { title: "x".to_owned(), subtitle: text(), summary: text(), image: text() }
}

fn full_failure() -> Failure {
    Failure { code: "page_failed".to_owned(), message: "x".to_owned(), retryable: true }
}

fn full_result() -> PageResult {
    PageResult { url: Some("/pages/x".to_owned()), title: Some("x".to_owned()) }
}

fn full_frames() -> Vec<(&'static str, WireFrame)> {
    let at = || Some("2026-03-01T10:00:00Z".to_owned());
    let text = || "x".to_owned();
    let event = |body| Event { seq: 1, at: at(), body }.into();
    let status = EventBody::Status { step: text(), label: Some(text()), progress: Some(0.5) };
    let hello = Hello { run: 1, after: 0, head: 1, now: at(), heartbeat_ms: Some(15_000) };
    vec![
        ("Hello", hello.into()),
        ("StatusEvent", event(status)),
        ("PreviewEvent", event(EventBody::Preview(full_card()))),
        ("HtmlEvent", event(EventBody::Html { offset: 0, text: text() })),
        ("DoneEvent", event(EventBody::Done { html_len: 1, result: full_result() })),
        ("ErrorEvent", event(EventBody::Error(full_failure()))),
        ("CancelledEvent", event(EventBody::Cancelled)),
    ]
}

#[test]
fn the_schemas_have_the_fields_of_the_contract() {
    let description = Description::read();
    let same = |name: &str, value: Value| {
        let schema = description.schema(name);
        assert_eq!(description.wrong(schema, &value, name), [""; 0]);
        let fields: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(description.fields(schema, &value), Some(fields), "{name}");
    };
    let state = json!(full_state());
    same("Step", state["steps"][0].clone());
    for (name, field) in
        [("Card", "preview"), ("HtmlPart", "html"), ("Failure", "error"), ("PageResult", "result")]
    {
        same(name, state[field].clone());
    }
    same("State", state);
    same("NewGeneration", json!(NewGeneration { url: TOWER.to_owned() }));
    same("SessionToken", json!(SessionToken { access_token: "x".to_owned(), expires_in: Some(900) }));
    let text = || "x".to_owned();
    let kind = Some("about:blank".to_owned());
    same(
        "Problem",
        json!(Problem { kind, title: text(), status: 404, detail: Some(text()), code: Some(text()) }),
    );
    for (name, frame) in full_frames() {
        same(name, json!(frame));
    }
}

/// Whether the contract's type reads all of it, and writes the same.
fn is_whole<T: DeserializeOwned + Serialize>(value: &Value) -> bool {
    serde_json::from_value::<T>(value.clone()).is_ok_and(|read| json!(read) == *value)
}

fn is_whole_frame(value: &Value) -> bool {
    let text = value.to_string();
    let frame = UnreadFrame::from_json(&text).and_then(|unread| unread.read("message").ok());
    frame.is_some_and(|frame| match frame {
        Frame::Hello(hello) => json!(WireFrame::from(hello)) == *value,
        Frame::Event(event) => json!(WireFrame::from(event)) == *value,
    })
}

/// Every body that the description shows, with its schema.
fn shown<'a>(description: &'a Description, value: &'a Value, found: &mut Vec<(&'a Value, &'a Value)>) {
    if let (Some(examples), true) = (value["examples"].as_object(), value["schema"].is_object()) {
        found.extend(examples.values().map(|one| (&value["schema"], &description.resolved(one)["value"])));
    }
    let inner: Vec<&Value> = match value {
        Value::Object(fields) => fields.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    inner.into_iter().for_each(|one| shown(description, one, found));
}

#[test]
fn what_the_description_shows_is_what_it_says() {
    let description = Description::read();
    let mut found = Vec::new();
    shown(&description, &description.0["paths"], &mut found);
    shown(&description, &description.0["components"]["responses"], &mut found);
    assert!(found.len() > 20, "examples are where they were not looked for");
    for (schema, value) in found {
        let schema_name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        let is_whole = match (schema_name, value) {
            (Some("ServerSentEvent"), Value::String(stream)) => {
                let frames =
                    stream.split_terminator("\n\n").map(|frame| frame.rsplit_once("data: ").unwrap().1);
                frames.map(|json| serde_json::from_str(json).unwrap()).all(|frame| is_whole_frame(&frame))
            }
            (Some("State"), state) => is_whole::<State>(state),
            (Some("SessionToken"), token) => is_whole::<SessionToken>(token),
            (Some("NewGeneration"), new) => is_whole::<NewGeneration>(new),
            (None, problem) => {
                let mut fields = problem.as_object().unwrap().clone();
                let state = fields.remove("state");
                state.is_none_or(|state| is_whole::<State>(&state)) && is_whole::<Problem>(&fields.into())
            }
            (Some(other), _) => panic!("nobody knows how {other} is read"),
        };
        assert!(is_whole, "{value}");
        if !value.is_string() {
            assert_eq!(description.wrong(schema, value, "example"), [""; 0]);
        }
    }
    for (name, _) in full_frames() {
        for example in description.schema(name)["examples"].as_array().unwrap() {
            assert!(is_whole_frame(example), "{example}");
            assert_eq!(description.wrong(description.schema(name), example, name), [""; 0]);
        }
    }
}
