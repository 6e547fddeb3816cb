//! How it ended and what went wrong: what happened, whose fault it is, what is kept, what to do.

use leptos::prelude::*;

use super::dom::{Dom, Root};
use super::hooks::{ActionError, Generation};
use super::labels::{Labels, Said};
use super::notice::{Tone, notice};
use crate::engine::{Outcome, Phase};

/// Whether readers find an end's title elsewhere, too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Title {
    /// The headline says it: here it is only read out.
    InHeadline,
    Here,
}

/// Keeps the notices right: about the end, and about an action that failed. Bad news stands in the alert; the rest
/// stands beside it and is announced by the status region.
pub(crate) fn paint(root: Root, generation: Generation, labels: Signal<Labels>, title: Title) {
    root.paint(move |dom| {
        let (words, phase) = (labels.get(), generation.phase().get());
        let said = notice(&words, phase, generation.connection().get(), generation.refused().get());
        let kept = kept(&words, phase, generation);
        let quote = generation.failure().get().map(|failure| failure.message).unwrap_or_default();
        for (is_alert, place) in [(true, ".gs-alert"), (false, ".gs-calm")] {
            let said = said.filter(|(tone, _)| (*tone == Tone::Bad) == is_alert);
            if let Some(place) = dom.find(place) {
                let is_unseen = title == Title::InHeadline && matches!(phase, Phase::Ended(_));
                draw(&place, &words, said, is_unseen, &quote, &kept);
            }
        }
        let failed = generation.action_error().get().map(|error| action_failed(&words, error));
        dom.text_if(".gs-action-failed", failed.as_deref());
    });
}

fn draw(dom: &Dom, words: &Labels, said: Option<(Tone, Said)>, is_unseen: bool, quote: &str, kept: &str) {
    let Some((tone, said)) = said else {
        dom.show(".gs-outcome", false);
        // Not left behind: what is said again has to be heard again.
        for place in [".gs-outcome-title", ".gs-outcome-text", ".gs-outcome-quote > q", ".gs-outcome-kept"] {
            dom.text(place, "");
        }
        return;
    };
    let title = if is_unseen { "gs-outcome-title gs-unseen" } else { "gs-outcome-title" };
    dom.attr(".gs-outcome-title", "class", Some(title));
    dom.attr(".gs-outcome", "data-tone", Some(tone.name()));
    dom.text(".gs-outcome-title", said.title);
    dom.text(".gs-outcome-text", said.text);
    dom.text(".gs-outcome-says", words.server_says);
    dom.text(".gs-outcome-quote > q", quote);
    dom.show(".gs-outcome-quote", !quote.is_empty());
    dom.text(".gs-outcome-kept", kept);
    dom.show(".gs-outcome-kept", !kept.is_empty());
    dom.show(".gs-outcome", true);
}

/// What is kept of a page that is not whole.
fn kept(labels: &Labels, phase: Phase, generation: Generation) -> String {
    let is_cut = matches!(phase, Phase::Ended(_)) && phase != Phase::Ended(Outcome::Complete);
    let len = if is_cut { generation.html.len() } else { 0 };
    if len == 0 { String::new() } else { (labels.kept)(&(labels.size)(len)) }
}

fn action_failed(labels: &Labels, error: ActionError) -> String {
    match error {
        ActionError::Retry { status } => (labels.retry_failed)(status),
        ActionError::Cancel { status } => (labels.cancel_failed)(status),
    }
}
