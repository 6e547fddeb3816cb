//! The live preview: the frame that the hook fills, and what is said beside it. The frame itself is inert, so the
//! box around it takes the keyboard, and the headings stand as text for those who cannot see it.

use leptos::prelude::*;

use super::dom::{Root, Word};
use super::hooks::{Generation, PreviewFrame, PreviewScroll};
use super::labels::Labels;
use crate::engine::Phase;

const WORDS: [Word; 2] = [(".gs-preview-note", |l| l.preview_note), ("[data-action=follow]", |l| l.follow)];

/// How a key moves the preview.
pub(crate) fn scroll_of_key(key: &str) -> Option<PreviewScroll> {
    Some(match key {
        "ArrowUp" => PreviewScroll::Lines(-1),
        "ArrowDown" => PreviewScroll::Lines(1),
        "PageUp" => PreviewScroll::Pages(-1),
        "PageDown" | " " => PreviewScroll::Pages(1),
        "Home" => PreviewScroll::Start,
        "End" => PreviewScroll::End,
        _ => return None,
    })
}

/// Keeps right what stands beside the frame.
pub(crate) fn paint(root: Root, frame: PreviewFrame, generation: Generation, labels: Signal<Labels>) {
    root.paint(move |dom| {
        let words = labels.get();
        dom.words(&words, &WORDS);
        frame.set_title(words.preview_frame);
        let name = [words.preview_frame, ". ", words.preview_keys].concat();
        dom.attr(".gs-preview-frame", "aria-label", Some(&name));
        dom.text_if(".gs-preview-notice", frame.off.get().map(words.preview_off));
        let is_over = matches!(generation.phase().get(), Phase::Ended(_));
        dom.text(".gs-preview-empty", if is_over { words.preview_none } else { words.preview_empty });
    });
    root.paint(move |dom| {
        dom.show(".gs-preview-empty", generation.html.is_empty());
        let may_follow = !frame.following.get() && !generation.html.is_finished();
        dom.show("[data-action=follow]", may_follow);
    });
    root.paint(move |dom| {
        let outline = frame.outline.get();
        let markup = r#"<li dir="auto"></li>"#;
        dom.show(".gs-outline", !outline.is_empty());
        dom.text(".gs-outline > summary", &(labels.get().outline)(outline.len() as u64));
        dom.children(".gs-outline > ul", markup, outline.len(), &mut |at, line| {
            line.attr("", "data-level", Some(&outline[at].level.to_string()));
            line.own_text(&outline[at].text);
        });
    });
}
