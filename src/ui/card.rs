//! What the server has understood of the place. Text only; an image only if the session let it through.

use leptos::prelude::*;

use super::labels::Labels;
use super::names::word;
use crate::engine::CardView;

/// The preview card, or the place that is kept for it.
#[component]
pub(crate) fn Card(
    /// The newest card.
    card: Signal<Option<CardView>>,
    /// The words.
    labels: Signal<Labels>,
) -> impl IntoView {
    let state = move || if card.with(Option::is_some) { "filled" } else { "empty" };
    let content = move || match card.get() {
        Some(card) => filled(card).into_any(),
        None => view! { <p>{labels.with(|l| l.card_empty)}</p> }.into_any(),
    };
    view! {
        <section class="gs-card" aria-label=word(labels, |l| l.card) data-part="card" data-state=state>
            {content}
        </section>
    }
}

fn filled(card: CardView) -> impl IntoView {
    let image = card.image.map(|src| {
        view! {
            <img class="gs-card-image" alt="" referrerpolicy="no-referrer" crossorigin="anonymous" src=src />
        }
    });
    view! {
        {image}
        <h3 class="gs-card-title">{card.title}</h3>
        <p class="gs-card-subtitle">{card.subtitle}</p>
        <p class="gs-card-summary">{card.summary}</p>
    }
}
