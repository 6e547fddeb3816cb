//! What is seen from outside: every request, every word to the screen; and the invariants that hold at each step,
//! whatever server, network and page do.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use generation_screen::engine::{
    Command, Connection, Input, Note, Phase, RequestId, ResponseHead, Session, Span, Update,
};

use crate::script::secs;
use crate::server::Server;
use crate::words;

/// Stream attempts, reads and tokens in any 60 s.
pub const STREAMS_MAX: usize = 10;
/// See [`STREAMS_MAX`].
pub const READS_MAX: usize = 75;
/// See [`STREAMS_MAX`].
pub const TOKENS_MAX: usize = 6;
/// *Live* is never said over a longer silence: half the idle time at a heartbeat of 15 s.
const LIVE_SILENCE_MAX: Span = Span::from_millis(18_750);
/// *Polling* is never said when the last good answer is older: a hidden page reads each minute, and waits for a held one.
const POLLING_SILENCE_MAX: Span = Span::from_secs(97);

/// What was seen, and what must hold of it.
#[derive(Default)]
pub struct Watch {
    /// The page as the screen has it.
    pub html: String,
    /// How often it was taken back.
    pub resets: u32,
    /// When streams were opened.
    pub streams: Vec<Span>,
    /// When the state was read.
    pub reads: Vec<Span>,
    /// When tokens were asked for.
    pub token_asks: Vec<Span>,
    /// How often the cancel was sent.
    pub cancels: u32,
    /// All notes.
    pub notes: Vec<Note>,
    /// What the connection was said to be, and since when.
    pub connections: Vec<(Span, Connection)>,
    /// When the first byte of the page was shown.
    pub content_at: Option<Span>,
    /// When it ended.
    pub ended_at: Option<Span>,
    /// What each stream was asked to go on after.
    pub last_event_ids: Vec<Option<String>>,
    /// Reads of whatever there is, after the first.
    pub unconditional_reads: usize,
    /// Facts that were handed in.
    pub steps: u64,
    /// Streams that are open.
    pub open_streams: BTreeSet<RequestId>,
    open_reads: BTreeSet<RequestId>,
    open_posts: BTreeSet<RequestId>,
    cancel_key: Option<String>,
    last_read: Option<Span>,
    byte_at: Span,
    good_answer_at: Span,
    asking_since: Option<Span>,
    has_seat: Option<bool>,
    run: u64,
    /// Bytes of `html` that are known to be the server's.
    checked: usize,
    minutes: [Minute; 3],
    /// Whether what happens is written down in words.
    tells: bool,
}

/// How often something happened in the last 60 s.
#[derive(Default)]
struct Minute(VecDeque<Span>);

impl Minute {
    fn note(&mut self, now: Span) -> usize {
        while self.0.front().is_some_and(|first| *first + secs(60.0) <= now) {
            self.0.pop_front();
        }
        self.0.push_back(now);
        self.0.len()
    }
}

impl Watch {
    /// One that prints what happens as it happens, or does not: in a panic nothing is lost that was printed.
    #[must_use]
    pub fn new(tells: bool) -> Self {
        Watch { tells, ..Watch::default() }
    }

    /// Requests of both legs so far.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.streams.len() + self.reads.len()
    }

    /// Most requests of both legs in any 60 s.
    #[must_use]
    pub fn requests_in_a_minute_max(&self) -> usize {
        let mut times: Vec<Span> = self.streams.iter().chain(&self.reads).copied().collect();
        times.sort_unstable();
        let mut minute = Minute::default();
        times.into_iter().map(|at| minute.note(at)).max().unwrap_or(0)
    }

    /// Whether it was ever said to be live.
    #[must_use]
    pub fn was_live(&self) -> bool {
        self.connections.iter().any(|(_, connection)| *connection == Connection::Live)
    }

    /// Whether it has a seat, or waits for one.
    #[must_use]
    pub fn has_seat(&self) -> bool {
        self.has_seat.is_some()
    }

    fn write(&self, now: Span, sign: &str, line: impl FnOnce() -> Option<String>) {
        if self.tells
            && let Some(line) = line()
        {
            println!("{:9.3} {sign}{line}", Duration::from(now).as_secs_f64());
        }
    }

    pub(crate) fn input(&mut self, now: Span, input: &Input<'_>) {
        self.steps += 1;
        match input {
            Input::StreamBytes { id, .. } if self.open_streams.contains(id) => self.byte_at = now,
            Input::Answer { id, head: ResponseHead { status: 200 | 204 | 304, .. }, .. }
                if self.open_reads.contains(id) =>
            {
                self.good_answer_at = now;
            }
            Input::Token { .. } | Input::Start => self.asking_since = None,
            _ => {}
        }
        self.write(now, "  ", || words::input(input));
        match input {
            Input::StreamEnded { id, .. } | Input::Answer { id, .. } | Input::NoAnswer { id } => {
                self.closed(*id);
            }
            _ => {}
        }
    }

    pub(crate) fn command(&mut self, now: Span, command: &Command) {
        self.write(now, "▶ ", || Some(words::command(command)));
        let closes = matches!(command, Command::Abort { .. } | Command::LeaveSeat);
        assert!(self.ended_at.is_none_or(|at| at == now && closes), "after the end: {command:?}");
        match command {
            Command::OpenStream { id, last_event_id } => {
                self.last_event_ids.push(last_event_id.clone());
                assert_eq!(self.has_seat, Some(true), "a stream needs a seat");
                self.streams.push(now);
                self.open_streams.insert(*id);
                assert!(self.minutes[0].note(now) <= STREAMS_MAX, "too many stream attempts in a minute");
            }
            Command::Read { id, alone, wait, if_none_match, .. } => {
                self.unconditional_reads += usize::from(if_none_match.is_none() && !self.reads.is_empty());
                assert_eq!(*alone, self.has_seat != Some(true), "it is said whether there is a seat");
                assert!(wait.is_none() || !alone, "a read without a seat is not held");
                let apart = self.last_read.replace(now).map_or(Span::MAX, |last| now - last);
                assert!(apart >= secs(0.499), "reads are half a second apart");
                self.reads.push(now);
                self.open_reads.insert(*id);
                assert!(self.minutes[1].note(now) <= READS_MAX, "too many reads in a minute");
            }
            Command::Abort { id } => self.closed(*id),
            Command::AskToken { .. } => {
                let since = self.asking_since.replace(now);
                assert!(since.is_none_or(|since| now - since >= secs(10.0)), "one token at a time");
                self.token_asks.push(now);
                assert!(self.minutes[2].note(now) <= TOKENS_MAX, "too many tokens in a minute");
            }
            Command::AskSeat => {
                assert_eq!(self.has_seat, None, "one seat at a time");
                self.has_seat = Some(false);
            }
            Command::LeaveSeat => {
                assert!(self.has_seat.take().is_some(), "what it left it had asked for");
                let open = [&self.open_streams, &self.open_reads];
                assert!(open.iter().all(|open| open.is_empty()), "what needs the seat is closed before");
            }
            Command::PostCancel { id, idempotency_key } => {
                let key = self.cancel_key.get_or_insert_with(|| idempotency_key.clone());
                assert_eq!(key, idempotency_key, "one wish, one key");
                self.cancels += 1;
                self.open_posts.insert(*id);
                assert_eq!(self.open_posts.len(), 1, "one cancel at a time");
            }
        }
    }

    pub(crate) fn seat_came(&mut self) {
        self.has_seat = Some(true);
    }

    fn closed(&mut self, id: RequestId) {
        self.open_streams.remove(&id);
        self.open_reads.remove(&id);
        self.open_posts.remove(&id);
    }

    pub(crate) fn update(&mut self, now: Span, update: Update) {
        self.write(now, "◀ ", || words::update(&update));
        match update {
            Update::Html(text) => {
                self.html.push_str(&text);
                self.content_at.get_or_insert(now);
            }
            Update::HtmlReset => {
                self.html.clear();
                self.checked = 0;
                self.resets += 1;
            }
            Update::Picture(picture) => {
                if self.connections.last().is_none_or(|(_, last)| *last != picture.connection) {
                    self.connections.push((now, picture.connection));
                }
                assert!(picture.run >= self.run, "runs only go up");
                self.run = picture.run;
                if matches!(picture.phase, Phase::Ended(_)) {
                    assert!(self.ended_at.is_none(), "it ends once");
                    self.ended_at = Some(now);
                }
            }
            Update::Note(note) => self.notes.push(note),
        }
    }

    /// The page is loaded anew: what was shown is gone.
    pub(crate) fn reloaded(&mut self) {
        self.html.clear();
        (self.checked, self.run, self.has_seat, self.asking_since) = (0, 0, None, None);
        self.open_streams.clear();
        self.open_reads.clear();
        self.open_posts.clear();
        // The limits are a session's.
        self.minutes = Default::default();
        self.last_read = None;
    }

    /// What holds after every step.
    pub(crate) fn check(&mut self, now: Span, session: &Session, server: &Server) {
        assert!(self.open_streams.len() <= 1 && self.open_reads.len() <= 1, "two requests at most");
        let wakes = session.next_wake();
        assert!(
            wakes.is_none_or(|at| at.since_origin() > now),
            "it wants to be woken in the past: {wakes:?}"
        );
        if self.ended_at.is_some() {
            let requests = [&self.open_streams, &self.open_reads, &self.open_posts];
            let over = wakes.is_none() && requests.iter().all(|open| open.is_empty());
            assert!(over && self.has_seat.is_none(), "something is left after the end");
            return;
        }
        match session.picture().connection {
            Connection::Live => {
                assert!(now - self.byte_at <= LIVE_SILENCE_MAX, "live is said over silence");
            }
            Connection::Polling { .. } => {
                let silence = now - self.good_answer_at;
                assert!(silence <= POLLING_SILENCE_MAX, "polling is said over silence");
            }
            _ => {}
        }
        let theirs = server.html_of(session.picture().run, now);
        let new = self.checked..self.html.len();
        let is_theirs = theirs.get(new.clone()) == self.html.get(new.clone());
        assert!(is_theirs, "bytes {new:?} of what is shown are not the server's");
        self.checked = new.end;
    }
}
