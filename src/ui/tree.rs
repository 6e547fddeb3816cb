//! The screen's markup where there is no browser: a tree that painters can write to and that becomes HTML. Reads our own
//! static markup only; knows as much of selectors as painters use, and decides nothing.

use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::dom::HtmlElement;

/// An element of a tree. A cheap handle.
#[derive(Clone)]
pub(crate) struct Node {
    tree: Arc<Mutex<Tree>>,
    at: usize,
}

/// All elements; the first is the root, which no markup has: it stands for what the markup is put into.
struct Tree(Vec<Element>);

#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Child>,
}

enum Child {
    Element(usize),
    Text(String),
}

/// Elements that have no end tag.
const VOID: [&str; 2] = ["img", "input"];

impl Node {
    /// The root of a tree of its own, with this markup in it.
    pub(crate) fn root(markup: &str) -> Node {
        let mut tree = Tree(vec![Element::default()]);
        tree.add(0, markup);
        Node { tree: Arc::new(Mutex::new(tree)), at: 0 }
    }

    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn at(&self, at: usize) -> Node {
        Node { tree: Arc::clone(&self.tree), at }
    }

    /// The first element below this one that the selector finds.
    pub(crate) fn find(&self, selector: &str) -> Option<Node> {
        let steps: Vec<_> = selector.split(" > ").collect();
        let found = self.tree().find(self.at, &steps)?;
        Some(self.at(found))
    }

    /// All text in it.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        self.tree().text(self.at, &mut text);
        text
    }

    /// Puts this text in the place of all that is in it.
    pub(crate) fn set_text(&self, text: &str) {
        self.tree().0[self.at].children = vec![Child::Text(text.to_owned())];
    }

    /// An attribute's value.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.tree().0[self.at].attribute(name).map(str::to_owned)
    }

    /// All attributes.
    pub(crate) fn attributes(&self) -> Vec<(String, String)> {
        self.tree().0[self.at].attributes.clone()
    }

    /// Sets an attribute, or takes it away.
    pub(crate) fn set_attribute(&self, name: &str, value: Option<&str>) {
        let attributes = &mut self.tree().0[self.at].attributes;
        attributes.retain(|(known, _)| known != name);
        attributes.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    }

    /// How many elements are its children.
    pub(crate) fn child_count(&self) -> usize {
        self.tree().elements(self.at).count()
    }

    /// One of them.
    pub(crate) fn child(&self, at: usize) -> Option<Node> {
        let found = self.tree().elements(self.at).nth(at)?;
        Some(self.at(found))
    }

    /// There is nothing that could be focused or scrolled.
    pub(crate) fn html_element(self) -> Option<HtmlElement> {
        None
    }

    /// Puts this markup, which is static, in the place of all that is in it.
    pub(crate) fn set_markup(&self, markup: &str) {
        let mut tree = self.tree();
        tree.0[self.at].children.clear();
        tree.add(self.at, markup);
    }

    /// What is in it, as HTML.
    pub(crate) fn html(&self) -> String {
        let mut html = String::new();
        self.tree().write(self.at, &mut html);
        html
    }
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a selector without a way (`name`, `.class`, `[attribute=value]`, and nothing that only a browser knows)
    /// is one of this element.
    fn is(&self, selector: &str) -> bool {
        if selector.contains(':') {
            return false;
        }
        if let Some(class) = selector.strip_prefix('.') {
            return self.attribute("class").is_some_and(|classes| classes.split(' ').any(|one| one == class));
        }
        match selector.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')?.split_once('=')) {
            Some((name, value)) => self.attribute(name) == Some(value),
            None => self.name == selector,
        }
    }
}

impl Tree {
    fn elements(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        self.0[of].children.iter().filter_map(|child| match child {
            Child::Element(at) => Some(*at),
            Child::Text(_) => None,
        })
    }

    fn find(&self, of: usize, steps: &[&str]) -> Option<usize> {
        let (first, rest) = steps.split_first()?;
        self.elements(of).find_map(|at| {
            let here = self.0[at].is(first).then(|| self.follow(at, rest)).flatten();
            here.or_else(|| self.find(at, steps))
        })
    }

    /// The first child of a child of … by these steps.
    fn follow(&self, at: usize, steps: &[&str]) -> Option<usize> {
        let Some((first, rest)) = steps.split_first() else { return Some(at) };
        self.elements(at).filter(|child| self.0[*child].is(first)).find_map(|child| self.follow(child, rest))
    }

    fn text(&self, of: usize, text: &mut String) {
        for child in &self.0[of].children {
            match child {
                Child::Element(at) => self.text(*at, text),
                Child::Text(own) => text.push_str(own),
            }
        }
    }

    /// Reads markup into an element.
    fn add(&mut self, parent: usize, markup: &str) {
        let mut open = vec![parent];
        let mut rest = markup;
        while let Some(here) = open.last().copied() {
            let (text, tag) = rest.split_once('<').unwrap_or((rest, ""));
            if !text.trim().is_empty() || text == " " {
                self.0[here].children.push(Child::Text(text.to_owned()));
            }
            let Some((tag, after)) = tag.split_once('>') else { return };
            rest = after;
            if tag.starts_with('/') {
                open.pop();
                continue;
            }
            let element = Element::read(tag);
            let (at, is_void) = (self.0.len(), VOID.contains(&element.name.as_str()));
            self.0.push(element);
            self.0[here].children.push(Child::Element(at));
            if !is_void {
                open.push(at);
            }
        }
    }

    fn write(&self, of: usize, html: &mut String) {
        for child in &self.0[of].children {
            match child {
                Child::Text(text) => html.push_str(&escaped(text)),
                Child::Element(at) => self.write_element(*at, html),
            }
        }
    }

    fn write_element(&self, at: usize, html: &mut String) {
        let element = &self.0[at];
        // Writing to a string cannot fail.
        let _ = write!(html, "<{}", element.name);
        for (name, value) in &element.attributes {
            let _ = write!(html, " {name}=\"{}\"", escaped(value));
        }
        html.push('>');
        self.write(at, html);
        if !VOID.contains(&element.name.as_str()) {
            let _ = write!(html, "</{}>", element.name);
        }
    }
}

impl Element {
    /// Reads what stands between `<` and `>`.
    fn read(tag: &str) -> Element {
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while !rest.is_empty() {
            let name_len = rest.find([' ', '=']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(name_len);
            let (value, after) = match after.strip_prefix("=\"") {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => ("", after),
            };
            attributes.push((name.to_owned(), value.to_owned()));
            rest = after.trim_start();
        }
        Element { name: name.to_owned(), attributes, children: Vec::new() }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKUP: &str = r#"<div class="a b" data-x="1"><p hidden></p><img class="i" alt=""><ol><li>one</li></ol></div><p class="b">two</p>"#;

    #[test]
    fn markup_comes_out_as_it_went_in() {
        let html = Node::root(MARKUP).html();
        assert_eq!(html, MARKUP.replace(" hidden>", " hidden=\"\">"));
    }

    #[test]
    fn the_first_that_a_selector_names_is_found() {
        let root = Node::root(MARKUP);
        let found = |selector: &str| root.find(selector).map(|node| node.text());
        assert_eq!(found(".b").as_deref(), Some("one"), "in the order of the document");
        assert_eq!(found("p.b"), None, "two conditions in one are not known");
        assert_eq!(found(".a > ol > li").as_deref(), Some("one"));
        assert_eq!(found(".a > li"), None, "no child of it");
        assert_eq!(found("[data-x=1] > ol").as_deref(), Some("one"));
        assert_eq!(found("[data-x=2]"), None);
        assert_eq!(found("li:focus"), None, "nothing has the focus");
        assert_eq!(root.find("ol").unwrap().find(".b").map(|node| node.text()), None, "only below");
    }

    #[test]
    fn what_is_written_is_text_and_stays_text() {
        let root = Node::root(MARKUP);
        root.find("li").unwrap().set_text("<b>&\"");
        root.find(".i").unwrap().set_attribute("alt", Some("\"><script>"));
        root.find("p").unwrap().set_attribute("hidden", None);
        assert_eq!(root.find("li").unwrap().text(), "<b>&\"");
        let html = root.html();
        assert!(html.contains("<li>&lt;b&gt;&amp;&quot;</li>"), "{html}");
        assert!(html.contains(r#"alt="&quot;&gt;&lt;script&gt;""#) && !html.contains("hidden"), "{html}");
    }

    #[test]
    fn markup_takes_the_place_of_what_was_there() {
        let root = Node::root(MARKUP);
        let list = root.find("ol").unwrap();
        list.set_markup(&"<li></li>".repeat(3));
        assert_eq!(list.child_count(), 3);
        list.child(1).unwrap().set_text("x");
        assert!(list.child(3).is_none());
        assert_eq!(list.html(), "<li></li><li>x</li><li></li>");
    }
}
