//! The page's title, lent for a while.

use std::cell::Cell;

use web_sys::Document;

thread_local! {
    /// There is one title: of several screens on a page, the first has it.
    static IS_LENT: Cell<bool> = const { Cell::new(false) };
}

/// Changes the page's title, and gives the host's own back when it is dropped.
#[derive(Debug)]
pub struct Title {
    document: Document,
    before: String,
}

impl Title {
    /// Remembers the present title; `None` while another has it.
    #[must_use]
    pub fn borrow() -> Option<Self> {
        let document = web_sys::window()?.document()?;
        let is_free = !IS_LENT.replace(true);
        is_free.then(|| Title { before: document.title(), document })
    }

    /// The host's own.
    #[must_use]
    pub fn before(&self) -> &str {
        &self.before
    }

    /// Shows another.
    pub fn set(&self, title: &str) {
        self.document.set_title(title);
    }
}

impl Drop for Title {
    fn drop(&mut self) {
        self.set(&self.before);
        IS_LENT.set(false);
    }
}
