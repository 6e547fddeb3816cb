//! The server is killed a hundred times while it works for several viewers, each time at another moment: what it has said
//! yes to is there afterwards, and what anybody has seen the end of is whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use generation_screen::contract::RunStatus;
use hyper::Method;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::client::{Client, Stream, TOWER};
use crate::program::Program;

const KILLS: usize = 100;
/// New generations after each start.
const NEW: usize = 2;
const OPTIONS: [&str; 10] = [
    "--seconds",
    "0.3",
    "--heartbeat-ms",
    "200",
    // All that was ever broken off is under way at the same time.
    "--running-max",
    "1000",
    "--open-max-per-user",
    "1000",
    "--requests-per-minute",
    "0",
];
/// About so many frames are all of one generation.
const FRAMES_OF_ONE: usize = 100;

/// What a viewer has of a generation.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    path: String,
    run: u64,
    seq: u64,
    html: String,
    /// The terminal event.
    end: Value,
}

impl Seen {
    fn is_over(&self) -> bool {
        self.path.is_empty() || self.end != Value::Null
    }
}

/// Counts what was seen, and tells when it is enough.
struct Fuse {
    left: AtomicUsize,
    blown: Notify,
}

impl Fuse {
    fn burn(&self) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.blown.notify_one();
        }
    }
}

/// Follows one until its end, or that of the server.
async fn follow(client: Client, mut seen: Seen, fuse: Arc<Fuse>) -> Seen {
    let last = format!("{}-{}", seen.run, seen.seq);
    let opened =
        client.try_open(Method::GET, &format!("{}/events", seen.path), &[("last-event-id", &last)], "").await;
    let Some(mut stream) = opened.map(Stream::of) else { return seen };
    assert_eq!(stream.status, 200, "what was begun is there: {seen:?}");
    while let Some(frame) = stream.next().await {
        fuse.burn();
        let event = &frame.json;
        if frame.kind() == "hello" {
            let run = event["run"].as_u64().unwrap();
            assert!(run >= seen.run, "{seen:?}");
            if run > seen.run {
                seen = Seen { run, path: seen.path, ..Seen::default() };
            }
            continue;
        }
        assert_eq!(frame.seq(), Some(seen.seq + 1), "{seen:?}");
        seen.seq += 1;
        match frame.kind() {
            "html" => {
                assert_eq!(event["offset"].as_u64(), Some(seen.html.len() as u64), "{seen:?}");
                seen.html += event["text"].as_str().unwrap();
            }
            "done" => {
                assert_eq!(event["html_len"].as_u64(), Some(seen.html.len() as u64));
                seen.end = event.clone();
            }
            "error" | "cancelled" => seen.end = event.clone(),
            _ => {}
        }
    }
    seen
}

/// What somebody has seen the end of is there, to the letter.
async fn assert_kept(client: &Client, seen: &Seen) {
    let state = client.state(&seen.path).await;
    assert_eq!(
        (state.run, state.seq, state.html.text),
        (seen.run, seen.seq, seen.html.clone()),
        "{}",
        seen.path
    );
    // A failure is an end, too, if it says so and may be tried again.
    let is_done = seen.end["type"] == "done";
    assert_eq!(state.status, if is_done { RunStatus::Done } else { RunStatus::Error });
    assert!(is_done || seen.end["retryable"] == true, "{seen:?}");
    assert_eq!(state.result.and_then(|result| result.url).as_deref(), seen.end["result"]["url"].as_str());
}

/// Numbers that look like chance, the same each time.
fn random(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap() % below
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_a_hundred_times_loses_nothing() {
    let data = std::env::temp_dir().join(format!("crash-{}.db", std::process::id())).display().to_string();
    let mut chance = 1;
    let (mut client, mut open, mut ended) = (None::<Client>, Vec::<Seen>::new(), Vec::<Seen>::new());
    for round in 0..=KILLS {
        let server = Program::start(&[&["--data", &data], &OPTIONS[..]].concat());
        // The same token as before all kills: the key that signs is kept, too.
        let me = match &client {
            Some(known) => known.moved(server.address),
            None => {
                let mut new = Client::at(server.address);
                let session = new.post("/api/session", &[], "").await;
                new.set_token(&session);
                new
            }
        };
        client = Some(me.clone());
        for seen in ended.iter().rev().take(4) {
            assert_kept(&me, seen).await;
        }
        let is_last = round == KILLS;
        // Anywhere in what all of them have to say.
        let frames = FRAMES_OF_ONE * (open.len() + NEW);
        let left = if is_last { usize::MAX } else { 1 + random(&mut chance, frames) };
        let fuse = Arc::new(Fuse { left: AtomicUsize::new(left), blown: Notify::new() });
        let mut viewers = JoinSet::new();
        for seen in open.drain(..) {
            viewers.spawn(follow(me.clone(), seen, Arc::clone(&fuse)));
        }
        for _ in 0..NEW {
            let (me, fuse) = (me.clone(), Arc::clone(&fuse));
            viewers.spawn(async move {
                let body = json!({ "url": TOWER }).to_string();
                let json = [("content-type", "application/json")];
                let made = me.try_send(Method::POST, "/api/generations", &json, body).await;
                // What was not answered was not promised.
                let Some(made) = made else { return Seen::default() };
                let path = made.header("location").unwrap().to_owned();
                follow(me, Seen { path, ..Seen::default() }, fuse).await
            });
        }
        loop {
            tokio::select! {
                () = fuse.blown.notified(), if !is_last => break,
                seen = viewers.join_next() => match seen {
                    Some(seen) => open.push(seen.unwrap()),
                    None => break,
                },
            }
        }
        if is_last {
            let paths: Vec<&str> =
                open.iter().filter(|seen| !seen.is_over()).map(|seen| &*seen.path).collect();
            assert!(paths.is_empty(), "these come to no end: {paths:?}");
        }
        for seen in ended.iter().filter(|_| is_last) {
            assert_kept(&me, seen).await;
        }
        drop(server);
        while let Some(seen) = viewers.join_next().await {
            open.push(seen.unwrap());
        }
        let (is_over, goes_on): (Vec<Seen>, Vec<Seen>) =
            open.drain(..).filter(|seen| !seen.path.is_empty()).partition(|seen| seen.end != Value::Null);
        ended.extend(is_over);
        open = goes_on;
    }
    println!("figures: {KILLS} kills, {} generations seen to their end, 0 lost", ended.len());
    forget(&data);
}

fn forget(data: &str) {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{data}{end}"));
    }
}
