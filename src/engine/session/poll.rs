//! The poll leg: Off, Due, InFlight. One read of the state at a time, and none while the stream is live.
//!
//! Decides when the state is read, whether the read is held, and what an answer means for the next one. Short and
//! long polling are the same request.

use std::time::Duration;

use super::{Life, Scale, Session};
use crate::contract::{RunStatus, State};
use crate::engine::backoff::Window;
use crate::engine::frame::{is_type, read_state};
use crate::engine::io::{Command, RequestId, ResponseHead, Update};
use crate::engine::ledger::Taken;
use crate::engine::picture::{Note, Outcome, Phase};
use crate::engine::time::Moment;

#[derive(Debug)]
pub(super) enum Poll {
    Off,
    Due { at: Moment },
    InFlight(Read),
}

#[derive(Debug)]
pub(super) struct Read {
    id: RequestId,
    token: u64,
    sent_at: Moment,
    /// When it is given up.
    limit: Moment,
    /// How long the server was asked to hold it.
    held: Option<Duration>,
    /// The newest event we had when it was sent.
    seq: u64,
    /// The HTML was asked for from byte 0.
    whole: bool,
}

#[derive(Debug)]
pub(super) struct PollLeg {
    pub(super) state: Poll,
    /// The next read is not held.
    plain: bool,
    /// The next read is sent without `If-None-Match`.
    unconditional: bool,
    /// The next read asks for the HTML from byte 0.
    pub(super) whole: bool,
    started: Window,
    last_start: Option<Moment>,
    /// Between timed reads; grows while nothing changes.
    interval: Duration,
    /// How long the server is asked to hold a read; `None`: no more holding.
    hold: Option<Duration>,
    /// A `Retry-After` of the state.
    not_before: Moment,
    /// The stream has the field to itself until then.
    head_start: Moment,
    pub(super) last_was_good: bool,
    /// The newest good answer after the head start: it carries the screen.
    pub(super) carries: bool,
    pub(super) not_found_since: Option<Moment>,
}

impl PollLeg {
    pub(super) fn new(scale: Scale, held_wait: Duration) -> Self {
        PollLeg {
            state: Poll::Off,
            plain: false,
            unconditional: false,
            whole: false,
            started: Window::new(75, scale.ms(60_000)),
            last_start: None,
            interval: scale.ms(1000),
            hold: (!held_wait.is_zero()).then(|| scale.of(held_wait)),
            not_before: Moment::default(),
            head_start: Moment::default(),
            last_was_good: false,
            carries: false,
            not_found_since: None,
        }
    }

    pub(super) fn begin(&mut self, now: Moment) {
        if !matches!(self.state, Poll::InFlight(_)) {
            self.state = Poll::Due { at: now };
        }
        self.plain = true;
        self.not_found_since = None;
    }

    /// A stream is being opened: it has the field to itself until then.
    pub(super) fn head_start(&mut self, until: Moment) {
        if !self.carries {
            self.head_start = self.head_start.max(until);
        }
    }

    pub(super) fn stream_is_live(&mut self) {
        if let Poll::Due { .. } = self.state {
            self.state = Poll::Off;
        }
        self.carries = false;
    }

    pub(super) fn stream_is_not_live(&mut self, head_start: Moment) {
        if matches!(self.state, Poll::Off) {
            self.head_start = head_start;
            self.state = Poll::Due { at: head_start };
        }
    }

    fn in_flight(&self) -> Option<&Read> {
        match &self.state {
            Poll::InFlight(read) => Some(read),
            _ => None,
        }
    }

    /// The page slept: what was asked before is waited for anew.
    pub(super) fn rearm(&mut self, slept: Duration) {
        if let Poll::InFlight(read) = &mut self.state {
            read.limit = read.limit + slept;
        }
    }
}

impl Session {
    // --- when ---

    pub(super) fn read_starts_at(&self) -> Option<Moment> {
        let Poll::Due { at } = self.poll.state else { return None };
        if self.token.blocks() || self.page.away {
            return None;
        }
        let apart = self.poll.last_start.map_or(Moment::default(), |last| last + self.ms(500));
        // The browser may be wrong: a read each 30 s finds out. The first one after a start goes out at once.
        let probe = match (self.page.offline, self.poll.last_start) {
            (Some(since), Some(last)) => last.max(since) + self.ms(30_000),
            _ => Moment::default(),
        };
        Some(at.max(apart).max(probe).max(self.poll.not_before).max(self.poll.started.free_at()))
    }

    pub(super) fn read_limit(&self) -> Option<Moment> {
        self.poll.in_flight().map(|read| read.limit)
    }

    /// The state is wanted now, whatever the stream does.
    pub(super) fn read_now(&mut self) {
        let stale_after = self.ms(2500);
        match self.poll.in_flight() {
            // A plain read that is under way serves, unless it began before what made us doubt.
            Some(read) if read.held.is_none() && self.now - read.sent_at < stale_after => return,
            Some(_) => self.abort_read(),
            None => {}
        }
        self.poll.plain = true;
        self.poll.state = Poll::Due { at: self.now };
    }

    pub(super) fn read_unconditionally(&mut self) {
        self.poll.unconditional = true;
        self.read_now();
    }

    pub(super) fn abort_held_read(&mut self) {
        if self.poll.in_flight().is_some_and(|read| read.held.is_some()) {
            self.abort_read();
            self.poll.state = Poll::Off;
        }
    }

    fn abort_read(&mut self) {
        if let Some(id) = self.poll.in_flight().map(|read| read.id) {
            self.command(Command::Abort { id });
        }
    }

    pub(super) fn stop_reading(&mut self) {
        self.abort_read();
        self.poll.state = Poll::Off;
    }

    /// Lets a read go, and asks again later, as if it had not been sent.
    pub(super) fn postpone_read(&mut self) {
        if self.poll.in_flight().is_some() {
            self.abort_read();
            self.poll.state = Poll::Due { at: self.now };
        }
    }

    pub(super) fn read_if_due(&mut self) {
        if self.read_starts_at().is_none_or(|at| at > self.now) {
            return;
        }
        let finishing = matches!(self.life, Life::Finishing(_));
        let whole = self.poll.whole;
        let unconditional = std::mem::take(&mut self.poll.unconditional) || whole || finishing;
        let etag = if unconditional { None } else { self.ledger.etag.clone() };
        let plain = std::mem::take(&mut self.poll.plain) || finishing;
        let held = if plain || etag.is_none() { None } else { self.poll.hold };
        let id = self.next_id();
        self.poll.started.note(self.now);
        self.poll.last_start = Some(self.now);
        self.poll.state = Poll::InFlight(Read {
            id,
            token: self.token.number(),
            sent_at: self.now,
            limit: self.now + held.unwrap_or_default() + self.scaled(self.options.read_timeout),
            held,
            seq: self.ledger.seq,
            whole,
        });
        self.command(Command::Read {
            id,
            if_none_match: etag,
            html_from: if whole { 0 } else { self.ledger.html_len },
            wait: held,
            // JSON writes a byte as six at most (\u0000), and the rest of a state is small.
            body_bytes_max: usize::try_from(self.options.page_bytes_max.saturating_mul(6))
                .unwrap_or(usize::MAX)
                .saturating_add(1 << 20),
        });
    }

    // --- answers ---

    fn take_read(&mut self, id: RequestId) -> Option<Read> {
        if self.poll.in_flight().is_none_or(|read| read.id != id) {
            return None;
        }
        match std::mem::replace(&mut self.poll.state, Poll::Off) {
            Poll::InFlight(read) => Some(read),
            _ => None,
        }
    }

    pub(super) fn read_answered(&mut self, id: RequestId, head: &ResponseHead, body: &[u8]) {
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

    pub(super) fn read_failed(&mut self, id: RequestId) {
        if let Some(read) = self.take_read(id) {
            self.read_was_bad(&read, &ResponseHead::default());
        }
    }

    pub(super) fn read_timed_out(&mut self) {
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
        self.good_answer(read.token);
        self.poll.last_was_good = true;
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
        self.schedule_next_read(taken, read.held.is_some());
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
        let holds = self.poll.hold.is_some() && self.ledger.etag.is_some();
        self.poll.interval = match taken {
            Taken::Same if holds || was_held => self.ms(1000),
            Taken::Same => self.poll.interval.mul_f64(1.5).min(self.ms(10_000)),
            _ => self.ms(1000),
        };
        let mut wait = self.jitter.around(self.poll.interval, 0.2);
        if holds && taken != Taken::Stale {
            // The server does the waiting: starts are a second apart.
            wait = self
                .ms(1000)
                .saturating_sub(self.poll.last_start.map_or(Duration::ZERO, |last| self.now - last));
        }
        if self.page.hidden {
            wait = wait.max(self.ms(60_000));
        }
        self.poll.state = Poll::Due { at: (self.now + wait).max(self.poll.head_start) };
    }

    fn read_was_bad(&mut self, read: &Read, head: &ResponseHead) {
        self.trouble += 1;
        self.poll.last_was_good = false;
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
        let wait = self.ms(1000) + self.jitter.full(self.ms(1000), self.trouble, self.ms(15_000));
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
            // Its HTML does not meet ours: the end can be trusted, the page is read once more.
            Taken::Gap if state.status.is_terminal() => self.finish(),
            Taken::Gap => self.poll.whole = !whole,
        }
        self.note_what_is_known();
        taken
    }

    /// Runs only go up: a newer one voids all that we have, an older one is dropped by the ledger.
    pub(super) fn see_run_of(&mut self, state: &State) {
        if state.run > self.ledger.run {
            let known = self.ledger.run != 0;
            self.marks_at.resumed |= !known && !state.html.text.is_empty() && !state.status.is_terminal();
            self.begin_run(state.run);
            self.drop_stream_of_older_run(state.run);
        }
    }

    pub(super) fn begin_run(&mut self, run: u64) {
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
