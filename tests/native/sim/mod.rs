//! A simulated world around one session: server, network, page and token provider, in virtual time.
//!
//! Everything is decided by the script and the seed. After every step the invariants of the session are checked.

mod server;
mod watch;

use generation_screen::engine::Span;
use std::collections::{BTreeMap, BTreeSet};

use generation_screen::engine::{
    Command, Input, Moment, Options, Outcome, PageEvent, Phase, RequestId, ResponseHead, Session, StreamEnd,
    TokenAnswer, Update,
};

pub(crate) use server::{Job, Reply, Server};
use watch::Watch;

/// How long a message takes from one end to the other.
const LATENCY: Span = Span::from_millis(20);

pub(crate) fn secs(seconds: f64) -> Span {
    Span::from_ms(seconds * 1000.0)
}

/// What the network does to one stream.
#[derive(Clone)]
pub(crate) struct StreamFault {
    /// Instead of an event stream.
    pub(crate) reply: Option<Reply>,
    /// Nothing of the body comes before that long after the opening.
    pub(crate) hold_for: Span,
    /// Nothing more comes from that time of the world on; the socket stays open.
    pub(crate) mute_from: Option<Span>,
    /// It ends that long after it was opened, in this way.
    pub(crate) ends_after: Option<(Span, StreamEnd)>,
    /// The last event before the end is cut in the middle.
    pub(crate) cut_mid_event: bool,
    /// Events with these numbers are left out.
    pub(crate) lost_seqs: BTreeSet<u64>,
    /// Bytes of a chunk.
    pub(crate) chunk_bytes: usize,
}

impl Default for StreamFault {
    fn default() -> Self {
        StreamFault {
            reply: None,
            hold_for: Span::ZERO,
            mute_from: None,
            ends_after: None,
            cut_mid_event: false,
            lost_seqs: BTreeSet::new(),
            chunk_bytes: usize::MAX,
        }
    }
}

/// What happens to each request, by the time at which it is sent and how many of its kind came before.
pub(crate) struct Script {
    pub(crate) job: Job,
    pub(crate) stream: Box<dyn Fn(Span, u32) -> StreamFault>,
    pub(crate) read: Box<dyn Fn(Span, u32) -> Option<Reply>>,
    pub(crate) token: Box<dyn Fn(Span, u32) -> Option<TokenAnswer>>,
    /// Whether the server takes the token of this number at this time.
    pub(crate) token_valid: Box<dyn Fn(Span, u64) -> bool>,
    pub(crate) page: Vec<(Span, PageEvent)>,
    pub(crate) cancel_at: Option<Span>,
}

impl Default for Script {
    fn default() -> Self {
        Script {
            job: Job::default(),
            stream: Box::new(|_, _| StreamFault::default()),
            read: Box::new(|_, _| None),
            token: Box::new(|_, _| Some(TokenAnswer::Fresh { expires_in: None })),
            token_valid: Box::new(|_, _| true),
            page: Vec::new(),
            cancel_at: None,
        }
    }
}

enum Delivery {
    Head(RequestId, ResponseHead),
    Bytes(RequestId, Vec<u8>),
    End(RequestId, StreamEnd),
    Answer(RequestId, ResponseHead, Vec<u8>),
    NoAnswer(RequestId),
    Token(u64, TokenAnswer),
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
}

pub(crate) struct World {
    pub(crate) now: Span,
    pub(crate) session: Session,
    pub(crate) watch: Watch,
    pub(crate) server: Server,
    script: Script,
    queue: BTreeMap<(Span, u64), Delivery>,
    queued: u64,
    tokens: u64,
    token_asks: u32,
    streams: u32,
    reads: u32,
}

impl World {
    pub(crate) fn new(script: Script, seed: u64) -> Self {
        let session = Session::new(Options::default(), seed).expect("the default options make sense");
        let server = Server::new(&script.job);
        let mut world = World {
            now: Span::ZERO,
            session,
            watch: Watch::default(),
            server,
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
        world.input(Input::Start);
        world
    }

    /// Runs until the session has ended, or `until`; whatever is still on its way after an end arrives, too.
    pub(crate) fn run_to(&mut self, until: Span) -> &mut Self {
        loop {
            let wake = self.session.next_wake().map(Moment::since_origin);
            let delivery = self.queue.first_key_value().map(|((at, _), _)| *at);
            let next = match (wake, delivery) {
                (Some(wake), Some(delivery)) => wake.min(delivery),
                (Some(at), None) | (None, Some(at)) => at,
                (None, None) => break,
            };
            if next > until {
                break;
            }
            self.now = self.now.max(next);
            if delivery.is_some_and(|at| at <= self.now) {
                let (_, delivery) = self.queue.pop_first().expect("there is one");
                self.deliver(delivery);
            } else {
                self.input(Input::Wake);
            }
        }
        self.now = self.now.max(until);
        self
    }

    /// The page sleeps: nothing is delivered and nobody wakes until then.
    pub(crate) fn sleep_to(&mut self, until: Span) {
        self.queue.retain(|(at, _), _| *at > until);
        self.now = until;
        self.input(Input::Wake);
    }

    pub(crate) fn outcome(&self) -> Option<Outcome> {
        match self.session.picture().phase {
            Phase::Ended(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// It ended as a whole page, byte by byte the server's.
    #[track_caller]
    pub(crate) fn is_complete(&self) {
        assert_eq!(self.outcome(), Some(Outcome::Complete), "{}", self.watch.timeline());
        let theirs = self.server.html_of(self.session.picture().run, self.now);
        assert!(self.watch.html == theirs, "the page is the server's");
    }

    pub(crate) fn input(&mut self, input: Input<'_>) {
        let now = Moment::new(self.now);
        self.session.handle(now, input);
        while let Some(command) = self.session.next_command() {
            self.watch.command(self.now, &command);
            self.perform(command);
        }
        while let Some(update) = self.session.next_update() {
            if let Update::Picture(picture) = &update {
                assert_eq!(**picture, *self.session.picture());
            }
            self.watch.update(self.now, update);
        }
        self.watch.check(self.now, &self.session, &self.server);
    }

    fn post(&mut self, at: Span, delivery: Delivery) {
        self.queued += 1;
        self.queue.insert((at, self.queued), delivery);
    }

    fn deliver(&mut self, delivery: Delivery) {
        match delivery {
            Delivery::Head(id, head) => self.input(Input::StreamHead { id, head }),
            Delivery::Bytes(id, bytes) => {
                self.watch.byte_at = self.now;
                self.input(Input::StreamBytes { id, bytes: &bytes });
            }
            Delivery::End(id, how) => {
                self.watch.closed(id);
                self.input(Input::StreamEnded { id, how });
            }
            Delivery::Answer(id, head, body) => {
                self.watch.closed(id);
                self.input(Input::Answer { id, head, body: &body });
            }
            Delivery::NoAnswer(id) => {
                self.watch.closed(id);
                self.input(Input::NoAnswer { id });
            }
            Delivery::Token(ticket, answer) => {
                if matches!(answer, TokenAnswer::Fresh { .. }) {
                    self.tokens += 1;
                }
                self.input(Input::Token { ticket, answer });
            }
            Delivery::Page(event) => self.input(Input::Page(event)),
            Delivery::Cancel => self.input(Input::Cancel),
        }
    }

    fn perform(&mut self, command: Command) {
        match command {
            Command::OpenStream { id, last_event_id } => self.open_stream(id, last_event_id.as_deref()),
            Command::Read { id, if_none_match, html_from, wait, .. } => {
                self.read(id, if_none_match.as_deref(), html_from, wait);
            }
            Command::PostCancel { id, .. } => {
                self.server.cancel(self.now + LATENCY);
                let head = ResponseHead { status: 202, ..ResponseHead::default() };
                self.post(self.now + LATENCY * 2, Delivery::Answer(id, head, Vec::new()));
                // Streams that are open hear of it.
                let ids: Vec<_> = self.watch.open_streams.iter().copied().collect();
                for id in ids {
                    let rest = self.server.frames_after(self.now, self.server.seq_at(self.now));
                    self.queue.retain(|_, d| !matches!(d, Delivery::Bytes(of, _) if *of == id));
                    for (at, frame) in rest {
                        self.post(at + LATENCY, Delivery::Bytes(id, frame.into_bytes()));
                    }
                }
            }
            Command::Abort { id } => self.queue.retain(|_, delivery| delivery.request() != Some(id)),
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
        let (frames, mut end) = self.server.stream(opened, last_event_id);
        if let Some((after, how)) = fault.ends_after
            && end.is_none_or(|(at, _)| self.now + after < at)
        {
            end = Some((self.now + after, how));
        }
        self.post(opened + LATENCY, Delivery::Head(id, Server::stream_head()));
        let mut last = None;
        for (at, seq, frame) in frames {
            let at = (at + LATENCY).max(opened + fault.hold_for) + LATENCY;
            let over = end.is_some_and(|(end, _)| at > end);
            if over || fault.mute_from.is_some_and(|mute| at >= mute) {
                last = last.or(Some((at, frame)));
                continue;
            }
            if fault.lost_seqs.contains(&seq) {
                continue;
            }
            for chunk in frame.as_bytes().chunks(fault.chunk_bytes) {
                self.post(at, Delivery::Bytes(id, chunk.to_vec()));
            }
        }
        if let Some((at, how)) = end {
            if let (true, Some((_, frame))) = (fault.cut_mid_event, last) {
                self.post(at, Delivery::Bytes(id, frame.as_bytes()[..frame.len() / 2].to_vec()));
            }
            self.post(at + LATENCY, Delivery::End(id, how));
        }
    }

    fn read(&mut self, id: RequestId, etag: Option<&str>, html_from: u64, wait: Option<Span>) {
        let scripted = (self.script.read)(self.now, self.reads);
        self.reads += 1;
        let arrives = self.now + LATENCY;
        let (at, reply) = match self.unauthorized().or(scripted) {
            Some(reply) => (arrives, reply),
            None => self.server.read(arrives, etag, html_from, wait),
        };
        match reply {
            Reply::Never => {}
            Reply::Broken => self.post(at + LATENCY, Delivery::NoAnswer(id)),
            Reply::Head(head, body) => self.post(at + LATENCY, Delivery::Answer(id, head, body)),
        }
    }
}
