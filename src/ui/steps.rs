//! The steps with their state and duration. Their order and state are the server's.

use leptos::prelude::*;

use super::labels::Labels;
use super::names::{self, word};
use crate::contract::StepState;
use crate::engine::{Moment, StepView};

/// A step's word: the host's, else the server's, else its name.
pub(crate) fn step_word(labels: &Labels, step: &StepView) -> String {
    match ((labels.step)(&step.name), &step.label) {
        (Some(own), _) => own.to_owned(),
        (None, Some(label)) => label.clone(),
        (None, None) => step.name.clone(),
    }
}

/// One line of the list.
#[derive(Clone, PartialEq)]
struct Row {
    name: String,
    word: String,
    state: StepState,
    state_word: &'static str,
    time: Option<String>,
}

fn row(labels: &Labels, step: &StepView, now: Moment) -> Row {
    Row {
        name: step.name.clone(),
        word: step_word(labels, step),
        state: step.state,
        state_word: labels.step_states[step.state as usize],
        time: step.lapse.map(|lapse| (labels.elapsed)(lapse.at(now).as_secs())),
    }
}

/// The list of steps.
#[component]
pub(crate) fn Steps(
    /// The steps, in order.
    steps: Signal<Vec<StepView>>,
    /// The screen's clock.
    now: Signal<Moment>,
    /// The words.
    labels: Signal<Labels>,
) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let (now, words) = (now.get(), labels.get());
        steps.with(|steps| steps.iter().map(|step| row(&words, step, now)).collect::<Vec<_>>())
    });
    let unknown = move || rows.with(Vec::is_empty).then(|| labels.with(|l| l.steps_unknown));
    view! {
        <div class="gs-steps" data-part="steps">
            <ol role="list" aria-label=word(labels, |l| l.steps)>
                {move || rows.get().into_iter().map(line).collect::<Vec<_>>()}
            </ol>
            <p class="gs-steps-unknown">{unknown}</p>
        </div>
    }
}

fn line(row: Row) -> impl IntoView {
    let current = (row.state == StepState::Running).then_some("step");
    view! {
        <li class="gs-step" data-step=row.name data-state=names::step(row.state) aria-current=current>
            <span class="gs-step-mark" aria-hidden="true"></span>
            <span class="gs-step-word">{row.word}<span class="gs-unseen">", "{row.state_word}</span></span>
            <span class="gs-step-time">{row.time}</span>
        </li>
    }
}
