//! The page's pane: preview and source as tabs, both always mounted, and a rest for both. After the ARIA Authoring Practices' tabs with
//! automatic activation: one tab stop, arrows, Home and End.

use leptos::prelude::*;

use super::dom::{Root, Word, yes_no};
use super::hooks::Generation;
use super::knobs::Knobs;
use super::labels::Labels;

const WORDS: [Word; 7] = [
    ("[data-action=pause]", |l| l.pause),
    (".gs-page@aria-label", |l| l.page),
    (".gs-tabs@aria-label", |l| l.page),
    ("[data-action=tab-preview]", |l| l.preview),
    (".gs-preview@aria-label", |l| l.preview),
    ("[data-action=tab-source]", |l| l.source),
    (".gs-source@aria-label", |l| l.source),
];

/// Which panel is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Preview,
    Source,
}

impl Tab {
    /// The tab that a press of `action` selects.
    pub(crate) fn of_action(action: &str) -> Option<Tab> {
        match action {
            "tab-preview" => Some(Tab::Preview),
            "tab-source" => Some(Tab::Source),
            _ => None,
        }
    }

    /// The tab that a key selects while a tab is focused.
    pub(crate) fn of_key(self, key: &str) -> Option<Tab> {
        match (key, self) {
            ("Home", _) | ("ArrowLeft" | "ArrowRight", Tab::Source) => Some(Tab::Preview),
            ("End", _) | ("ArrowLeft" | "ArrowRight", Tab::Preview) => Some(Tab::Source),
            _ => None,
        }
    }
}

/// Keeps tabs and panels right.
pub(crate) fn paint(root: Root, generation: Generation, labels: Signal<Labels>, knobs: Knobs) {
    root.paint(move |dom| {
        let (words, selected) = (labels.get(), knobs.get().tab);
        dom.words(&words, &WORDS);
        let is_preview = selected == Tab::Preview;
        for (button, panel, is_selected) in [
            ("[data-action=tab-preview]", ".gs-preview", is_preview),
            ("[data-action=tab-source]", ".gs-source", !is_preview),
        ] {
            dom.attr(button, "aria-selected", yes_no(is_selected));
            dom.attr(button, "tabindex", Some(if is_selected { "0" } else { "-1" }));
            dom.attr(panel, "role", Some("tabpanel"));
            dom.attr(panel, "data-state", Some(if is_selected { "shown" } else { "hidden" }));
        }
        dom.attr(".gs-page", "data-tab", Some(if is_preview { "preview" } else { "source" }));
        // The room for the bold word is kept by the style sheet.
        dom.attr("[data-action=tab-preview]", "data-word", Some(words.preview));
        dom.attr("[data-action=tab-source]", "data-word", Some(words.source));
    });
    root.paint(move |dom| {
        // In steps, while it grows: a number that changes with each piece is no use to anybody, and is laid out each time.
        let len = generation.html.len();
        let len = if generation.html.is_finished() { len } else { len & !0xFFF };
        let size = if len == 0 { String::new() } else { (labels.get().size)(len) };
        dom.text(".gs-page-size", &size);
        let is_paused = knobs.get().is_paused;
        dom.attr("[data-action=pause]", "aria-pressed", yes_no(is_paused));
        // What has ended moves no more. The button stays, with the focus that it may have.
        let is_idle = generation.html.is_finished() && !is_paused;
        dom.attr("[data-action=pause]", "aria-disabled", is_idle.then_some("true"));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_and_home_and_end_go_to_the_ends() {
        assert_eq!(Tab::Preview.of_key("ArrowRight"), Some(Tab::Source));
        assert_eq!(Tab::Source.of_key("ArrowRight"), Some(Tab::Preview));
        assert_eq!(Tab::Source.of_key("Home"), Some(Tab::Preview));
        assert_eq!(Tab::Source.of_key("End"), Some(Tab::Source));
        assert_eq!(Tab::Source.of_key("Tab"), None);
    }
}
