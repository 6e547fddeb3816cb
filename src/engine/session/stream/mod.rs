//! The stream leg: Off, Waiting, Opening, Trial, Live. It never gives up while streaming is possible.
//!
//! Decides when a stream is opened, whether it is live, and when it is given up. What its events say goes to the
//! ledger; what its absence means for reading the state is told to the poll leg.

mod bytes;
mod late;
mod loss;

use super::{Life, Scale, Session, StreamState};
use crate::engine::backoff::Window;
use crate::engine::frame::is_type;
use crate::engine::io::{Command, RequestId, ResponseHead};
use crate::engine::picture::{Note, Why};
use crate::engine::span::Span;
use crate::engine::sse::Decoder;
use crate::engine::time::Moment;
use late::Late;

/// The longest that a server's `Retry-After` and `retry:` are waited out.
pub(super) const TOLD_WAIT_MAX: Span = Span::from_secs(300);

#[derive(Debug)]
pub(super) enum Stream {
    Off,
    Waiting {
        until: Moment,
    },
    /// Opening, Trial or Live.
    Open(Box<Connection>),
}

/// How far an open connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// No frame yet.
    Opening,
    /// Frames come; whether as they happen is not proven.
    Trial {
        since: Moment,
    },
    Live {
        since: Moment,
    },
}

#[derive(Debug)]
pub(super) struct Connection {
    id: RequestId,
    /// Number of the token it was opened with.
    token: u64,
    stage: Stage,
    opened_at: Moment,
    accepted: bool,
    decoder: Decoder,
    /// When the last byte came.
    byte_at: Option<Moment>,
    /// When the last event came, or the connection was opened.
    event_at: Moment,
    /// When the quiet check comes, and how long after the last one.
    quiet: (Moment, Span),
    /// The run of its hello.
    run: Option<u64>,
    /// The newest event that it has brought, or stepped over because we had it.
    brought: u64,
    /// Since when we know of an event that it has not brought.
    behind_since: Option<Moment>,
    /// What came later than it was written.
    late: Late,
    idle_timeout: Span,
    /// It was Live for so long: 10 s.
    productive: bool,
    productive_after: Span,
    /// It was Live, and no silence since says otherwise: it is called so while it proves itself anew.
    pub(super) called_live: bool,
}

#[derive(Debug)]
pub(super) struct StreamLeg {
    pub(super) state: Stream,
    /// Failures of its own in a row: mute, behind, idle, malformed, gone too early.
    own: u32,
    /// Why the last connection was lost.
    pub(super) why: Why,
    opened: Window,
    /// Attempts since the start: the first one goes out even if the browser says that it is offline.
    attempts: u32,
    /// The stream's own `retry:`.
    reconnection_time: Span,
    /// A `Retry-After` of the stream: not before that.
    not_before: Moment,
    /// The server says hello: what comes before it on a connection may be of another run.
    says_hello: bool,
    /// Something said that there is no stream; a good read of the state makes it so.
    refused: bool,
}

/// Whose fault a loss is, which says how long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blame {
    /// The stream's own, whatever came before.
    Stream,
    /// The stream's own, unless it was productive.
    StreamUnlessProductive,
    /// The server's or the network's.
    Server,
    /// Nobody's.
    Nobody,
}

impl StreamLeg {
    pub(super) fn new(scale: Scale) -> Self {
        StreamLeg {
            state: Stream::Off,
            own: 0,
            why: Why::Unproven,
            opened: Window::new(10, scale.ms(60_000)),
            attempts: 0,
            reconnection_time: Span::ZERO,
            not_before: Moment::default(),
            says_hello: false,
            refused: false,
        }
    }

    pub(super) fn begin(&mut self, first_attempt_at: Moment) {
        self.state = Stream::Waiting { until: first_attempt_at };
        self.attempts = 0;
        self.refused = false;
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(&self.state, Stream::Open(c) if matches!(c.stage, Stage::Live { .. }))
    }

    /// Live, or proving itself anew with nothing against it.
    pub(super) fn is_called_live(&self) -> bool {
        self.open().is_some_and(|c| c.called_live && c.behind_since.is_none())
    }

    pub(super) fn connection(&mut self) -> Option<&mut Connection> {
        match &mut self.state {
            Stream::Open(connection) => Some(connection),
            _ => None,
        }
    }

    fn open(&self) -> Option<&Connection> {
        match &self.state {
            Stream::Open(connection) => Some(connection),
            _ => None,
        }
    }

    fn is_current(&self, id: RequestId) -> bool {
        self.open().is_some_and(|c| c.id == id)
    }

    /// When an attempt may go out that is wanted then: the server may have said later, and a minute has its most.
    fn not_before_told(&self, wanted: Moment) -> Moment {
        wanted.max(self.not_before).max(self.opened.free_at())
    }

    pub(super) fn cut_wait(&mut self, soon: Moment) {
        if let Stream::Waiting { until } = &mut self.state {
            *until = soon.min(*until);
        }
    }
}

impl Connection {
    pub(super) fn state(&self) -> StreamState {
        match self.stage {
            Stage::Opening => StreamState::Opening,
            Stage::Trial { .. } => StreamState::Trial,
            Stage::Live { .. } => StreamState::Live,
        }
    }

    fn last_byte(&self) -> Moment {
        self.byte_at.unwrap_or(self.opened_at)
    }

    /// The page slept: silence in that time says nothing.
    pub(super) fn rearm(&mut self, now: Moment) {
        self.byte_at = self.byte_at.map(|_| now);
        self.behind_since = self.behind_since.map(|_| now);
        self.quiet.0 = now + self.quiet.1;
        self.called_live = false;
    }

    /// Doubt: it has to prove again that it is live. `None`: not a byte has come in all of its `patience`.
    pub(super) fn doubt(&mut self, now: Moment, patience: Span) -> Option<()> {
        if self.byte_at.is_none() && now - self.opened_at >= patience {
            return None;
        }
        self.step_down(now);
        Some(())
    }

    pub(super) fn step_down(&mut self, now: Moment) {
        self.productive |= self.was_live_long(now);
        if self.stage != Stage::Opening {
            self.stage = Stage::Trial { since: now };
        }
        // What was quick before may be so no more: clocks are set, paths change.
        self.late = Late::default();
    }

    fn was_live_long(&self, now: Moment) -> bool {
        matches!(self.stage, Stage::Live { since } if now - since >= self.productive_after)
    }
}

impl Session {
    // --- when ---

    pub(super) fn stream_opens_at(&self) -> Option<Moment> {
        let Stream::Waiting { until } = self.stream.state else { return None };
        let held_up = self.token.blocks()
            || !self.has_seat()
            || self.page.away
            || self.poll.not_found_since.is_some()
            || (self.page.offline.is_some() && self.stream.attempts > 0);
        (!held_up).then(|| self.stream.not_before_told(until))
    }

    pub(super) fn stream_open_limit(&self) -> Option<Moment> {
        let c = self.stream.open()?;
        c.byte_at.is_none().then(|| c.opened_at + self.scaled(self.options.open_timeout))
    }

    pub(super) fn stream_idle_at(&self) -> Option<Moment> {
        let c = self.stream.open()?;
        Some(c.byte_at? + c.idle_timeout)
    }

    pub(super) fn stream_half_idle_at(&self) -> Option<Moment> {
        let c = self.stream.open()?;
        c.called_live.then(|| c.last_byte() + c.idle_timeout / 2)
    }

    pub(super) fn stream_behind_at(&self) -> Option<Moment> {
        let c = self.stream.open()?;
        if c.stage == Stage::Opening {
            return None;
        }
        Some(c.behind_since?.max(c.event_at) + self.ms(2500))
    }

    pub(super) fn quiet_at(&self) -> Option<Moment> {
        let c = self.stream.open()?;
        (c.stage != Stage::Opening).then_some(c.quiet.0)
    }

    // --- opening ---

    pub(super) fn open_stream_if_due(&mut self) {
        if self.life != Life::Active || self.stream_opens_at().is_none_or(|at| at > self.now) {
            return;
        }
        let id = self.next_id();
        self.stream.opened.note(self.now);
        self.stream.attempts += 1;
        self.stream.refused = false;
        if self.stream.attempts == 1 {
            // Later attempts get none: polling may be what carries the screen by then.
            self.poll.head_start(self.now + self.scaled(self.options.head_start));
        }
        let minute = self.ms(60_000);
        self.stream.state = Stream::Open(Box::new(Connection {
            id,
            token: self.token.number(),
            stage: Stage::Opening,
            opened_at: self.now,
            accepted: false,
            decoder: Decoder::default(),
            byte_at: None,
            event_at: self.now,
            quiet: (self.now + minute, minute),
            run: None,
            brought: self.ledger.seq,
            behind_since: None,
            late: Late::default(),
            idle_timeout: self.scaled(self.options.idle_timeout),
            productive: false,
            productive_after: self.ms(10_000),
            called_live: false,
        }));
        self.command(Command::OpenStream { id, last_event_id: self.ledger.event_id.clone() });
    }

    pub(super) fn stream_head(&mut self, id: RequestId, head: &ResponseHead) {
        let Some(c) = self.stream.connection().filter(|c| c.id == id) else { return };
        let token = c.token;
        if head.status == 200 && is_type(head.content_type.as_deref(), "text/event-stream") {
            c.accepted = true;
            self.trouble = 0;
            self.good_answer(token);
            return;
        }
        self.refused_stream(head, token);
    }

    /// An answer that is no event stream. None but a 401 says anything about the generation: the state does.
    fn refused_stream(&mut self, head: &ResponseHead, token: u64) {
        let json = head.status == 200 && is_type(head.content_type.as_deref(), "application/json");
        match head.status {
            // The state takes this very token: then the state is asked again, and says whether it has expired.
            401 if self.poll.accepted_token == token => {
                self.lose_stream(Why::Token, Blame::Stream, Span::ZERO);
            }
            401 => {
                self.lose_stream(Why::Token, Blame::Nobody, Span::ZERO);
                self.token_rejected(token);
                return;
            }
            204 | 403 | 404 | 405 | 406 | 501 => self.stream_refused_for_good(),
            200 if json => self.stream_refused_for_good(),
            410 => {
                self.ledger.event_id = None;
                self.lose_stream(Why::Broken, Blame::Nobody, self.ms(5000));
            }
            200 => {
                let wait = self.ms(30_000) + self.jitter.up_to(self.ms(30_000));
                self.lose_stream(Why::WrongType, Blame::Nobody, wait);
            }
            _ => {
                self.trouble += 1;
                if let Some(told) = self.told_wait(head) {
                    self.stream.not_before = self.now + told;
                }
                self.lose_stream(Why::Trouble, Blame::Server, Span::ZERO);
                return; // The poll leg has its own pace in trouble.
            }
        }
        self.read_now();
    }

    fn stream_refused_for_good(&mut self) {
        self.stream.refused = true;
        self.lose_stream(Why::NotOffered, Blame::Nobody, self.ms(5000));
    }

    /// A good read: what refused the stream was the server, not something on the way.
    pub(super) fn confirm_stream_refusal(&mut self) {
        if std::mem::take(&mut self.stream.refused) && matches!(self.stream.state, Stream::Waiting { .. }) {
            self.stream.state = Stream::Off;
            self.note(Note::StreamLost { why: Why::NotOffered, retry_in: None });
        }
    }

    /// A read that failed: whatever refused the stream may refuse everything.
    pub(super) fn withdraw_stream_refusal(&mut self) {
        self.stream.refused = false;
    }
}
