//! One generation as the benchmark's server has it: all of its events as they travel, and when each is due. Waits to
//! be let go; sends nothing itself.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use generation_screen::contract::{
    Event, EventBody, Hello, HtmlPart, PageResult, RunStatus, State, Step, StepState, WireFrame,
};

use super::pages;

/// Between two of these, an event says how far the whole is.
const PROGRESS_EVENTS: usize = 100;
/// What an event's time looks like. Only differences between times mean anything.
const TIME: &str = "2026-03-01T00:00:00.000Z";

/// How fast the pieces come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// As fast as they are read.
    Full,
    /// Evenly, over so long.
    Over(Duration),
}

/// One generation.
pub struct Job {
    id: String,
    /// All HTML.
    pub page: String,
    pace: Pace,
    /// All frames, one after the other.
    bytes: Vec<u8>,
    frames: Vec<Frame>,
    /// How many frames were written.
    sent: AtomicUsize,
    gate: Mutex<Option<Instant>>,
    opened: Condvar,
}

/// Where an event ends in the bytes, where its time stands, and the page's length with it.
struct Frame {
    end: usize,
    time_at: usize,
    html_len: usize,
}

impl Job {
    /// A page of so many bytes in pieces of so many.
    #[must_use]
    pub fn new(id: &str, page: String, piece_bytes: usize, pace: Pace) -> Self {
        let mut job = Job {
            id: id.to_owned(),
            page: String::new(),
            pace,
            bytes: Vec::with_capacity(page.len() * 2),
            frames: Vec::new(),
            sent: AtomicUsize::new(0),
            gate: Mutex::new(None),
            opened: Condvar::new(),
        };
        let pieces: Vec<&str> = pages::pieces(&page, piece_bytes).collect();
        let mut offset = 0;
        for (at, piece) in pieces.iter().enumerate() {
            if at % pieces.len().div_ceil(PROGRESS_EVENTS) == 0 {
                let progress = Some(at as f64 / pieces.len() as f64);
                job.add(EventBody::Status { step: "page".to_owned(), label: None, progress }, offset);
            }
            let text = (*piece).to_owned();
            job.add(EventBody::Html { offset: offset as u64, text }, offset + piece.len());
            offset += piece.len();
        }
        let result = PageResult { url: None, title: Some("Measured".to_owned()) };
        job.add(EventBody::Done { html_len: offset as u64, result }, offset);
        job.page = page;
        job
    }

    fn add(&mut self, body: EventBody, html_len: usize) {
        let seq = self.frames.len() as u64 + 1;
        let event = Event { seq, at: Some(TIME.to_owned()), body };
        let json = serde_json::to_string(&WireFrame::from(event)).unwrap_or_default();
        let start = self.bytes.len();
        self.bytes.extend_from_slice(format!("id: 1-{seq}\ndata: {json}\n\n").as_bytes());
        // It stands before anything foreign.
        let time = self.bytes[start..].windows(TIME.len()).position(|bytes| bytes == TIME.as_bytes());
        let time_at = start + time.unwrap_or_default();
        self.frames.push(Frame { end: self.bytes.len(), time_at, html_len });
    }

    /// How many events there are.
    #[must_use]
    pub fn events(&self) -> usize {
        self.frames.len()
    }

    /// How many bytes of event stream there are.
    #[must_use]
    pub fn stream_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Lets the events go.
    pub fn open(&self) {
        *self.gate.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(Instant::now());
        self.opened.notify_all();
    }

    /// When the events were let go; waits for that, but no longer than `patience`.
    pub(super) fn opened(&self, patience: Duration) -> Option<Instant> {
        let gate = self.gate.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let waited = self.opened.wait_timeout_while(gate, patience, |opened| opened.is_none());
        *waited.unwrap_or_else(std::sync::PoisonError::into_inner).0
    }

    /// When the event after so many is due.
    pub(super) fn due(&self, opened: Instant, sent: usize) -> Instant {
        match self.pace {
            Pace::Full => opened,
            Pace::Over(whole) => opened + whole.mul_f64(sent as f64 / self.frames.len() as f64),
        }
    }

    /// The frames after the first `from`, as many as are due and fit, with the time; and how many are sent with them.
    pub(super) fn batch(
        &self,
        from: usize,
        opened: Instant,
        bytes_max: usize,
        clock: &str,
    ) -> (Vec<u8>, usize) {
        let start = self.end_of(from);
        let mut to = from;
        while to < self.frames.len()
            && self.due(opened, to) <= Instant::now()
            && (to == from || self.frames[to].end - start <= bytes_max)
        {
            to += 1;
        }
        let mut bytes = self.bytes[start..self.end_of(to)].to_vec();
        for frame in &self.frames[from..to] {
            bytes[frame.time_at - start..][..TIME.len()].copy_from_slice(clock.as_bytes());
        }
        (bytes, to)
    }

    fn end_of(&self, sent: usize) -> usize {
        sent.checked_sub(1).map_or(0, |last| self.frames[last].end)
    }

    pub(super) fn sent(&self, sent: usize) {
        self.sent.fetch_max(sent, Ordering::SeqCst);
    }

    /// The first frame of a connection.
    pub(super) fn hello(&self, after: usize, clock: &str) -> String {
        let hello = Hello {
            run: 1,
            after: after as u64,
            head: self.sent.load(Ordering::SeqCst) as u64,
            now: Some(clock.to_owned()),
            heartbeat_ms: Some(15_000),
        };
        format!("data: {}\n\n", serde_json::to_string(&WireFrame::from(hello)).unwrap_or_default())
    }

    /// The state as of what was sent.
    pub(super) fn state(&self, html_from: usize, clock: &str) -> State {
        let seq = self.sent.load(Ordering::SeqCst);
        let len = seq.checked_sub(1).map_or(0, |last| self.frames[last].html_len);
        let is_over = seq == self.frames.len();
        let from = if self.page.is_char_boundary(html_from) && html_from <= len { html_from } else { 0 };
        let step = |name: &str, state| Step { name: name.to_owned(), state, ..Step::default() };
        State {
            id: self.id.clone(),
            seq: seq as u64,
            event_id: (seq > 0).then(|| format!("1-{seq}")),
            now: Some(clock.to_owned()),
            status: if is_over { RunStatus::Done } else { RunStatus::Running },
            steps: vec![
                step("place", StepState::Done),
                step("page", if is_over { StepState::Done } else { StepState::Running }),
            ],
            html: HtmlPart { from: from as u64, len: len as u64, text: self.page[from..len].to_owned() },
            result: is_over.then(PageResult::default),
            ..State::default()
        }
    }
}

/// The server's clock, in the form of [`TIME`].
pub(super) fn clock(since: Instant) -> String {
    let ms = since.elapsed().as_millis();
    let (s, ms) = (ms / 1000, ms % 1000);
    format!("2026-03-01T{:02}:{:02}:{:02}.{ms:03}Z", s / 3600 % 24, s / 60 % 60, s % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use generation_screen::contract::{Frame as Read, UnreadFrame};

    fn job() -> Job {
        Job::new("x", "<p>é</p>\n".repeat(30), 7, Pace::Full)
    }

    #[test]
    fn the_events_are_the_page_in_order_and_end_it() {
        let job = job();
        let (opened, clock) = (Instant::now(), clock(Instant::now()));
        let (mut page, mut seq, mut sent) = (String::new(), 0, 0);
        while sent < job.events() {
            let (bytes, to) = job.batch(sent, opened, 300, &clock);
            assert!(to > sent);
            sent = to;
            for frame in String::from_utf8(bytes).unwrap().split_terminator("\n\n") {
                let data = frame.split_once("data: ").unwrap().1;
                let Ok(Read::Event(event)) = UnreadFrame::from_json(data).unwrap().read("") else {
                    panic!("{data}")
                };
                seq += 1;
                assert_eq!((event.seq, event.at.as_deref()), (seq, Some(clock.as_str())));
                match event.body {
                    EventBody::Html { offset, text } => {
                        assert_eq!(offset, page.len() as u64);
                        page.push_str(&text);
                    }
                    EventBody::Done { html_len, .. } => assert_eq!(html_len, page.len() as u64),
                    _ => {}
                }
            }
        }
        assert_eq!(page, job.page);
    }

    #[test]
    fn the_state_has_what_was_sent_from_the_byte_that_is_asked_for() {
        let job = job();
        assert_eq!(job.state(0, "").html.len, 0);
        job.sent(job.events());
        let state = job.state(3, "");
        assert_eq!((state.status, &*state.html.text), (RunStatus::Done, &job.page[3..]));
        assert_eq!(job.state(4, "").html.from, 0, "inside a character");
    }

    #[test]
    fn pieces_that_are_not_due_wait() {
        let job = Job::new("x", "x".repeat(100), 10, Pace::Over(Duration::from_secs(1000)));
        let (_, sent) = job.batch(0, Instant::now(), usize::MAX, TIME);
        assert_eq!(sent, 1);
    }
}
