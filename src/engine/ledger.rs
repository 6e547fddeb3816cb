//! The ledger: what has been taken of a generation, and the only place that says whether something new fits.
//!
//! Everything that it lets through is contiguous: an event is the one after ours, its HTML starts where ours ends, a
//! state reaches over our end. It sends nothing and knows no connections.

use crate::contract::{Event, EventBody, RunStatus, State};

/// Longest event ID that is kept and sent back. Longer ones are forgotten: the stream then begins at the start.
const EVENT_ID_BYTES_MAX: usize = 1 << 10;

/// How a generation ended, by the server's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Terminal {
    Done { html_len: u64 },
    Failed { retryable: bool },
    Cancelled,
}

/// What became of an event or a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It was the next; it has been taken.
    New,
    /// Nothing in it is new.
    Same,
    /// It is older than what we have.
    Stale,
    /// Something between it and us is missing.
    Gap,
    /// The page would grow over its limit.
    TooLarge,
}

#[derive(Debug)]
pub(super) struct Ledger {
    /// The run that all of this belongs to; 0 before anything is known.
    pub(super) run: u64,
    pub(super) seq: u64,
    /// Bytes of HTML taken.
    pub(super) html_len: u64,
    /// What to send as `Last-Event-ID`.
    pub(super) event_id: Option<String>,
    /// What to send as `If-None-Match`.
    pub(super) etag: Option<String>,
    /// The newest `seq` of this run that anyone has told us of.
    pub(super) known_seq: u64,
    pub(super) terminal: Option<Terminal>,
    page_bytes_max: u64,
}

impl Ledger {
    pub(super) fn new(page_bytes_max: u64) -> Self {
        Ledger {
            run: 0,
            seq: 0,
            html_len: 0,
            event_id: None,
            etag: None,
            known_seq: 0,
            terminal: None,
            page_bytes_max,
        }
    }

    /// Begins a run with nothing taken.
    pub(super) fn reset(&mut self, run: u64) {
        *self = Ledger { run, ..Ledger::new(self.page_bytes_max) };
    }

    /// Takes an event of the current run, if it is the next. `id` is the last event ID as of it.
    pub(super) fn take_event(&mut self, event: &Event, id: &str) -> Taken {
        if event.seq <= self.seq {
            return Taken::Stale;
        }
        if event.seq != self.seq + 1 || self.terminal.is_some() {
            return Taken::Gap;
        }
        match &event.body {
            EventBody::Html { offset, text } => {
                if *offset != self.html_len {
                    return Taken::Gap;
                }
                let len = self.html_len + text.len() as u64;
                if len > self.page_bytes_max {
                    return Taken::TooLarge;
                }
                self.html_len = len;
            }
            EventBody::Done { html_len, .. } => self.terminal = Some(Terminal::Done { html_len: *html_len }),
            EventBody::Error(failure) => {
                self.terminal = Some(Terminal::Failed { retryable: failure.retryable });
            }
            EventBody::Cancelled => self.terminal = Some(Terminal::Cancelled),
            EventBody::Status { .. } | EventBody::Preview(_) | EventBody::Unknown => {}
        }
        self.seq = event.seq;
        self.known_seq = self.known_seq.max(event.seq);
        if !id.is_empty() {
            // An id-less event after a reconnection does not make us forget where we were.
            self.event_id = Some(id.to_owned());
        }
        Taken::New
    }

    /// Takes a state of the current run: returns what became of it, and the HTML that follows ours.
    pub(super) fn take_state<'a>(&mut self, state: &'a State, etag: Option<String>) -> (Taken, &'a str) {
        if state.run != self.run || state.seq < self.seq {
            return (Taken::Stale, "");
        }
        self.known_seq = self.known_seq.max(state.seq);
        if state.html.len > self.page_bytes_max {
            return (Taken::TooLarge, "");
        }
        if state.html.from > self.html_len || self.html_len > state.html.len {
            return (Taken::Gap, "");
        }
        let ours = usize::try_from(self.html_len - state.html.from).unwrap_or(usize::MAX);
        let Some(new_html) = state.html.text.get(ours..) else { return (Taken::Gap, "") };
        let taken = if state.seq > self.seq { Taken::New } else { Taken::Same };
        self.adopt(state, etag);
        (taken, new_html)
    }

    /// Takes a whole state (its HTML from byte 0) in place of all that we have of this run.
    pub(super) fn replace(&mut self, state: &State, etag: Option<String>) -> Taken {
        if state.run != self.run || state.seq < self.seq || state.html.from != 0 {
            return Taken::Stale;
        }
        if state.html.len > self.page_bytes_max {
            return Taken::TooLarge;
        }
        self.adopt(state, etag);
        Taken::New
    }

    fn adopt(&mut self, state: &State, etag: Option<String>) {
        self.html_len = state.html.len;
        self.seq = state.seq;
        self.known_seq = self.known_seq.max(state.seq);
        self.etag = etag;
        if let Some(id) = &state.event_id {
            self.event_id = (id.len() <= EVENT_ID_BYTES_MAX).then(|| id.clone());
        }
        if self.terminal.is_none() {
            self.terminal = match state.status {
                RunStatus::Queued | RunStatus::Running => None,
                RunStatus::Done => Some(Terminal::Done { html_len: state.html.len }),
                RunStatus::Error => {
                    Some(Terminal::Failed { retryable: state.error.as_ref().is_some_and(|e| e.retryable) })
                }
                RunStatus::Cancelled => Some(Terminal::Cancelled),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::HtmlPart;

    fn html(seq: u64, offset: u64, text: &str) -> Event {
        Event { seq, at: None, body: EventBody::Html { offset, text: text.to_owned() } }
    }

    fn state(run: u64, seq: u64, from: u64, text: &str) -> State {
        let len = from + text.len() as u64;
        let mut state: State = serde_json::from_str(r#"{"seq": 0, "status": "running"}"#).unwrap();
        (state.run, state.seq) = (run, seq);
        state.html = HtmlPart { from, len, text: text.to_owned() };
        state
    }

    fn ledger() -> Ledger {
        let mut ledger = Ledger::new(10);
        ledger.reset(1);
        ledger
    }

    #[test]
    fn only_the_next_event_is_taken_and_its_html_must_start_at_our_end() {
        let mut ledger = ledger();
        assert_eq!(ledger.take_event(&html(1, 0, "é"), "a"), Taken::New);
        assert_eq!(ledger.take_event(&html(1, 0, "é"), "a"), Taken::Stale);
        assert_eq!(ledger.take_event(&html(3, 2, "x"), "c"), Taken::Gap);
        assert_eq!(ledger.take_event(&html(2, 1, "x"), "b"), Taken::Gap);
        assert_eq!(ledger.take_event(&html(2, 2, "123456789"), "b"), Taken::TooLarge);
        assert_eq!((ledger.seq, ledger.html_len, ledger.event_id.as_deref()), (1, 2, Some("a")));
        assert_eq!(ledger.take_event(&html(2, 2, "x"), ""), Taken::New);
        assert_eq!(ledger.event_id.as_deref(), Some("a"), "an event without an id keeps ours");
    }

    #[test]
    fn a_state_is_taken_from_our_length_on() {
        let mut ledger = ledger();
        assert_eq!(ledger.take_state(&state(1, 2, 0, "abc"), None), (Taken::New, "abc"));
        assert_eq!(ledger.take_state(&state(1, 3, 1, "bcde"), Some("e".into())), (Taken::New, "de"));
        assert_eq!(ledger.take_state(&state(1, 3, 5, ""), Some("e".into())), (Taken::Same, ""));
        assert_eq!(ledger.take_state(&state(1, 2, 0, "abc"), None), (Taken::Stale, ""));
        assert_eq!(ledger.take_state(&state(2, 9, 0, "x"), None), (Taken::Stale, ""));
        assert_eq!(ledger.take_state(&state(1, 4, 6, "g"), None), (Taken::Gap, ""));
        assert_eq!(ledger.take_state(&state(1, 4, 0, "abcd"), None), (Taken::Gap, ""));
        assert_eq!(ledger.take_state(&state(1, 4, 0, "0123456789a"), None), (Taken::TooLarge, ""));
        assert_eq!((ledger.seq, ledger.html_len, ledger.etag.as_deref()), (3, 5, Some("e")));
        assert_eq!(ledger.known_seq, 4, "what we cannot take we still know of");
    }

    #[test]
    fn a_page_may_be_as_long_as_the_limit() {
        let mut by_events = ledger();
        assert_eq!(by_events.take_event(&html(1, 0, "0123456789"), ""), Taken::New);
        assert_eq!(by_events.take_event(&html(2, 10, "a"), ""), Taken::TooLarge);
        let mut by_state = ledger();
        assert_eq!(by_state.take_state(&state(1, 1, 0, "0123456789"), None), (Taken::New, "0123456789"));
        assert_eq!(by_state.replace(&state(1, 1, 0, "9876543210"), None), Taken::New);
        assert_eq!(by_state.replace(&state(1, 1, 0, "9876543210a"), None), Taken::TooLarge);
    }

    #[test]
    fn ours_is_replaced_by_a_whole_state_that_is_no_older_and_of_this_run() {
        let mut ledger = ledger();
        ledger.take_state(&state(1, 2, 0, "abc"), None);
        for stale in [state(1, 1, 0, "x"), state(2, 3, 0, "x"), state(1, 3, 1, "x")] {
            assert_eq!(ledger.replace(&stale, None), Taken::Stale);
            assert_eq!((ledger.seq, ledger.html_len), (2, 3));
        }
        assert_eq!(ledger.replace(&state(1, 2, 0, "x"), None), Taken::New, "no older is enough");
        assert_eq!(ledger.replace(&state(1, 3, 0, "xy"), None), Taken::New);
        assert_eq!((ledger.seq, ledger.html_len), (3, 2));
    }

    #[test]
    fn an_event_id_over_1_kib_is_forgotten() {
        let mut ledger = ledger();
        let with_id = |seq, bytes| State { event_id: Some("x".repeat(bytes)), ..state(1, seq, 0, "") };
        ledger.take_state(&with_id(1, 1024), None);
        assert_eq!(ledger.event_id.as_ref().map(String::len), Some(1024));
        ledger.take_state(&with_id(2, 1025), None);
        assert_eq!(ledger.event_id, None, "the stream begins at the start");
    }

    #[test]
    fn a_state_that_would_cut_a_character_is_a_gap() {
        let mut ledger = ledger();
        ledger.html_len = 1;
        assert_eq!(ledger.take_state(&state(1, 1, 0, "é"), None), (Taken::Gap, ""));
    }
}
