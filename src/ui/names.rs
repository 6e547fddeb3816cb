//! The short stable names of states, as they stand in `data-…` attributes, and the way to a word. For style sheets
//! and tests; readers never see them.

use leptos::prelude::*;

use super::labels::Labels;
use crate::contract::StepState;
use crate::engine::{Connection, Marks, Outcome, Phase};

/// A word of the labels, as something that a view can show and that follows a change of language.
pub(crate) fn word(
    labels: Signal<Labels>,
    pick: fn(&Labels) -> &'static str,
) -> impl Fn() -> &'static str + Copy + Send + 'static {
    move || labels.with(pick)
}

pub(crate) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Idle => "idle",
        Phase::Connecting => "connecting",
        Phase::Queued => "queued",
        Phase::Running => "running",
        Phase::Finishing => "finishing",
        Phase::Ended(_) => "ended",
    }
}

pub(crate) fn outcome(phase: Phase) -> Option<&'static str> {
    let Phase::Ended(outcome) = phase else { return None };
    Some(match outcome {
        Outcome::Complete => "complete",
        Outcome::Incomplete => "incomplete",
        Outcome::Failed { .. } => "failed",
        Outcome::Cancelled => "cancelled",
        Outcome::NotFound => "not-found",
        Outcome::Gone => "gone",
        Outcome::Forbidden => "forbidden",
        Outcome::TooLarge => "too-large",
    })
}

pub(crate) fn connection(connection: Connection) -> &'static str {
    match connection {
        Connection::Opening => "opening",
        Connection::Live => "live",
        Connection::Reconnecting { .. } => "reconnecting",
        Connection::Polling { .. } => "polling",
        Connection::Offline => "offline",
        Connection::SignedOut => "signed-out",
    }
}

pub(crate) fn step(state: StepState) -> &'static str {
    match state {
        StepState::Pending => "pending",
        StepState::Running => "running",
        StepState::Done => "done",
        StepState::Failed => "failed",
    }
}

/// The marks that hold, as a list of words for `~=` selectors.
pub(crate) fn marks(marks: Marks) -> String {
    let all = [
        (marks.stalled, "stalled"),
        (marks.resumed, "resumed"),
        (marks.partial, "partial"),
        (marks.cancelling, "cancelling"),
        (marks.unconfirmed, "unconfirmed"),
    ];
    let held: Vec<_> = all.into_iter().filter_map(|(holds, name)| holds.then_some(name)).collect();
    held.join(" ")
}
