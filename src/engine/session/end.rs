//! The end: a terminal event, the last read that follows it, the outcome; and the cancel that asks for one.
//!
//! The end of a connection is never the end of the work: only a terminal event or state is.

use super::{Life, Session};
use crate::contract::State;
use crate::engine::io::{Command, RequestId, Update};
use crate::engine::ledger::{Taken, Terminal};
use crate::engine::picture::{Note, Outcome, Phase};
use crate::engine::time::Moment;

/// How often the last read is tried.
const FINAL_READS_MAX: u32 = 3;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finishing {
    since: Moment,
    failures: u32,
}

/// A cancel on its way. One request, repeated with the same key until it is answered.
#[derive(Debug)]
pub(super) struct Cancel {
    key: String,
    stage: CancelStage,
    tries: u32,
}

#[derive(Debug, PartialEq, Eq)]
enum CancelStage {
    Due(Moment),
    Sent {
        id: RequestId,
        at: Moment,
        token: u64,
    },
    /// Taken by the server, but not come true yet.
    Taken,
}

impl Session {
    // --- the end of the work ---

    pub(super) fn is_finishing(&self) -> bool {
        matches!(self.life, Life::Finishing(_))
    }

    /// The end is known. Both legs close; the state is read to refresh the detail, and the page if it is not whole.
    pub(super) fn finish(&mut self) {
        if self.is_finishing() {
            return;
        }
        self.stop_stream();
        self.stop_reading();
        self.stop_cancel();
        self.poll.whole = self.ledger.terminal.is_none();
        self.phase = Phase::Finishing;
        self.life = Life::Finishing(Finishing { since: self.now, failures: 0 });
        self.read_now();
    }

    pub(super) fn finish_at(&self) -> Option<Moment> {
        match &self.life {
            Life::Finishing(finishing) => Some(finishing.since + self.ms(10_000)),
            _ => None,
        }
    }

    /// The page slept: the time for the last read begins anew.
    pub(super) fn rearm_finish(&mut self) {
        if let Life::Finishing(finishing) = &mut self.life {
            finishing.since = self.now;
        }
    }

    pub(super) fn final_read_answered(&mut self, state: Option<State>, whole: bool, etag: Option<String>) {
        let Some(state) = state.filter(|s| s.status.is_terminal() && s.run == self.ledger.run) else {
            return self.final_read_failed();
        };
        if state.seq < self.ledger.seq {
            return self.final_read_failed();
        }
        let fits = state.html.len == self.ledger.html_len && self.ledger.terminal.is_some();
        if !fits && !whole {
            self.poll.whole = true;
            return self.read_now();
        }
        if !fits {
            match self.ledger.replace(&state, etag) {
                Taken::New => {
                    self.updates.push_back(Update::HtmlReset);
                    self.updates.push_back(Update::Html(state.html.text.clone()));
                }
                Taken::TooLarge => return self.end(Outcome::TooLarge),
                _ => return self.final_read_failed(),
            }
        }
        self.progress.take_state(&state, self.now);
        self.conclude();
    }

    pub(super) fn final_read_failed(&mut self) {
        let again = self.now + self.ms(1000);
        let Life::Finishing(finishing) = &mut self.life else { return };
        finishing.failures += 1;
        if finishing.failures < FINAL_READS_MAX {
            self.poll.state = super::poll::Poll::Due { at: again };
        } else {
            self.marks_at.unconfirmed = true;
            self.conclude();
        }
    }

    /// The last read takes too long.
    pub(super) fn finish_timed_out(&mut self) {
        self.marks_at.unconfirmed = true;
        self.conclude();
    }

    /// All has been read, or will not be: the outcome is what the server's terminal word and our bytes make it.
    pub(super) fn conclude(&mut self) {
        self.end(match self.ledger.terminal {
            Some(Terminal::Done { html_len }) if html_len == self.ledger.html_len => Outcome::Complete,
            Some(Terminal::Done { .. }) | None => Outcome::Incomplete,
            Some(Terminal::Failed { retryable }) => Outcome::Failed { retryable },
            Some(Terminal::Cancelled) => Outcome::Cancelled,
        });
    }

    pub(super) fn end(&mut self, outcome: Outcome) {
        self.close_everything();
        self.phase = Phase::Ended(outcome);
        self.life = Life::Ended(outcome);
    }

    // --- cancelling ---

    pub(super) fn cancel(&mut self) {
        if self.life == Life::Active && self.cancel.is_none() {
            let key = format!("{:016x}{:016x}", self.jitter.bits(), self.jitter.bits());
            self.cancel = Some(Cancel { key, stage: CancelStage::Due(self.now), tries: 0 });
        }
    }

    pub(super) fn is_cancelling(&self) -> bool {
        self.cancel.is_some()
    }

    pub(super) fn is_cancel(&self, of: RequestId) -> bool {
        matches!(&self.cancel, Some(Cancel { stage: CancelStage::Sent { id, .. }, .. }) if *id == of)
    }

    pub(super) fn cancel_sends_at(&self) -> Option<Moment> {
        match &self.cancel {
            Some(Cancel { stage: CancelStage::Due(at), .. }) if !self.token.blocks() && !self.page.away => {
                Some(*at)
            }
            _ => None,
        }
    }

    pub(super) fn cancel_limit(&self) -> Option<Moment> {
        match &self.cancel {
            Some(Cancel { stage: CancelStage::Sent { at, .. }, .. }) => Some(*at + self.ms(15_000)),
            _ => None,
        }
    }

    pub(super) fn send_cancel_if_due(&mut self) {
        if self.cancel_sends_at().is_none_or(|at| at > self.now) {
            return;
        }
        let id = self.next_id();
        let (at, token) = (self.now, self.token.number());
        let Some(cancel) = &mut self.cancel else { return };
        cancel.stage = CancelStage::Sent { id, at, token };
        cancel.tries += 1;
        let idempotency_key = cancel.key.clone();
        self.command(Command::PostCancel { id, idempotency_key });
    }

    pub(super) fn cancel_timed_out(&mut self) {
        if let Some(Cancel { stage: CancelStage::Sent { id, .. }, .. }) = self.cancel {
            self.command(Command::Abort { id });
        }
        self.cancel_answered(0);
    }

    pub(super) fn cancel_answered(&mut self, status: u16) {
        let Some(Cancel { stage: CancelStage::Sent { token, .. }, tries, .. }) = self.cancel else { return };
        let retry_at = self.now + self.ms(1000) + self.jitter.full(self.ms(1000), tries, self.ms(15_000));
        let next = match status {
            200..=299 => {
                self.read_now();
                Some(CancelStage::Taken)
            }
            401 if tries < 4 => {
                self.token_rejected(token);
                Some(CancelStage::Due(self.now))
            }
            0 | 429 | 500..=599 if tries < 4 => Some(CancelStage::Due(retry_at)),
            _ => None,
        };
        match (next, &mut self.cancel) {
            (Some(stage), Some(cancel)) => cancel.stage = stage,
            _ => {
                // 409: it has ended meanwhile, and the state says how.
                self.cancel = None;
                if status != 409 {
                    self.note(Note::CancelFailed { status });
                }
                self.read_now();
            }
        }
    }

    pub(super) fn stop_cancel(&mut self) {
        if let Some(Cancel { stage: CancelStage::Sent { id, .. }, .. }) = self.cancel {
            self.command(Command::Abort { id });
        }
        self.cancel = None;
    }
}
