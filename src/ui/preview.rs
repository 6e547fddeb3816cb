//! The live preview: the frame that the hook fills, and what is said beside it. The frame itself is inert, so the
//! box around it takes the keyboard, and the headings stand as text for those who cannot see it.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::tachys::html::node_ref::NodeRefContainer;

use super::dom::{JsCast, Root, Word, action_of, yes_no};
use super::hooks::{HtmlFeed, PreviewFrame, PreviewOptions, PreviewScroll, effect, use_preview_frame};
use super::knobs::Knobs;
use super::labels::Labels;
use crate::engine::PreviewPolicy;

/// What stands in the panel. Static: it holds no word, and nothing foreign.
pub(crate) const MARKUP: &str = include_str!("preview.html");

const WORDS: [Word; 7] = [
    (".gs-widths@aria-label", |l| l.widths),
    ("[data-action=width-fit]", |l| l.width_names[0]),
    ("[data-action=width-phone]", |l| l.width_names[1]),
    ("[data-action=width-tablet]", |l| l.width_names[2]),
    ("[data-action=width-desktop]", |l| l.width_names[3]),
    (".gs-preview-note", |l| l.preview_note),
    ("[data-action=follow]", |l| l.follow),
];

/// The widths that the page can be given, by their actions; the style sheet says how wide they are.
const WIDTHS: [&str; 4] = ["width-fit", "width-phone", "width-tablet", "width-desktop"];

/// Shows a foreign page while it grows, in a frame in which no script runs, nothing is loaded and no link leads
/// anywhere; with a choice of widths, and its headings as text.
///
/// A part of [`GenerationScreen`](super::GenerationScreen) that also serves by itself. Needs the same style sheet, and a
/// height: it fills what it is given, and never grows with the page. Must not be moved in the document, nor hidden by
/// `display: none`; `visibility: hidden` keeps its place.
///
/// ```
/// # use generation_screen::{HtmlFeed, LivePreview};
/// # use leptos::prelude::*;
/// #[component]
/// fn Host(feed: HtmlFeed) -> impl IntoView {
///     view! { <div style="block-size: 30rem"><LivePreview feed/></div> }
/// }
/// ```
#[component]
pub fn LivePreview(
    /// The page.
    feed: HtmlFeed,
    /// Every word that is shown. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
    /// While true, the page stays as it is; what comes meanwhile is written afterwards. Left out: never.
    #[prop(optional, into)]
    paused: Signal<bool>,
    /// True if the page ended before it was whole: then a note says so. Left out: it did not.
    #[prop(optional, into)]
    partial: Signal<bool>,
    /// A static file of the host's own origin to show the page in, where the host's policy would leave it unstyled or
    /// forbid it. Left out: an empty frame.
    #[prop(optional, into)]
    shell_url: Option<String>,
    /// What the page may load. Left out: nothing.
    #[prop(optional)]
    policy: PreviewPolicy,
) -> impl IntoView {
    let root = Root::new(MARKUP);
    let knobs = Knobs::new();
    let frame = framed(root, feed, labels, shell_url, policy);
    effect(move || frame.hold(paused.get()));
    paint(root, frame, feed, labels, knobs, move || partial.get());
    let on_click = move |event: MouseEvent| {
        if let Some(action) = action_of(&event) {
            act(&action, frame, knobs);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if key(root, &event, frame) {
            event.prevent_default();
        }
    };
    view! {
        <div
            class="gs-screen gs-alone"
            node_ref=root.node
            on:click=on_click
            on:keydown=on_key
            inner_html=root.markup()
        ></div>
    }
}

/// The frame, in the box that the markup has for it.
pub(crate) fn framed(
    root: Root,
    feed: HtmlFeed,
    labels: Signal<Labels>,
    shell_url: Option<String>,
    policy: PreviewPolicy,
) -> PreviewFrame {
    let container = NodeRef::<Div>::new();
    let title = labels.get_untracked().preview_frame.to_owned();
    let frame = use_preview_frame(container, feed, PreviewOptions { title, shell_url, policy });
    root.paint(move |dom| {
        if let (Some(frame), None) = (dom.html(".gs-preview-frame"), container.get_untracked()) {
            container.load(frame.unchecked_ref());
        }
    });
    frame
}

/// What a press of `action` does; false if it is nothing of the preview's.
pub(crate) fn act(action: &str, frame: PreviewFrame, knobs: Knobs) -> bool {
    if let Some(width) = WIDTHS.iter().find(|width| **width == action) {
        knobs.set(|knobs| knobs.width = &width["width-".len()..]);
    } else if action == "follow" {
        frame.scroll(PreviewScroll::End);
    } else {
        return false;
    }
    true
}

/// What a key does; false if it does nothing to the preview here. With a modifier it is the browser's: Alt and an arrow
/// go back in its history.
pub(crate) fn key(root: Root, event: &KeyboardEvent, frame: PreviewFrame) -> bool {
    let is_plain = !(event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key());
    let has_focus = root.dom().is_some_and(|dom| dom.find(".gs-preview-frame:focus").is_some());
    let how = scroll_of_key(&event.key()).filter(|_| is_plain && has_focus);
    if let Some(how) = how {
        frame.scroll(how);
    }
    how.is_some()
}

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
pub(crate) fn paint(
    root: Root,
    frame: PreviewFrame,
    feed: HtmlFeed,
    labels: Signal<Labels>,
    knobs: Knobs,
    is_partial: impl Fn() -> bool + 'static,
) {
    root.paint(move |dom| {
        let words = labels.get();
        dom.words(&words, &WORDS);
        frame.set_title(words.preview_frame);
        let name = [words.preview_frame, ". ", words.preview_keys].concat();
        dom.attr(".gs-preview-frame", "aria-label", Some(&name));
        let partial = is_partial().then_some(words.preview_partial);
        let notice = frame.off.get().map(words.preview_off).or(partial);
        dom.text_if(".gs-preview-notice", notice);
        dom.show(".gs-preview-note", notice.is_none());
        dom.text(
            ".gs-preview-empty",
            if feed.is_finished() { words.preview_none } else { words.preview_empty },
        );
    });
    root.paint(move |dom| {
        let width = knobs.get().width;
        dom.attr(".gs-preview", "data-width", Some(width));
        for action in WIDTHS {
            let button = ["[data-action=", action, "]"].concat();
            dom.attr(&button, "aria-pressed", yes_no(action.ends_with(width)));
        }
        dom.show(".gs-preview-empty", feed.is_empty());
        let may_follow = !frame.following.get() && !feed.is_finished();
        dom.show_or_pass_on("[data-action=follow]", may_follow, ".gs-preview-frame");
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
