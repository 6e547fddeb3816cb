//! What the screen is told: one value that can be drawn at any time. Holds no protocol, decides nothing.

use super::span::Span;
use super::time::Moment;
use crate::contract::{Failure, PageResult, StepState};

/// Everything about a generation but its HTML, as it stands now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Where the whole is.
    pub phase: Phase,
    /// What the connection is doing. Says nothing once `phase` is ended.
    pub connection: Connection,
    /// The steps, in the order in which they run.
    pub steps: Vec<StepView>,
    /// 0 to 1, if the server says a number; never goes back within a run.
    pub progress: Option<f64>,
    /// The newest card.
    pub card: Option<CardView>,
    /// How long the generation has been at work, by the server's times.
    pub elapsed: Option<Lapse>,
    /// Things that hold beside the phase.
    pub marks: Marks,
    /// Why it failed, in the server's words; plain text, bounded.
    pub failure: Option<Failure>,
    /// What was made. `url` is as the server sent it: see [`Picture::result`]'s user for what may be linked.
    pub result: Option<PageResult>,
    /// The run that is shown, from 1; 0 before anything is known.
    pub run: u64,
}

/// Where the whole is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Not started.
    #[default]
    Idle,
    /// Nothing heard yet.
    Connecting,
    /// The server has it, and has not begun.
    Queued,
    /// The server is at work.
    Running,
    /// The end is known; the last state is being read.
    Finishing,
    /// It is over.
    Ended(Outcome),
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The page is whole.
    Complete,
    /// The server says that it is done, but the page could not be had whole.
    Incomplete,
    /// The server says that it failed.
    Failed {
        /// Whether another run may help.
        retryable: bool,
    },
    /// Somebody cancelled it.
    Cancelled,
    /// There is no such generation, or it is somebody else's.
    NotFound,
    /// It was there once.
    Gone,
    /// The server does not let this user see it.
    Forbidden,
    /// The page is larger than [`Options::page_bytes_max`](super::Options::page_bytes_max).
    TooLarge,
}

/// What the connection is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// The first attempt is under way.
    #[default]
    Opening,
    /// Events arrive as they happen.
    Live,
    /// Nothing arrives; the next attempt is at `at`.
    Reconnecting {
        /// When.
        at: Moment,
        /// What went wrong.
        why: Why,
    },
    /// The state is read again and again.
    Polling {
        /// Why the stream does not serve.
        why: Why,
    },
    /// The browser says that there is no network.
    Offline,
    /// The token was refused, and there is no new one.
    SignedOut,
}

/// Why the stream does not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was opened, and has not proven yet that it is live.
    Unproven,
    /// It was opened, and no byte came.
    Mute,
    /// It was open, and went silent.
    Idle,
    /// It is open, but brings less than there is: something on the way holds it back.
    Behind,
    /// It was closed before the end.
    Closed,
    /// It was cut, or could not be opened.
    Broken,
    /// It brought something that cannot be right: a gap, or no JSON.
    Malformed,
    /// It went over a limit: a line, an event, an id.
    Limit,
    /// The server is busy, or in trouble.
    Trouble,
    /// Something answered that is not the server.
    WrongType,
    /// There is no stream here.
    NotOffered,
    /// The token has to be renewed first.
    Token,
    /// Other screens have the connections that may be kept open to one origin.
    Crowded,
}

/// Things that hold beside the phase; each is shown as a quiet remark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Connected, but no news for 60 s.
    pub stalled: bool,
    /// The screen began in the middle.
    pub resumed: bool,
    /// It ended without being done, and part of the page is there.
    pub partial: bool,
    /// A cancel was sent, and has not come true yet.
    pub cancelling: bool,
    /// The last read of the state failed; what is shown is whole all the same.
    pub unconfirmed: bool,
}

/// Why there is no live preview. Said by the screen's own parts, kept here with the other words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviewOff {
    /// The page is longer than the preview shows.
    TooLong,
    /// The host page's policy does not let the frame be written.
    Refused,
}

/// One step for the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct StepView {
    /// The step's short name.
    pub name: String,
    /// The server's word for it; plain text, bounded.
    pub label: Option<String>,
    /// Where it stands.
    pub state: StepState,
    /// How long it has taken, if the server's times tell.
    pub lapse: Option<Lapse>,
}

/// A duration that may still be growing: a difference of server times, plus the screen's own time since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lapse {
    /// What had passed at `since`, or in all.
    pub passed: Span,
    /// It grows since then; `None`: it is over.
    pub since: Option<Moment>,
}

impl Lapse {
    /// How long it is at `now`.
    #[must_use]
    pub fn at(&self, now: Moment) -> Span {
        self.passed + self.since.map_or(Span::ZERO, |since| now - since)
    }
}

/// The card for the screen: plain text, bounded to 500 characters an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardView {
    /// The place's name.
    pub title: String,
    /// A line under it.
    pub subtitle: Option<String>,
    /// A sentence or two.
    pub summary: Option<String>,
    /// Address of an image, if it may be shown: its host is one that the options name, or it is a small `data:` image.
    pub image: Option<String>,
}

/// Something that the host may log: what the session decided, and why. Never a token, nor a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The stream was given up; it is tried again after `retry_in`, or not at all.
    StreamLost {
        /// What went wrong.
        why: Why,
        /// How long until the next attempt; `None`: there is none.
        retry_in: Option<Span>,
    },
    /// The stream is proven to bring events as they happen.
    StreamLive,
    /// The state is read again and again from now on.
    Polling {
        /// Why the stream does not serve.
        why: Why,
    },
    /// A read of the state failed, with this status, or without an answer (0).
    ReadFailed {
        /// The HTTP status, or 0.
        status: u16,
    },
    /// Something was dropped, because it was not new or belonged to another run.
    Dropped {
        /// Its sequence number.
        seq: u64,
    },
    /// A new run began; everything of the old one was let go.
    NewRun {
        /// Its number.
        run: u64,
    },
    /// A token was asked for.
    TokenAsked,
    /// The provider failed, or its token cannot stand in a header.
    TokenFailed,
    /// A cancel was sent and refused, with this status, or not answered (0).
    CancelFailed {
        /// The HTTP status, or 0.
        status: u16,
    },
}
