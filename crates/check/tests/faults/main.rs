//! The check against servers: the reference server keeps every point; for each point a server that breaks it is found
//! out, and nothing else is held against it; and whatever a server does, the check ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fake;
mod fault;
mod generation;
mod hostile;
mod program;
mod reference;
mod streaming;
mod table;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use contract_check::{Options, Point, Report, Verdict, Weight, check};
use fault::{Asked, Fault, Habit};
use serde_json::Value;
use tokio::task::JoinSet;

/// What a check of a fake server finds.
async fn found(fault: Fault) -> Report {
    let address = fake::start(fault).await;
    let options = Options {
        origin: Some("https://app.example".to_owned()),
        ..Options::new(format!("http://{address}"))
    };
    check(&options).await.unwrap()
}

fn broken(report: &Report) -> Vec<Point> {
    let all = Point::ALL.iter().copied();
    all.filter(|point| matches!(report.verdict(*point), Verdict::Broken(_))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_breaks_a_point_is_found_out_and_nothing_else_is_held_against_it() {
    let mut checks = JoinSet::new();
    for (what, fault, breaks) in table::rows() {
        checks.spawn(async move { (what, breaks, found(fault).await) });
    }
    let mut wrong = Vec::new();
    while let Some(done) = checks.join_next().await {
        let (what, breaks, report) = done.unwrap();
        let due: BTreeSet<_> = breaks.iter().copied().collect();
        let seen: BTreeSet<_> = broken(&report).into_iter().collect();
        if due != seen {
            wrong.push(format!("{what}: {due:?} was due\n{report}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_point_has_a_server_that_breaks_it() {
    // That nobody is there is tried in `hostile`.
    let broken: BTreeSet<_> = table::rows().flat_map(|row| row.2).chain(&[Point::Reach]).collect();
    let rest: Vec<_> = Point::ALL.iter().filter(|point| !broken.contains(point)).collect();
    assert!(rest.is_empty(), "{rest:?}");
}

/// Nothing is held against it, and everything was looked at.
fn assert_keeps_all(report: &Report) {
    let unlike: Vec<_> = Point::ALL.iter().filter(|point| report.verdict(**point) != Verdict::Kept).collect();
    // It was never busy; and on a busy machine no read may have been held at the very moment of the cancel.
    let may_be_skipped = [Point::RetryAfter, Point::HeldWakes];
    assert!(unlike.iter().all(|point| may_be_skipped.contains(point)), "{report}");
    assert_eq!((broken(report), report.level()), (vec![], 3), "{report}");
}

#[tokio::test]
async fn a_fake_server_without_a_fault_keeps_every_point() {
    assert_keeps_all(&found(Fault::habit(Habit::Slow)).await);
}

/// What a backend of an afternoon sends: no hello, no id, no tag, no second run, no more of the state than it must.
const PLAIN: Fault = Fault {
    habit: None,
    head: |head| {
        let not_there = matches!(head.asked, Asked::Cancel | Asked::Retry | Asked::Preflight);
        if not_there && *head.status != StatusCode::UNAUTHORIZED {
            *head.status = StatusCode::NOT_FOUND;
        }
        if head.asked == Asked::Events {
            head.headers.remove("x-accel-buffering");
        }
        head.headers.remove("etag");
        head.headers.remove("preference-applied");
    },
    state: |state| {
        for name in ["id", "run", "event_id", "now", "steps"] {
            state.as_object_mut().unwrap().remove(name);
        }
    },
    frame: |frame| {
        if frame.data["type"] == "hello" {
            frame.text = Some(": alive\n\n".to_owned());
        }
        (frame.id, frame.data["at"]) = (None, Value::Null);
    },
};

#[tokio::test]
async fn a_plain_backend_reaches_level_1() {
    let report = found(PLAIN).await;
    assert_eq!(
        (report.level(), report.broken(Weight::Must)),
        (1, vec![Point::EventIds, Point::Etag]),
        "{report}"
    );
}
