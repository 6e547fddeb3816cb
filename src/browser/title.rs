//! The page's title, lent for a while.

/// Changes the page's title, and gives the host's own back when it is dropped.
#[derive(Debug)]
pub struct Title {
    before: Option<String>,
}

impl Title {
    /// Remembers the present title.
    #[must_use]
    pub fn borrow() -> Self {
        let document = web_sys::window().and_then(|window| window.document());
        Title { before: document.map(|document| document.title()) }
    }

    /// Shows another.
    pub fn set(&self, title: &str) {
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            document.set_title(title);
        }
    }
}

impl Drop for Title {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            self.set(before);
        }
    }
}
