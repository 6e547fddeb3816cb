//! What every scripted fault essentially does, seen by a client that repairs nothing. Times run twenty times as fast.

use generation_screen::contract::RunStatus;
use hyper::Method;
use serde_json::Value;
use server::Running;

use crate::client::{Client, Stream, TOWER, Whole, scripted, server, soon};

const MIDDLE: u64 = 20;

/// A server, somebody, and a generation that meets `scenario`.
async fn meet(scenario: &str) -> (Running, Client, String) {
    let server = scripted().await;
    let me = Client::new(&server).await;
    let path = me.begin_with(TOWER, &[("scenario", scenario)]).await;
    (server, me, path)
}

async fn first_stream(scenario: &str) -> (Running, Client, String, Whole) {
    let (server, me, path) = meet(scenario).await;
    let whole = me.stream(&path, None).await.whole().await;
    (server, me, path, whole)
}

async fn stream_status(me: &Client, path: &str) -> u16 {
    me.stream(path, None).await.status.as_u16()
}

/// What the server noted about the generation.
async fn log(me: &Client, path: &str) -> Value {
    me.get(&format!("/api/scripted{}/log", &path["/api".len()..]), &[]).await.json()
}

fn numbers(range: impl IntoIterator<Item = u64>) -> Vec<u64> {
    range.into_iter().collect()
}

/// The rest of the stream after `first` joins to the server's page.
async fn joins(me: &Client, path: &str, first: &Whole) {
    let rest = me.stream(path, Some(&first.last_id())).await.whole().await;
    assert!(rest.clean);
    assert_eq!(first.html() + &rest.html(), me.state(path).await.html.text);
}

#[tokio::test]
async fn a_scenario_is_chosen_by_header_or_fragment_and_only_where_scripts_are_on() {
    let server = scripted().await;
    let me = Client::new(&server).await;
    let path = me.begin("geo:48.85,2.29#scenario=no-stream").await;
    assert_eq!(stream_status(&me, &path).await, 404);
    assert_eq!(stream_status(&me, &me.begin("geo:48.85,2.29").await).await, 200);
    let unknown = me.ask(TOWER, &[("scenario", "nonsense")]).await;
    assert_eq!(unknown.problem(), "unknown_scenario");
    assert!(unknown.text().contains("clean-eof"));
    let log = log(&me, &path).await;
    assert_eq!(
        (&log["scenario"], &log["streams"], &log["requests"][0]["status"]),
        (&"no-stream".into(), &1.into(), &404.into())
    );

    let plain = self::server(3600.0).await;
    let me = Client::new(&plain).await;
    let path = me.begin_with(TOWER, &[("scenario", "no-stream")]).await;
    assert_eq!(stream_status(&me, &path).await, 200);
    assert_eq!(me.get(&format!("/api/scripted{}/log", &path[4..]), &[]).await.problem(), "not_found");
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
    let (_server, me, path, first) = first_stream("eof-every-minute").await;
    assert!(first.clean);
    joins(&me, &path, &first).await;
}

#[tokio::test]
async fn busy_answers_say_when_to_come_back() {
    let (_server, me, path) = meet("retry-after").await;
    let read = me.get(&path, &[]).await;
    assert_eq!(
        (read.status.as_u16(), read.header("retry-after"), read.problem().as_str()),
        (503, Some("1"), "busy")
    );
    assert_eq!(stream_status(&me, &path).await, 503);

    let (_server, me, path) = meet("stream-429").await;
    let stream = me.stream(&path, None).await;
    assert_eq!((stream.status.as_u16(), stream.headers["retry-after"].to_str().unwrap()), (429, "1"));
    assert_eq!(me.get(&path, &[]).await.status, 200);
}

#[tokio::test]
async fn wrong_answers_on_the_stream_leave_the_reads_alone() {
    for (scenario, status, kind) in [
        ("bad-gateway", 502, "text/html; charset=utf-8"),
        ("not-a-stream", 200, "application/json"),
        ("no-stream", 404, "application/problem+json"),
        ("no-stream-405", 405, "application/problem+json"),
        ("no-stream-406", 406, "application/problem+json"),
        ("no-stream-501", 501, "application/problem+json"),
    ] {
        let (_server, me, path) = meet(scenario).await;
        let stream = me.stream(&path, None).await;
        assert_eq!(
            (stream.status.as_u16(), stream.headers["content-type"].to_str().unwrap()),
            (status, kind)
        );
        assert_eq!(me.until(&path, |state| state.status.is_terminal()).await.status, RunStatus::Done);
    }
    let (_server, me, path) = meet("stream-204").await;
    assert_eq!(stream_status(&me, &path).await, 204);
}

#[tokio::test]
async fn a_captive_portal_answers_everything_with_a_page_for_a_while() {
    let (_server, me, path) = meet("captive-portal").await;
    let read = me.get(&path, &[]).await;
    assert_eq!((read.status.as_u16(), read.header("content-type")), (200, Some("text/html; charset=utf-8")));
    soon(async { while me.get(&path, &[]).await.header("content-type") != Some("application/json") {} })
        .await;
    assert_eq!(me.stream(&path, None).await.headers["content-type"], "text/event-stream");
}

#[tokio::test]
async fn an_expired_token_is_refused_and_a_new_one_goes_on() {
    let (_server, me, path, first) = first_stream("expired-token").await;
    assert_eq!(first.seqs(), numbers(1..MIDDLE));
    assert_eq!(me.get(&path, &[]).await.problem(), "invalid_token");
    assert_eq!(stream_status(&me, &path).await, 401);
    // The same user, by the cookie.
    let me = me.renewed().await;
    joins(&me, &path, &first).await;
}

#[tokio::test]
async fn signed_out_refuses_new_tokens_too_until_later() {
    let (_server, me, path, _first) = first_stream("signed-out").await;
    let me = me.renewed().await;
    assert_eq!(me.get(&path, &[]).await.problem(), "invalid_token");
    soon(async { while me.get(&path, &[]).await.status != 200 {} }).await;
}

#[tokio::test]
async fn two_401s_meet_both_requests_of_the_first_token() {
    let (_server, me, path) = meet("two-401s").await;
    assert_eq!(stream_status(&me, &path).await, 401);
    assert_eq!(me.get(&path, &[]).await.status, 401);
    let me = me.renewed().await;
    assert_eq!(stream_status(&me, &path).await, 200);
}

#[tokio::test]
async fn refusals_hold_for_stream_and_reads() {
    for (scenario, status) in [("forbidden", 403), ("not-found", 404)] {
        let (_server, me, path) = meet(scenario).await;
        assert_eq!(stream_status(&me, &path).await, status);
        assert_eq!(me.get(&path, &[]).await.status, status);
    }
    let (_server, me, path) = meet("not-yet").await;
    assert_eq!(me.get(&path, &[]).await.problem(), "not_found");
    soon(async { while me.get(&path, &[]).await.status != 200 {} }).await;
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
    let (_server, me, path, first) = first_stream("restarted").await;
    assert!(first.clean && first.seqs().last() <= Some(&MIDDLE));
    let second = me.stream(&path, Some(&first.last_id())).await.whole().await;
    assert_eq!((second.frames[0].json["run"].as_u64(), second.seqs()[0]), (Some(2), 1));
    assert_eq!(second.html(), me.state(&path).await.html.text);

    let (_server, me, path, first) = first_stream("restart-while-away").await;
    assert!(first.seqs().last() < Some(&MIDDLE));
    assert_eq!(me.until(&path, |state| state.run == 2).await.run, 2);
}

#[tokio::test]
async fn an_older_state_is_answered_every_other_time() {
    let (_server, me, path) = meet("stale-state").await;
    let first = me.state(&path).await.seq;
    assert_eq!(stream_status(&me, &path).await, 404);
    soon(async {
        // Odd reads are honest, even ones the first one again.
        while {
            me.state(&path).await;
            me.state(&path).await.status
        } != RunStatus::Done
        {}
    })
    .await;
    assert_eq!(me.state(&path).await.seq, first);

    let (_server, me, path) = meet("stale-old-run").await;
    assert_eq!(me.state(&path).await.run, 1);
    soon(async { while me.state(&path).await.run != 2 {} }).await;
    let runs = [me.state(&path).await.run, me.state(&path).await.run];
    assert!(runs.contains(&1) && runs.contains(&2), "{runs:?}");
}

#[tokio::test]
async fn held_reads_are_answered_empty_or_cut_by_a_proxy() {
    let (_server, me, path) = meet("empty-polls").await;
    let tag = me.get(&path, &[]).await.header("etag").unwrap().to_owned();
    let held = me.get(&path, &[("if-none-match", &tag), ("prefer", "wait=25")]).await;
    assert_eq!((held.status.as_u16(), held.body.len()), (204, 0));

    let (_server, me, path) = meet("proxy-cuts-holds").await;
    let held = me.get(&path, &[("if-none-match", "\"1-0\""), ("prefer", "wait=25")]).await;
    assert_eq!(held.status, 504);
}

#[tokio::test]
async fn reads_hang_while_the_stream_may_be_tried() {
    let (_server, me, path) = meet("poll-hangs").await;
    tokio::select! {
        biased;
        _ = me.get(&path, &[]) => panic!("reads never answer"),
        status = stream_status(&me, &path) => assert_eq!(status, 503),
    }

    let (_server, me, path, whole) = first_stream("final-read-hangs").await;
    assert_eq!(whole.frames.last().unwrap().kind(), "done");
    tokio::select! {
        biased;
        _ = me.get(&path, &[]) => panic!("the final read never answers"),
        status = stream_status(&me, &path) => assert_eq!(status, 200),
    }
}

#[tokio::test]
async fn what_heals_streams_in_the_end() {
    let (_server, me, path) = meet("heals").await;
    assert_eq!(stream_status(&me, &path).await, 503);
    soon(async { while stream_status(&me, &path).await != 200 {} }).await;
}

#[tokio::test]
async fn a_slow_start_says_hello_at_once() {
    let (_server, me, path) = meet("slow-start").await;
    let mut stream = me.stream(&path, None).await;
    let hello = stream.next().await.unwrap();
    assert_eq!((hello.kind(), hello.json["head"].as_u64()), ("hello", Some(0)));
    assert_eq!(stream.whole().await.frames.last().unwrap().kind(), "done");
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
