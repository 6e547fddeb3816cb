//! The poll leg: Off, Due, InFlight. One read of the state at a time, and none while the stream is live.
//!
//! Decides when the state is read, whether the read is held, and what an answer means for the next one. Short and
//! long polling are the same request.

mod answer;

use super::{Life, Scale, Session};
use crate::engine::backoff::Window;
use crate::engine::io::{Command, RequestId};
use crate::engine::span::Span;
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
    held: Option<Span>,
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
    interval: Span,
    /// How long the server is asked to hold a read; `None`: no more holding.
    hold: Option<Span>,
    /// A `Retry-After` of the state.
    not_before: Moment,
    /// The stream has the field to itself until then.
    head_start: Moment,
    pub(super) last_was_good: bool,
    /// Number of the token that the newest good answer was given for.
    pub(super) accepted_token: u64,
    /// The newest good answer after the head start: it carries the screen.
    pub(super) carries: bool,
    pub(super) not_found_since: Option<Moment>,
}

impl Read {
    pub(super) fn is_held(&self) -> bool {
        self.held.is_some()
    }
}

impl PollLeg {
    pub(super) fn new(scale: Scale, held_wait: Span) -> Self {
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
            accepted_token: 0,
            carries: false,
            not_found_since: None,
        }
    }

    pub(super) fn begin(&mut self, now: Moment, head_start: Moment) {
        self.head_start = head_start;
        self.carries = false;
        if !matches!(self.state, Poll::InFlight(_)) {
            self.state = Poll::Due { at: now };
        }
        self.plain = true;
        self.not_found_since = None;
    }

    /// The first stream is being opened: it has the field to itself until then.
    pub(super) fn head_start(&mut self, until: Moment) {
        self.head_start = self.head_start.max(until);
        if let (Poll::Due { at }, false) = (&mut self.state, self.plain) {
            *at = self.head_start.max(*at);
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
    pub(super) fn rearm(&mut self, now: Moment, read_timeout: Span) {
        if let Poll::InFlight(read) = &mut self.state {
            read.limit = now + read.held.unwrap_or_default() + read_timeout;
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
        let alone = !self.has_seat();
        let held = if plain || alone || etag.is_none() { None } else { self.poll.hold };
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
            alone,
            // In JSON a page's quotes and line ends take two bytes each; the rest of a state is small.
            body_bytes_max: usize::try_from(self.options.page_bytes_max.saturating_mul(2))
                .unwrap_or(usize::MAX)
                .saturating_add(1 << 20),
        });
    }
}
