//! The page's icon, lent for a while. Draws nothing itself.

use web_sys::Element;

/// Changes the page's icon, and gives the host's own back when it is dropped.
#[derive(Debug)]
pub struct Favicon {
    link: Element,
    before: String,
}

impl Favicon {
    /// Remembers the present icon, the first that the page names; `None` if it names none. Who has the title may have it.
    #[must_use]
    pub fn borrow() -> Option<Self> {
        let link = web_sys::window()?.document()?.query_selector("link[rel~=icon]").ok()??;
        let before = link.get_attribute("href")?;
        Some(Favicon { link, before })
    }

    /// Shows another: an SVG document without `#` and `%`, which mean something in an address.
    pub fn set(&self, svg: &str) {
        self.show(&["data:image/svg+xml,", svg].concat());
    }

    fn show(&self, href: &str) {
        // An icon that is set again is loaded again.
        if self.link.get_attribute("href").as_deref() != Some(href) {
            let _ = self.link.set_attribute("href", href);
        }
    }
}

impl Drop for Favicon {
    fn drop(&mut self) {
        self.show(&self.before);
    }
}
