//! What the reader can do: cancel, try again, sign in again, open the finished page.

use leptos::prelude::*;

use super::dom::{Root, Word};
use super::hooks::Generation;
use super::labels::Labels;
use super::link::linkable;
use crate::engine::{Connection, Outcome, Phase};

const WORDS: [Word; 4] = [
    ("[data-action=open]", |l| l.open),
    (".gs-actions-note", |l| l.open_note),
    ("[data-action=sign-in]", |l| l.sign_in),
    ("[data-action=cancel]", |l| l.cancel),
];

/// What a press of `action` does; false if it is none of these.
pub(crate) fn act(action: &str, generation: Generation) -> bool {
    match action {
        "cancel" => generation.cancel(),
        "retry" => generation.retry(),
        "sign-in" => generation.sign_in_again(),
        _ => return false,
    }
    true
}

/// Shows what makes sense now.
pub(crate) fn paint(root: Root, generation: Generation, src: Signal<Option<String>>, labels: Signal<Labels>) {
    root.paint(move |dom| {
        let (words, phase) = (labels.get(), generation.phase().get());
        let is_out = generation.connection().get() == Connection::SignedOut;
        let is_going = matches!(phase, Phase::Connecting | Phase::Queued | Phase::Running);
        let is_over = matches!(phase, Phase::Ended(_) | Phase::Idle);
        let may_retry =
            matches!(phase, Phase::Ended(Outcome::Failed { retryable: true } | Outcome::Cancelled));
        let is_retrying = generation.retrying().get();
        let had_focus = has_focus(root);

        dom.words(&words, &WORDS);
        dom.text("[data-action=retry]", if is_retrying { words.retrying } else { words.retry });
        dom.attr("[data-action=retry]", "aria-disabled", is_retrying.then_some("true"));
        let is_cancelling = generation.marks().get().cancelling;
        dom.attr("[data-action=cancel]", "aria-disabled", is_cancelling.then_some("true"));
        dom.show("[data-action=cancel]", is_going && !is_out);
        dom.show("[data-action=retry]", may_retry);
        dom.show("[data-action=sign-in]", is_out && !is_over);

        let is_done = matches!(phase, Phase::Ended(Outcome::Complete | Outcome::Incomplete));
        let href = if is_done { finished_page(generation, &src.get().unwrap_or_default()) } else { None };
        dom.attr("[data-action=open]", "href", href.as_deref());
        dom.show("[data-action=open]", href.is_some());
        dom.show(".gs-actions-note", href.is_some());
        // A button that goes away must not take the keyboard with it.
        if had_focus
            && !has_focus(root)
            && let Some(group) = dom.html(".gs-actions")
        {
            let _ = group.focus();
        }
    });
}

/// Whether one of the buttons that are shown has the focus.
fn has_focus(root: Root) -> bool {
    root.dom().is_some_and(|dom| dom.find(".gs-actions > :focus:not([hidden])").is_some())
}

/// The address of the finished page, if it may be linked.
fn finished_page(generation: Generation, src: &str) -> Option<String> {
    // Without a browser only what needs no origin to be judged by.
    let origin = if cfg!(target_arch = "wasm32") { location().origin().ok()? } else { String::new() };
    linkable(&generation.result().get()?.url?, src, &origin)
}
