//! What an answer to a read of the state means: for the ledger, for the next read, for the stream.

use super::super::stream::Stream;
use super::super::{Life, Session};
use super::{Poll, Read};
use crate::contract::{RunStatus, State};
use crate::engine::frame::{is_type, read_state};
use crate::engine::io::{RequestId, ResponseHead, Update};
use crate::engine::ledger::Taken;
use crate::engine::picture::{Note, Outcome, Phase};
use crate::engine::span::Span;

impl Session {
    fn take_read(&mut self, id: RequestId) -> Option<Read> {
        if self.poll.in_flight().is_none_or(|read| read.id != id) {
            return None;
        }
        match std::mem::replace(&mut self.poll.state, Poll::Off) {
            Poll::InFlight(read) => Some(read),
            _ => None,
        }
    }

    pub(in super::super) fn read_answered(&mut self, id: RequestId, head: &ResponseHead, body: &[u8]) {
        let Some(read) = self.take_read(id) else { return };
        let live = self.stream.is_live();
        let json = is_type(head.content_type.as_deref(), "application/json");
        match head.status {
            204 | 304 => self.read_was_good(&read, None, head),
            200 if body.is_empty() => self.read_was_good(&read, None, head),
            200 if json => match read_state(body) {
                Some(state) => self.read_was_good(&read, Some(state), head),
                None => self.read_was_bad(&read, head),
            },
            401 => {
                self.poll.state = Poll::Due { at: self.now };
                self.token_rejected(read.token);
            }
            403 | 410 if !live && !self.is_finishing() => {
                self.end(if head.status == 403 { Outcome::Forbidden } else { Outcome::Gone });
            }
            404 if !live && !self.is_finishing() => self.read_found_nothing(),
            _ => self.read_was_bad(&read, head),
        }
    }

    pub(in super::super) fn read_failed(&mut self, id: RequestId) {
        if let Some(read) = self.take_read(id) {
            self.read_was_bad(&read, &ResponseHead::default());
        }
    }

    pub(in super::super) fn read_timed_out(&mut self) {
        self.abort_read();
        if let Poll::InFlight(read) = std::mem::replace(&mut self.poll.state, Poll::Off) {
            self.read_was_bad(&read, &ResponseHead::default());
        }
    }

    /// Said for 4 s it is true; before, the generation may just not be there yet.
    fn read_found_nothing(&mut self) {
        let since = *self.poll.not_found_since.get_or_insert(self.now);
        if self.now - since >= self.ms(4000) {
            self.end(Outcome::NotFound);
        } else {
            self.poll.plain = true;
            self.poll.state = Poll::Due { at: self.now + self.ms(1400) };
        }
    }

    fn read_was_good(&mut self, read: &Read, state: Option<State>, head: &ResponseHead) {
        let first = !self.poll.last_was_good;
        if first {
            // Reads that had no trouble say nothing of the stream's.
            self.trouble = 0;
        }
        self.good_answer(read.token);
        self.poll.last_was_good = true;
        self.poll.accepted_token = read.token;
        self.poll.not_found_since = None;
        self.poll.carries |= read.sent_at >= self.poll.head_start && !self.stream.is_live();
        self.confirm_stream_refusal();
        if self.is_finishing() {
            return self.final_read_answered(state, read.whole, head.etag.clone());
        }
        let mut taken = Taken::Same;
        if let Some(state) = state {
            taken = self.take_state(&state, read.whole, head.etag.clone());
            if !matches!(self.life, Life::Active) {
                return;
            }
        }
        if first {
            self.stream.cut_wait(self.now);
        }
        self.judge_hold(read, self.ledger.known_seq > read.seq);
        if self.keeps_nothing_open() {
            self.leave_seat();
        }
        self.schedule_next_read(taken, read.held.is_some());
    }

    /// There is no stream, and reads are not held: others can have the seat.
    fn keeps_nothing_open(&self) -> bool {
        let never_holds = self.poll.hold.is_none() || self.ledger.etag.is_none();
        never_holds && matches!(self.stream.state, Stream::Off)
    }

    /// A held read that comes back early with nothing new was not held.
    fn judge_hold(&mut self, read: &Read, newer: bool) {
        if let Some(wait) = read.held
            && !newer
            && self.now - read.sent_at < wait / 2
        {
            self.poll.hold = None;
        }
    }

    fn schedule_next_read(&mut self, taken: Taken, was_held: bool) {
        if self.stream.is_live() {
            self.poll.state = Poll::Off;
            return;
        }
        let holds = self.poll.hold.is_some() && self.ledger.etag.is_some() && self.has_seat();
        self.poll.interval = match taken {
            Taken::Same if holds || was_held => self.ms(1000),
            Taken::Same => self.poll.interval.mul_f64(1.5).min(self.ms(10_000)),
            _ => self.ms(1000),
        };
        let mut wait = self.jitter.around(self.poll.interval, 0.2);
        if holds && taken != Taken::Stale {
            // The server does the waiting: starts are a second apart.
            wait = self.ms(1000) - self.poll.last_start.map_or(Span::ZERO, |last| self.now - last);
        }
        if self.page.hidden {
            wait = wait.max(self.ms(60_000));
        }
        self.poll.state = Poll::Due { at: (self.now + wait).max(self.poll.head_start) };
    }

    fn read_was_bad(&mut self, read: &Read, head: &ResponseHead) {
        self.trouble += 1;
        self.poll.last_was_good = false;
        self.poll.not_found_since = None;
        self.poll.carries = false;
        self.withdraw_stream_refusal();
        self.note(Note::ReadFailed { status: head.status });
        if let Some(wait) = read.held {
            let lasted = self.now - read.sent_at;
            self.poll.hold = (lasted >= self.ms(5000)).then_some(wait / 2);
        }
        if let Some(told) = self.told_wait(head) {
            self.poll.not_before = self.now + told;
        }
        if self.is_finishing() {
            return self.final_read_failed();
        }
        let mut wait = self.ms(1000) + self.jitter.full(self.ms(1000), self.trouble, self.ms(15_000));
        if self.page.hidden {
            wait = wait.max(self.ms(60_000));
        }
        self.poll.state = if self.stream.is_live() { Poll::Off } else { Poll::Due { at: self.now + wait } };
    }

    // --- the state ---

    fn take_state(&mut self, state: &State, whole: bool, etag: Option<String>) -> Taken {
        self.see_run_of(state);
        self.poll.whole = false;
        let (taken, html) = self.ledger.take_state(state, etag);
        match taken {
            Taken::New | Taken::Same => {
                if taken == Taken::New {
                    self.news();
                }
                if !html.is_empty() {
                    self.updates.push_back(Update::Html(html.to_owned()));
                }
                self.progress.take_state(state, self.now);
                self.phase = if state.status == RunStatus::Queued { Phase::Queued } else { Phase::Running };
                if self.ledger.terminal.is_some() {
                    self.conclude();
                }
            }
            Taken::Stale => self.note(Note::Dropped { seq: state.seq }),
            Taken::TooLarge => self.end(Outcome::TooLarge),
            // All of its HTML, and still it does not meet ours: ours is wrong.
            Taken::Gap if whole && state.status.is_terminal() => self.finish(),
            Taken::Gap => self.poll.whole = !whole,
        }
        self.note_what_is_known();
        taken
    }

    /// Runs only go up: a newer one voids all that we have, an older one is dropped by the ledger.
    pub(in super::super) fn see_run_of(&mut self, state: &State) {
        if state.run > self.ledger.run {
            let known = self.ledger.run != 0;
            self.marks_at.resumed |= !known && !state.html.text.is_empty() && !state.status.is_terminal();
            self.begin_run(state.run);
            self.drop_stream_of_older_run(state.run);
        }
    }

    pub(in super::super) fn begin_run(&mut self, run: u64) {
        if self.ledger.run != 0 {
            self.note(Note::NewRun { run });
            self.updates.push_back(Update::HtmlReset);
            self.progress.reset();
            self.phase = Phase::Queued;
            self.marks_at.resumed = false;
            self.postpone_read();
        }
        self.ledger.reset(run);
        self.poll.whole = false;
    }
}
