//! What a run is made of: the job, and what happens to each request, by the time at which it is sent and how many of its
//! kind came before. Scripts have no memory and no clock of their own.

use std::collections::BTreeSet;

use generation_screen::engine::{PageEvent, ResponseHead, Span, StreamEnd, TokenAnswer};

use crate::path::Frame;

/// So many seconds.
#[must_use]
pub const fn secs(seconds: f64) -> Span {
    Span::from_ms(seconds * 1000.0)
}

/// What a request is answered with, if not with the truth.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Not at all.
    Never,
    /// The connection is cut.
    Broken,
    /// This.
    Head(ResponseHead, Vec<u8>),
}

impl Reply {
    /// A problem with this status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Reply::of(status, "application/problem+json", "{}")
    }

    /// A whole answer.
    #[must_use]
    pub fn of(status: u16, content_type: &str, body: &str) -> Self {
        let content_type = Some(content_type.to_owned());
        Reply::Head(
            ResponseHead { status, content_type, ..ResponseHead::default() },
            body.as_bytes().to_vec(),
        )
    }

    /// Not now.
    #[must_use]
    pub fn retry_after(status: u16, seconds: u64) -> Self {
        let retry_after = Some(seconds.to_string());
        Reply::Head(ResponseHead { status, retry_after, ..ResponseHead::default() }, Vec::new())
    }
}

/// How a stream's bytes are cut into chunks.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    /// What is sent at one time comes as one chunk.
    Not,
    /// Chunks of so many bytes.
    Every(usize),
    /// Anywhere, by this seed.
    Anywhere(u64),
}

/// Changes the frames of a stream.
pub type Edit = Box<dyn Fn(&mut Vec<Frame>)>;

/// What the network, or somebody on the way, does to one stream.
pub struct StreamFault {
    /// Instead of an event stream.
    pub reply: Option<Reply>,
    /// Nothing of the body comes before that long after the opening.
    pub hold_for: Span,
    /// What is sent from that time of the world on comes when the stream ends: a proxy that gathers the whole.
    pub gathered_from: Option<Span>,
    /// … but the first frame passes.
    pub first_passes: bool,
    /// Bytes come in lumps of that size, and the rest at the end.
    pub lump_bytes: Option<usize>,
    /// Nothing more comes from that time of the world on; the socket stays open.
    pub mute_from: Option<Span>,
    /// It ends that long after it was opened, in this way.
    pub ends_after: Option<(Span, StreamEnd)>,
    /// The last event before the end is cut in the middle.
    pub cut_mid_event: bool,
    /// Events with these numbers are left out.
    pub lost_seqs: BTreeSet<u64>,
    /// Whatever else happens to its frames.
    pub edit: Option<Edit>,
    /// Lines end with CR LF, and a byte order mark stands in front.
    pub odd_dress: bool,
    /// How it is cut.
    pub cut: Cut,
}

impl Default for StreamFault {
    fn default() -> Self {
        StreamFault {
            reply: None,
            hold_for: Span::ZERO,
            gathered_from: None,
            first_passes: false,
            lump_bytes: None,
            mute_from: None,
            ends_after: None,
            cut_mid_event: false,
            lost_seqs: BTreeSet::new(),
            edit: None,
            odd_dress: false,
            cut: Cut::Not,
        }
    }
}

/// What happens to one read of the state.
#[derive(Clone, Default)]
pub struct ReadFault {
    /// Instead of the truth.
    pub reply: Option<Reply>,
    /// The answer takes that much longer.
    pub delay: Span,
    /// The state is the one of that time.
    pub as_of: Option<Span>,
    /// `ETag` and `Retry-After` cannot be seen.
    pub is_blind: bool,
    /// A held read is answered with 504 after that time.
    pub hold_cut_after: Option<Span>,
    /// A held read is not held.
    pub does_not_hold: bool,
}

impl From<Option<Reply>> for ReadFault {
    fn from(reply: Option<Reply>) -> Self {
        ReadFault { reply, ..ReadFault::default() }
    }
}

/// What happens, and when.
pub struct Script {
    /// The work.
    pub job: Job,
    /// The n-th stream, opened at this time.
    pub stream: Box<dyn Fn(Span, u32) -> StreamFault>,
    /// The n-th read, sent at this time.
    pub read: Box<dyn Fn(Span, u32) -> ReadFault>,
    /// The provider's n-th answer; `None`: none comes.
    pub token: Box<dyn Fn(Span, u32) -> Option<TokenAnswer>>,
    /// Whether the server takes the token of this number at this time.
    pub token_valid: Box<dyn Fn(Span, u64) -> bool>,
    /// How long a seat is waited for that is asked for at this time; `None`: for ever.
    pub seat: Box<dyn Fn(Span) -> Option<Span>>,
    /// What happens to the page.
    pub page: Vec<(Span, PageEvent)>,
    /// The user cancels.
    pub cancel_at: Option<Span>,
    /// What the n-th cancel is answered with, if it is not taken.
    pub cancel: Box<dyn Fn(u32) -> Option<Reply>>,
}

impl Default for Script {
    fn default() -> Self {
        Script {
            job: Job::default(),
            stream: Box::new(|_, _| StreamFault::default()),
            read: Box::new(|_, _| ReadFault::default()),
            token: Box::new(|_, _| Some(TokenAnswer::Fresh { expires_in: None })),
            token_valid: Box::new(|_, _| true),
            seat: Box::new(|_| Some(Span::from_millis(1))),
            page: Vec::new(),
            cancel_at: None,
            cancel: Box::new(|_| None),
        }
    }
}

impl Script {
    /// One in which only streams are not as they should be.
    #[must_use]
    pub fn stream(fault: impl Fn(Span, u32) -> StreamFault + 'static) -> Self {
        Script { stream: Box::new(fault), ..Script::default() }
    }

    /// The same with this job.
    #[must_use]
    pub fn with(self, job: Job) -> Self {
        Script { job, ..self }
    }

    /// The same with these reads.
    #[must_use]
    pub fn reading<F: Into<ReadFault>>(self, fault: impl Fn(Span, u32) -> F + 'static) -> Self {
        Script { read: Box::new(move |now, n| fault(now, n).into()), ..self }
    }
}

/// How the server names an event.
pub type EventIds = fn(run: u64, seq: u64) -> String;

/// The work to be done, run after run.
#[derive(Clone, Debug)]
pub struct Job {
    /// How many pieces the page comes in.
    pub pieces: u64,
    /// When the first one comes.
    pub first_after: Span,
    /// How far apart they are.
    pub apart: Span,
    /// Nothing happens for that long after the fifth piece.
    pub pause: Span,
    /// When run 2 takes its place, if it does.
    pub restarts_at: Option<Span>,
    /// A stream that resumes begins that many events too early.
    pub replays: u64,
    /// What stands in `id:`.
    pub ids: EventIds,
}

impl Default for Job {
    fn default() -> Self {
        Job {
            pieces: 40,
            first_after: Span::from_millis(800),
            apart: Span::from_millis(500),
            pause: Span::ZERO,
            restarts_at: None,
            replays: 0,
            ids: |run, seq| format!("{run}-{seq}"),
        }
    }
}

impl Job {
    /// One whose page comes in so many pieces: half as many seconds.
    #[must_use]
    pub fn of(pieces: u64) -> Self {
        Job { pieces, ..Job::default() }
    }
}
