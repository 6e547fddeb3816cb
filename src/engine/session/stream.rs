//! The stream leg: Off, Waiting, Opening, Trial, Live. It never gives up while streaming is possible.
//!
//! Decides when a stream is opened, whether it is live, and when it is given up. What its events say goes to the
//! ledger; what its absence means for reading the state is told to the poll leg.

use std::time::Duration;

use super::{Life, Scale, Session};
use crate::contract::{Event, Frame, Hello};
use crate::engine::backoff::Window;
use crate::engine::frame::{is_type, read_frame};
use crate::engine::io::{Command, RequestId, ResponseHead, StreamEnd, Update};
use crate::engine::ledger::Taken;
use crate::engine::picture::{Note, Outcome, Phase, Why};
use crate::engine::sse::{Decoder, Item};
use crate::engine::time::Moment;

/// The longest that a server's `Retry-After` and `retry:` are waited out.
pub(super) const TOLD_WAIT_MAX: Duration = Duration::from_secs(300);

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
    quiet: (Moment, Duration),
    /// The run of its hello.
    run: Option<u64>,
    /// The newest event that it has brought, or stepped over because we had it.
    brought: u64,
    /// Since when we know of an event that it has not brought.
    behind_since: Option<Moment>,
    idle_timeout: Duration,
    /// It was Live for 10 s.
    productive: bool,
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
    reconnection_time: Duration,
    /// A `Retry-After` of the stream: not before that.
    not_before: Moment,
    /// It waits because the server was in trouble; a good answer shortens that.
    waits_for_trouble: bool,
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
            reconnection_time: Duration::ZERO,
            not_before: Moment::default(),
            waits_for_trouble: false,
            refused: false,
        }
    }

    pub(super) fn begin(&mut self, first_attempt_at: Moment) {
        self.state = Stream::Waiting { until: first_attempt_at };
        self.refused = false;
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(&self.state, Stream::Open(c) if matches!(c.stage, Stage::Live { .. }))
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

    pub(super) fn cut_wait(&mut self, soon: Moment) {
        if let Stream::Waiting { until } = &mut self.state {
            *until = soon.min(*until);
        }
    }

    pub(super) fn cut_wait_for_trouble(&mut self, soon: Moment) {
        if self.waits_for_trouble {
            self.cut_wait(soon);
        }
    }
}

impl Connection {
    fn last_byte(&self) -> Moment {
        self.byte_at.unwrap_or(self.opened_at)
    }

    /// The page slept: silence in that time says nothing.
    pub(super) fn rearm(&mut self, now: Moment) {
        self.byte_at = self.byte_at.map(|_| now);
        self.behind_since = self.behind_since.map(|_| now);
        self.quiet.0 = now + self.quiet.1;
    }

    /// Doubt: it has to prove again that it is live. `None`: not a byte has come in all of its `patience`.
    pub(super) fn doubt(&mut self, now: Moment, patience: Duration) -> Option<()> {
        if self.byte_at.is_none() && now - self.opened_at >= patience {
            return None;
        }
        self.step_down(now);
        Some(())
    }

    pub(super) fn step_down(&mut self, now: Moment) {
        self.productive |= self.was_live_long(now, Duration::from_secs(10));
        if self.stage != Stage::Opening {
            self.stage = Stage::Trial { since: now };
        }
    }

    fn was_live_long(&self, now: Moment, long: Duration) -> bool {
        matches!(self.stage, Stage::Live { since } if now - since >= long)
    }
}

impl Session {
    // --- when ---

    pub(super) fn stream_opens_at(&self) -> Option<Moment> {
        let Stream::Waiting { until } = self.stream.state else { return None };
        let held_up = self.token.blocks()
            || self.page.away
            || self.poll.not_found_since.is_some()
            || (self.page.offline.is_some() && self.stream.attempts > 0);
        (!held_up).then(|| until.max(self.stream.not_before).max(self.stream.opened.free_at()))
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
        matches!(c.stage, Stage::Live { .. }).then(|| c.last_byte() + c.idle_timeout / 2)
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
        self.stream.waits_for_trouble = false;
        self.poll.head_start(self.now + self.scaled(self.options.head_start));
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
            idle_timeout: self.scaled(self.options.idle_timeout),
            productive: false,
        }));
        self.command(Command::OpenStream { id, last_event_id: self.ledger.event_id.clone() });
    }

    pub(super) fn stream_head(&mut self, id: RequestId, head: &ResponseHead) {
        let Some(c) = self.stream.connection().filter(|c| c.id == id) else { return };
        let token = c.token;
        if head.status == 200 && is_type(head.content_type.as_deref(), "text/event-stream") {
            c.accepted = true;
            self.good_answer(token);
            return;
        }
        self.refused_stream(head, token);
    }

    /// An answer that is no event stream. None but a 401 says anything about the generation: the state does.
    fn refused_stream(&mut self, head: &ResponseHead, token: u64) {
        let json = head.status == 200 && is_type(head.content_type.as_deref(), "application/json");
        match head.status {
            401 => {
                self.lose_stream(Why::Token, Blame::Nobody, Duration::ZERO);
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
                self.lose_stream(Why::Trouble, Blame::Server, Duration::ZERO);
                if let Some(told) = self.told_wait(head) {
                    self.stream.not_before = self.now + told;
                }
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
        if std::mem::take(&mut self.stream.refused) {
            self.stream.state = Stream::Off;
        }
    }

    /// A read that failed: whatever refused the stream may refuse everything.
    pub(super) fn withdraw_stream_refusal(&mut self) {
        self.stream.refused = false;
    }

    // --- bytes ---

    pub(super) fn stream_bytes(&mut self, id: RequestId, bytes: &[u8]) {
        let now = self.now;
        let Some(c) = self.stream.connection().filter(|c| c.id == id && c.accepted) else { return };
        c.byte_at = Some(now);
        let mut decoder = std::mem::take(&mut c.decoder);
        self.page.offline = None;
        let mut items = decoder.feed(bytes);
        while self.stream.is_current(id) {
            match items.next() {
                Ok(None) => break,
                Ok(Some(item)) => self.item(item),
                Err(_) => {
                    self.lose_stream(Why::Limit, Blame::Stream, Duration::ZERO);
                    self.read_now();
                }
            }
        }
        drop(items);
        let proof_after = self.ms(300);
        let Some(c) = self.stream.connection().filter(|c| c.id == id) else { return };
        c.decoder = decoder;
        if let Stage::Trial { since } = c.stage
            && c.behind_since.is_none()
            && now - since >= proof_after
        {
            c.stage = Stage::Live { since: now };
            self.poll.stream_is_live();
            self.abort_held_read();
            self.note(Note::StreamLive);
        }
    }

    fn item(&mut self, item: Item<'_>) {
        let now = self.now;
        if let Some(c) = self.stream.connection()
            && c.stage == Stage::Opening
        {
            c.stage = Stage::Trial { since: now };
        }
        match item {
            Item::Comment => {}
            Item::Retry(time) => self.stream.reconnection_time = time.min(TOLD_WAIT_MAX),
            Item::Event(event) => match read_frame(event.data, event.kind) {
                Some(Frame::Hello(hello)) => self.hello(&hello),
                Some(Frame::Event(e)) => self.event(e, event.id),
                None => self.gap(),
            },
        }
    }

    fn hello(&mut self, hello: &Hello) {
        if hello.run > self.ledger.run {
            self.begin_run(hello.run);
        }
        let (min, max) = (self.ms(10_000), self.ms(90_000));
        let Some(c) = self.stream.connection() else { return };
        if hello.run < self.ledger.run {
            // It belongs to an older run, whose end we have not heard: let it go.
            self.lose_stream(Why::Closed, Blame::Stream, Duration::ZERO);
            return;
        }
        if c.run.is_none() {
            c.brought = hello.after;
        }
        c.run = Some(hello.run);
        if let Some(heartbeat_ms) = hello.heartbeat_ms {
            c.idle_timeout = Duration::from_millis(heartbeat_ms.saturating_mul(5) / 2).clamp(min, max);
        }
        if hello.after > self.ledger.seq {
            self.gap();
            return;
        }
        self.progress.saw_time(hello.now.as_deref(), self.now);
        self.ledger.known_seq = self.ledger.known_seq.max(hello.head);
        self.note_what_is_known();
    }

    fn event(&mut self, event: Event, id: &str) {
        if self.ledger.run == 0 {
            self.begin_run(1);
        }
        let minute = self.ms(60_000);
        let now = self.now;
        let Some(c) = self.stream.connection() else { return };
        c.event_at = now;
        c.quiet = (now + minute, minute);
        c.brought = c.brought.max(event.seq);
        match self.ledger.take_event(&event, id) {
            Taken::New | Taken::Same => {
                self.news();
                self.progress.take_event(&event, now);
                if self.phase != Phase::Finishing {
                    self.phase = Phase::Running;
                }
                if let crate::contract::EventBody::Html { text, .. } = event.body {
                    self.updates.push_back(Update::Html(text));
                }
            }
            Taken::Stale => {}
            Taken::TooLarge => return self.end(Outcome::TooLarge),
            Taken::Gap => return self.gap(),
        }
        self.note_what_is_known();
        if self.ledger.terminal.is_some() {
            self.finish();
        }
    }

    /// Something is missing, or cannot be right: nothing more of this connection is applied.
    fn gap(&mut self) {
        self.lose_stream(Why::Malformed, Blame::StreamUnlessProductive, Duration::ZERO);
        self.read_now();
    }

    /// Compares what we know of with what the connection has brought.
    pub(super) fn note_what_is_known(&mut self) {
        let (now, known) = (self.now, self.ledger.known_seq);
        if let Some(c) = self.stream.connection() {
            c.behind_since = (known > c.brought).then(|| c.behind_since.unwrap_or(now));
        }
    }

    /// The state knows of a newer run than the connection: let it go, and open one for the new run.
    pub(super) fn drop_stream_of_older_run(&mut self, run: u64) {
        if self.stream.open().is_some_and(|c| c.stage != Stage::Opening && c.run.unwrap_or(1) < run) {
            self.reopen_stream();
        }
    }

    // --- losing ---

    pub(super) fn stream_ended(&mut self, id: RequestId, how: StreamEnd) {
        let Some(c) = self.stream.open().filter(|c| c.id == id) else { return };
        let no_answer = c.byte_at.is_none();
        let why = if how == StreamEnd::Closed { Why::Closed } else { Why::Broken };
        if no_answer {
            self.trouble += 1;
            self.lose_stream(why, Blame::Server, Duration::ZERO);
        } else {
            self.lose_stream(why, Blame::StreamUnlessProductive, Duration::ZERO);
        }
    }

    pub(super) fn stream_mute(&mut self) {
        self.lose_stream(Why::Mute, Blame::Stream, Duration::ZERO);
    }

    pub(super) fn stream_idle(&mut self) {
        self.lose_stream(Why::Idle, Blame::Stream, Duration::ZERO);
        self.read_now();
    }

    pub(super) fn stream_behind(&mut self) {
        self.lose_stream(Why::Behind, Blame::Stream, Duration::ZERO);
        self.read_now();
    }

    pub(super) fn stream_half_idle(&mut self) {
        let now = self.now;
        if let Some(c) = self.stream.connection() {
            c.step_down(now);
        }
        self.stream.why = Why::Idle;
        self.poll.stream_is_not_live(now);
    }

    pub(super) fn quiet(&mut self) {
        let (now, most) = (self.now, self.ms(300_000));
        if let Some(c) = self.stream.connection() {
            let next = (c.quiet.1 * 2).min(most);
            c.quiet = (now + next, next);
        }
        self.read_unconditionally();
    }

    /// Closes the connection without blame, and opens the next one at once.
    pub(super) fn reopen_stream(&mut self) {
        if self.stream.open().is_some() {
            self.abort_stream();
            self.stream.state = Stream::Waiting { until: self.now };
            self.poll.stream_is_not_live(self.now + self.scaled(self.options.head_start));
        }
    }

    /// An attempt that never brought a byte, and is not believed in any more.
    pub(super) fn drop_mute_attempt(&mut self) {
        self.abort_stream();
        self.stream.state = Stream::Waiting { until: self.now };
    }

    pub(super) fn stop_stream(&mut self) {
        self.abort_stream();
        self.stream.state = Stream::Off;
    }

    fn abort_stream(&mut self) {
        if let Some(id) = self.stream.open().map(|c| c.id) {
            self.command(Command::Abort { id });
        }
    }

    /// Gives the connection up and waits: `at_least`, and what `blame` costs.
    fn lose_stream(&mut self, why: Why, blame: Blame, at_least: Duration) {
        let ten_seconds = self.ms(10_000);
        let now = self.now;
        let Some(c) = self.stream.connection() else { return };
        let productive = c.productive || c.was_live_long(now, ten_seconds);
        self.abort_stream();
        self.stream.why = why;
        self.stream.waits_for_trouble = blame == Blame::Server;
        let mut wait = match blame {
            Blame::Nobody => at_least,
            Blame::StreamUnlessProductive if productive => {
                self.stream.own = 0;
                self.jitter.up_to(self.ms(1000))
            }
            Blame::Stream | Blame::StreamUnlessProductive => {
                self.stream.own += 1;
                self.stream_backoff()
            }
            Blame::Server => self.stream_backoff(),
        };
        let told = self.stream.reconnection_time;
        if !told.is_zero() && blame != Blame::Nobody {
            wait = wait.max(told + self.jitter.up_to((told / 2).max(self.ms(1000))));
        }
        self.stream.state = Stream::Waiting { until: now + wait };
        self.note(Note::StreamLost { why, retry_in: Some(wait) });
        let head_start = self.scaled(self.options.head_start);
        let spread = self.jitter.up_to(self.ms(2500));
        self.poll.stream_is_not_live(now + head_start + spread);
    }

    fn stream_backoff(&mut self) -> Duration {
        let n = self.stream.own.max(self.trouble);
        let cap = self.ms(if self.poll.last_was_good { 60_000 } else { 15_000 });
        self.ms(100) + self.jitter.full(self.ms(500), n, cap)
    }

    /// What `Retry-After` says, plus some of our own, so that not all come back at once.
    pub(super) fn told_wait(&mut self, head: &ResponseHead) -> Option<Duration> {
        let seconds: u64 = head.retry_after.as_deref()?.trim().parse().ok()?;
        let told = Duration::from_secs(seconds).min(TOLD_WAIT_MAX);
        Some(told + self.jitter.up_to((told / 2).max(self.ms(1000))))
    }
}
