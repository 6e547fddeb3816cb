//! The one polite live region: what a screen reader is told in passing. Never the page's own text.

use leptos::prelude::*;

use super::announce::{Announcer, Facts, News};
use super::connection::connection_word;
use super::hooks::Generation;
use super::labels::Labels;
use super::names;
use super::steps::step_word;
use crate::contract::StepState;
use crate::engine::Phase;

/// Announces step changes, connection changes that last, quarters of the progress, and the end.
#[component]
pub(crate) fn Status(
    /// What is listened to.
    generation: Generation,
    /// The words.
    labels: Signal<Labels>,
    /// The heading, which is what is said at the end.
    title: Signal<String>,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    Effect::new(move |announcer: Option<Announcer>| {
        let mut announcer = announcer.unwrap_or_default();
        let now = generation.now.get();
        let phase = generation.phase.get();
        if phase == Phase::Idle {
            return Announcer::default();
        }
        let facts = Facts {
            step: running(generation).map_or(0, |(number, _)| number),
            connection: names::connection(generation.connection.get()),
            percent: super::progress::percent(generation.progress.get()),
            ended: matches!(phase, Phase::Ended(_)),
        };
        if let Some(news) = announcer.hear(now, facts) {
            said.set(untrack(|| text(news, generation, labels, title)));
        }
        announcer
    });
    view! { <p class="gs-unseen" role="status" data-part="status">{said}</p> }
}

/// Number (from 1) of the step that runs, and how many there are.
fn running(generation: Generation) -> Option<(usize, usize)> {
    generation.steps.with(|steps| {
        let at = steps.iter().position(|step| step.state == StepState::Running)?;
        Some((at + 1, steps.len()))
    })
}

fn text(news: News, generation: Generation, labels: Signal<Labels>, title: Signal<String>) -> String {
    let words = labels.get();
    match news {
        News::End => title.get(),
        News::Percent(percent) => (words.progress_reached)(percent),
        News::Connection => connection_word(&words, generation.connection.get(), generation.now.get()),
        News::Step => running(generation).map_or_else(String::new, |(number, of)| {
            let word = generation.steps.with(|steps| step_word(&words, &steps[number - 1]));
            (words.step_began)(&word, number, of)
        }),
    }
}
