//! The source of the page as it grows, exact to the byte: new text is appended, nothing is written twice. Follows
//! the end until the reader scrolls up.

use leptos::html::Pre;
use leptos::prelude::*;

use super::hooks::HtmlFeed;
use super::keep::{copy_text, save};
use super::labels::Labels;
use super::names::word;
use super::source_text::SourceText;

/// How near to the end still counts as following it, in CSS pixels.
const END_SLACK: i32 = 32;

/// The source's panel.
#[component]
pub(crate) fn Source(
    /// The page's HTML.
    feed: HtmlFeed,
    /// The words.
    labels: Signal<Labels>,
    /// Whether the panel is seen. What is not seen keeps growing, and costs no layout.
    seen: Signal<bool>,
) -> impl IntoView {
    let pre = NodeRef::<Pre>::new();
    let wraps = RwSignal::new(false);
    let following = StoredValue::new(true);
    let place = StoredValue::new(0);
    Effect::new(move |text: Option<SourceText>| {
        let (epoch, _) = (feed.epoch(), feed.len());
        let mut text = text.unwrap_or_default();
        if let Some(pre) = pre.get() {
            text.grow(&pre, feed, epoch);
            if seen.get() && following.get_value() {
                pre.set_scroll_top(pre.scroll_height());
            }
        }
        text
    });
    // A panel that was hidden has lost its place.
    Effect::new(move |_| {
        if let (true, false, Some(pre)) = (seen.get(), following.get_value(), pre.get_untracked()) {
            request_animation_frame(move || pre.set_scroll_top(place.try_get_value().unwrap_or(0)));
        }
    });
    let on_scroll = move |_| {
        if let (true, Some(pre)) = (seen.get_untracked(), pre.get_untracked()) {
            place.set_value(pre.scroll_top());
            following.set_value(pre.scroll_top() + pre.client_height() >= pre.scroll_height() - END_SLACK);
        }
    };
    view! {
        <SourceBar feed labels wraps/>
        <pre
            class="gs-source-text"
            data-part="source-text"
            data-wrap=move || if wraps.get() { "true" } else { "false" }
            tabindex="0"
            role="group"
            aria-label=word(labels, |l| l.source_text)
            translate="no"
            node_ref=pre
            on:scroll=on_scroll
        ></pre>
    }
}

/// Copy, download, wrap.
#[component]
fn SourceBar(
    /// The page's HTML.
    feed: HtmlFeed,
    /// The words.
    labels: Signal<Labels>,
    /// Whether long lines are wrapped.
    wraps: RwSignal<bool>,
) -> impl IntoView {
    let said = RwSignal::new("");
    let copy = move |_| {
        leptos::task::spawn_local_scoped_with_cancellation(async move {
            let is_copied = copy_text(&feed.read_from(0)).await;
            let word = labels.try_with(|l| if is_copied { l.copied } else { l.copy_failed });
            said.try_set(word.unwrap_or(""));
        });
    };
    let download = move |_| {
        if !matches!(feed.with_from(0, save), Some(Ok(()))) {
            said.set(labels.with_untracked(|l| l.download_failed));
        }
    };
    view! {
        <div class="gs-source-bar">
            <button type="button" class="gs-button gs-button-small" data-action="copy" on:click=copy>
                {word(labels, |l| l.copy)}
            </button>
            <button type="button" class="gs-button gs-button-small" data-action="download" on:click=download>
                {word(labels, |l| l.download)}
            </button>
            <button
                type="button"
                class="gs-button gs-button-small"
                data-action="wrap"
                aria-pressed=move || if wraps.get() { "true" } else { "false" }
                on:click=move |_| wraps.update(|wraps| *wraps = !*wraps)
            >
                {word(labels, |l| l.wrap)}
            </button>
            <span class="gs-source-said" role="status">{said}</span>
        </div>
    }
}
