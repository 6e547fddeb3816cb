//! The event stream: hello first, numbers without gaps, resumed without loss, ended by its terminal event.

use std::time::Duration;

use generation_screen::contract::RunStatus;
use server::Config;

use crate::client::{Client, TOWER, server, soon, start};

#[tokio::test]
async fn the_stream_the_state_and_the_finished_page_are_the_same_page() {
    let server = server(1.0).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let whole = me.stream(&path, None).await.whole().await;
    let state = me.state(&path).await;

    assert!(whole.clean && whole.rest.is_empty());
    assert_eq!(whole.frames[0].kind(), "hello");
    assert!(whole.frames[0].id.is_none());
    assert_eq!(whole.seqs(), (1..=state.seq).collect::<Vec<_>>());
    for frame in whole.frames.iter().filter(|frame| frame.seq().is_some()) {
        assert_eq!(frame.id, Some(format!("1-{}", frame.seq().unwrap())));
    }
    let pieces = whole.frames.iter().filter(|frame| frame.kind() == "html").count();
    assert!((60..=200).contains(&pieces), "{pieces} pieces");

    let done = whole.frames.last().unwrap();
    assert_eq!((done.kind(), done.json["html_len"].as_u64()), ("done", Some(state.html.len)));
    assert_eq!(whole.html(), state.html.text);
    let page = Client::nobody(&server).get(done.json["result"]["url"].as_str().unwrap(), &[]).await;
    assert_eq!(page.text(), state.html.text);
    assert_eq!(state.progress, Some(1.0));
    assert!(state.steps.iter().all(|step| step.started_at.is_some() && step.finished_at.is_some()));
}

#[tokio::test]
async fn progress_never_goes_back_and_the_steps_come_in_order() {
    let server = server(0.5).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let whole = me.stream(&path, None).await.whole().await;
    let statuses: Vec<_> = whole.frames.iter().filter(|frame| frame.kind() == "status").collect();
    let progress: Vec<f64> = statuses.iter().map(|frame| frame.json["progress"].as_f64().unwrap()).collect();
    assert!(progress.is_sorted() && progress[0] == 0.0 && progress.last() == Some(&1.0), "{progress:?}");
    let mut steps: Vec<_> = statuses.iter().map(|frame| frame.json["step"].as_str().unwrap()).collect();
    steps.dedup();
    assert_eq!(steps, ["place", "brief", "page"]);
    let previews = whole.frames.iter().filter(|frame| frame.kind() == "preview").collect::<Vec<_>>();
    assert_eq!((previews.len(), &previews[1].json["title"]), (2, &"Eiffel Tower".into()));
}

#[tokio::test]
async fn the_stream_says_how_it_wants_to_be_treated() {
    let server = server(3600.0).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let stream = me.stream(&path, None).await;
    assert_eq!(stream.status, 200);
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-cache, no-transform"),
        ("x-accel-buffering", "no"),
        ("incremental", "?1"),
        ("connection", "keep-alive"),
    ] {
        assert_eq!(stream.headers.get(name).unwrap(), value);
    }
    assert!(!stream.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn hello_comes_at_once_again_soon_and_then_as_the_heartbeat() {
    let server = start(Config {
        generation_time: Duration::from_secs(3600),
        heartbeat: Duration::from_millis(50),
        ..Config::default()
    })
    .await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    me.until(&path, |state| state.seq == 1).await;
    let mut stream = me.stream(&path, None).await;
    let mut hellos = Vec::new();
    while hellos.len() < 4 {
        let frame = stream.next().await.unwrap();
        if frame.kind() == "hello" {
            hellos.push((frame.json["after"].as_u64().unwrap(), frame.json["head"].as_u64().unwrap()));
            assert_eq!((&frame.json["run"], &frame.json["heartbeat_ms"]), (&1.into(), &50.into()));
        }
    }
    assert_eq!(hellos, [(0, 1), (1, 1), (1, 1), (1, 1)]);
}

#[tokio::test]
async fn a_stream_resumes_after_the_last_event_without_gap_or_repetition() {
    let server = server(0.5).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let head = me.until(&path, |state| state.status == RunStatus::Done).await.seq;
    for after in [1, 7, head - 1] {
        let whole = me.stream(&path, Some(&format!("1-{after}"))).await.whole().await;
        assert_eq!(whole.seqs(), (after + 1..=head).collect::<Vec<_>>());
        assert_eq!((whole.frames[0].kind(), whole.frames[0].json["after"].as_u64()), ("hello", Some(after)));
    }
    let future = format!("1-{}", head + 1);
    for unknown in ["", "x", "0-5", "2-5", "1-x", "1-99999999999999999999999", "🗼", &future] {
        let whole = me.stream(&path, Some(unknown)).await.whole().await;
        assert_eq!(whole.seqs(), (1..=head).collect::<Vec<_>>(), "{unknown}");
    }
}

#[tokio::test]
async fn a_reader_that_comes_and_goes_changes_nothing_for_the_work() {
    let server = server(1.0).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let mut html = String::new();
    let mut last: Option<String> = None;
    // A new connection for every two frames.
    let done = soon(async {
        loop {
            let mut stream = me.stream(&path, last.as_deref()).await;
            for _ in 0..3 {
                let Some(frame) = stream.next().await else { break };
                html.push_str(frame.json["text"].as_str().unwrap_or_default());
                last = frame.id.clone().or(last);
                if frame.kind() == "done" {
                    return frame;
                }
            }
        }
    })
    .await;
    assert_eq!(done.json["html_len"].as_u64(), Some(html.len() as u64));
    assert_eq!(me.state(&path).await.html.text, html);
}

#[tokio::test]
async fn a_stream_that_is_opened_after_the_terminal_event_says_hello_and_ends() {
    let server = server(3600.0).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    me.post(&format!("{path}/cancel"), &[], "").await;
    let head = me.state(&path).await;
    let mut stream = me.stream(&path, head.event_id.as_deref()).await;
    let hello = stream.next().await.unwrap();
    assert_eq!((hello.kind(), hello.json["after"].as_u64()), ("hello", Some(head.seq)));
    assert!(stream.next().await.is_none());
}
