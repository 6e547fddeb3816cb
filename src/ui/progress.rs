//! How far and how long: the progress bar and the elapsed time. Never invents a number.

use leptos::prelude::*;

use super::dom::{Root, Word};
use super::hooks::Generation;
use super::labels::Labels;
use crate::engine::{Outcome, Phase};

const WORDS: [Word; 2] =
    [(".gs-elapsed > .gs-unseen", |l| l.elapsed_name), (".gs-progress@aria-label", |l| l.progress)];

/// The whole percents of a progress from 0 to 1.
pub(crate) fn percent(progress: Option<f64>) -> u64 {
    // A cast from float to integer saturates, and makes not-a-number zero.
    (progress.unwrap_or(0.0) * 100.0) as u64
}

/// What the bar shows: its state, and the number if there is one.
fn bar(phase: Phase, progress: Option<f64>) -> (&'static str, Option<u64>) {
    match (phase, progress) {
        (Phase::Ended(Outcome::Complete), _) => ("complete", Some(100)),
        (Phase::Ended(_), value) => ("stopped", Some(percent(value))),
        (Phase::Idle, _) => ("stopped", Some(0)),
        (_, None) => ("indeterminate", None),
        (_, value) => ("determinate", Some(percent(value))),
    }
}

/// Keeps both right.
pub(crate) fn paint(root: Root, generation: Generation, labels: Signal<Labels>) {
    root.paint(move |dom| {
        let words = labels.get();
        dom.words(&words, &WORDS);
        let now = generation.now().get();
        let seconds = generation.elapsed().get().map(|lapse| lapse.at(now).as_secs());
        dom.text(".gs-elapsed-time", &seconds.map(words.elapsed).unwrap_or_default());
    });
    root.paint(move |dom| {
        let (state, number) = bar(generation.phase().get(), generation.progress().get());
        let number = number.map(|number| number.to_string());
        dom.attr(".gs-progress", "data-state", Some(state));
        dom.attr(".gs-progress", "aria-valuenow", number.as_deref());
        if let Some(fill) = dom.html(".gs-progress-fill") {
            let _ = fill.style().set_property("--gs-progress-percent", number.as_deref().unwrap_or("0"));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_shows_a_number_only_if_the_server_said_one_or_it_is_done() {
        assert_eq!(bar(Phase::Running, None), ("indeterminate", None));
        assert_eq!(bar(Phase::Running, Some(0.999)), ("determinate", Some(99)));
        assert_eq!(bar(Phase::Ended(Outcome::Cancelled), Some(0.4)), ("stopped", Some(40)));
        assert_eq!(bar(Phase::Ended(Outcome::Complete), None), ("complete", Some(100)));
        assert_eq!(percent(Some(f64::NAN)), 0);
    }
}
