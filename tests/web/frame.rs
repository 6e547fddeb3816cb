//! The script-less frame, filled with hostile pages.

use std::cell::Cell;
use std::rc::Rc;

use generation_screen::browser::frame::{Frame, Heading, PreviewScroll};
use generation_screen::browser::{Live, live};
use generation_screen::engine::{PreviewFilter, PreviewOff, PreviewPolicy};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Document, Element, HtmlIFrameElement};

use crate::{settle, until};

#[wasm_bindgen(inline_js = r#"
const frame = (box) => box.querySelector("iframe");
// Asked of the host's own prototype: the page in the frame hides what it likes.
const get = Object.getOwnPropertyDescriptor(Document.prototype, "documentElement").get;
const root = (box) => get.call(frame(box).contentDocument);
export function parsed(html) { return get.call(new DOMParser().parseFromString(html, "text/html")).outerHTML; }
export function written(box) { return root(box).outerHTML; }
export function mode(box) { return frame(box).contentDocument.compatMode; }
export function ran() { return window.ran ?? 0; }
export function colour(box) {
    const view = frame(box).contentWindow;
    return view.getComputedStyle(root(box).querySelector("p")).color;
}
export function leadAway(box) { frame(box).contentWindow.location.href = "data:text/html,elsewhere"; }
export function swap(box) { frame(box).src = "about:blank"; }
export function scrollTo(box, top) { root(box).scrollTop = top; }
export function top(box) { return root(box).scrollTop; }
"#)]
extern "C" {
    fn parsed(html: &str) -> String;
    fn written(container: &Element) -> String;
    fn mode(container: &Element) -> String;
    fn ran() -> u32;
    fn colour(container: &Element) -> String;
    #[wasm_bindgen(js_name = leadAway)]
    fn lead_away(container: &Element);
    fn swap(container: &Element);
    #[wasm_bindgen(js_name = scrollTo)]
    fn scroll_to(container: &Element, top: i32);
    fn top(container: &Element) -> i32;
}

/// A box in the page, gone when it is dropped.
pub(crate) struct Place(pub(crate) Element);

impl Place {
    pub(crate) fn new() -> Self {
        let document: Document = web_sys::window().unwrap().document().unwrap();
        let element = document.create_element("div").unwrap();
        document.body().unwrap().append_child(&element).unwrap();
        Place(element)
    }

    pub(crate) fn frames(&self) -> u32 {
        self.0.child_element_count()
    }

    /// The root of what stands in the frame.
    pub(crate) fn root(&self) -> Option<Element> {
        self.frame().content_document()?.document_element()
    }

    fn frame(&self) -> HtmlIFrameElement {
        self.0.first_element_child().unwrap().unchecked_into()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.remove();
    }
}

/// A page with a little of everything that could break when it is cut.
pub(crate) const PAGE: &str = "Here is your page:\n```html\n<!DOCTYPE html>\n<html lang=\"de\" class='a b'><head>\n\
    <meta charset=utf-8><title>Caf\u{e9} &amp; 🗼</title>\n<LINK rel=preconnect href=https://evil.example>\n\
    <style>p { color: rgb(1, 2, 3) } html { scroll-behavior: smooth }</style></head>\r\n\
    <body onload=\"parent.ran = 1\"><h1>Eins &lt;</h1><p>Zwei<table><tr><td>x</table><script>parent.ran = 2</script>\n\
    <svg><a xlink:href=\"javascript:parent.ran=3\"><circle r=1 /></a></svg><img src=x onerror=\"parent.ran = 4\">\n\
    <form name=write><input name=open></form><img name=close><img name=documentElement><img name=querySelectorAll>\n\
    <iframe srcdoc=\"<script>parent.parent.ran = 5</script>\"></iframe><link/><h2> </h2><h3>Drei</h3>\n\
    <textarea></p></textarea><p>\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} Ende</body></html>\n```\n";

/// What is written of a page.
pub(crate) fn filtered(page: &str) -> String {
    let (mut filter, mut shown) = (PreviewFilter::new(), String::new());
    filter.push(page, &mut shown);
    filter.finish(&mut shown);
    shown
}

/// What its document has to look like.
pub(crate) fn expected(page: &str) -> String {
    parsed(&[PreviewPolicy::default().prelude(), &filtered(page)].concat())
}

/// What stands in the frame.
pub(crate) fn shown(place: &Place) -> String {
    written(&place.0)
}

fn open(place: &Place) -> (Frame, Rc<Cell<u32>>) {
    let loads = Rc::new(Cell::new(0));
    let loaded = Rc::clone(&loads);
    let mut frame =
        Frame::put(&place.0, None, PreviewPolicy::default(), move || loaded.set(loaded.get() + 1)).unwrap();
    assert_eq!(frame.begin(), Ok(true));
    (frame, loads)
}

#[wasm_bindgen_test]
async fn a_page_written_in_pieces_is_the_page_that_a_parser_makes_of_it() {
    for size in [1, 7, 97, usize::MAX] {
        let place = Place::new();
        let (mut frame, _) = open(&place);
        let mut filter = PreviewFilter::new();
        let chars: Vec<char> = PAGE.chars().collect();
        for piece in chars.chunks(size.min(chars.len())) {
            let mut text = String::new();
            filter.push(&piece.iter().collect::<String>(), &mut text);
            frame.write(&text).unwrap();
        }
        let mut text = String::new();
        filter.finish(&mut text);
        frame.write(&text).unwrap();
        frame.close();
        assert_eq!(shown(&place), expected(PAGE), "pieces of {size}");
        assert!(!shown(&place).to_lowercase().contains("<link"));
        assert_eq!((mode(&place.0).as_str(), colour(&place.0).as_str()), ("CSS1Compat", "rgb(1, 2, 3)"));
        settle().await;
        assert_eq!(ran(), 0, "no script runs");
    }
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
fn the_frame_is_locked_before_it_stands_in_the_page() {
    let place = Place::new();
    let (frame, _) = open(&place);
    frame.title().set("the preview");
    let element = place.frame();
    for (name, value) in [
        ("sandbox", "allow-same-origin"),
        ("referrerpolicy", "no-referrer"),
        ("allow", ""),
        ("tabindex", "-1"),
        ("title", "the preview"),
    ] {
        assert_eq!(element.get_attribute(name).as_deref(), Some(value), "{name}");
    }
    drop(frame);
    assert_eq!(place.frames(), 0);
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
fn headings_are_plain_text_and_survive_a_page_that_hides_functions() {
    let place = Place::new();
    let (mut frame, _) = open(&place);
    frame.write(&filtered(PAGE)).unwrap();
    let heading = |level, text: &str| Heading { level, text: text.into() };
    assert_eq!(frame.headings(), [heading(1, "Eins <"), heading(3, "Drei")]);
    frame.write("<h6>mehr</h6>").unwrap();
    assert_eq!(frame.headings().last(), Some(&heading(6, "mehr")));
    frame.close();
}

#[wasm_bindgen_test]
async fn a_frame_that_was_led_away_comes_back_to_be_written_again() {
    for lead in [lead_away, swap] {
        let place = Place::new();
        let (mut frame, loads) = open(&place);
        frame.write("<p>first").unwrap();
        frame.close();
        settle().await;
        let before = loads.get();
        lead(&place.0);
        until("something else", || loads.get() > before && !frame.is_ours()).await;
        let mut has_begun = frame.arrive().unwrap();
        if !has_begun {
            let before = loads.get();
            until("home", || loads.get() > before).await;
            has_begun = frame.arrive().unwrap();
        }
        assert!(has_begun && frame.is_ours());
        frame.write("<p>again").unwrap();
        frame.close();
        assert!(shown(&place).contains("<p>again"));
    }
}

#[wasm_bindgen_test]
async fn a_frame_that_is_led_away_for_ever_is_given_up() {
    let place = Place::new();
    let (mut frame, loads) = open(&place);
    for _ in 0..10 {
        let before = loads.get();
        swap(&place.0);
        until("a new document", || loads.get() > before && !frame.is_ours()).await;
        assert_eq!(frame.arrive(), Ok(true));
    }
    let before = loads.get();
    swap(&place.0);
    until("a new document", || loads.get() > before && !frame.is_ours()).await;
    let before = loads.get();
    assert_eq!(frame.arrive(), Err(PreviewOff::Refused));
    until("it is brought home", || loads.get() > before).await;
    assert_eq!(frame.arrive(), Err(PreviewOff::Refused), "and left alone there");
    assert_eq!(place.frames(), 1);
    // Another page may well stay.
    frame.forgive();
    assert_eq!(frame.begin(), Ok(true));
    frame.write("<p>another").unwrap();
    frame.close();
    assert!(shown(&place).contains("<p>another"));
}

#[wasm_bindgen_test]
fn only_the_readers_own_scrolling_counts_as_moving() {
    let place = Place::new();
    place.0.set_attribute("style", "width: 300px; height: 200px").unwrap();
    let (mut frame, _) = open(&place);
    frame.write("<style>html { scroll-behavior: smooth } p { height: 3000px }</style><p>x<p>y").unwrap();
    assert_eq!(frame.moved(), None);
    assert!(frame.scroll(PreviewScroll::End));
    assert!(top(&place.0) > 5000);
    frame.write("<p>z").unwrap();
    assert_eq!(frame.moved(), None, "growing is no moving");
    assert!(!frame.scroll(PreviewScroll::Start));
    assert!(!frame.scroll(PreviewScroll::Lines(2)));
    assert_eq!(top(&place.0), 80);
    assert!(!frame.scroll(PreviewScroll::Pages(1)) && top(&place.0) > 80);
    assert!(!frame.scroll(PreviewScroll::Lines(i32::MIN)));
    assert_eq!(frame.moved(), None);
    frame.write("<style>html { scroll-behavior: auto }</style>").unwrap();
    scroll_to(&place.0, 500);
    assert_eq!(frame.moved(), Some(false));
    scroll_to(&place.0, 1_000_000);
    assert_eq!(frame.moved(), Some(true));
}
