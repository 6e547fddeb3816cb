//! The headline: what happens now in a few words, for how long, and how far it is.

use leptos::prelude::*;

use super::dom::{Root, yes_no};
use super::hooks::Generation;
use super::knobs::Knobs;
use super::labels::Labels;
use super::notice::notice;
use super::steps::step_word;
use crate::engine::StepState;
use crate::engine::{Connection, Phase};

/// What happens now, in a few words: the running step's word, or how it ended.
pub(crate) fn headline(generation: Generation, words: &Labels) -> String {
    let (phase, connection) = (generation.phase().get(), generation.connection().get());
    let word = match (phase, connection) {
        (Phase::Connecting, Connection::SignedOut) => words.signed_out,
        (Phase::Connecting, Connection::Offline) => words.offline,
        (Phase::Idle, _) => words.idle,
        (Phase::Connecting, _) => words.connecting,
        (Phase::Queued, _) => words.queued,
        (Phase::Finishing, _) => words.finishing,
        (Phase::Running, _) => {
            let steps = generation.steps().get();
            let running = steps.iter().find(|step| step.state == StepState::Running);
            return running.map_or(words.running, |step| step_word(words, step)).to_owned();
        }
        (Phase::Ended(_), _) => {
            notice(words, phase, connection, generation.refused().get()).map_or("", |(_, said)| said.title)
        }
    };
    word.to_owned()
}

/// Keeps it right.
pub(crate) fn paint(root: Root, generation: Generation, labels: Signal<Labels>, knobs: Knobs) {
    root.paint(move |dom| {
        let words = labels.get();
        dom.text(".gs-title", &headline(generation, &words));
        dom.text(".gs-fold-button", words.details);
    });
    root.paint(move |dom| {
        let is_folded = knobs.get().is_folded;
        dom.attr(".gs-fold-button", "aria-expanded", yes_no(!is_folded));
        dom.attr(".gs-fold", "data-folded", yes_no(is_folded));
    });
}
