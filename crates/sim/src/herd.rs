//! The herd: thousands of live clients of one server that is deployed anew. All are cut at once; it is away for three
//! seconds, and then admits so many requests a second, of both legs, and refuses the rest. What is counted is what the
//! server feels, and how long people wait.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use generation_screen::engine::{
    Command, Connection, Input, Moment, Options, RequestId, ResponseHead, Session, Span, StreamEnd,
    TokenAnswer,
};

use crate::script::secs;
use crate::world::LATENCY;

/// When all are cut; long enough after the start for each stream to be a productive one.
const CUT: Span = Span::from_secs(20);
/// How long the server is away.
const AWAY: Span = Span::from_secs(3);
/// How long is watched.
const OVER: Span = Span::from_secs(140);
/// A spread of the starts, so that clients do not move in step.
const STARTS: Span = Span::from_secs(4);

/// What the server does with those that it has no room for, and what it has said before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// The connection is refused.
    Refuses,
    /// 503 with `Retry-After: 5`, also while it is away: what stands in front of it says so.
    SaysLater,
    /// The connection is refused; streams had said `retry: 10000` before the cut.
    SaidRetry,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// Most requests in any second.
    pub peak_per_s: usize,
    /// Time from the cut until 99 of 100 had content again.
    pub content_p99: Span,
    /// … and a stream that is live.
    pub stream_p99: Span,
    /// Clients that were live at the end.
    pub live_at_end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Start,
    Wake(u64),
    Deliver(RequestId, Answer),
    Token(u64),
    Seat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    StreamTaken,
    /// The n-th beat of a stream.
    Beat(u64),
    Cut,
    Refused,
    Later {
        is_stream: bool,
    },
    State,
}

struct Client {
    session: Session,
    stream: Option<RequestId>,
    read: Option<RequestId>,
    /// Counts changes of the wake-up: older ones are void.
    armed: u64,
    content_at: Option<Span>,
    live_at: Option<Span>,
}

struct Herd {
    clients: Vec<Client>,
    queue: BinaryHeap<Reverse<(Span, u64, usize, What)>>,
    queued: u64,
    now: Span,
    manner: Manner,
    admissions_per_s: usize,
    /// Requests, and admissions, in each second after the cut.
    requests: Vec<usize>,
    admitted: Vec<usize>,
}

/// Lets the herd run.
#[must_use]
pub fn run(clients: usize, admissions_per_s: usize, manner: Manner) -> Figures {
    let session =
        |n: usize| Session::new(Options::default(), n as u64).expect("the default options make sense");
    let client = |n| Client {
        session: session(n),
        stream: None,
        read: None,
        armed: 0,
        content_at: None,
        live_at: None,
    };
    let seconds = usize::try_from(OVER.as_secs()).expect("it is small") + 1;
    let mut herd = Herd {
        clients: (0..clients).map(client).collect(),
        queue: BinaryHeap::new(),
        queued: 0,
        now: Span::ZERO,
        manner,
        admissions_per_s,
        requests: vec![0; seconds],
        admitted: vec![0; seconds],
    };
    for n in 0..clients {
        let share = Span::from_micros(STARTS.as_micros() * n as u64 / clients as u64);
        herd.post(share, n, What::Start);
    }
    herd.run();
    herd.figures()
}

impl Herd {
    fn post(&mut self, at: Span, client: usize, what: What) {
        self.queued += 1;
        self.queue.push(Reverse((at, self.queued, client, what)));
    }

    fn run(&mut self) {
        let mut is_cut = false;
        while let Some(Reverse((at, _, n, what))) = self.queue.pop() {
            if at > OVER {
                break;
            }
            if !is_cut && at >= CUT {
                is_cut = true;
                self.cut_all();
            }
            self.now = at;
            match what {
                What::Wake(armed) if self.clients[n].armed != armed => {}
                What::Wake(_) => self.input(n, &Input::Wake),
                What::Start => self.input(n, &Input::Start),
                What::Seat => self.input(n, &Input::Seat),
                What::Token(ticket) => {
                    let answer = TokenAnswer::Fresh { expires_in: None };
                    self.input(n, &Input::Token { ticket, answer });
                }
                What::Deliver(id, answer) => self.deliver(n, id, answer),
            }
        }
    }

    fn cut_all(&mut self) {
        for n in 0..self.clients.len() {
            let client = &self.clients[n];
            for id in [client.stream, client.read].into_iter().flatten() {
                self.post(CUT, n, What::Deliver(id, Answer::Cut));
            }
        }
    }

    fn deliver(&mut self, n: usize, id: RequestId, answer: Answer) {
        let (is_stream, is_read) = (self.clients[n].stream == Some(id), self.clients[n].read == Some(id));
        if !is_stream && !is_read {
            return;
        }
        let json = || ResponseHead {
            status: 200,
            content_type: Some("application/json".to_owned()),
            etag: Some("\"1-1\"".to_owned()),
            ..ResponseHead::default()
        };
        let later =
            || ResponseHead { status: 503, retry_after: Some("5".to_owned()), ..ResponseHead::default() };
        match answer {
            Answer::StreamTaken => {
                let content_type = Some("text/event-stream".to_owned());
                let head = ResponseHead { status: 200, content_type, ..ResponseHead::default() };
                self.input(n, &Input::StreamHead { id, head });
                self.deliver(n, id, Answer::Beat(0));
            }
            Answer::Beat(beat) => {
                let retry = if beat == 0 && self.manner == Manner::SaidRetry { "retry: 10000\n" } else { "" };
                let hello = "{\"type\":\"hello\",\"run\":1,\"after\":1,\"head\":1,\"heartbeat_ms\":15000}";
                let bytes = format!("{retry}data: {hello}\n\n");
                self.input(n, &Input::StreamBytes { id, bytes: bytes.as_bytes() });
                let next = if beat == 0 { secs(1.0) } else { secs(15.0) };
                self.post(self.now + next, n, What::Deliver(id, Answer::Beat(beat + 1)));
                self.saw_content(n);
            }
            Answer::Cut if is_stream => self.input(n, &Input::StreamEnded { id, how: StreamEnd::Broken }),
            Answer::Refused if is_stream => self.input(n, &Input::StreamEnded { id, how: StreamEnd::Broken }),
            Answer::Cut | Answer::Refused => self.input(n, &Input::NoAnswer { id }),
            Answer::Later { is_stream: true } => self.input(n, &Input::StreamHead { id, head: later() }),
            Answer::Later { is_stream: false } => {
                self.input(n, &Input::Answer { id, head: later(), body: b"" });
            }
            Answer::State => {
                let body = br#"{"run": 1, "seq": 1, "status": "running"}"#;
                self.input(n, &Input::Answer { id, head: json(), body });
                self.saw_content(n);
            }
        }
    }

    fn saw_content(&mut self, n: usize) {
        let (now, client) = (self.now, &mut self.clients[n]);
        if now > CUT {
            client.content_at.get_or_insert(now - CUT);
        }
    }

    fn input(&mut self, n: usize, input: &Input<'_>) {
        let now = self.now;
        let client = &mut self.clients[n];
        match input {
            Input::StreamEnded { .. } => client.stream = None,
            Input::Answer { .. } | Input::NoAnswer { .. } => client.read = None,
            _ => {}
        }
        client.session.handle(Moment::new(now), input.clone());
        while client.session.next_update().is_some() {}
        if now > CUT && client.session.picture().connection == Connection::Live {
            client.live_at.get_or_insert(now - CUT);
        } else if now > CUT && client.session.picture().connection != Connection::Live {
            client.live_at = None;
        }
        while let Some(command) = self.clients[n].session.next_command() {
            self.perform(n, &command);
        }
        let client = &mut self.clients[n];
        client.armed += 1;
        let armed = client.armed;
        if let Some(wake) = client.session.next_wake() {
            self.post(wake.since_origin(), n, What::Wake(armed));
        }
    }

    fn perform(&mut self, n: usize, command: &Command) {
        match command {
            Command::OpenStream { id, .. } => {
                self.clients[n].stream = Some(*id);
                let taken = self.ask(Answer::StreamTaken, Answer::Later { is_stream: true });
                self.post(self.now + LATENCY * 2, n, What::Deliver(*id, taken));
            }
            Command::Read { id, wait, .. } => {
                self.clients[n].read = Some(*id);
                let taken = self.ask(Answer::State, Answer::Later { is_stream: false });
                let held = if taken == Answer::State { wait.unwrap_or_default() } else { Span::ZERO };
                self.post(self.now + held + LATENCY * 2, n, What::Deliver(*id, taken));
            }
            Command::Abort { id } => {
                let client = &mut self.clients[n];
                client.stream = client.stream.filter(|stream| stream != id);
                client.read = client.read.filter(|read| read != id);
            }
            Command::AskToken { ticket, .. } => self.post(self.now + LATENCY, n, What::Token(*ticket)),
            Command::AskSeat => self.post(self.now + Span::from_millis(1), n, What::Seat),
            Command::LeaveSeat | Command::PostCancel { .. } => {}
        }
    }

    /// What the server does with one more request.
    fn ask(&mut self, taken: Answer, later: Answer) -> Answer {
        let Some(since) = Some(self.now).filter(|now| *now >= CUT).map(|now| now - CUT) else { return taken };
        let second = usize::try_from(since.as_secs()).expect("it is small");
        self.requests[second] += 1;
        if since < AWAY || self.admitted[second] >= self.admissions_per_s {
            return if self.manner == Manner::SaysLater { later } else { Answer::Refused };
        }
        self.admitted[second] += 1;
        taken
    }

    fn figures(&self) -> Figures {
        let p99 = |time: fn(&Client) -> Option<Span>| {
            let mut times: Vec<Span> = self.clients.iter().map(|c| time(c).unwrap_or(Span::MAX)).collect();
            times.sort_unstable();
            times[times.len() * 99 / 100]
        };
        let live = self.clients.iter().filter(|c| c.session.picture().connection == Connection::Live);
        Figures {
            peak_per_s: self.requests.iter().copied().max().unwrap_or(0),
            content_p99: p99(|client| client.content_at),
            stream_p99: p99(|client| client.live_at),
            live_at_end: live.count(),
        }
    }
}
