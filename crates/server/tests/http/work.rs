//! Work of one's own: what it says reaches viewers, state and later viewers like any other event.

use std::time::{Duration, Instant};

use generation_screen::contract::RunStatus;
use server::{Config, Over, Work};
use tokio::sync::mpsc;

use crate::client::{Client, TOWER, soon, start};

#[tokio::test]
async fn what_a_hosts_own_work_says_is_the_log() {
    let work = Work::new(async |mut log| {
        for piece in ["<p>é", "</p>"] {
            log.html(piece.to_owned()).await.unwrap();
        }
        log.done().await.unwrap();
    });
    let server = start(Config { work: Some(work), ..Config::default() }).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let whole = me.stream(&path, None).await.whole().await;
    assert_eq!((whole.seqs(), whole.html().as_str()), (vec![1, 2, 3], "<p>é</p>"));
    assert_eq!(whole.frames.last().unwrap().json["html_len"], 9);
    let state = me.state(&path).await;
    assert_eq!((state.status, state.html.text.as_str()), (RunStatus::Done, "<p>é</p>"));
}

#[tokio::test]
async fn what_comes_quickly_goes_together() {
    let work = Work::new(async |mut log| {
        for _ in 0..300 {
            log.html("x".to_owned()).await.unwrap();
        }
        log.done().await.unwrap();
    });
    let server = start(Config { work: Some(work), ..Config::default() }).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let (mut stream, since) = (me.stream(&path, None).await, Instant::now());
    let mut chunks = 0;
    while let Some(chunk) = stream.chunk().await {
        chunk.unwrap();
        chunks += 1;
    }
    // Two hellos a second at most, one piece of news each 50 ms, and the lengths at which that is cut; a socket may cut each once more.
    let most = 2.0 * (since.elapsed().as_secs_f64() * (1.0 / 0.05 + 2.0) + 300.0 / 32.0 + 3.0);
    assert!(f64::from(chunks) <= most, "{chunks} chunks, {most}");
}

#[tokio::test]
async fn a_cancelled_run_takes_nothing_more_from_it() {
    let (told, mut heard) = mpsc::unbounded_channel();
    let work = Work::new(move |mut log| {
        let told = told.clone();
        async move {
            while let Ok(()) = log.html("x".to_owned()).await {}
            told.send(log.done().await).unwrap();
        }
    });
    let server = start(Config { work: Some(work), ..Config::default() }).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    me.post(&format!("{path}/cancel"), &[], "").await;
    assert_eq!(soon(heard.recv()).await, Some(Err(Over)));
    assert_eq!(me.state(&path).await.status, RunStatus::Cancelled);
}

#[tokio::test]
async fn a_viewer_that_takes_nothing_is_dropped_and_resumes_where_it_was() {
    // More than what the sockets of both sides hold.
    const PIECES: usize = 400;
    let work = Work::new(async |mut log| {
        for _ in 0..PIECES {
            log.html("x".repeat(64 * 1024)).await.unwrap();
        }
        log.done().await.unwrap();
    });
    let server = start(Config {
        work: Some(work),
        taken_within: Duration::from_millis(300),
        metrics: Some(([127, 0, 0, 1], 0).into()),
        ..Config::default()
    })
    .await;
    let (me, operator) = (Client::new(&server).await, Client::at(server.metrics_address().unwrap()));
    let path = me.begin(TOWER).await;
    let mut slow = me.stream(&path, None).await;
    let quick = me.stream(&path, None).await.whole().await;
    assert_eq!(quick.seqs().len(), PIECES + 1, "others are not held up");
    let dropped = async {
        while !operator.get("/metrics", &[]).await.text().contains("generation_slow_peers_total 1") {}
    };
    soon(dropped).await;

    let mut last = 0;
    while let Some(frame) = slow.next().await {
        last = frame.seq().unwrap_or(last);
    }
    assert!((1..PIECES as u64).contains(&last), "it broke off in the middle: {last}");
    let rest = me.stream(&path, Some(&format!("1-{last}"))).await.whole().await;
    assert!(rest.seqs().into_iter().eq(last + 1..=PIECES as u64 + 1));
}

#[tokio::test]
async fn work_that_panics_has_failed_and_may_be_tried_again() {
    let work = Work::new(async |mut log| {
        log.html("<p>".to_owned()).await.unwrap();
        panic!("on purpose");
    });
    let server = start(Config { work: Some(work), ..Config::default() }).await;
    let me = Client::new(&server).await;
    let whole = me.stream(&me.begin(TOWER).await, None).await.whole().await;
    let last = &whole.frames.last().unwrap().json;
    assert_eq!((&last["type"], &last["retryable"]), (&"error".into(), &true.into()), "{last}");
}
