//! How far and how long: the progress bar and the elapsed time. Never invents a number.

use leptos::prelude::*;

use super::labels::Labels;
use super::names::word;
use crate::engine::{Lapse, Moment, Outcome, Phase};

/// The whole percents of a progress from 0 to 1.
pub(crate) fn percent(progress: Option<f64>) -> u64 {
    // A cast from float to integer saturates, and makes not-a-number zero.
    (progress.unwrap_or(0.0) * 100.0) as u64
}

/// Time at work, ticking while it grows.
#[component]
pub(crate) fn Elapsed(
    /// How long it has been; nothing is shown before it is known.
    lapse: Signal<Option<Lapse>>,
    /// The screen's clock.
    now: Signal<Moment>,
    /// The words.
    labels: Signal<Labels>,
) -> impl IntoView {
    let seconds = Memo::new(move |_| lapse.get().map(|lapse| lapse.at(now.get()).as_secs()));
    let text = move || seconds.get().map(|seconds| (labels.with(|l| l.elapsed))(seconds));
    view! {
        <p class="gs-elapsed" data-part="elapsed">
            <span class="gs-unseen">{word(labels, |l| l.elapsed_name)}" "</span>
            {text}
        </p>
    }
}

/// The progress bar: determinate if the server says a number, else one that only says *at work*.
#[component]
pub(crate) fn Progress(
    /// 0 to 1, if the server says a number.
    value: Signal<Option<f64>>,
    /// Where the whole is.
    phase: Signal<Phase>,
    /// The words.
    labels: Signal<Labels>,
) -> impl IntoView {
    let shown = Memo::new(move |_| match (phase.get(), value.get()) {
        (Phase::Ended(Outcome::Complete), _) => ("complete", Some(100)),
        (Phase::Ended(_), value) => ("stopped", Some(percent(value))),
        (Phase::Idle, _) => ("stopped", Some(0)),
        (_, None) => ("indeterminate", None),
        (_, value) => ("determinate", Some(percent(value))),
    });
    let number = move || shown.get().1.map(|percent| percent.to_string());
    view! {
        <div
            class="gs-progress"
            role="progressbar"
            aria-label=word(labels, |l| l.progress)
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=number
            data-part="progress"
            data-state=move || shown.get().0
        >
            <div class="gs-progress-fill" style=("--gs-progress-percent", number)></div>
        </div>
    }
}
