//! A generation of the fake server: its script, its log, and the state that the log adds up to. It knows no HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::fault::{Fault, Habit};

/// Pieces with one, two, three and four bytes to a character.
const PIECE: &str = "<p>1 m² of Café at 48° — 🗼</p>\n";
const TIME: &str = "2026-03-01T10:00:00.25Z";

/// One generation.
pub(crate) struct Generation {
    pub(crate) id: String,
    pub(crate) owner: String,
    /// The first of its server runs to its end; the others go on until they are cancelled.
    pub(crate) is_first: bool,
    pub(crate) run: u64,
    /// Frames of this run, as JSON with `seq`.
    pub(crate) log: Vec<Value>,
    pub(crate) is_ended: bool,
    pub(crate) is_stopped: bool,
    pub(crate) streams: usize,
    pub(crate) reads: usize,
    /// Counts changes.
    pub(crate) changed: watch::Sender<u64>,
}

impl Generation {
    pub(crate) fn new(id: String, owner: String, is_first: bool) -> Self {
        let (run, log, changed) = (1, Vec::new(), watch::Sender::new(0));
        let (is_ended, is_stopped, streams, reads) = (false, false, 0, 0);
        Self { id, owner, is_first, run, log, is_ended, is_stopped, streams, reads, changed }
    }

    pub(crate) fn append(&mut self, mut body: Value) {
        body["seq"] = json!(self.log.len() + 1);
        body["at"] = json!(TIME);
        self.is_ended |= is_terminal(&body);
        self.log.push(body);
        self.changed.send_modify(|count| *count += 1);
    }

    pub(crate) fn begin(&mut self, run: u64) {
        (self.run, self.is_ended, self.log) = (run, false, Vec::new());
        self.changed.send_modify(|count| *count += 1);
    }

    /// How much of the log the state shows.
    fn shown(&self, fault: &Fault) -> usize {
        let lags = fault.habit == Some(Habit::StateLags) && self.is_first && !self.is_ended;
        self.log.len().saturating_sub(if lags { 3 } else { 0 })
    }

    pub(crate) fn tag(&self, fault: &Fault) -> String {
        match fault.habit {
            Some(Habit::ConstantTag) => "\"1-1\"".to_owned(),
            Some(Habit::OtherTagForm) => format!("\"v{}-{}\"", self.run, self.shown(fault)),
            _ => format!("\"{}-{}\"", self.run, self.shown(fault)),
        }
    }

    /// The state, with the HTML from `from` on.
    pub(crate) fn state(&self, from: Option<usize>, fault: &Fault) -> Value {
        let log = &self.log[..self.shown(fault)];
        let last = |kind: &str| log.iter().rev().find(|event| event["type"] == kind);
        let html: String = log
            .iter()
            .filter(|event| event["type"] == "html")
            .filter_map(|event| event["text"].as_str())
            .collect();
        let status = match log.iter().rev().find(|event| is_terminal(event)) {
            Some(event) => event["type"].clone(),
            None if log.is_empty() => json!("queued"),
            None => json!("running"),
        };
        let from = html_from(&html, from.unwrap_or(0), fault);
        let event_id = match fault.habit {
            Some(Habit::OldEventId) => log.len().saturating_sub(1),
            _ => log.len(),
        };
        let step = |name: &str| {
            let state = if status == "done" { "done" } else { "running" };
            json!({"name": name, "state": state, "started_at": TIME})
        };
        json!({
            "id": self.id, "run": self.run, "seq": log.len(), "event_id": format!("{}-{event_id}", self.run),
            "now": TIME, "status": status, "steps": [step("place"), step("page")],
            "progress": last("status").map(|event| event["progress"].clone()),
            "preview": last("preview").map(|event| json!({"title": event["title"]})),
            "html": {"from": from, "len": html.len(), "text": html[from..]},
            "result": last("done").map(|event| event["result"].clone()),
        })
    }

    /// The place in the log that an id names.
    pub(crate) fn after(&self, id: Option<&str>, fault: &Fault) -> usize {
        let known = |id: &str| {
            let (run, seq) = id.split_once('-')?;
            let (run, seq) = (run.parse::<u64>().ok()?, seq.parse::<usize>().ok()?);
            let is_of_run = run == self.run || fault.habit == Some(Habit::IdsWithoutRun);
            (is_of_run && seq <= self.log.len()).then_some(seq)
        };
        match (id, fault.habit) {
            (Some(id), Some(Habit::RepeatsOne)) => known(id).unwrap_or(0).saturating_sub(1),
            (Some(id), Some(Habit::UnknownIsEnd)) => known(id).unwrap_or(self.log.len()),
            (Some(id), _) => known(id).unwrap_or(0),
            (None, Some(Habit::NoReplay)) if self.is_ended => self.log.len(),
            (None, _) => 0,
        }
    }
}

fn html_from(html: &str, from: usize, fault: &Fault) -> usize {
    match fault.habit {
        Some(Habit::CutsForward) => (from..=html.len()).find(|at| html.is_char_boundary(*at)).unwrap_or(0),
        Some(Habit::NothingPastEnd) if from > html.len() => html.len(),
        _ if from > html.len() => 0,
        _ => (0..=from).rev().find(|at| html.is_char_boundary(*at)).unwrap_or(0),
    }
}

pub(crate) fn is_terminal(event: &Value) -> bool {
    ["done", "error", "cancelled"].iter().any(|kind| event["type"] == *kind)
}

/// What the work says, and how long it takes before each of it.
pub(crate) fn script(is_first: bool, fault: &Fault) -> Vec<(Duration, Value)> {
    let status = |step: &str, progress: f64| json!({"type": "status", "step": step, "progress": progress});
    let pieces = if is_first { 12 } else { 2000 };
    let mut events = vec![
        status("place", 0.0),
        json!({"type": "preview", "title": "Tower"}),
        json!({"type": "from a later version"}),
        status("page", 0.25),
    ];
    let mut len = 0;
    for n in 0..pieces {
        let big = fault.habit == Some(Habit::BigPiece) && n == 2;
        let text = if big { "x".repeat(70_000) } else { PIECE.to_owned() };
        events.push(json!({"type": "html", "offset": len, "text": text}));
        len += text.len();
    }
    events.push(status("page", 1.0));
    let url =
        if fault.habit == Some(Habit::LinksElsewhere) { "http://elsewhere.example/p" } else { "/pages/p" };
    events.push(json!({"type": "done", "html_len": len, "result": {"url": url}}));
    if fault.habit == Some(Habit::TalksOn) {
        events.push(status("page", 1.0));
    }
    let slow = matches!(fault.habit, Some(Habit::Slow | Habit::NoSecondHello | Habit::HoldsBack));
    // Later ones are slower than a busy machine answers, so that a read finds nothing new.
    let pace = match (is_first, slow) {
        (false, _) => 400,
        (true, true) => 180,
        (true, false) => 60,
    };
    let pause = |n: usize| match fault.habit {
        Some(Habit::Pauses) if is_first && n == 6 => 2600,
        _ => pace,
    };
    events.into_iter().enumerate().map(|(n, event)| (Duration::from_millis(pause(n)), event)).collect()
}
