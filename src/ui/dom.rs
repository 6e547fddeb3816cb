//! How a part gets on the screen: its markup is static and made once, and a *painter* writes what changes.
//!
//! A view with a closure for every changing word costs about a kilobyte of program for each (measured: 60 of the
//! page's 100 KB). Here each part is one static view, which Leptos makes from one piece of HTML, and one effect, which
//! writes texts and attributes where they differ. Foreign text is only ever written as text.

use leptos::html::Div;
use leptos::prelude::*;
pub(crate) use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
pub(crate) use leptos::web_sys::HtmlElement;

use super::hooks::effect;
use super::labels::Labels;

/// A screen's root, and the way to paint below it. Two screens on one page do not see each other.
#[derive(Clone, Copy)]
pub(crate) struct Root(pub(crate) NodeRef<Div>);

impl Root {
    /// Runs `paint` once the screen is mounted, and again whenever a signal that it read changes.
    pub(crate) fn paint(self, mut paint: impl FnMut(&Dom) + 'static) {
        paint_boxed(self, Box::new(move |dom| paint(dom)));
    }

    /// The mounted screen.
    pub(crate) fn dom(self) -> Option<Dom> {
        let root: HtmlElement = self.0.try_get_untracked().flatten()?.unchecked_into();
        Some(Dom(root.unchecked_into()))
    }
}

/// One body for all painters.
fn paint_boxed(root: Root, mut paint: Box<dyn FnMut(&Dom)>) {
    effect(move || {
        if let Some(root) = root.0.get() {
            let root: &Element = root.as_ref();
            paint(&Dom(root.clone()));
        }
    });
}

/// A mounted element. Writes below it touch nothing that is right already.
pub(crate) struct Dom(Element);

impl Dom {
    /// Another one.
    pub(crate) fn of(element: Element) -> Dom {
        Dom(element)
    }

    /// The first element that the selector finds.
    pub(crate) fn find(&self, selector: &str) -> Option<Element> {
        self.0.query_selector(selector).ok().flatten()
    }

    /// The same, as something that can be focused and scrolled.
    pub(crate) fn html(&self, selector: &str) -> Option<HtmlElement> {
        self.find(selector).map(JsCast::unchecked_into)
    }

    /// Sets the text of an element.
    pub(crate) fn text(&self, selector: &str, text: &str) {
        if let Some(element) = self.find(selector) {
            Dom(element).own_text(text);
        }
    }

    /// Sets the text of this element.
    pub(crate) fn own_text(&self, text: &str) {
        if self.0.text_content().as_deref() != Some(text) {
            self.0.set_text_content(Some(text));
        }
    }

    /// Sets an attribute, or takes it away; an empty selector means this element.
    pub(crate) fn attr(&self, selector: &str, name: &str, value: Option<&str>) {
        let found = if selector.is_empty() { Some(self.0.clone()) } else { self.find(selector) };
        let Some(element) = found else { return };
        if element.get_attribute(name).as_deref() == value {
            return;
        }
        let _ = match value {
            Some(value) => element.set_attribute(name, value),
            None => element.remove_attribute(name),
        };
    }

    /// Shows or hides an element.
    pub(crate) fn show(&self, selector: &str, is_shown: bool) {
        self.attr(selector, "hidden", if is_shown { None } else { Some("") });
    }

    /// Shows or hides a button, which must not take the keyboard with it: `heir` has the focus then.
    pub(crate) fn show_or_pass_on(&self, button: &str, is_shown: bool, heir: &str) {
        let had_focus = self.find(&[button, ":focus"].concat()).is_some();
        self.show(button, is_shown);
        if let Some(heir) = self.html(heir).filter(|_| had_focus && !is_shown) {
            let _ = heir.focus();
        }
    }

    /// Sets the text of an element, and hides it if there is none.
    pub(crate) fn text_if(&self, selector: &str, text: Option<&str>) {
        self.text(selector, text.unwrap_or(""));
        self.show(selector, text.is_some());
    }

    /// Sets words: the text of each selector, or an attribute of it (`selector@attribute`).
    pub(crate) fn words(&self, labels: &Labels, words: &[Word]) {
        for (place, pick) in words {
            match place.split_once('@') {
                Some((selector, name)) => self.attr(selector, name, Some(pick(labels))),
                None => self.text(place, pick(labels)),
            }
        }
    }

    /// Gives the element `count` children made from `markup`, which is static, and hands each to `paint`.
    pub(crate) fn children(
        &self,
        selector: &str,
        markup: &'static str,
        count: usize,
        paint: &mut dyn FnMut(usize, &Dom),
    ) {
        let Some(list) = self.find(selector) else { return };
        let children = list.children();
        if children.length() as usize != count {
            list.set_inner_html(&markup.repeat(count));
        }
        for at in 0..count {
            if let Some(child) = children.item(at as u32) {
                paint(at, &Dom(child));
            }
        }
    }
}

/// Where a word stands, and which.
pub(crate) type Word = (&'static str, fn(&Labels) -> &'static str);

/// `"true"` or `"false"`, as ARIA wants it.
pub(crate) fn yes_no(yes: bool) -> Option<&'static str> {
    Some(if yes { "true" } else { "false" })
}

/// The value of the nearest `data-action` around an event's target.
pub(crate) fn action_of(event: &leptos::web_sys::Event) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let button = target.closest("[data-action]").ok()??;
    // Busy buttons stay focusable, and do nothing.
    if button.get_attribute("aria-disabled").is_some() { None } else { button.get_attribute("data-action") }
}
