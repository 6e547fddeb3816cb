//! What a fake server may do otherwise than the contract. A fault is an edit of what an honest server sends, or a habit
//! that it has.

use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

/// Which address was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Session,
    Create,
    State,
    Events,
    Cancel,
    Retry,
    Page,
    Preflight,
    Other,
}

/// The head of an answer.
pub(crate) struct Head<'a> {
    pub(crate) asked: Asked,
    pub(crate) accepts_gzip: bool,
    pub(crate) status: &'a mut StatusCode,
    pub(crate) headers: &'a mut HeaderMap,
}

/// A frame of a stream.
pub(crate) struct Frame {
    pub(crate) id: Option<String>,
    pub(crate) data: Value,
    /// What is sent; from `id` and `data`, if there is none.
    pub(crate) text: Option<String>,
}

/// What cannot be said as an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Habit {
    /// None, but the first generation takes three seconds.
    Slow,
    NoSecondHello,
    /// A second and a half without a byte, and more.
    Pauses,
    /// Events wait for the end of the work.
    HoldsBack,
    TalksOn,
    DottedIds,
    BigPiece,
    LinksElsewhere,
    StateLags,
    ConstantTag,
    OtherTagForm,
    OldEventId,
    CutsForward,
    NothingPastEnd,
    HeaderFromIgnored,
    QueryFromIgnored,
    NeverNotModified,
    IdsWithoutRun,
    RepeatsOne,
    UnknownIsEnd,
    NoReplay,
    StaysOpenAfterDone,
    StaysOpenAfterCancel,
    SharedQueue,
    StopsWithStream,
    CancelsWithStream,
    CancelDoesNothing,
    CancelAgain,
    RetryAgain,
    SameRun,
    ForgetsKeys,
    ServesAnybody,
    CookieOpens,
    ServesStrangers,
    ForbidsStrangers,
    EchoesToken,
    BusyOnce,
    NeverHolds,
    HoldsAfterEndOnly,
    HoldsWhileRunningOnly,
    SleepsThrough,
    HoldsForEver,
    HoldsOldTags,
    HoldsWithoutTag,
}

/// One fault.
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) habit: Option<Habit>,
    pub(crate) head: fn(&mut Head<'_>),
    pub(crate) state: fn(&mut Value),
    pub(crate) frame: fn(&mut Frame),
}

impl Fault {
    pub(crate) const NONE: Self = Self { habit: None, head: |_| {}, state: |_| {}, frame: |_| {} };

    pub(crate) const fn habit(habit: Habit) -> Self {
        Self { habit: Some(habit), ..Self::NONE }
    }

    pub(crate) const fn head(head: fn(&mut Head<'_>)) -> Self {
        Self { head, ..Self::NONE }
    }

    pub(crate) const fn state(state: fn(&mut Value)) -> Self {
        Self { state, ..Self::NONE }
    }

    pub(crate) const fn frame(frame: fn(&mut Frame)) -> Self {
        Self { frame, ..Self::NONE }
    }
}
