//! The page's title, lent for a while.

use std::cell::Cell;

use web_sys::Document;

thread_local! {
    /// There is one title: of several screens on a page, the first has it.
    static IS_LENT: Cell<bool> = const { Cell::new(false) };
}

/// Changes the page's title, and gives the host's own back when it is dropped. What the host sets meanwhile is its own, too.
#[derive(Debug)]
pub struct Title {
    document: Document,
    before: String,
    /// As the page has it, which collapses white space.
    shown: String,
}

impl Title {
    /// Remembers the present title; `None` while another has it.
    #[must_use]
    pub fn borrow() -> Option<Self> {
        let document = web_sys::window()?.document()?;
        let before = document.title();
        let is_free = !IS_LENT.replace(true);
        is_free.then(|| Title { document, shown: before.clone(), before })
    }

    /// The host's own.
    pub fn before(&mut self) -> &str {
        let present = self.document.title();
        if present != self.shown {
            self.before.clone_from(&present);
            self.shown = present;
        }
        &self.before
    }

    /// Shows another.
    pub fn set(&mut self, title: &str) {
        if self.shown != title {
            self.document.set_title(title);
            self.shown = self.document.title();
        }
    }
}

impl Drop for Title {
    fn drop(&mut self) {
        let before = self.before().to_owned();
        self.set(&before);
        IS_LENT.set(false);
    }
}
