//! The states of the table, and the shortest way into each. Judges nothing.

use generation_screen::engine::{
    Command, Input, Legs, LifeState, Moment, Options, PageEvent, PollState, RequestId, ResponseHead, Session,
    Span, StreamState, TokenAnswer, Update,
};

/// A session somewhere on its way, and what it has out.
pub(super) struct Situation {
    pub(super) session: Session,
    pub(super) now: Span,
    pub(super) stream: RequestId,
    pub(super) read: RequestId,
    pub(super) ticket: u64,
    pub(super) commands: Vec<Command>,
    pub(super) updates: Vec<Update>,
}

/// A column: a state, how it is reached, and whether one stands in it.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) reach: fn() -> Situation,
    pub(super) stands: fn(Legs) -> bool,
}

const fn column(name: &'static str, reach: fn() -> Situation, stands: fn(Legs) -> bool) -> Column {
    Column { name, reach, stands }
}

pub(super) const STREAMS: &[Column] = &[
    column("Off", due, |legs| legs.stream == StreamState::Off && legs.poll == PollState::Due),
    column("Waiting, no seat", seatless, |legs| {
        legs.stream == StreamState::Waiting && legs.poll == PollState::Due
    }),
    column("Waiting", waiting, |legs| legs.stream == StreamState::Waiting && legs.poll == PollState::Due),
    column("Opening", opening, |legs| legs.stream == StreamState::Opening && legs.poll == PollState::Due),
    column("Trial", trial, |legs| legs.stream == StreamState::Trial && legs.poll == PollState::Due),
    column("Live", live, |legs| legs.stream == StreamState::Live && legs.poll == PollState::Off),
];

pub(super) const POLLS: &[Column] = &[
    column("Due", due, |legs| legs.poll == PollState::Due),
    column("Reading", reading, |legs| legs.poll == PollState::Reading),
    column("Held", held, |legs| legs.poll == PollState::Held),
    column("Off", live, |legs| legs.poll == PollState::Off),
];

pub(super) const LIVES: &[Column] = &[
    column("Idle", Situation::new, |legs| legs.life == LifeState::Idle),
    column("asking for a token", asking, |legs| legs.life == LifeState::Active),
    column("Signed out", signed_out, |legs| legs.life == LifeState::SignedOut),
    column("left (`pagehide`)", away, |legs| {
        legs.life == LifeState::Active && legs.stream == StreamState::Off
    }),
    column("Finishing", finishing, |legs| legs.life == LifeState::Finishing),
    column("Ended", ended, |legs| legs.life == LifeState::Ended),
];

impl Situation {
    fn new() -> Self {
        Situation {
            session: Session::new(Options::default(), 13).expect("the default options make sense"),
            now: Span::ZERO,
            stream: RequestId(u64::MAX),
            read: RequestId(u64::MAX),
            ticket: u64::MAX,
            commands: Vec::new(),
            updates: Vec::new(),
        }
    }

    /// What was said before does not count.
    pub(super) fn clear(&mut self) {
        self.commands.clear();
        self.updates.clear();
    }

    pub(super) fn give(&mut self, input: &Input<'_>) {
        self.session.handle(Moment::new(self.now), input.clone());
        while let Some(command) = self.session.next_command() {
            match &command {
                Command::OpenStream { id, .. } => self.stream = *id,
                Command::Read { id, .. } => self.read = *id,
                Command::AskToken { ticket, .. } => self.ticket = *ticket,
                _ => {}
            }
            self.commands.push(command);
        }
        while let Some(update) = self.session.next_update() {
            self.updates.push(update);
        }
    }

    pub(super) fn after(&mut self, ms: u64) -> &mut Self {
        self.now = self.now + Span::from_millis(ms);
        self
    }

    pub(super) fn bytes(&mut self, text: &str) {
        let id = self.stream;
        self.give(&Input::StreamBytes { id, bytes: text.as_bytes() });
    }

    /// The stream's answer.
    pub(super) fn head(&mut self, status: u16, content_type: &str, retry_after: Option<&str>) {
        let head = head(status, content_type, retry_after);
        self.give(&Input::StreamHead { id: self.stream, head });
    }

    /// The answer to the read.
    pub(super) fn answer(&mut self, status: u16, content_type: &str, retry_after: Option<&str>, body: &str) {
        let head = head(status, content_type, retry_after);
        self.give(&Input::Answer { id: self.read, head, body: body.as_bytes() });
    }

    /// A state, whole or from where ours ends.
    pub(super) fn state(&mut self, run: u64, seq: u64, status: &str) {
        let html = "\"html\": {\"from\": 0, \"len\": 3, \"text\": \"<p>\"}";
        let body = format!("{{\"run\": {run}, \"seq\": {seq}, \"status\": \"{status}\", {html}}}");
        self.answer(200, "application/json", None, &body);
    }
}

fn head(status: u16, content_type: &str, retry_after: Option<&str>) -> ResponseHead {
    ResponseHead {
        status,
        content_type: Some(content_type.to_owned()),
        etag: Some("\"1-3\"".to_owned()),
        retry_after: retry_after.map(str::to_owned),
    }
}

pub(super) const HELLO: &str =
    "data: {\"type\":\"hello\",\"run\":1,\"after\":3,\"head\":3,\"heartbeat_ms\":15000}\n\n";

fn started() -> Situation {
    let mut situation = Situation::new();
    situation.give(&Input::Start);
    situation
}

fn asking() -> Situation {
    let mut situation = started();
    situation.give(&Input::Seat);
    situation
}

/// The state was read, and the stream is open but for its answer.
fn opened() -> Situation {
    read(asking())
}

/// The same, but all seats are taken.
fn seatless() -> Situation {
    let mut situation = read(started());
    situation.after(1000).give(&Input::Wake);
    situation
}

fn read(mut situation: Situation) -> Situation {
    let ticket = situation.ticket;
    situation.after(10).give(&Input::Token { ticket, answer: TokenAnswer::Fresh { expires_in: None } });
    situation.after(20).state(1, 3, "running");
    situation
}

fn opening() -> Situation {
    let mut situation = opened();
    situation.after(20).head(200, "text/event-stream", None);
    situation
}

fn trial() -> Situation {
    let mut situation = opening();
    situation.after(10).bytes(HELLO);
    situation
}

fn live() -> Situation {
    let mut situation = trial();
    situation.after(1000).bytes(HELLO);
    situation
}

fn waiting() -> Situation {
    let mut situation = opened();
    situation.after(20).head(503, "text/plain", None);
    situation
}

/// There is no stream; the next read is some time away.
fn due() -> Situation {
    let mut situation = opened();
    situation.after(20).head(404, "application/problem+json", None);
    situation.after(500).give(&Input::Wake);
    situation.after(20).state(1, 3, "running");
    situation
}

/// To the read that comes next.
fn next_read(mut situation: Situation) -> Situation {
    let wake = situation.session.next_wake().expect("a read is due");
    situation.now = wake.since_origin();
    situation.give(&Input::Wake);
    situation
}

fn held() -> Situation {
    next_read(due())
}

fn reading() -> Situation {
    let mut situation = due();
    situation.after(1000).give(&Input::Page(PageEvent::Visible));
    situation
}

fn signed_out() -> Situation {
    let mut situation = asking();
    let ticket = situation.ticket;
    situation.after(10).give(&Input::Token { ticket, answer: TokenAnswer::Refused });
    situation
}

fn away() -> Situation {
    let mut situation = live();
    situation.after(1000).give(&Input::Page(PageEvent::PageHide));
    situation
}

fn finishing() -> Situation {
    let mut situation = live();
    situation.after(1000).bytes("data: {\"seq\":4,\"type\":\"done\",\"html_len\":3}\n\n");
    situation
}

fn ended() -> Situation {
    let mut situation = finishing();
    situation.after(20).state(1, 4, "done");
    situation
}
