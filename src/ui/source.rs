//! The source of the page as it grows, exact to the byte: new text is appended, nothing is written twice. Follows
//! the end until the reader scrolls up.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::dom::{Root, Word, action_of, yes_no};
use super::hooks::{HtmlFeed, Rest, copy, effect, save};
use super::knobs::{Knobs, Settings};
use super::labels::Labels;
use super::page::Tab;
use super::source_text::SourceText;

/// How near to the end still counts as following it, in CSS pixels.
const END_SLACK: i32 = 32;

/// What stands in the panel. Static: it holds no word, and nothing foreign.
pub(crate) const MARKUP: &str = include_str!("source.html");

const WORDS: [Word; 5] = [
    ("[data-action=copy]", |l| l.copy),
    ("[data-action=download]", |l| l.download),
    ("[data-action=wrap]", |l| l.wrap),
    ("[data-action=follow-source]", |l| l.follow),
    (".gs-source-text@aria-label", |l| l.source_text),
];

/// Shows the source of a page while it grows: every byte, as text; with buttons to copy it, to save it as a file, and
/// to wrap long lines. Follows the end until its reader scrolls up, and again when they ask for it.
///
/// A part of [`GenerationScreen`](super::GenerationScreen) that also serves by itself. Needs the same style sheet, and a
/// height: it fills what it is given. Text that is out of view costs no layout; a page of many megabytes stays quick.
///
/// ```
/// # use generation_screen::{HtmlFeed, SourceView};
/// # use leptos::prelude::*;
/// #[component]
/// fn Host(feed: HtmlFeed) -> impl IntoView {
///     view! { <div style="block-size: 20rem"><SourceView feed/></div> }
/// }
/// ```
#[component]
pub fn SourceView(
    /// The page.
    feed: HtmlFeed,
    /// Every word that is shown. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
    /// While true, the text stays as it is; what comes meanwhile is shown afterwards. Left out: never.
    #[prop(optional, into)]
    paused: Signal<bool>,
) -> impl IntoView {
    let root = Root::new(MARKUP);
    let knobs = Knobs::new();
    knobs.set(|knobs| knobs.tab = Tab::Source);
    effect(move || {
        let is_paused = paused.get();
        knobs.set(|knobs| knobs.is_paused = is_paused);
    });
    let state = SourceState::new(knobs);
    paint(root, state, feed, labels);
    let on_click = move |event: MouseEvent| {
        if let Some(action) = action_of(&event) {
            state.act(&action, feed, labels);
        }
    };
    view! {
        <div
            class="gs-screen gs-alone"
            node_ref=root.node
            on:click=on_click
            on:scroll:capture=move |_| state.scrolled(root)
            inner_html=root.markup()
        ></div>
    }
}

/// What the source's panel knows beside the page.
#[derive(Clone, Copy)]
pub(crate) struct SourceState {
    knobs: Knobs,
    /// How far the reader had scrolled, for when the panel is seen again.
    place: StoredValue<i32>,
}

impl SourceState {
    pub(crate) fn new(knobs: Knobs) -> Self {
        SourceState { knobs, place: StoredValue::new(0) }
    }

    /// The reader, or the end that is followed, has scrolled the text. Ignored while it is hidden, and has no size.
    pub(crate) fn scrolled(&self, root: Root) {
        let Some(text) = root.dom().and_then(|dom| dom.html(".gs-source-text")) else { return };
        let settings = self.knobs.peek();
        if settings.tab == Tab::Source {
            self.place.set_value(text.scroll_top());
            let end = text.scroll_height() - text.client_height();
            let follows = text.scroll_top() >= end - END_SLACK;
            if follows != settings.follows {
                self.knobs.set(|knobs| knobs.follows = follows);
            }
        }
    }

    /// What a press of `action` does.
    pub(crate) fn act(self, action: &str, feed: HtmlFeed, labels: Signal<Labels>) {
        match action {
            "wrap" => self.knobs.set(|knobs| knobs.wraps = !knobs.wraps),
            "follow-source" => self.knobs.set(|knobs| knobs.follows = true),
            "download" => {
                let is_saved = save("page.html", "text/html;charset=utf-8", feed.pieces_from(0));
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
        let Settings { wraps, said, follows, .. } = state.knobs.get();
        dom.words(&labels.get(), &WORDS);
        dom.text(".gs-source-said", said);
        dom.attr("[data-action=wrap]", "aria-pressed", yes_no(wraps));
        dom.attr(".gs-source-text", "data-wrap", yes_no(wraps));
        let may_follow = !follows && !feed.is_finished();
        dom.show_or_pass_on("[data-action=follow-source]", may_follow, ".gs-source-text");
    });
    let (mut text, rest) = (SourceText::default(), Rest::default());
    let mut was_seen = false;
    // Of its own: the other knobs' painters cost something, and this comes with many frames.
    let again = Knobs::new();
    root.paint(move |dom| {
        let (epoch, _, knobs, _) = (feed.epoch(), feed.len(), state.knobs.get(), again.get());
        let Some(pre) = dom.html(".gs-source-text") else { return };
        let is_seen = knobs.tab == Tab::Source;
        // What is void goes at once, and with it where its reader was.
        if text.clear_void(&pre, epoch) {
            state.place.set_value(0);
            state.knobs.set(|knobs| knobs.follows = true);
        } else if rest.postpones() && was_seen == is_seen {
            return;
        }
        let follows = is_seen && knobs.follows;
        if is_seen && !was_seen {
            // A panel that was hidden has lost its place. At once: a scroll to its beginning would be taken for its reader's.
            pre.set_scroll_top(if follows { pre.scroll_height() } else { state.place.get_value() });
        }
        was_seen = is_seen;
        if knobs.is_paused {
            return;
        }
        // At its end all of it is there, seen or not.
        let is_due = is_seen || feed.is_finished();
        rest.work(|has_time| text.grow(feed, rest.is_slow() || !is_due, has_time));
        let show = || {
            text.show(&pre);
            if follows {
                pre.set_scroll_top(pre.scroll_height());
            }
        };
        rest.show(is_due, show, move || again.set(|_| ()));
    });
}
