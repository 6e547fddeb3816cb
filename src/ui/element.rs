//! An element of the page, for painters: the few things that they do to one. Its twin without a browser is `tree`.

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

/// An element.
#[derive(Clone)]
pub(crate) struct Node(Element);

impl Node {
    pub(crate) fn of(element: Element) -> Node {
        Node(element)
    }

    /// The same, as something that can be focused and scrolled.
    pub(crate) fn html_element(self) -> Option<HtmlElement> {
        Some(self.0.unchecked_into())
    }

    pub(crate) fn find(&self, selector: &str) -> Option<Node> {
        self.0.query_selector(selector).ok().flatten().map(Node)
    }

    pub(crate) fn text(&self) -> String {
        self.0.text_content().unwrap_or_default()
    }

    pub(crate) fn set_text(&self, text: &str) {
        self.0.set_text_content(Some(text));
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.0.get_attribute(name)
    }

    pub(crate) fn set_attribute(&self, name: &str, value: Option<&str>) {
        let _ = match value {
            Some(value) => self.0.set_attribute(name, value),
            None => self.0.remove_attribute(name),
        };
    }

    pub(crate) fn child_count(&self) -> usize {
        self.0.child_element_count() as usize
    }

    pub(crate) fn child(&self, at: usize) -> Option<Node> {
        self.0.children().item(at as u32).map(Node)
    }

    /// Puts this markup, which is static, in the place of all that is in it.
    pub(crate) fn set_markup(&self, markup: &str) {
        self.0.set_inner_html(markup);
    }
}
