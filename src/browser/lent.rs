//! What a page has one of, lent for a while: its title and its icon. Draws nothing itself.

use std::cell::Cell;

use web_sys::{Document, Element};

/// What can be lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OneOf {
    /// The page's title.
    Title,
    /// The address of the first icon that the page names.
    Icon,
}

thread_local! {
    /// Of several screens on a page, the first has it.
    static ARE_LENT: [Cell<bool>; 2] = const { [Cell::new(false), Cell::new(false)] };
}

/// Changes it, and gives the host's own back when it is dropped. What the host sets meanwhile is its own, too.
#[derive(Debug)]
pub struct Lent {
    what: OneOf,
    before: String,
    /// As the page has it, which collapses a title's white space.
    shown: String,
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn icon() -> Option<Element> {
    document()?.query_selector("link[rel~=icon]").ok()?
}

impl OneOf {
    fn present(self) -> Option<String> {
        match self {
            OneOf::Title => Some(document()?.title()),
            OneOf::Icon => icon()?.get_attribute("href"),
        }
    }

    fn put(self, text: &str) {
        match self {
            OneOf::Title => document().into_iter().for_each(|document| document.set_title(text)),
            OneOf::Icon => icon().into_iter().for_each(|icon| drop(icon.set_attribute("href", text))),
        }
    }
}

impl Lent {
    /// Remembers the present one; `None` while another has it, or if there is none.
    #[must_use]
    pub fn borrow(what: OneOf) -> Option<Self> {
        let before = what.present()?;
        let is_free = ARE_LENT.with(|are| !are[what as usize].replace(true));
        is_free.then(|| Lent { what, shown: before.clone(), before })
    }

    /// The host's own.
    pub fn before(&mut self) -> &str {
        let present = self.what.present().unwrap_or_default();
        if present != self.shown {
            self.before.clone_from(&present);
            self.shown = present;
        }
        &self.before
    }

    /// Shows another. The same again costs nothing: an icon that is set again would be loaded again.
    pub fn set(&mut self, text: &str) {
        self.before();
        if self.shown != text {
            self.what.put(text);
            self.shown = self.what.present().unwrap_or_default();
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let before = self.before().to_owned();
        self.set(&before);
        ARE_LENT.with(|are| are[self.what as usize].set(false));
    }
}
