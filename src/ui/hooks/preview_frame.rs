//! `use_preview_frame`: the live preview of the page, in a frame without scripts. Paces the writes.

use leptos::html;
use leptos::prelude::*;

use super::HtmlFeed;
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

/// A heading of the page, for a text outline beside the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Plain text, bounded.
    pub text: String,
}

/// A way to move through the preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviewScroll {
    /// Some lines up (negative) or down.
    Lines(i32),
    /// Some pages up (negative) or down.
    Pages(i32),
    /// To the beginning.
    Start,
    /// To the end.
    End,
}

/// The live preview: what to show beside it, and how to move it. A cheap handle; belongs to the reactive owner in
/// which [`use_preview_frame`] was called.
#[derive(Clone, Copy)]
pub struct PreviewFrame {
    /// Why there is no preview, if there is none.
    pub off: Signal<Option<PreviewOff>>,
    /// Whether the frame follows the end as it grows. The reader's own scrolling changes it, and so may the host.
    pub following: RwSignal<bool>,
    /// The page's headings so far; renewed at most every 2 s. Not for a live region.
    pub outline: Signal<Vec<Heading>>,
}

impl PreviewFrame {
    /// Scrolls the frame. Reaching the end starts following, leaving it stops.
    pub fn scroll(&self, how: PreviewScroll) {
        let _ = how;
    }
}

/// Shows `feed` in a frame that it makes inside `container`, an element that must stay where it is in the document
/// (moving it destroys the frame's document) and must not be hidden by `display: none` (that loses the place).
///
/// Scripts do not run in the frame, nothing is loaded, and no link leads anywhere. Cleaning up the owner, or removing
/// the container, takes the frame away. Nothing happens under server-side rendering.
pub fn use_preview_frame(
    container: NodeRef<html::Div>,
    feed: HtmlFeed,
    options: PreviewOptions,
) -> PreviewFrame {
    let _ = (container, feed, options);
    PreviewFrame {
        off: RwSignal::new(None).into(),
        following: RwSignal::new(true),
        outline: RwSignal::new(Vec::new()).into(),
    }
}
