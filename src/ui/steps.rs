//! The steps with their state and duration. Their order and state are the server's.

use leptos::prelude::*;

use super::dom::{Root, Word};
use super::hooks::Generation;
use super::labels::Labels;
use super::names;
use crate::engine::StepState;
use crate::engine::StepView;

const WORDS: [Word; 2] =
    [(".gs-steps > ol@aria-label", |l| l.steps), (".gs-steps-unknown", |l| l.steps_unknown)];

const LINE: &str = concat!(
    r#"<li class="gs-step"><span class="gs-step-mark" aria-hidden="true"></span>"#,
    r#"<span><span class="gs-step-word" dir="auto"></span><span class="gs-unseen"></span></span>"#,
    r#"<span class="gs-step-time"></span></li>"#
);

/// A step's word: the host's, else the server's, else its name.
pub(crate) fn step_word<'a>(labels: &Labels, step: &'a StepView) -> &'a str {
    match ((labels.step)(&step.name), &step.label) {
        (Some(own), _) => own,
        (None, Some(label)) => label,
        (None, None) => &step.name,
    }
}

/// Keeps it right.
pub(crate) fn paint(root: Root, generation: Generation, labels: Signal<Labels>) {
    root.paint(move |dom| {
        let (words, now, steps) = (labels.get(), generation.now().get(), generation.steps().get());
        dom.words(&words, &WORDS);
        dom.show(".gs-steps-unknown", steps.is_empty());
        dom.children(".gs-steps > ol", LINE, steps.len(), &mut |at, line| {
            let step = &steps[at];
            let time = step.lapse.map(|lapse| (words.elapsed)(lapse.at(now).as_secs()));
            let is_running = step.state == StepState::Running;
            line.attr("", "data-step", Some(&step.name));
            line.attr("", "data-state", Some(names::step(step.state)));
            line.attr("", "aria-current", is_running.then_some("step"));
            line.text(".gs-step-word", step_word(&words, step));
            line.text(".gs-unseen", &[", ", words.step_states[step.state as usize]].concat());
            line.text(".gs-step-time", &time.unwrap_or_default());
        });
    });
}
