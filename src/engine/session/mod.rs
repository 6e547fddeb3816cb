//! The session: decides everything about how one generation is followed. It does nothing itself.
//!
//! Two legs beside one ledger. The *stream leg* ([`stream`]) is tried for as long as streaming is possible; the *poll
//! leg* ([`poll`]) is off only while the stream has proven to be live. What either brings goes through the *ledger*,
//! which lets through only what is next. Here is the loop that holds them together: a fact goes in, then the timers
//! that ran out, then whatever is due goes out. The rules and their reasons stand in ARCHITECTURE.md.
//!
//! ```text
//! stream:  Off ──start──▶ Waiting ──time──▶ Opening ──frame──▶ Trial ──byte, nothing missing──▶ Live
//!                            ▲                 │                 │  ◀──half idle, doubt───────────│
//!                            └──lost, backoff──┴─────────────────┴────────────────────────────────┘
//! poll:    Off ──stream not live──▶ Due ──time──▶ InFlight ──answer──▶ Due, or Off if the stream is live
//! ```

mod end;
mod legs;
mod news;
mod page;
mod poll;
mod seat;
mod stream;
mod timers;
mod token;

use std::collections::VecDeque;
use std::time::Duration;

use super::backoff::Jitter;
use super::io::{Command, Input, RequestId, TokenReason, Update};
use super::ledger::Ledger;
use super::options::{Options, OptionsError};
use super::picture::{Note, Outcome, Phase, Picture};
use super::progress::Progress;
use super::span::Span;
use super::time::Moment;
use end::{Cancel, Finishing};
pub use legs::{Legs, LifeState, PollState, StreamState};
use news::Glance;
use page::PageFacts;
use poll::PollLeg;
use seat::Seat;
use stream::StreamLeg;
use token::TokenDesk;

/// One generation, followed from a start to its end.
///
/// Facts go in by [`handle`](Session::handle); then take all commands, then all updates, then ask for the next
/// wake-up. Dropping it needs no farewell: it holds no resource. Whoever runs its commands ends them.
#[derive(Debug)]
pub struct Session {
    options: Options,
    jitter: Jitter,
    now: Moment,
    life: Life,
    phase: Phase,
    ledger: Ledger,
    progress: Progress,
    stream: StreamLeg,
    poll: PollLeg,
    token: TokenDesk,
    page: PageFacts,
    seat: Seat,
    cancel: Option<Cancel>,
    marks_at: MarkTimes,
    /// No answer, 5xx or 429, on either leg, in a row.
    trouble: u32,
    last_request: u64,
    commands: VecDeque<Command>,
    updates: VecDeque<Update>,
    glance: Glance,
    shown: Picture,
}

/// What a session is doing with its life. Nothing comes back from the last two.
#[derive(Debug, PartialEq, Eq)]
enum Life {
    Idle,
    Active,
    /// No token: nothing is sent; a start goes on where it stopped.
    SignedOut,
    /// The end is known; the state is read once more.
    Finishing(Finishing),
    Ended(Outcome),
    Stopped,
}

/// When the facts behind two marks were last renewed.
#[derive(Debug, Default)]
struct MarkTimes {
    news_at: Moment,
    stalled: bool,
    resumed: bool,
    unconfirmed: bool,
}

impl Session {
    /// A session that has not started. `seed` feeds its jitter: two clients need two seeds.
    ///
    /// # Errors
    /// An option that makes no sense.
    pub fn new(options: Options, seed: u64) -> Result<Self, OptionsError> {
        options.check()?;
        let scale = Scale(options.speed);
        Ok(Session {
            jitter: Jitter::new(seed),
            now: Moment::default(),
            life: Life::Idle,
            phase: Phase::Idle,
            ledger: Ledger::new(options.page_bytes_max),
            progress: Progress::new(options.image_hosts.clone()),
            stream: StreamLeg::new(scale),
            poll: PollLeg::new(scale, options.held_wait.into()),
            token: TokenDesk::new(scale),
            page: PageFacts::default(),
            seat: Seat::default(),
            cancel: None,
            marks_at: MarkTimes::default(),
            trouble: 0,
            last_request: 0,
            commands: VecDeque::new(),
            updates: VecDeque::new(),
            glance: Glance::default(),
            shown: Picture::default(),
            options,
        })
    }

    /// Takes a fact. `now` must not go back; if it does, time stands still.
    pub fn handle(&mut self, now: Moment, input: Input<'_>) {
        if matches!(self.life, Life::Ended(_) | Life::Stopped) {
            return;
        }
        let late = self.next_wake().map_or(Span::ZERO, |wake| now - wake);
        self.now = self.now.max(now);
        self.woke(late);
        self.take(input);
        // Each timer that fires moves its own deadline; the bound only guards against a mistake here.
        for _ in 0..32 {
            let Some(timer) = self.expired() else { break };
            self.fire(timer);
        }
        self.send_what_is_due();
        self.show();
    }

    /// The next piece of work, oldest first.
    pub fn next_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    /// The next piece of news, oldest first.
    pub fn next_update(&mut self) -> Option<Update> {
        self.updates.pop_front()
    }

    /// The picture as it stands.
    #[must_use]
    pub fn picture(&self) -> &Picture {
        &self.shown
    }

    fn take(&mut self, input: Input<'_>) {
        match input {
            Input::Start => self.start(),
            Input::Stop => {
                self.close_everything();
                self.life = Life::Stopped;
            }
            Input::Wake => {}
            Input::StreamHead { id, head } => self.stream_head(id, &head),
            Input::StreamBytes { id, bytes } => self.stream_bytes(id, bytes),
            Input::StreamEnded { id, how } => self.stream_ended(id, how),
            Input::Answer { id, head, .. } if self.is_cancel(id) => self.cancel_answered(head.status),
            Input::NoAnswer { id } if self.is_cancel(id) => self.cancel_answered(0),
            Input::Answer { id, head, body } => self.read_answered(id, &head, body),
            Input::NoAnswer { id } => self.read_failed(id),
            Input::Token { ticket, answer } => self.token_answered(ticket, answer),
            Input::Seat => self.seat_came(),
            Input::Page(event) => self.page_event(event),
            Input::Cancel => self.cancel(),
        }
    }

    fn start(&mut self) {
        match self.life {
            Life::Idle => self.phase = Phase::Connecting,
            Life::SignedOut => {}
            _ => return,
        }
        self.life = Life::Active;
        self.marks_at.news_at = self.now;
        self.token.restart(self.now);
        self.begin_legs();
    }

    /// The state first, then the stream after it: so a screen that begins in the middle gets all there is in one
    /// answer. A state that does not come holds the stream up by a second at most.
    fn begin_legs(&mut self) {
        self.ask_for_seat();
        self.stream.begin(self.now + self.ms(1000));
        self.poll.begin(self.now, self.now + self.scaled(self.options.head_start));
    }

    fn send_what_is_due(&mut self) {
        if matches!(self.life, Life::Active | Life::Finishing(_)) {
            self.ask_for_token_if_due();
            self.open_stream_if_due();
            self.read_if_due();
            self.send_cancel_if_due();
        }
    }

    /// Ends whatever is under way and whatever is armed.
    fn close_everything(&mut self) {
        self.stop_stream();
        self.stop_reading();
        self.stop_cancel();
        self.leave_seat();
        self.token.forget_ask();
    }

    fn next_id(&mut self) -> RequestId {
        self.last_request += 1;
        RequestId(self.last_request)
    }

    fn command(&mut self, command: Command) {
        self.commands.push_back(command);
    }

    fn note(&mut self, note: Note) {
        self.updates.push_back(Update::Note(note));
    }

    /// `ms` milliseconds, as time goes here.
    fn ms(&self, ms: u64) -> Span {
        Scale(self.options.speed).ms(ms)
    }

    fn scaled(&self, duration: Duration) -> Span {
        Scale(self.options.speed).of(duration.into())
    }

    /// Any good answer, on either leg: the server is there, and takes our token.
    fn good_answer(&mut self, token: u64) {
        self.page.offline = None;
        self.token.accepted(token);
    }

    /// The server refused the token that a request was sent with.
    fn token_rejected(&mut self, token: u64) {
        if token < self.token.number() || self.token.blocks() {
            return; // There is a newer one, or it is asked for: the request is sent again with that.
        }
        if self.token.is_suspect() {
            self.sign_out();
        } else {
            self.token.reject();
            self.token.want(self.now, TokenReason::Rejected);
        }
    }

    fn sign_out(&mut self) {
        if self.is_finishing() {
            // The end is known; only its detail could not be read.
            return self.finish_timed_out();
        }
        if self.is_cancelling() {
            self.note(Note::CancelFailed { status: 401 });
        }
        self.close_everything();
        self.life = Life::SignedOut;
    }
}

/// How time is divided: 1, but in tests.
#[derive(Clone, Copy, Debug)]
struct Scale(f64);

impl Scale {
    fn ms(self, ms: u64) -> Span {
        self.of(Span::from_millis(ms))
    }

    fn of(self, span: Span) -> Span {
        span.mul_f64(1.0 / self.0)
    }
}
