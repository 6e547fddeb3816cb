//! How it ended and what went wrong: what happened, whose fault it is, what is kept, what to do.

use leptos::prelude::*;

use super::hooks::{ActionError, Generation};
use super::labels::Labels;
use super::notice::{Tone, notice};
use crate::engine::{Outcome, Phase};

/// A notice, ready to be drawn.
#[derive(Clone, PartialEq)]
struct Shown {
    tone: Tone,
    title: &'static str,
    /// The heading says the title already.
    is_headed: bool,
    text: &'static str,
    /// The server's own words.
    quote: Option<String>,
    kept: Option<String>,
}

fn shown(generation: Generation, labels: &Labels) -> Option<Shown> {
    let phase = generation.phase.get();
    let (tone, said) = notice(labels, phase, generation.connection.get(), generation.refused.get())?;
    let is_whole = phase == Phase::Ended(Outcome::Complete);
    let is_over = matches!(phase, Phase::Ended(_));
    let len = if is_over && !is_whole { generation.html.len() } else { 0 };
    Some(Shown {
        tone,
        title: said.title,
        is_headed: is_over,
        text: said.text,
        quote: generation.failure.get().map(|failure| failure.message).filter(|message| !message.is_empty()),
        kept: (len > 0).then(|| (labels.kept)(&(labels.size)(len))),
    })
}

fn action_failed(labels: &Labels, error: ActionError) -> String {
    match error {
        ActionError::Retry { status } => (labels.retry_failed)(status),
        ActionError::Cancel { status } => (labels.cancel_failed)(status),
    }
}

/// The notice about the end, and about an action that failed. Bad news stands in an alert; the rest is announced by
/// the status region.
#[component]
pub(crate) fn OutcomeNotice(
    /// What is spoken of.
    generation: Generation,
    /// The words.
    labels: Signal<Labels>,
) -> impl IntoView {
    let said = Memo::new(move |_| shown(generation, &labels.get()));
    let of = move |is_alert: bool| said.get().filter(|said| (said.tone == Tone::Bad) == is_alert);
    let server_says = move || labels.with(|l| l.server_says);
    let failed = move || generation.action_error.get().map(|error| action_failed(&labels.get(), error));
    let failed_line = move || failed().map(|text| view! { <p class="gs-outcome" data-tone="bad">{text}</p> });
    view! {
        <div role="alert" data-part="alert">
            {move || of(true).map(|said| draw(said, server_says()))}
            {failed_line}
        </div>
        {move || of(false).map(|said| draw(said, server_says()))}
    }
}

fn draw(said: Shown, server_says: &'static str) -> AnyView {
    let quote = said.quote.map(|quote| {
        view! { <p>{server_says}" "<q class="gs-outcome-quote" dir="auto">{quote}</q></p> }
    });
    let title = if said.is_headed { "gs-unseen" } else { "gs-outcome-title" };
    view! {
        <div class="gs-outcome" data-part="outcome" data-tone=said.tone.name()>
            <p class=title>{said.title}</p>
            <p>{said.text}</p>
            {quote}
            {said.kept.map(|kept| view! { <p>{kept}</p> })}
        </div>
    }
    .into_any()
}
