//! `use_preview_frame`: the live preview of the page, in a frame without scripts. Decides nothing about the page.

use leptos::html;
use leptos::prelude::*;

use super::HtmlFeed;
use super::preview_writer::{PreviewSignals, PreviewWriter};
use crate::browser::frame::{Heading, PreviewScroll};
use crate::engine::PreviewOff;

/// How a preview frame is set up.
#[derive(Clone)]
pub struct PreviewOptions {
    /// The frame's title, for people who cannot see it.
    pub title: Signal<String>,
    /// Address of a static file of the same origin with a policy of its own, for hosts whose policy would leave the
    /// preview unstyled. `None`: `about:blank`, which has the host's policy.
    pub shell_url: Option<String>,
}

/// The live preview: what to show beside it, and how to move it. A cheap handle; belongs to the reactive owner in
/// which [`use_preview_frame`] was called.
#[derive(Clone, Copy)]
pub struct PreviewFrame {
    /// Why there is no preview, or not all of it.
    pub off: Signal<Option<PreviewOff>>,
    /// Whether the frame follows the end as it grows. The reader's own scrolling changes it; setting it to true moves
    /// to the end.
    pub following: RwSignal<bool>,
    /// The page's headings so far, at most 200; renewed at most every 2 s. Not for a live region.
    pub outline: Signal<Vec<Heading>>,
    writer: Option<StoredValue<Option<PreviewWriter>, LocalStorage>>,
}

impl PreviewFrame {
    /// Scrolls the frame. Reaching the end starts following, leaving it stops. Does nothing while there is no frame.
    pub fn scroll(&self, how: PreviewScroll) {
        if let Some(writer) = self.writer() {
            writer.scroll(how);
        }
    }

    fn writer(&self) -> Option<PreviewWriter> {
        self.writer?.try_get_value().flatten()
    }
}

/// Shows `feed` in a frame that it makes inside `container`, an element that must stay where it is in the document
/// (moving it destroys the frame's document) and must not be hidden by `display: none` (that loses the place).
///
/// Scripts do not run in the frame, nothing is loaded, and no link leads anywhere. Its size is up to the style sheet,
/// and must not depend on its content. Cleaning up the owner, or removing the container, takes the frame away. Nothing
/// happens under server-side rendering.
pub fn use_preview_frame(
    container: NodeRef<html::Div>,
    feed: HtmlFeed,
    options: PreviewOptions,
) -> PreviewFrame {
    let signals = PreviewSignals {
        off: RwSignal::new(None),
        following: RwSignal::new(true),
        outline: RwSignal::new(Vec::new()),
    };
    // Not on a server: values of one thread may be dropped on another there.
    let writer = cfg!(target_arch = "wasm32").then(|| StoredValue::new_local(None));
    let PreviewSignals { off, following, outline } = signals;
    let frame = PreviewFrame { off: off.into(), following, outline: outline.into(), writer };
    let PreviewOptions { title, shell_url } = options;
    Effect::new(move |_| {
        let Some(slot) = frame.writer else { return };
        let made = container.get().map(|container| {
            let writer = PreviewWriter::new(&container, shell_url.as_deref(), feed, signals);
            writer.set_title(&title.get_untracked());
            writer
        });
        slot.try_set_value(made);
    });
    Effect::new(move |_| {
        let title = title.get();
        if let Some(writer) = frame.writer() {
            writer.set_title(&title);
        }
    });
    Effect::new(move |_| {
        // Tracked: whenever one of them changes, there may be something to write.
        let _ = (feed.len(), feed.epoch(), feed.is_finished());
        if let Some(writer) = frame.writer() {
            writer.poke();
        }
    });
    Effect::new(move |_| {
        if following.get() {
            frame.scroll(PreviewScroll::End);
        }
    });
    frame
}
