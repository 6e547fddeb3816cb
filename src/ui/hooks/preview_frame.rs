//! `use_preview_frame`: the live preview of the page, in a frame without scripts. Decides nothing about the page.

use leptos::html;
use leptos::prelude::*;

use super::preview_writer::PreviewWriter;
use super::{Fact, HtmlFeed, effect};
use crate::browser::frame::{Heading, PreviewScroll};
use crate::engine::{PreviewOff, PreviewPolicy};

/// How a preview frame is set up.
#[derive(Clone, Default)]
pub struct PreviewOptions {
    /// The frame's title, for people who cannot see it; [`PreviewFrame::set_title`] changes it.
    pub title: String,
    /// Address of a static file of the same origin with a policy of its own, for hosts whose policy would leave the
    /// preview unstyled. `None`: `about:blank`, which has the host's policy.
    pub shell_url: Option<String>,
    /// What the page may load. By default nothing.
    pub policy: PreviewPolicy,
}

/// What the screen is told of a preview.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewFacts {
    pub(super) off: Option<PreviewOff>,
    pub(super) following: bool,
    pub(super) outline: Vec<Heading>,
}

impl Default for PreviewFacts {
    fn default() -> Self {
        PreviewFacts { off: None, following: true, outline: Vec::new() }
    }
}

/// The live preview: what to show beside it, and how to move it. A cheap handle; belongs to the reactive owner in
/// which [`use_preview_frame`] was called.
#[derive(Clone, Copy)]
pub struct PreviewFrame {
    /// Why there is no preview, or not all of it.
    pub off: Fact<Option<PreviewOff>, PreviewFacts>,
    /// Whether the frame follows the end as it grows. The reader's own scrolling changes it, and so does
    /// [`scroll`](PreviewFrame::scroll).
    pub following: Fact<bool, PreviewFacts>,
    /// The page's headings so far, at most 200; renewed at most every 2 s. Not for a live region.
    pub outline: Fact<Vec<Heading>, PreviewFacts>,
    writer: Option<StoredValue<Option<PreviewWriter>, LocalStorage>>,
    is_held: StoredValue<bool>,
}

impl PreviewFrame {
    /// Changes the frame's title. Does nothing while there is no frame.
    pub fn set_title(&self, title: &str) {
        if let Some(writer) = self.writer() {
            writer.set_title(title);
        }
    }

    /// Scrolls the frame. Reaching the end starts following, leaving it stops. Does nothing while there is no frame.
    pub fn scroll(&self, how: PreviewScroll) {
        if let Some(writer) = self.writer() {
            writer.scroll(how);
        }
    }

    /// Holds the page as it is, while nobody sees it or its reader wants a rest; `false` lets it go on, from where it
    /// stopped. A new frame is not held.
    pub fn hold(&self, is_held: bool) {
        self.is_held.try_set_value(is_held);
        if let Some(writer) = self.writer() {
            writer.poke();
        }
    }

    fn writer(&self) -> Option<PreviewWriter> {
        self.writer?.try_get_value().flatten()
    }
}

/// Shows `feed` in a frame that it makes inside `container`, an element that must stay where it is in the document
/// (moving it destroys the frame's document) and must not be hidden by `display: none` (that loses the place).
///
/// Scripts do not run in the frame, nothing is loaded that the options do not allow, and no link leads anywhere. Its size is up to the style sheet,
/// and must not depend on its content. Cleaning up the owner, or removing the container, takes the frame away. Nothing
/// happens under server-side rendering.
pub fn use_preview_frame(
    container: NodeRef<html::Div>,
    feed: HtmlFeed,
    options: PreviewOptions,
) -> PreviewFrame {
    let facts = RwSignal::new(PreviewFacts::default());
    // Not on a server: values of one thread may be dropped on another there.
    let writer = cfg!(target_arch = "wasm32").then(|| StoredValue::new_local(None));
    let frame = PreviewFrame {
        off: Fact::new(facts, |facts| facts.off),
        following: Fact::new(facts, |facts| facts.following),
        outline: Fact::new(facts, |facts| facts.outline.clone()),
        writer,
        is_held: StoredValue::new(false),
    };
    effect(move || {
        let Some(slot) = frame.writer else { return };
        let made = container.get().map(|container| {
            let writer = PreviewWriter::new(&container, &options, feed, facts, frame.is_held);
            writer.set_title(&options.title);
            writer
        });
        slot.try_set_value(made);
    });
    effect(move || {
        // Tracked: whenever one of them changes, there may be something to write.
        let _ = (feed.len(), feed.epoch(), feed.is_finished());
        if let Some(writer) = frame.writer() {
            writer.poke();
        }
    });
    frame
}
