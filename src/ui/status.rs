//! The one polite live region: what a screen reader is told in passing. Never the page's own text.

use leptos::prelude::*;

use super::announce::{Announcer, Facts, News};
use super::connection::connection_word;
use super::dom::Root;
use super::head::headline;
use super::hooks::Generation;
use super::labels::Labels;
use super::names;
use super::steps::step_word;
use crate::engine::Phase;
use crate::engine::StepState;

/// Announces step changes, connection changes that last, quarters of the progress, and the end.
pub(crate) fn paint(root: Root, generation: Generation, labels: Signal<Labels>) {
    let mut announcer = Announcer::default();
    root.paint(move |dom| {
        let (now, phase) = (generation.now().get(), generation.phase().get());
        if phase == Phase::Idle {
            announcer = Announcer::default();
            return;
        }
        let steps = generation.steps().get();
        let running = steps.iter().position(|step| step.state == StepState::Running);
        let facts = Facts {
            step: running.map_or(0, |at| at + 1),
            connection: names::connection(generation.connection().get()),
            percent: super::progress::percent(generation.progress().get()),
            ended: matches!(phase, Phase::Ended(_)),
        };
        let Some(news) = announcer.hear(now, facts) else { return };
        let words = labels.get_untracked();
        let text = match (news, running) {
            (News::Step, Some(at)) => (words.step_began)(step_word(&words, &steps[at]), at + 1, steps.len()),
            (News::Percent(percent), _) => (words.progress_reached)(percent),
            (News::Connection, _) => connection_word(&words, generation.connection().get(), now),
            (News::End | News::Step, _) => headline(generation, &words),
        };
        dom.text(".gs-status", &text);
    });
}
