//! What scripts do to the bytes of a stream and to the work behind it, seen by a client that repairs nothing.
//!
//! Here too is what all tests of scripts share. Scripts that last for a while are played so slowly that they cannot be
//! over, or so fast that they soon are: no test depends on how busy the machine is.

use generation_screen::contract::RunStatus;
use hyper::Method;
use serde_json::Value;
use server::Running;

use crate::client::{Client, Stream, TOWER, Whole, scripted, soon};

pub(crate) const MIDDLE: u64 = 20;

/// A script's seconds last ten.
pub(crate) const SLOWLY: f64 = 0.1;
/// A script's minute is over at once.
pub(crate) const AT_ONCE: f64 = 10_000.0;

/// A server, somebody, and a generation that meets `scenario`.
pub(crate) async fn meet(scenario: &str) -> (Running, Client, String) {
    meet_at(scenario, 1.5, 20.0).await
}

pub(crate) async fn meet_at(scenario: &str, seconds: f64, speed: f64) -> (Running, Client, String) {
    let server = scripted(seconds, speed).await;
    let me = Client::new(&server).await;
    let path = me.begin_with(TOWER, &[("scenario", scenario)]).await;
    (server, me, path)
}

pub(crate) async fn first_stream(scenario: &str) -> (Running, Client, String, Whole) {
    let (server, me, path) = meet(scenario).await;
    let whole = me.stream(&path, None).await.whole().await;
    (server, me, path, whole)
}

pub(crate) async fn stream_status(me: &Client, path: &str) -> u16 {
    me.stream(path, None).await.status.as_u16()
}

/// What the server noted about the generation.
pub(crate) async fn log(me: &Client, path: &str) -> Value {
    me.get(&format!("/api/scripted{}/log", &path["/api".len()..]), &[]).await.json()
}

pub(crate) fn numbers(range: impl IntoIterator<Item = u64>) -> Vec<u64> {
    range.into_iter().collect()
}

/// The rest of the stream after `first` joins to the server's page.
pub(crate) async fn joins(me: &Client, path: &str, first: &Whole) {
    let rest = me.stream(path, Some(&first.last_id())).await.whole().await;
    assert!(rest.clean);
    assert_eq!(first.html() + &rest.html(), me.state(path).await.html.text);
}

#[tokio::test]
async fn small_and_oddly_cut_chunks_carry_the_same_stream() {
    for scenario in ["clean-drip", "split-anywhere", "block-4k", "one-gulp"] {
        let (_server, me, path, whole) = first_stream(scenario).await;
        assert!(whole.clean, "{scenario}");
        assert_eq!(whole.html(), me.state(&path).await.html.text, "{scenario}");
    }
}

#[tokio::test]
async fn split_anywhere_begins_with_a_byte_order_mark_and_ends_lines_with_crlf() {
    let (_server, me, path) = meet("split-anywhere").await;
    let mut stream = me.stream(&path, None).await;
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.extend_from_slice(&stream.chunk().await.unwrap().unwrap());
    }
    assert!(bytes.starts_with("\u{feff}data: ".as_bytes()));
}

#[tokio::test]
async fn a_held_stream_sends_its_headers_and_nothing_until_the_end() {
    for (scenario, passed) in [("body-held", 0), ("hello-then-held", 1)] {
        let (_server, me, path) = meet(scenario).await;
        let mut stream = me.stream(&path, None).await;
        assert_eq!(stream.status, 200);
        for _ in 0..passed {
            assert_eq!(stream.next().await.unwrap().kind(), "hello");
        }
        let (state, chunk) =
            tokio::join!(me.until(&path, |state| state.status.is_terminal()), stream.chunk());
        // The whole rest, in one go.
        assert!(chunk.unwrap().unwrap().len() as u64 > state.html.len / 4, "{scenario}");
    }
}

#[tokio::test]
async fn headers_never_come_while_reads_go_on() {
    let (_server, me, path) = meet("headers-never").await;
    tokio::select! {
        _ = me.stream(&path, None) => panic!("no headers may come"),
        state = me.until(&path, |state| state.status == RunStatus::Done) => assert!(state.html.len > 0),
    }
}

#[tokio::test]
async fn a_half_open_stream_goes_silent_and_the_next_one_goes_on() {
    let (_server, me, path) = meet("half-open").await;
    let mut stream = me.stream(&path, None).await;
    let first = up_to_the_middle(&mut stream).await;
    tokio::select! {
        _ = stream.next() => panic!("the stream is silent"),
        _ = me.until(&path, |state| state.status == RunStatus::Done) => {}
    }
    assert_eq!(log(&me, &path).await["open_streams"], 1);
    joins(&me, &path, &first).await;
    drop(stream);
    soon(async { while log(&me, &path).await["open_streams"] != 0 {} }).await;
}

async fn up_to_the_middle(stream: &mut Stream) -> Whole {
    let mut frames = Vec::new();
    while frames.iter().filter_map(crate::client::Frame::seq).max() != Some(MIDDLE - 1) {
        frames.push(stream.next().await.unwrap());
    }
    Whole { frames, rest: String::new(), clean: true }
}

#[tokio::test]
async fn a_cut_falls_inside_an_event_and_breaks_the_connection() {
    let (_server, me, path, first) = first_stream("cut-mid-event").await;
    assert!(!first.clean);
    assert!(first.rest.starts_with("id: 1-20"));
    assert_eq!(first.seqs(), numbers(1..MIDDLE));
    joins(&me, &path, &first).await;
}

#[tokio::test]
async fn a_clean_end_comes_before_the_terminal_event() {
    let (_server, me, path, first) = first_stream("clean-eof").await;
    assert!(first.clean && first.rest.is_empty());
    assert_eq!(first.seqs(), numbers(1..MIDDLE));
    joins(&me, &path, &first).await;
}

#[tokio::test]
async fn streams_that_die_young_break_with_and_without_an_event() {
    let (_server, me, path, first) = first_stream("dies-young").await;
    assert!(!first.clean && first.frames.is_empty());
    let second = me.stream(&path, None).await.whole().await;
    assert!(!second.clean && second.frames[0].kind() == "hello");
}

#[tokio::test]
async fn planned_ends_come_by_the_minute() {
    let (_server, me, path) = meet_at("eof-every-minute", 1.5, 100.0).await;
    let (mut html, mut last, mut streams) = (String::new(), None, 0);
    while !me.state(&path).await.status.is_terminal() || me.state(&path).await.event_id != last {
        let whole = me.stream(&path, last.as_deref()).await.whole().await;
        assert!(whole.clean);
        html.push_str(&whole.html());
        last = whole.frames.iter().rev().find_map(|frame| frame.id.clone()).or(last);
        streams += 1;
    }
    assert!(streams >= 2);
    assert_eq!(html, me.state(&path).await.html.text);
}

#[tokio::test]
async fn events_are_left_out_swapped_and_garbled() {
    let (_server, _me, _path, whole) = first_stream("missing-one").await;
    let head = *whole.seqs().last().unwrap();
    assert_eq!(whole.seqs(), numbers((1..=head).filter(|&seq| seq != MIDDLE)));

    let (_server, _me, _path, whole) = first_stream("reordered").await;
    assert_eq!(whole.seqs()[18..22], [19, 21, 20, 22]);

    let (_server, _me, _path, whole) = first_stream("garbage-frame").await;
    let garbage = whole.frames.iter().find(|frame| frame.json.is_null()).unwrap();
    assert_eq!(garbage.id.as_deref(), Some("1-20"));
    assert_eq!(whole.frames.last().unwrap().kind(), "done");
}

#[tokio::test]
async fn a_resumed_stream_replays_fifty_events() {
    let (_server, me, path, first) = first_stream("replay-50").await;
    let last: u64 = first.last_id()[2..].parse().unwrap();
    assert_eq!(last, MIDDLE - 1);
    me.until(&path, |state| state.seq > 70).await;
    let again = me.stream(&path, Some("1-70")).await.whole().await;
    assert_eq!(again.seqs()[0], 21);
}

#[tokio::test]
async fn a_restarted_job_ends_the_streams_of_its_first_run() {
    let (_server, me, path) = meet_at("restarted", 4.0, 1.0).await;
    let first = me.stream(&path, None).await.whole().await;
    assert!(first.clean && first.seqs().last() <= Some(&MIDDLE));
    let second = me.stream(&path, Some(&first.last_id())).await.whole().await;
    assert_eq!((second.frames[0].json["run"].as_u64(), second.seqs()[0]), (Some(2), 1));
    assert_eq!(second.html(), me.state(&path).await.html.text);

    let (_server, me, path) = meet_at("restart-while-away", 4.0, 1.0).await;
    let first = me.stream(&path, None).await.whole().await;
    assert!(first.seqs().last() < Some(&MIDDLE));
    assert_eq!(me.until(&path, |state| state.run == 2).await.run, 2);
}

#[tokio::test]
async fn a_slow_start_says_hello_at_once() {
    let (_server, me, path) = meet_at("slow-start", 1.5, SLOWLY).await;
    let mut stream = me.stream(&path, None).await;
    let hello = stream.next().await.unwrap();
    assert_eq!((hello.kind(), hello.json["head"].as_u64()), ("hello", Some(0)));
    let (_server, me, path) = meet_at("slow-start", 1.5, AT_ONCE).await;
    assert_eq!(me.until(&path, |state| state.status.is_terminal()).await.status, RunStatus::Done);
}

#[tokio::test]
async fn an_endless_line_is_three_mebibytes_long() {
    let (_server, me, path) = meet("endless-line").await;
    let mut stream = me.stream(&path, None).await;
    let (mut longest, mut line) = (0, 0);
    while longest < 3 * 1024 * 1024 {
        let chunk = stream.chunk().await.unwrap().unwrap();
        for part in chunk.split_inclusive(|&byte| byte == b'\n') {
            line += part.len();
            longest = longest.max(line);
            if part.ends_with(b"\n") {
                line = 0;
            }
        }
    }
}

#[tokio::test]
async fn foreign_ids_are_hard_to_carry_and_still_understood() {
    let (_server, me, path, first) = first_stream("foreign-id").await;
    let ids: Vec<_> = first.frames.iter().filter_map(|frame| frame.id.clone()).collect();
    assert_eq!(ids[0], "🗼 Zürich, 東京 1-1");
    assert!(ids[6].len() > 10_000);
    joins(&me, &path, &first).await;
}

#[tokio::test]
async fn what_comes_after_the_end_does_not_count() {
    let (_server, _me, _path, whole) = first_stream("after-the-end").await;
    let kinds: Vec<_> = whole.frames.iter().rev().take(3).map(|frame| frame.kind().to_owned()).collect();
    assert_eq!(kinds, ["error", "html", "done"]);
}

#[tokio::test]
async fn a_failed_job_can_be_tried_again() {
    let (_server, me, path, whole) = first_stream("job-fails").await;
    let failure = whole.frames.last().unwrap();
    assert_eq!((failure.kind(), &failure.json["retryable"]), ("error", &true.into()));
    assert_eq!(me.state(&path).await.status, RunStatus::Error);
    let retried = me.send(Method::POST, &format!("{path}/retry"), &[], "").await;
    assert_eq!((retried.status.as_u16(), retried.state().run), (202, 2));
    assert_eq!(me.until(&path, |state| state.status.is_terminal()).await.status, RunStatus::Done);
}
