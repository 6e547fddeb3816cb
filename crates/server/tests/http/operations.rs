//! What an operator meets: a restart, the end of a token, a supervisor's questions, what is counted and what is written down.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use generation_screen::contract::RunStatus;
use hyper::Method;
use server::{Config, Running};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;

use crate::client::{Client, Stream, TOWER, soon, start};
use crate::description::Description;
use crate::program::Program;

/// A file for a store, taken away when this is dropped.
struct Data(PathBuf);

impl Data {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("operations-{name}-{}.db", std::process::id())))
    }

    async fn server(&self, config: Config) -> Running {
        start(Config { data: Some(self.0.clone()), ..config }).await
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }
}

fn taking(seconds: f64) -> Config {
    let drain = Duration::from_millis(100);
    Config { generation_time: Duration::from_secs_f64(seconds), drain, ..Config::default() }
}

#[tokio::test]
async fn after_a_restart_what_was_done_is_there_and_what_was_at_work_begins_again() {
    let data = Data::new("restart");
    let server = data.server(taking(0.2)).await;
    let me = Client::new(&server).await;
    let done = me.begin(TOWER).await;
    let before = me.until(&done, |state| state.status == RunStatus::Done).await;
    server.stop().await.unwrap();

    let server = data.server(taking(60.0)).await;
    let me = me.moved(server.address());
    let after = me.state(&done).await;
    assert_eq!((after.seq, &after.html, &after.result), (before.seq, &before.html, &before.result));
    let page = before.result.unwrap().url.unwrap();
    assert_eq!(me.get(&page, &[]).await.text(), before.html.text);
    let at_work = me.begin(TOWER).await;
    me.until(&at_work, |state| state.seq > 0).await;
    server.stop().await.unwrap();

    let server = data.server(taking(0.2)).await;
    let me = me.moved(server.address());
    let again = me.until(&at_work, |state| state.status == RunStatus::Done).await;
    assert_eq!((again.run, again.html.text), (2, before.html.text));
}

#[tokio::test]
async fn what_was_kept_long_enough_is_gone_and_only_its_owner_is_told() {
    let data = Data::new("retention");
    let server = data.server(taking(0.1)).await;
    let (me, you) = (Client::new(&server).await, Client::new(&server).await);
    let path = me.begin(TOWER).await;
    let state = me.until(&path, |state| state.status == RunStatus::Done).await;
    server.stop().await.unwrap();

    // It looks when it starts.
    let server = data.server(Config { retention: Duration::ZERO, ..taking(60.0) }).await;
    let (me, you) = (me.moved(server.address()), you.moved(server.address()));
    let still_there = |answer: &crate::client::Answer| answer.status == 200;
    let mut answer = me.get(&path, &[]).await;
    while still_there(&answer) {
        answer = me.get(&path, &[]).await;
    }
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (410, "gone"));
    assert_eq!(Description::read().differences("GET", "/api/generations/{id}", &answer), [""; 0]);
    assert_eq!(me.get(&format!("{path}/events"), &[]).await.status, 410);
    assert_eq!(you.get(&path, &[]).await.problem(), "not_found");
    assert_eq!(me.get(&state.result.unwrap().url.unwrap(), &[]).await.status, 404);
}

#[tokio::test]
async fn a_server_that_stops_ends_each_stream_with_a_word_on_when_to_come_back() {
    let server = start(taking(60.0)).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let mut streams = Vec::new();
    for _ in 0..4 {
        let mut stream = me.stream(&path, None).await;
        stream.next().await.unwrap();
        streams.push(stream);
    }
    let stopped = tokio::spawn(server.stop());
    let mut waits_ms = Vec::new();
    for stream in streams {
        let whole = stream.whole().await;
        assert!(whole.clean && whole.rest.is_empty(), "{whole:?}");
        let last = whole.frames.last().unwrap();
        waits_ms.push(last.retry_ms.unwrap());
        assert!(whole.frames.iter().all(|frame| !["done", "error", "cancelled"].contains(&frame.kind())));
    }
    assert!(waits_ms.iter().all(|ms| (1_000..=5_000).contains(ms)), "{waits_ms:?}");
    waits_ms.dedup();
    assert!(waits_ms.len() > 1, "not all at the same time: {waits_ms:?}");
    stopped.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_stream_ends_with_its_token_and_goes_on_with_the_next() {
    let server = start(Config { token_lifetime: Duration::from_millis(700), ..taking(1.5) }).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let first = me.stream(&path, None).await.whole().await;
    assert!(first.clean && first.frames.last().unwrap().kind() != "done", "{first:?}");
    assert_eq!(me.get(&path, &[]).await.status, 401);
    let (mut html, mut last, mut seqs) = (first.html(), first.last_id(), first.seqs());
    while me.renewed().await.state(&path).await.seq > *seqs.last().unwrap() {
        let next = me.renewed().await.stream(&path, Some(&last)).await.whole().await;
        html += &next.html();
        seqs.extend(next.seqs());
        last = next.last_id();
    }
    assert!(seqs.iter().copied().eq(1..=*seqs.last().unwrap()), "{seqs:?}");
    assert_eq!(html, me.renewed().await.state(&path).await.html.text);
}

#[tokio::test]
async fn a_supervisor_is_told_that_the_server_lives_and_may_be_sent_work() {
    let server = start(taking(60.0)).await;
    let nobody = Client::nobody(&server);
    for (path, said) in [("/healthz", "alive"), ("/readyz", "ready")] {
        let answer = nobody.get(path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, said));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(nobody.post(path, &[], "").await.problem(), "method_not_allowed");
    }
}

#[tokio::test]
async fn what_happened_is_counted_at_an_address_of_its_own() {
    let server = start(Config { metrics: Some(([127, 0, 0, 1], 0).into()), ..taking(0.2) }).await;
    let operator = Client::at(server.metrics_address().unwrap());
    let me = Client::new(&server).await;
    assert_eq!(me.get("/metrics", &[]).await.status, 404, "the public has no business there");
    let path = me.begin(TOWER).await;
    let whole = me.stream(&path, None).await.whole().await;
    let events = whole.seqs().len();
    let other = me.begin(TOWER).await;
    let mut stream = me.stream(&other, None).await;
    stream.next().await.unwrap();

    let answer = operator.get("/metrics", &[]).await;
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    let text = answer.text();
    let value = |name: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("{name}: {text}")).rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert_eq!(value("generation_viewers"), 1.0);
    assert!(value("generation_events_total") >= events as f64);
    assert!(value("generation_deliveries_total") >= events as f64);
    assert_eq!(value("generation_streams_ended_total{how=\"whole\"}"), 1.0);
    assert_eq!(value("generation_running"), 1.0);
    let made = "generation_requests_total{route=\"/api/generations\",status=\"202\"}";
    assert_eq!(value(made), 2.0);
    assert!(!text.contains(path.rsplit('/').next().unwrap()), "nobody's name: {text}");
}

#[tokio::test]
async fn a_request_has_an_id_that_a_proxy_may_have_given() {
    let server = start(taking(60.0)).await;
    let nobody = Client::nobody(&server);
    let id = async |headers: &[(&str, &str)]| {
        let answer = nobody.get("/healthz", headers).await;
        answer.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(id(&[("x-request-id", "a1-B2.c3")]).await, "a1-B2.c3");
    let too_long = "x".repeat(65);
    for odd in ["", "a b", "a\"b", &too_long] {
        let given = id(&[("x-request-id", odd)]).await;
        assert!(given.len() == 22 && given != odd, "{given}");
    }
    assert_ne!(id(&[]).await, id(&[]).await);
}

#[tokio::test]
async fn a_stream_says_who_it_is_before_anything_happens() {
    let server = start(Config { heartbeat: Duration::from_millis(100), ..taking(60.0) }).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let response =
        me.open(Method::GET, &format!("{path}/events"), &[("accept-encoding", "gzip, br")], "").await;
    let mut stream = Stream::of(response);
    assert!(!stream.headers.contains_key("content-encoding"), "never compressed");
    assert!(stream.headers.contains_key("x-request-id"));
    assert_eq!(stream.next().await.unwrap().kind(), "hello");
}

/// What is sent before the connection goes, to the last byte; no answer is read.
async fn send_and_go(me: &Client, server: &Running, key: &str) {
    let body = format!("{{\"url\":\"{TOWER}\"}}");
    let request = format!(
        "POST /api/generations HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nidempotency-key: {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        me.token(),
        body.len()
    );
    let mut socket = TcpStream::connect(server.address()).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
}

#[tokio::test]
async fn what_was_asked_for_is_worked_on_even_if_nobody_waits_for_the_answer() {
    let server = start(taking(0.1)).await;
    let me = Client::new(&server).await;
    for n in 0..20 {
        let key = format!("key-{n}");
        send_and_go(&me, &server, &key).await;
        let path = me.begin_with(TOWER, &[("idempotency-key", &key)]).await;
        me.until(&path, |state| state.status == RunStatus::Done).await;
    }
}

#[cfg(unix)]
#[tokio::test]
async fn sigterm_ends_the_program_within_ten_seconds_and_its_streams_before() {
    let program = Program::start(&["--data", "none", "--seconds", "60", "--drain-seconds", "1"]);
    let mut me = Client::at(program.address);
    let session = me.post("/api/session", &[], "").await;
    me.set_token(&session);
    let path = me.begin(TOWER).await;
    let mut stream = me.stream(&path, None).await;
    stream.next().await.unwrap();
    // One that takes nothing of what it is sent holds nobody up.
    let _stuck = me.stream(&path, None).await;
    let told = Instant::now();
    program.terminate();
    let whole = stream.whole().await;
    assert!(whole.clean && whole.frames.last().unwrap().retry_ms.is_some(), "{whole:?}");
    assert!(soon(spawn_blocking(|| program.ended())).await.unwrap());
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
}

#[tokio::test]
async fn no_answer_of_the_api_can_be_made_into_a_page() {
    let server = start(taking(60.0)).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let answers =
        [me.get(&path, &[]).await, me.get("/api/generations/none", &[]).await, me.get("/healthz", &[]).await];
    for answer in answers {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer:?}");
        assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    }
}
