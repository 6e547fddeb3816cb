//! A small load on the reference server, over real sockets and in a process of its own: every event comes to every viewer.

#![cfg(target_os = "linux")]

use std::path::PathBuf;

use bench::load::child::Server;
use bench::load::pace::Pace;
use bench::load::trial;

fn server(data: Option<PathBuf>) -> Server {
    Server { name: "ours", command: vec![env!("CARGO_BIN_EXE_load-server").into()], data }
}

#[test]
fn every_event_comes_to_every_viewer_and_is_counted() {
    let data = std::env::temp_dir().join(format!("load-test-{}.db", std::process::id()));
    let pace = Pace { per_second: 100.0, seconds: 0.5, generations: 3 };
    let outcome = trial::run(&server(Some(data.clone())), pace, 7).unwrap();
    assert_eq!((outcome.due, outcome.delivered, outcome.mistakes(), outcome.unfinished), (350, 350, 0, 0));
    assert!(outcome.is_exact() && outcome.broken.is_none(), "{outcome:?}");
    assert!(outcome.latency_ms[0] > 0.0 && outcome.memory.most >= outcome.memory.idle, "{outcome:?}");
    assert!(!data.exists(), "what it kept is removed");
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let missing = Server { name: "nothing", command: vec!["no-such-program-here".into()], data: None };
    let pace = Pace { per_second: 1.0, seconds: 1.0, generations: 1 };
    let said = trial::run(&missing, pace, 1).unwrap_err().to_string();
    assert!(said.starts_with("nothing could not be started: no-such-program-here"), "{said}");
}
