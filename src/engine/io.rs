//! What goes into the session and what comes out of it: plain data, no behaviour.

use super::picture::{Note, Picture};
use super::span::Span;

/// Names one request. Answers carry the id of the request that they answer; ids are never used twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// A fact. Every one comes with the time at which it was seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Input<'a> {
    /// Begin; or, once signed out, go on where it stopped. Ignored at any other time.
    Start,
    /// The time that [`Session::next_wake`](super::Session::next_wake) named has come. Harmless at any other time.
    Wake,
    /// The stream's response began.
    StreamHead {
        /// Which stream.
        id: RequestId,
        /// What it said.
        head: ResponseHead,
    },
    /// Bytes of the stream's body, as they came.
    StreamBytes {
        /// Which stream.
        id: RequestId,
        /// At least one byte.
        bytes: &'a [u8],
    },
    /// The stream is over, or never began.
    StreamEnded {
        /// Which stream.
        id: RequestId,
        /// How.
        how: StreamEnd,
    },
    /// A read of the state, or a cancel, was answered as a whole.
    Answer {
        /// Which request.
        id: RequestId,
        /// What it said.
        head: ResponseHead,
        /// The whole body.
        body: &'a [u8],
    },
    /// A read of the state, or a cancel, was not answered, or its body was cut off.
    NoAnswer {
        /// Which request.
        id: RequestId,
    },
    /// The token provider is through.
    Token {
        /// The ticket of the [`Command::AskToken`] that this answers.
        ticket: u64,
        /// What it said.
        answer: TokenAnswer,
    },
    /// There is a seat: an answer to [`Command::AskSeat`].
    Seat,
    /// Something happened to the page.
    Page(PageEvent),
    /// The user wants the generation cancelled.
    Cancel,
    /// The screen goes away: close everything. Nothing follows.
    Stop,
}

/// How a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamEnd {
    /// The body ended. Some browsers say so of a cut one, too.
    Closed,
    /// It was cut, or the request failed.
    Broken,
}

/// What happened to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageEvent {
    /// The browser says that there is a network.
    Online,
    /// The browser says that there is none.
    Offline,
    /// The page can be seen.
    Visible,
    /// It cannot.
    Hidden,
    /// It is being left; it may come back.
    PageHide,
    /// It is shown, perhaps again.
    PageShow,
}

/// The head of a response, as far as the session cares; header values as they stood, `None` if missing or hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseHead {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
}

/// What the token provider said. The token itself stays with the shell, which counts how many it got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenAnswer {
    /// There is a new token, and the shell sends it from now on.
    Fresh {
        /// How long it lives, if that is known.
        expires_in: Option<Span>,
    },
    /// There is none for this user: signed out.
    Refused,
    /// It could not be had now, or it cannot stand in a header.
    Failed,
}

/// Why a token is asked for; the host's provider is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenReason {
    /// The first one.
    Start,
    /// The one we have expires soon.
    Expiring,
    /// The server refused the one we have.
    Rejected,
}

/// Work for the shell. It does just this, and decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `GET G/events` with the newest token.
    OpenStream {
        /// Answers carry it.
        id: RequestId,
        /// Goes as `Last-Event-ID`; may be any text without NUL, CR and LF, at most 1 KiB.
        last_event_id: Option<String>,
    },
    /// `GET G` with the newest token.
    Read {
        /// Answers carry it.
        id: RequestId,
        /// Goes as `If-None-Match`.
        if_none_match: Option<String>,
        /// Goes as `Html-From`, if not 0.
        html_from: u64,
        /// Goes as `Prefer: wait=…`, in whole seconds.
        wait: Option<Span>,
        /// There is no seat: of such reads to one origin one is sent at a time.
        alone: bool,
        /// More than that of a body is not read: then there was no answer.
        body_bytes_max: usize,
    },
    /// `POST G/cancel` with the newest token.
    PostCancel {
        /// Answers carry it.
        id: RequestId,
        /// Goes as `Idempotency-Key`.
        idempotency_key: String,
    },
    /// Abort this request, whatever it is doing. Nothing about it is told any more.
    Abort {
        /// Which.
        id: RequestId,
    },
    /// Ask for a seat: the right to keep a request open for long. Where there are connections enough it is there at
    /// once; else whenever somebody leaves one.
    AskSeat,
    /// Give the seat back, or stop asking for one.
    LeaveSeat,
    /// Ask the provider for a token.
    AskToken {
        /// The answer carries it.
        ticket: u64,
        /// Why.
        reason: TokenReason,
    },
}

/// News for the screen, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    /// The picture changed; this is the new one.
    Picture(Box<Picture>),
    /// All HTML so far is void: a new run began, or ours was wrong.
    HtmlReset,
    /// The next piece of the page.
    Html(String),
    /// For the host's log.
    Note(Note),
}
