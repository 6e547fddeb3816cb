//! Level 1: pieces, hellos, the end, and the state beside the stream; work, cancel and retry.

use contract_check::Point;
use serde_json::json;

use super::{Row, is, is_ended};
use crate::fault::{Fault, Habit};

pub(super) const ROWS: &[Row] = &[
    ("a piece of 70 KB", Fault::habit(Habit::BigPiece), &[Point::HtmlPieces]),
    (
        "progress in per cent",
        Fault::frame(|f| {
            if f.data["seq"] == 4 {
                f.data["progress"] = json!(25);
            }
        }),
        &[Point::Progress],
    ),
    (
        "progress that goes back",
        Fault::frame(|f| {
            if f.data["seq"] == 1 {
                f.data["progress"] = json!(0.5);
            }
        }),
        &[Point::Progress],
    ),
    (
        "a hello that promises another event",
        Fault::frame(|f| {
            if let (true, Some(after)) = (is(f, "hello"), f.data["after"].as_u64()) {
                (f.data["after"], f.data["head"]) = (json!(after + 1), json!(after + 9));
            }
        }),
        &[Point::HelloFields],
    ),
    (
        "a hello with an id",
        Fault::frame(|f| {
            if is(f, "hello") {
                f.id = Some("hello".to_owned());
            }
        }),
        &[Point::HelloFields],
    ),
    (
        "a stream without done",
        Fault::frame(|f| {
            if is(f, "done") {
                f.text = Some(":\n\n".to_owned());
            }
        }),
        &[Point::Terminal],
    ),
    ("an event after done", Fault::habit(Habit::TalksOn), &[Point::TerminalLast]),
    (
        "done with another length",
        Fault::frame(|f| {
            if let (true, Some(len)) = (is(f, "done"), f.data["html_len"].as_u64()) {
                f.data["html_len"] = json!(len - 1);
            }
        }),
        &[Point::DoneLength],
    ),
    ("nothing for latecomers", Fault::habit(Habit::NoReplay), &[Point::Replay]),
    (
        "a state that says cancelled after done",
        Fault::state(|s| {
            if is_ended(s) {
                s["status"] = json!("cancelled");
            }
        }),
        &[Point::StateAgrees],
    ),
    (
        "another page in the state",
        Fault::state(|s| {
            if let (true, Some(text)) = (is_ended(s) && s["html"]["from"] == 0, s["html"]["text"].as_str()) {
                s["html"]["text"] = json!(text.replacen("<p>", "<P>", 1));
            }
        }),
        &[Point::StatePage],
    ),
    ("a state without its preview", Fault::state(|s| s["preview"] = json!(null)), &[Point::StateDetails]),
    (
        "a state without its page while work runs",
        Fault::state(|s| {
            if !is_ended(s) {
                s["html"] = json!({"from": 0, "len": 0, "text": ""});
            }
        }),
        &[Point::Joins],
    ),
    ("one queue for all streams", Fault::habit(Habit::SharedQueue), &[Point::Viewers]),
    ("work that stops with its stream", Fault::habit(Habit::StopsWithStream), &[Point::Closing]),
    ("work that is cancelled with its stream", Fault::habit(Habit::CancelsWithStream), &[Point::Closing]),
    ("a cancel that does nothing", Fault::habit(Habit::CancelDoesNothing), &[Point::Cancel]),
    ("a retry under the same number", Fault::habit(Habit::SameRun), &[Point::NextRun]),
    ("old streams that stay", Fault::habit(Habit::StaysOpenAfterCancel), &[Point::OldStreams]),
];
