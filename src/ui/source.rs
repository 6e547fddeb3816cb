//! The source of the page as it grows, exact to the byte: new text is appended, nothing is written twice. Follows
//! the end until the reader scrolls up.

use leptos::prelude::*;

use super::dom::{Root, Word, yes_no};
use super::hooks::{HtmlFeed, copy, save};
use super::knobs::{Knobs, Settings};
use super::labels::Labels;
use super::page::Tab;
use super::source_text::SourceText;

/// How near to the end still counts as following it, in CSS pixels.
const END_SLACK: i32 = 32;

const WORDS: [Word; 4] = [
    ("[data-action=copy]", |l| l.copy),
    ("[data-action=download]", |l| l.download),
    ("[data-action=wrap]", |l| l.wrap),
    (".gs-source-text@aria-label", |l| l.source_text),
];

/// What the source's panel knows beside the page.
#[derive(Clone, Copy)]
pub(crate) struct SourceState {
    knobs: Knobs,
    following: StoredValue<bool>,
    /// How far the reader had scrolled, for when the panel is seen again.
    place: StoredValue<i32>,
}

impl SourceState {
    pub(crate) fn new(knobs: Knobs) -> Self {
        SourceState { knobs, following: StoredValue::new(true), place: StoredValue::new(0) }
    }

    /// The reader, or the end that is followed, has scrolled the text. Ignored while it is hidden, and has no size.
    pub(crate) fn scrolled(&self, root: Root) {
        let Some(text) = root.dom().and_then(|dom| dom.find(".gs-source-text")) else { return };
        if self.knobs.tab() == Tab::Source {
            self.place.set_value(text.scroll_top());
            let end = text.scroll_height() - text.client_height();
            self.following.set_value(text.scroll_top() >= end - END_SLACK);
        }
    }

    /// What a press of `action` does.
    pub(crate) fn act(self, action: &str, feed: HtmlFeed, labels: Signal<Labels>) {
        match action {
            "wrap" => self.knobs.set(|knobs| knobs.wraps = !knobs.wraps),
            "download" => {
                let is_saved = feed.with_from(0, |text| save("page.html", "text/html;charset=utf-8", text))
                    == Some(true);
                let said = if is_saved { "" } else { labels.get_untracked().download_failed };
                self.knobs.set(|knobs| knobs.said = said);
            }
            "copy" => leptos::task::spawn_local_scoped_with_cancellation(async move {
                let is_copied = copy(&feed.read_from(0)).await;
                if let Some(words) = labels.try_get_untracked() {
                    let said = if is_copied { words.copied } else { words.copy_failed };
                    self.knobs.set(|knobs| knobs.said = said);
                }
            }),
            _ => {}
        }
    }
}

/// Keeps it right. A text that is not seen keeps growing, and costs no layout.
pub(crate) fn paint(root: Root, state: SourceState, feed: HtmlFeed, labels: Signal<Labels>) {
    root.paint(move |dom| {
        let Settings { wraps, said, .. } = state.knobs.get();
        dom.words(&labels.get(), &WORDS);
        dom.text(".gs-source-said", said);
        dom.attr("[data-action=wrap]", "aria-pressed", yes_no(wraps));
        dom.attr(".gs-source-text", "data-wrap", yes_no(wraps));
    });
    let mut text = SourceText::default();
    let mut was_seen = false;
    root.paint(move |dom| {
        let (epoch, _, is_seen) = (feed.epoch(), feed.len(), state.knobs.get().tab == Tab::Source);
        let Some(pre) = dom.html(".gs-source-text") else { return };
        text.grow(&pre, feed, epoch);
        if is_seen && state.following.get_value() {
            pre.set_scroll_top(pre.scroll_height());
        } else if is_seen && !was_seen {
            // A panel that was hidden has lost its place.
            let place = state.place;
            request_animation_frame(move || pre.set_scroll_top(place.try_get_value().unwrap_or(0)));
        }
        was_seen = is_seen;
    });
}
