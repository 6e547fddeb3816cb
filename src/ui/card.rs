//! What the server has understood of the place. Text only; an image only if the session let it through.

use leptos::prelude::*;

use super::dom::{Root, Word};
use super::hooks::Generation;
use super::labels::Labels;

const WORDS: [Word; 2] = [(".gs-card@aria-label", |l| l.card), (".gs-card-empty", |l| l.card_empty)];

/// Keeps it right.
pub(crate) fn paint(root: Root, generation: Generation, labels: Signal<Labels>) {
    root.paint(move |dom| {
        dom.words(&labels.get(), &WORDS);
        let card = generation.card().get();
        dom.attr(".gs-card", "data-state", Some(if card.is_some() { "filled" } else { "empty" }));
        dom.show(".gs-card-empty", card.is_none());
        let is_there = card.is_some();
        let card = card.unwrap_or_default();
        dom.attr(".gs-card-image", "src", card.image.as_deref());
        dom.show(".gs-card-image", card.image.is_some());
        dom.text_if(".gs-card-title", is_there.then_some(&card.title));
        dom.text_if(".gs-card-subtitle", card.subtitle.as_deref());
        dom.text_if(".gs-card-summary", card.summary.as_deref());
    });
}
