//! The page's icon, lent for a while. Draws nothing itself.

use std::cell::Cell;

use web_sys::Element;

thread_local! {
    /// There is one icon: of several screens on a page, the first has it.
    static IS_LENT: Cell<bool> = const { Cell::new(false) };
}

/// Changes the page's icon, and gives the host's own back when it is dropped. What the host sets meanwhile is its own, too.
#[derive(Debug)]
pub struct Favicon {
    link: Element,
    before: String,
    shown: String,
}

impl Favicon {
    /// Remembers the present icon, the first that the page names; `None` if it names none, or while another has it.
    #[must_use]
    pub fn borrow() -> Option<Self> {
        let link = web_sys::window()?.document()?.query_selector("link[rel~=icon]").ok()??;
        let before = link.get_attribute("href")?;
        let is_free = !IS_LENT.replace(true);
        is_free.then(|| Favicon { link, shown: before.clone(), before })
    }

    /// Shows another: an SVG document without `#` and `%`, which mean something in an address.
    pub fn set(&mut self, svg: &str) {
        self.look();
        self.show(["data:image/svg+xml,", svg].concat());
    }

    /// Sees what the host has set meanwhile.
    fn look(&mut self) {
        let present = self.link.get_attribute("href").unwrap_or_default();
        if present != self.shown {
            self.before.clone_from(&present);
            self.shown = present;
        }
    }

    fn show(&mut self, href: String) {
        // An icon that is set again is loaded again.
        if self.shown != href {
            let _ = self.link.set_attribute("href", &href);
            self.shown = href;
        }
    }
}

impl Drop for Favicon {
    fn drop(&mut self) {
        self.look();
        let before = std::mem::take(&mut self.before);
        self.show(before);
        IS_LENT.set(false);
    }
}
