//! One generation: its log, and the state that the log adds up to. It decides what an event changes and which events
//! may still come; it knows no clock, no lock and no HTTP.

use axum::body::Bytes;
use generation_screen::contract::{
    Card, Event, EventBody, Failure, HtmlPart, PageResult, RunStatus, State, Step, StepState,
};

use super::{Head, NewRecord};
use crate::sse::{self, event_id};

/// The largest piece of HTML in one event, in bytes.
pub(crate) const PIECE_MAX: usize = 64 * 1024;

/// A generation, at its current run.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) made: NewRecord,
    /// Opens the finished page of this run.
    pub(crate) page_key: String,
    run: u64,
    /// As it goes over the wire: written once, for all viewers.
    log: Vec<Bytes>,
    html: String,
    status: RunStatus,
    steps: Vec<Step>,
    progress: Option<f64>,
    card: Option<Card>,
    failure: Option<Failure>,
    result: Option<PageResult>,
}

impl Record {
    pub(crate) fn new(made: NewRecord, page_key: String) -> Self {
        Self {
            page_key,
            run: 1,
            log: Vec::new(),
            html: String::new(),
            status: RunStatus::Queued,
            steps: made.steps.clone(),
            progress: None,
            card: None,
            failure: None,
            result: None,
            made,
        }
    }

    pub(crate) fn head(&self) -> Head {
        Head { run: self.run, seq: self.log.len() as u64, ended: self.status.is_terminal() }
    }

    /// Whether people may ask for the next run.
    pub(crate) fn failed(&self) -> bool {
        matches!(self.status, RunStatus::Error | RunStatus::Cancelled)
    }

    /// The page, if it is whole.
    pub(crate) fn finished_page(&self) -> Option<&str> {
        (self.status == RunStatus::Done).then_some(self.html.as_str())
    }

    /// Forgets what was, and begins run `run`, under another key.
    pub(crate) fn begin_run(&mut self, run: u64, page_key: String) {
        *self = Self { run, ..Self::new(self.made.clone(), page_key) };
    }

    /// The number that `body` would have as the next event of `run`; `None` if that run is over, or the event does not fit the
    /// log.
    pub(crate) fn takes(&self, run: u64, body: &EventBody) -> Option<u64> {
        let takes = run == self.run && !self.status.is_terminal() && self.fits(body);
        takes.then(|| self.head().seq + 1)
    }

    /// Takes in an event that fits.
    pub(crate) fn append(&mut self, event: Event) {
        if self.status == RunStatus::Queued {
            self.status = RunStatus::Running;
        }
        match &event.body {
            EventBody::Html { text, .. } => self.html.push_str(text),
            body => self.apply(body, event.at.as_deref().unwrap_or_default()),
        }
        self.log.push(sse::event(self.run, event).into());
    }

    fn fits(&self, body: &EventBody) -> bool {
        match body {
            EventBody::Html { offset, text } => *offset == self.html.len() as u64 && text.len() <= PIECE_MAX,
            EventBody::Done { html_len, .. } => *html_len == self.html.len() as u64,
            _ => true,
        }
    }

    fn apply(&mut self, body: &EventBody, at: &str) {
        match body {
            EventBody::Status { step, label, progress } => {
                self.begin_step(step, label.as_deref(), at);
                self.progress = progress.or(self.progress);
            }
            EventBody::Preview(card) => self.card = Some(card.clone()),
            EventBody::Done { result, .. } => {
                (self.status, self.result) = (RunStatus::Done, Some(result.clone()));
                self.finish_step(StepState::Done, at);
            }
            EventBody::Error(failure) => {
                (self.status, self.failure) = (RunStatus::Error, Some(failure.clone()));
                self.finish_step(StepState::Failed, at);
            }
            EventBody::Cancelled => {
                self.status = RunStatus::Cancelled;
                self.finish_step(StepState::Failed, at);
            }
            EventBody::Html { .. } | EventBody::Unknown => {}
        }
    }

    fn begin_step(&mut self, name: &str, label: Option<&str>, at: &str) {
        if self.steps.iter().any(|step| step.name == name && step.state != StepState::Pending) {
            return;
        }
        self.finish_step(StepState::Done, at);
        if let Some(step) = self.steps.iter_mut().find(|step| step.name == name) {
            step.state = StepState::Running;
            step.started_at = Some(at.to_owned());
            if let Some(label) = label {
                step.label = Some(label.to_owned());
            }
        }
    }

    fn finish_step(&mut self, state: StepState, at: &str) {
        if let Some(step) = self.steps.iter_mut().find(|step| step.state == StepState::Running) {
            step.state = state;
            step.finished_at = Some(at.to_owned());
        }
    }

    /// At most `limit` events after `seq`.
    pub(crate) fn frames_after(&self, seq: u64, limit: usize) -> &[Bytes] {
        let rest = usize::try_from(seq).ok().and_then(|seq| self.log.get(seq..)).unwrap_or_default();
        &rest[..rest.len().min(limit)]
    }

    /// Everything that is known at `now`, with the page from `html_from` on.
    pub(crate) fn state(&self, html_from: u64, now: String) -> State {
        let from = char_start(&self.html, html_from);
        let head = self.head();
        State {
            id: self.made.id.clone(),
            run: self.run,
            seq: head.seq,
            event_id: Some(event_id(self.run, head.seq)),
            now: Some(now),
            status: self.status,
            steps: self.steps.clone(),
            progress: self.progress,
            preview: self.card.clone(),
            html: HtmlPart {
                from: from as u64,
                len: self.html.len() as u64,
                text: self.html[from..].to_owned(),
            },
            error: self.failure.clone(),
            result: self.result.clone(),
        }
    }
}

/// The start of the character that byte `offset` is in; 0 if there is no such byte.
fn char_start(html: &str, offset: u64) -> usize {
    match usize::try_from(offset) {
        Ok(offset) if offset <= html.len() => {
            (0..=offset).rev().find(|&at| html.is_char_boundary(at)).unwrap_or(0)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
