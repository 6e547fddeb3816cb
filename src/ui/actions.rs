//! What the reader can do: cancel, try again, sign in again, open the finished page.

use leptos::prelude::*;

use super::hooks::Generation;
use super::labels::Labels;
use super::link::linkable;
use super::names::word;
use crate::engine::{Connection, Outcome, Phase};

/// The actions that make sense now.
#[component]
pub(crate) fn Actions(
    /// What is acted on.
    generation: Generation,
    /// Its address; a finished page's path belongs to the same origin.
    src: Signal<Option<String>>,
    /// The words.
    labels: Signal<Labels>,
) -> impl IntoView {
    let phase = generation.phase;
    let is_over = move || matches!(phase.get(), Phase::Ended(_));
    let is_signed_out = move || generation.connection.get() == Connection::SignedOut;
    let is_going = move || matches!(phase.get(), Phase::Connecting | Phase::Queued | Phase::Running);
    let may_cancel = Memo::new(move |_| is_going() && !is_signed_out());
    let may_retry = Memo::new(move |_| {
        matches!(phase.get(), Phase::Ended(Outcome::Failed { retryable: true } | Outcome::Cancelled))
    });
    let may_sign_in = Memo::new(move |_| is_signed_out() && !is_over());
    let link = Memo::new(move |_| {
        let url = generation.result.get()?.url?;
        let is_done = matches!(phase.get(), Phase::Ended(Outcome::Complete | Outcome::Incomplete));
        // Only a browser ever has a result, so there is a location.
        let linked = || linkable(&url, &src.get().unwrap_or_default(), &location().origin().ok()?);
        if is_done { linked() } else { None }
    });
    let retry_word = move || labels.with(|l| if generation.retrying.get() { l.retrying } else { l.retry });
    let group = keep_focus(phase);
    view! {
        <div class="gs-actions" data-part="actions" tabindex="-1" node_ref=group>
            {move || link.get().map(|href| open_link(href, labels))}
            {move || may_sign_in.get().then(|| {
                button("sign-in", true, word(labels, |l| l.sign_in), || false, move || generation.sign_in_again())
            })}
            {move || may_retry.get().then(|| {
                let is_sending = move || generation.retrying.get();
                button("retry", true, retry_word, is_sending, move || generation.retry())
            })}
            {move || may_cancel.get().then(|| {
                let is_sent = move || generation.marks.get().cancelling;
                button("cancel", false, word(labels, |l| l.cancel), is_sent, move || generation.cancel())
            })}
        </div>
    }
}

fn open_link(href: String, labels: Signal<Labels>) -> AnyView {
    view! {
        <a
            class="gs-button gs-button-main"
            href=href
            target="_blank"
            rel="noopener noreferrer"
            data-action="open"
        >
            {word(labels, |l| l.open)}
        </a>
        <p class="gs-actions-note">{word(labels, |l| l.open_note)}</p>
    }
    .into_any()
}

/// A button. One that is busy stays focusable: `aria-disabled`, and a press does nothing.
fn button(
    name: &'static str,
    is_main: bool,
    text: impl Fn() -> &'static str + Send + 'static,
    is_busy: impl Fn() -> bool + Copy + Send + 'static,
    act: impl Fn() + 'static,
) -> AnyView {
    let class = if is_main { "gs-button gs-button-main" } else { "gs-button" };
    view! {
        <button
            type="button"
            class=class
            data-action=name
            aria-disabled=move || is_busy().then_some("true")
            on:click=move |_| if !untrack(is_busy) { act() }
        >
            {text}
        </button>
    }
    .into_any()
}

/// A button that goes away must not take the keyboard with it: the group takes over, when the focus was inside it
/// and is nowhere now.
fn keep_focus(phase: Signal<Phase>) -> NodeRef<leptos::html::Div> {
    let group = NodeRef::<leptos::html::Div>::new();
    let was_inside = StoredValue::new(false);
    let is_inside = move || {
        let active = document().active_element();
        group.get_untracked().is_some_and(|group| group.contains(active.as_deref()))
    };
    Effect::watch(
        move || phase.get(),
        move |_, _, _| {
            was_inside.set_value(is_inside());
            request_animation_frame(move || {
                let lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
                let group = group.try_get_untracked().flatten();
                if let (true, Some(true), Some(group)) = (lost, was_inside.try_get_value(), group) {
                    let _ = group.focus();
                }
            });
        },
        false,
    );
    group
}
