//! The frame in which a foreign page is shown while it grows: no scripts, no requests, nothing of the host's.
//!
//! The page is hostile. It cannot run anything, but it can name things: `<img name=write>` hides `document.write`. So
//! the frame's document is only ever touched through the functions of the host's own `Document.prototype`; and what
//! comes out of it belongs to another realm, where `instanceof` says no: it is never cast with a check.

use wasm_bindgen::prelude::*;
use web_sys::{
    Document, Element, HtmlIFrameElement, NodeList, ScrollBehavior, ScrollToOptions, StyleSheetList,
};

use super::live::Counted;
use super::page::Listener;
use crate::engine::{PreviewOff, PreviewPolicy, plain_text};

/// How often a frame that was led away is brought back, before the preview is given up.
const RETURNS_MAX: u32 = 10;

/// How near to its end a page counts as being there, in CSS pixels.
const END_NEAR_PX: i32 = 48;

/// Most headings of a page that are listed.
const HEADINGS_MAX: u32 = 200;

/// Headings that lie in no other: so all their texts together are no longer than the page.
const HEADINGS: &str = ":is(h1,h2,h3,h4,h5,h6):not(:is(h1,h2,h3,h4,h5,h6) *)";

/// How far one line scrolls, in CSS pixels.
const LINE_PX: i32 = 40;

#[wasm_bindgen]
extern "C" {
    /// A document whose functions are the host's: what a page in it names does not hide them.
    #[wasm_bindgen(extends = Document, js_name = Document)]
    #[derive(Clone)]
    type FrameDocument;

    #[wasm_bindgen(method, final, catch, js_class = "Document", js_name = open)]
    fn open_again(this: &FrameDocument) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, final, catch, js_class = "Document", js_name = write)]
    fn write_text(this: &FrameDocument, text: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, final, catch, js_class = "Document", js_name = close)]
    fn close_again(this: &FrameDocument) -> Result<(), JsValue>;

    #[wasm_bindgen(method, final, getter, js_class = "Document", js_name = URL)]
    fn address(this: &FrameDocument) -> String;

    #[wasm_bindgen(method, final, getter, js_class = "Document", js_name = documentElement)]
    fn root(this: &FrameDocument) -> Option<Element>;

    #[wasm_bindgen(method, final, getter, js_class = "Document", js_name = styleSheets)]
    fn sheets(this: &FrameDocument) -> StyleSheetList;

    #[wasm_bindgen(method, final, catch, js_class = "Document", js_name = querySelectorAll)]
    fn all(this: &FrameDocument, selectors: &str) -> Result<NodeList, JsValue>;
}

/// Where a frame is put: any element of the host's page.
pub type Container = Element;

/// A heading of the page, for a text outline beside the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Plain text, at most 500 characters.
    pub text: String,
}

/// A way to move through the preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviewScroll {
    /// So many lines up (negative) or down.
    Lines(i32),
    /// So many pages up (negative) or down.
    Pages(i32),
    /// To the beginning.
    Start,
    /// To the end.
    End,
}

/// A frame's title, for people who cannot see it.
#[derive(Clone)]
pub struct FrameTitle(HtmlIFrameElement);

impl FrameTitle {
    /// Changes it: at any time, in the middle of a write too.
    pub fn set(&self, title: &str) {
        let _ = self.0.set_attribute("title", title);
    }
}

/// A frame for one foreign page. Dropping it closes its document and takes it out of the host's.
pub struct Frame {
    element: HtmlIFrameElement,
    /// The document that is being written; `None` while there is none of ours.
    document: Option<FrameDocument>,
    /// Where a document of ours is to be had: `about:blank`, or the host's shell.
    home: String,
    policy: PreviewPolicy,
    returns: u32,
    /// Where the last write left the page: elsewhere, its reader has moved it.
    top: i32,
    _on_load: Listener,
    _live: Counted,
}

impl Frame {
    /// Puts a frame into `container`; `None` if the browser does not let it. What stands in it may load what `policy` says.
    /// `on_load` is called when the frame has loaded something, wanted or not: then [`Frame::arrive`] is due.
    pub fn put(
        container: &Container,
        shell_url: Option<&str>,
        policy: PreviewPolicy,
        on_load: impl FnMut() + 'static,
    ) -> Option<Frame> {
        let document = container.owner_document()?;
        let element: HtmlIFrameElement = document.create_element("iframe").ok()?.unchecked_into();
        // Before it stands in the document: a frame's first document keeps the sandbox it was made in.
        let rules = [
            ("sandbox", "allow-same-origin"),
            ("referrerpolicy", "no-referrer"),
            ("allow", ""),
            ("tabindex", "-1"),
        ];
        for (name, value) in rules {
            element.set_attribute(name, value).ok()?;
        }
        if let Some(url) = shell_url {
            element.set_src(url);
        }
        let home = if shell_url.is_some() { element.src() } else { "about:blank".to_owned() };
        container.append_child(&element).ok()?;
        let mut on_load = on_load;
        let _on_load = Listener::on(&element, "load", move |_| on_load());
        let _live = Counted::frame();
        Some(Frame { element, document: None, home, policy, returns: 0, top: 0, _on_load, _live })
    }

    /// Where its title is set.
    #[must_use]
    pub fn title(&self) -> FrameTitle {
        FrameTitle(self.element.clone())
    }

    fn present(&self) -> Option<FrameDocument> {
        self.element.content_document().map(JsCast::unchecked_into)
    }

    /// True if the frame shows the document that is being written.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        let ours = self.document.as_ref();
        ours.is_some_and(|ours| self.present().is_some_and(|present| js_sys::Object::is(ours, &present)))
    }

    /// Takes the frame's present document for ours, if it is the one from home: empty, with the prelude. True if so:
    /// then everything has to be written again.
    ///
    /// # Errors
    /// If the host's policy does not let it be written, or leaves it unstyled.
    pub fn begin(&mut self) -> Result<bool, PreviewOff> {
        let Some(present) = self.present() else { return Ok(false) };
        if !self.is_ours() && present.address() != self.home {
            return Ok(false);
        }
        present.open_again().map_err(|_| PreviewOff::Refused)?;
        self.top = 0;
        let written = present.write_text(self.policy.prelude());
        self.document = Some(present);
        written.map_err(|_| PreviewOff::Refused)?;
        let is_unstyled = self.document.as_ref().is_some_and(|document| document.sheets().length() == 0);
        if is_unstyled { Err(PreviewOff::Refused) } else { Ok(true) }
    }

    /// Sees what the frame has loaded, and brings it back home if it was led away. True if it has to be written again.
    ///
    /// # Errors
    /// If it cannot be written, or was led away too often.
    pub fn arrive(&mut self) -> Result<bool, PreviewOff> {
        if self.is_ours() {
            return Ok(false);
        }
        // Home's own load, after it was brought back, is no other.
        let was_led_away = self.document.take().is_some();
        self.returns += u32::from(was_led_away);
        if self.returns > RETURNS_MAX {
            // Whatever it shows now is nobody's we know. It is brought home once more, and stays empty.
            if was_led_away {
                self.element.set_src(&self.home);
            }
            return Err(PreviewOff::Refused);
        }
        let has_begun = self.begin()?;
        if !has_begun {
            self.element.set_src(&self.home);
        }
        Ok(has_begun)
    }

    /// Another page is to come: how often the last one was led away counts no more.
    pub fn forgive(&mut self) {
        self.returns = 0;
    }

    /// Writes the next part of the page.
    ///
    /// # Errors
    /// If the host's policy does not let it be written.
    pub fn write(&mut self, text: &str) -> Result<(), PreviewOff> {
        let Some(document) = &self.document else { return Ok(()) };
        document.write_text(text).map_err(|_| PreviewOff::Refused)
    }

    /// The page is written. A document that stays open would keep the browser waiting.
    pub fn close(&mut self) {
        if let Some(document) = &self.document {
            let _ = document.close_again();
        }
    }

    fn root(&self) -> Option<Element> {
        self.document.as_ref().and_then(FrameDocument::root)
    }

    /// If the page's reader has moved it since the last write: whether it is at its end now.
    #[must_use]
    pub fn moved(&mut self) -> Option<bool> {
        let root = self.root()?;
        let top = root.scroll_top();
        if top == std::mem::replace(&mut self.top, top) { None } else { Some(is_at_end(&root)) }
    }

    /// Moves the page; true if it is at its end then.
    pub fn scroll(&mut self, how: PreviewScroll) -> bool {
        let Some(root) = self.root() else { return true };
        let page = (root.client_height() - LINE_PX).max(LINE_PX);
        let top = match how {
            PreviewScroll::Lines(lines) => root.scroll_top().saturating_add(lines.saturating_mul(LINE_PX)),
            PreviewScroll::Pages(pages) => root.scroll_top().saturating_add(pages.saturating_mul(page)),
            PreviewScroll::Start => 0,
            PreviewScroll::End => root.scroll_height(),
        };
        // At once, whatever the page's own `scroll-behavior` says.
        let to = ScrollToOptions::new();
        to.set_behavior(ScrollBehavior::Instant);
        to.set_top(top.into());
        root.scroll_to_with_scroll_to_options(&to);
        self.top = root.scroll_top();
        is_at_end(&root)
    }

    /// The page's headings so far, at most 200.
    #[must_use]
    pub fn headings(&self) -> Vec<Heading> {
        let found = self.document.as_ref().and_then(|document| document.all(HEADINGS).ok());
        let Some(found) = found else { return Vec::new() };
        let heading = |at| {
            let node = found.get(at)?;
            let level = node.node_name().as_bytes().get(1)?.wrapping_sub(b'0');
            let text = plain_text(&node.text_content()?);
            (!text.is_empty()).then_some(Heading { level, text })
        };
        (0..found.length().min(HEADINGS_MAX)).filter_map(heading).collect()
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.close();
        self.element.remove();
    }
}

fn is_at_end(root: &Element) -> bool {
    root.scroll_top().saturating_add(root.client_height()) >= root.scroll_height() - END_NEAR_PX
}
