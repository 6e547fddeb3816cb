//! The loop of one run: the next thing that happens is handed to the session, and what it asks for is done.

use std::collections::BTreeMap;

use generation_screen::engine::{
    Command, Input, Moment, Options, Outcome, PageEvent, Phase, RequestId, ResponseHead, Session, Span,
    StreamEnd, TokenAnswer, Update,
};

use crate::path::arrivals;
use crate::script::{ReadFault, Reply, Script};
use crate::server::Server;
use crate::watch::Watch;

/// How long a message takes from one end to the other.
pub const LATENCY: Span = Span::from_millis(20);

enum Delivery {
    Head(RequestId, ResponseHead),
    Bytes(RequestId, Vec<u8>),
    End(RequestId, StreamEnd),
    Answer(RequestId, ResponseHead, Vec<u8>),
    NoAnswer(RequestId),
    Token(u64, TokenAnswer),
    Seat,
    Page(PageEvent),
    Cancel,
}

impl Delivery {
    fn request(&self) -> Option<RequestId> {
        match self {
            Delivery::Head(id, _)
            | Delivery::Bytes(id, _)
            | Delivery::End(id, _)
            | Delivery::Answer(id, ..)
            | Delivery::NoAnswer(id) => Some(*id),
            _ => None,
        }
    }

    fn as_input(&self) -> Input<'_> {
        match self {
            Delivery::Head(id, head) => Input::StreamHead { id: *id, head: head.clone() },
            Delivery::Bytes(id, bytes) => Input::StreamBytes { id: *id, bytes },
            Delivery::End(id, how) => Input::StreamEnded { id: *id, how: *how },
            Delivery::Answer(id, head, body) => Input::Answer { id: *id, head: head.clone(), body },
            Delivery::NoAnswer(id) => Input::NoAnswer { id: *id },
            Delivery::Token(ticket, answer) => Input::Token { ticket: *ticket, answer: *answer },
            Delivery::Seat => Input::Seat,
            Delivery::Page(event) => Input::Page(*event),
            Delivery::Cancel => Input::Cancel,
        }
    }
}

/// One run: a session, and all that happens to it.
pub struct World {
    /// What time it is.
    pub now: Span,
    /// The session.
    pub session: Session,
    /// What was seen of it.
    pub watch: Watch,
    /// The truth.
    pub server: Server,
    /// What the run was made from.
    pub seed: u64,
    script: Script,
    queue: BTreeMap<(Span, u64), Delivery>,
    queued: u64,
    tokens: u64,
    token_asks: u32,
    streams: u32,
    reads: u32,
}

impl World {
    /// A world in which the session has just started.
    #[must_use]
    pub fn new(script: Script, seed: u64, tells: bool) -> Self {
        let mut world = World {
            now: Span::ZERO,
            session: session(seed),
            watch: Watch::new(tells),
            server: Server::new(&script.job),
            seed,
            queue: BTreeMap::new(),
            queued: 0,
            tokens: 0,
            token_asks: 0,
            streams: 0,
            reads: 0,
            script,
        };
        for (at, event) in world.script.page.clone() {
            world.post(at, Delivery::Page(event));
        }
        if let Some(at) = world.script.cancel_at {
            world.post(at, Delivery::Cancel);
        }
        world.input(&Input::Start);
        world
    }

    /// Runs until then; whatever is still on its way after an end arrives, too.
    pub fn run_to(&mut self, until: Span) -> &mut Self {
        loop {
            let wake = self.session.next_wake().map(Moment::since_origin);
            let delivery = self.queue.first_key_value().map(|((at, _), _)| *at);
            let Some(next) = wake.into_iter().chain(delivery).min().filter(|next| *next <= until) else {
                break;
            };
            self.now = self.now.max(next);
            if delivery.is_some_and(|at| at <= self.now) {
                let (_, delivery) = self.queue.pop_first().expect("there is one");
                self.deliver(&delivery);
            } else {
                self.input(&Input::Wake);
            }
        }
        self.now = self.now.max(until);
        self
    }

    /// The page sleeps: nothing is delivered and nobody wakes until then.
    pub fn sleep_to(&mut self, until: Span) {
        self.queue.retain(|(at, _), _| *at > until);
        self.now = until;
        self.input(&Input::Wake);
    }

    /// The page is loaded again: a new session, which knows nothing.
    pub fn reload(&mut self) {
        self.queue.retain(|_, delivery| matches!(delivery, Delivery::Page(_)));
        self.session = session(self.seed + 1);
        self.watch.reloaded();
        self.input(&Input::Start);
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        match self.session.picture().phase {
            Phase::Ended(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// It ended as a whole page, byte by byte the server's.
    ///
    /// # Panics
    /// If it did not.
    #[track_caller]
    pub fn is_complete(&self) {
        assert_eq!(self.outcome(), Some(Outcome::Complete));
        let theirs = self.server.html_of(self.session.picture().run, self.now);
        assert!(self.watch.html == theirs, "the page is the server's");
    }

    /// Hands in a fact now.
    pub fn input(&mut self, input: &Input<'_>) {
        self.watch.input(self.now, input);
        if *input == Input::Seat {
            self.watch.seat_came();
        }
        self.session.handle(Moment::new(self.now), input.clone());
        while let Some(command) = self.session.next_command() {
            self.watch.command(self.now, &command);
            self.perform(command);
        }
        while let Some(update) = self.session.next_update() {
            if let Update::Picture(picture) = &update {
                assert_eq!(**picture, *self.session.picture(), "what is told is what is so");
            }
            self.watch.update(self.now, update);
        }
        self.watch.check(self.now, &self.session, &self.server);
    }

    fn post(&mut self, at: Span, delivery: Delivery) {
        self.queued += 1;
        self.queue.insert((at, self.queued), delivery);
    }

    fn deliver(&mut self, delivery: &Delivery) {
        if let Delivery::Token(_, TokenAnswer::Fresh { .. }) = delivery {
            self.tokens += 1;
        }
        self.input(&delivery.as_input());
    }

    fn perform(&mut self, command: Command) {
        match command {
            Command::OpenStream { id, last_event_id } => self.open_stream(id, last_event_id.as_deref()),
            Command::Read { id, if_none_match, html_from, wait, .. } => {
                self.read(id, if_none_match.as_deref(), html_from, wait);
            }
            Command::PostCancel { id, .. } => self.cancel(id),
            // What is on its way may still come: half of the worlds let it.
            Command::Abort { .. } if self.seed.is_multiple_of(2) => {}
            Command::Abort { id } => self.queue.retain(|_, delivery| delivery.request() != Some(id)),
            Command::AskSeat => {
                if let Some(wait) = (self.script.seat)(self.now) {
                    self.post(self.now + wait, Delivery::Seat);
                }
            }
            Command::LeaveSeat => self.queue.retain(|_, delivery| !matches!(delivery, Delivery::Seat)),
            Command::AskToken { ticket, .. } => {
                let answer = (self.script.token)(self.now, self.token_asks);
                self.token_asks += 1;
                if let Some(answer) = answer {
                    self.post(self.now + LATENCY, Delivery::Token(ticket, answer));
                }
            }
        }
    }

    fn unauthorized(&self) -> Option<Reply> {
        (!(self.script.token_valid)(self.now, self.tokens)).then(|| Reply::status(401))
    }

    fn open_stream(&mut self, id: RequestId, last_event_id: Option<&str>) {
        let fault = (self.script.stream)(self.now, self.streams);
        self.streams += 1;
        if let Some(reply) = self.unauthorized().or(fault.reply.clone()) {
            match reply {
                Reply::Never => {}
                Reply::Broken => self.post(self.now + LATENCY, Delivery::End(id, StreamEnd::Broken)),
                Reply::Head(head, _) => self.post(self.now + LATENCY, Delivery::Head(id, head)),
            }
            return;
        }
        let opened = self.now + LATENCY;
        let (frames, end) = self.server.stream(opened, last_event_id);
        self.post(opened + LATENCY, Delivery::Head(id, Server::stream_head()));
        let (chunks, end) = arrivals(frames, end, &fault, opened, LATENCY);
        for (at, chunk) in chunks {
            self.post(at, Delivery::Bytes(id, chunk));
        }
        if let Some((at, how)) = end {
            self.post(at, Delivery::End(id, how));
        }
    }

    fn read(&mut self, id: RequestId, etag: Option<&str>, html_from: u64, wait: Option<Span>) {
        let fault = (self.script.read)(self.now, self.reads);
        self.reads += 1;
        let arrives = self.now + LATENCY;
        let wait = wait.filter(|_| !fault.does_not_hold);
        let (at, reply) = match self.unauthorized().or(fault.reply.clone()) {
            Some(reply) => (arrives, reply),
            None => match fault.as_of {
                Some(then) => (arrives, self.server.state(then, 0)),
                None => self.server.read(arrives, etag, html_from, wait),
            },
        };
        self.answer(id, arrives, at, reply, &fault);
    }

    fn answer(&mut self, id: RequestId, arrives: Span, at: Span, reply: Reply, fault: &ReadFault) {
        let (at, reply) = match fault.hold_cut_after {
            Some(after) if at > arrives + after => (arrives + after, Reply::status(504)),
            _ => (at, reply),
        };
        let at = at + fault.delay + LATENCY;
        match reply {
            Reply::Never => {}
            Reply::Broken => self.post(at, Delivery::NoAnswer(id)),
            Reply::Head(mut head, body) => {
                if fault.is_blind {
                    (head.etag, head.retry_after) = (None, None);
                }
                self.post(at, Delivery::Answer(id, head, body));
            }
        }
    }

    /// The server is told; streams that are open hear of it.
    fn cancel(&mut self, id: RequestId) {
        if let Some(reply) = (self.script.cancel)(self.watch.cancels - 1) {
            return self.answer(id, self.now, self.now + LATENCY, reply, &ReadFault::default());
        }
        self.server.cancel(self.now + LATENCY);
        let head = ResponseHead { status: 202, ..ResponseHead::default() };
        self.post(self.now + LATENCY * 2, Delivery::Answer(id, head, Vec::new()));
        let streams: Vec<_> = self.watch.open_streams.iter().copied().collect();
        for id in streams {
            self.queue.retain(|_, d| !matches!(d, Delivery::Bytes(of, _) if *of == id));
            for frame in self.server.frames_after(self.now, self.server.seq_at(self.now)) {
                self.post(frame.at + LATENCY, Delivery::Bytes(id, frame.text.into_bytes()));
            }
        }
    }
}

fn session(seed: u64) -> Session {
    Session::new(Options::default(), seed).expect("the default options make sense")
}
