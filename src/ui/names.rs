//! What stands on the root of a screen, and of each part that stands alone: the language of its words, and the short stable
//! names of states, in `data-…` attributes, for style sheets and tests.

use leptos::prelude::*;

use super::dom::Root;
use super::hooks::Generation;
use super::labels::Labels;
use crate::engine::StepState;
use crate::engine::{Connection, Marks, Outcome, Phase};

/// Keeps them right.
pub(crate) fn paint(root: Root, generation: Generation, labels: Signal<Labels>) {
    root.paint(move |dom| {
        let words = labels.get();
        dom.attr("", "lang", Some(words.lang).filter(|lang| !lang.is_empty()));
        dom.attr("", "dir", Some(words.dir).filter(|dir| !dir.is_empty()));
        let is = generation.phase().get();
        dom.attr("", "data-phase", Some(phase(is)));
        dom.attr("", "data-outcome", outcome(is));
        dom.attr("", "data-connection", Some(connection(generation.connection().get())));
        dom.attr("", "data-marks", Some(&marks(generation.marks().get())));
        dom.attr("", "data-run", Some(&generation.run().get().to_string()));
    });
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Idle => "idle",
        Phase::Connecting => "connecting",
        Phase::Queued => "queued",
        Phase::Running => "running",
        Phase::Finishing => "finishing",
        Phase::Ended(_) => "ended",
    }
}

fn outcome(phase: Phase) -> Option<&'static str> {
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
fn marks(marks: Marks) -> String {
    let all = [
        (marks.stalled, "stalled"),
        (marks.resumed, "resumed"),
        (marks.partial, "partial"),
        (marks.cancelling, "cancelling"),
        (marks.unconfirmed, "unconfirmed"),
    ];
    let mut held = String::new();
    for (_, name) in all.into_iter().filter(|(holds, _)| *holds) {
        if !held.is_empty() {
            held.push(' ');
        }
        held.push_str(name);
    }
    held
}
