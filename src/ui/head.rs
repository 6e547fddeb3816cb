//! The headline: what happens now in a few words, for how long, and how far it is.

use leptos::prelude::*;

use super::hooks::Generation;
use super::labels::Labels;
use super::names::word;
use super::notice::notice;
use super::progress::{Elapsed, Progress};
use super::steps::step_word;
use crate::contract::StepState;
use crate::engine::{Connection, Phase};

/// What happens now, in a few words: the running step's word, or how it ended.
pub(crate) fn headline(generation: Generation, labels: Signal<Labels>) -> Signal<String> {
    let text = Memo::new(move |_| {
        let words = labels.get();
        let phase = generation.phase.get();
        let running = || {
            generation.steps.with(|steps| {
                let step = steps.iter().find(|step| step.state == StepState::Running)?;
                Some(step_word(&words, step))
            })
        };
        match phase {
            Phase::Idle => words.idle.to_owned(),
            Phase::Connecting => match generation.connection.get() {
                Connection::SignedOut => words.signed_out.to_owned(),
                Connection::Offline => words.offline.to_owned(),
                _ => words.connecting.to_owned(),
            },
            Phase::Queued => words.queued.to_owned(),
            Phase::Running => running().unwrap_or_else(|| words.running.to_owned()),
            Phase::Finishing => words.finishing.to_owned(),
            Phase::Ended(_) => {
                let said = notice(&words, phase, generation.connection.get(), generation.refused.get());
                said.map_or("", |(_, said)| said.title).to_owned()
            }
        }
    });
    text.into()
}

/// The headline with elapsed time and progress, and on narrow screens the button that folds the details.
#[component]
pub(crate) fn Head(
    /// What is shown.
    generation: Generation,
    /// The words.
    labels: Signal<Labels>,
    /// What happens now.
    title: Signal<String>,
    /// Whether the details are folded away.
    folded: RwSignal<bool>,
) -> impl IntoView {
    let is_open = move || if folded.get() { "false" } else { "true" };
    view! {
        <header class="gs-head" data-part="head">
            <div class="gs-headline">
                <h2 class="gs-title" data-part="title" dir="auto">{title}</h2>
                <Elapsed lapse=generation.elapsed now=generation.now labels/>
            </div>
            <Progress value=generation.progress phase=generation.phase labels/>
            <button
                type="button"
                class="gs-fold-button"
                data-action="details"
                aria-expanded=is_open
                on:click=move |_| folded.update(|folded| *folded = !*folded)
            >
                {word(labels, |l| l.details)}
            </button>
        </header>
    }
}
