//! How a part gets on the screen: its markup is static and made once, and a *painter* writes what changes.
//!
//! A view with a closure for every changing word costs about a kilobyte of program for each (measured: 60 of the
//! page's 100 KB). Here each part is one static view, which Leptos makes from one piece of HTML, and one effect, which
//! writes texts and attributes where they differ. Foreign text is only ever written as text.
//!
//! Where there is no browser a painter writes to a tree instead (`tree`), once: so a server sends what a browser shows
//! first.

use leptos::html::Div;
use leptos::prelude::*;
pub(crate) use leptos::wasm_bindgen::JsCast;
pub(crate) use leptos::web_sys::HtmlElement;

#[cfg(not(target_arch = "wasm32"))]
use leptos::tachys::html::attribute::any_attribute::{AnyAttribute, IntoAnyAttribute};
#[cfg(not(target_arch = "wasm32"))]
use leptos::tachys::html::attribute::custom::custom_attribute;

#[cfg(target_arch = "wasm32")]
use super::element::Node;
#[cfg(target_arch = "wasm32")]
use super::hooks::effect;
use super::labels::Labels;
#[cfg(not(target_arch = "wasm32"))]
use super::tree::Node;

/// A screen's root, and the way to paint below it. Two screens on one page do not see each other.
#[derive(Clone, Copy)]
pub(crate) struct Root {
    /// What is mounted.
    pub(crate) node: NodeRef<Div>,
    #[cfg(target_arch = "wasm32")]
    markup: &'static str,
    #[cfg(not(target_arch = "wasm32"))]
    tree: StoredValue<Node>,
}

#[cfg(target_arch = "wasm32")]
impl Root {
    /// A root with this markup in it, which is static. Belongs to the current owner.
    pub(crate) fn new(markup: &'static str) -> Root {
        Root { node: NodeRef::new(), markup }
    }

    /// What is in it at first.
    pub(crate) fn markup(self) -> &'static str {
        self.markup
    }

    /// Runs `paint` once the screen is mounted, and again whenever a signal that it read changes.
    pub(crate) fn paint(self, mut paint: impl FnMut(&Dom) + 'static) {
        paint_boxed(self, Box::new(move |dom| paint(dom)));
    }

    /// The mounted screen.
    pub(crate) fn dom(self) -> Option<Dom> {
        let root: HtmlElement = self.node.try_get_untracked().flatten()?.unchecked_into();
        Some(Dom(Node::of(root.unchecked_into())))
    }
}

/// One body for all painters.
#[cfg(target_arch = "wasm32")]
fn paint_boxed(root: Root, mut paint: Box<dyn FnMut(&Dom)>) {
    effect(move || {
        if let Some(root) = root.node.get() {
            let root: &leptos::web_sys::Element = root.as_ref();
            paint(&Dom(Node::of(root.clone())));
        }
    });
}

#[cfg(not(target_arch = "wasm32"))]
impl Root {
    /// A root with this markup in it, which is static. Belongs to the current owner.
    pub(crate) fn new(markup: &'static str) -> Root {
        Root { node: NodeRef::new(), tree: StoredValue::new(Node::root(markup)) }
    }

    /// What is in it at first: the markup, as it was painted.
    pub(crate) fn markup(self) -> String {
        self.tree.try_with_value(Node::html).unwrap_or_default()
    }

    /// What was painted on the root itself.
    pub(crate) fn attributes(self) -> Vec<AnyAttribute> {
        let painted = self.tree.try_with_value(Node::attributes).unwrap_or_default();
        painted.into_iter().map(|(name, value)| custom_attribute(name, value).into_any_attr()).collect()
    }

    /// Runs `paint` once, now: nothing changes here.
    pub(crate) fn paint(self, mut paint: impl FnMut(&Dom) + 'static) {
        if let Some(root) = self.tree.try_get_value() {
            untrack(|| paint(&Dom(root)));
        }
    }

    /// Nothing is ever mounted.
    pub(crate) fn dom(self) -> Option<Dom> {
        None
    }
}

/// An element that painters write to. What is right already is left alone.
pub(crate) struct Dom(Node);

impl Dom {
    /// The first element that the selector finds.
    pub(crate) fn find(&self, selector: &str) -> Option<Dom> {
        self.0.find(selector).map(Dom)
    }

    /// The same, as something that can be focused and scrolled.
    pub(crate) fn html(&self, selector: &str) -> Option<HtmlElement> {
        self.0.find(selector)?.html_element()
    }

    /// Sets the text of an element.
    pub(crate) fn text(&self, selector: &str, text: &str) {
        if let Some(element) = self.find(selector) {
            element.own_text(text);
        }
    }

    /// Sets the text of this element.
    pub(crate) fn own_text(&self, text: &str) {
        if self.0.text() != text {
            self.0.set_text(text);
        }
    }

    /// Sets an attribute, or takes it away; an empty selector means this element.
    pub(crate) fn attr(&self, selector: &str, name: &str, value: Option<&str>) {
        let found = if selector.is_empty() { Some(self.0.clone()) } else { self.0.find(selector) };
        if let Some(element) = found
            && element.attribute(name).as_deref() != value
        {
            element.set_attribute(name, value);
        }
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
        let Some(list) = self.0.find(selector) else { return };
        if list.child_count() != count {
            list.set_markup(&markup.repeat(count));
        }
        for at in 0..count {
            if let Some(child) = list.child(at) {
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
    let target: leptos::web_sys::Element = event.target()?.dyn_into().ok()?;
    let button = target.closest("[data-action]").ok()??;
    // Busy buttons stay focusable, and do nothing.
    if button.get_attribute("aria-disabled").is_some() { None } else { button.get_attribute("data-action") }
}
