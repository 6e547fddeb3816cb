//! `use_preview_frame`: a growing page in its frame, inside a mounted component.

use std::cell::RefCell;
use std::rc::Rc;

use generation_screen::browser::{Live, Token, TokenProvider, live};
use generation_screen::engine::{Options, PreviewOff};
use generation_screen::ui::hooks::{
    Generation, PreviewFrame, PreviewOptions, PreviewScroll, use_generation, use_preview_frame,
};
use leptos::html;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fake::{Call, Fake};
use crate::frame::{PAGE, Place, expected, shown};
use crate::{settle, until};

struct Mounted {
    generation: Generation,
    preview: PreviewFrame,
    inner: Place,
    _handle: Box<dyn std::any::Any>,
    _place: Place,
}

fn mount() -> Mounted {
    let place = Place::new();
    place.0.set_attribute("style", "width: 300px; height: 200px").unwrap();
    let made: Rc<RefCell<Option<(Generation, PreviewFrame)>>> = Rc::default();
    let making = Rc::clone(&made);
    let handle = mount_to(place.0.clone().unchecked_into(), move || {
        let token = TokenProvider::new(|_| async { Ok(Token { value: "t1".into(), expires_in: None }) });
        let src = Signal::stored(Some("/api/generations/abc".to_owned()));
        let generation = use_generation(src, token, Options::default());
        let container = NodeRef::<html::Div>::new();
        let options = PreviewOptions { title: "Preview".into(), ..PreviewOptions::default() };
        let preview = use_preview_frame(container, generation.html, options);
        *making.borrow_mut() = Some((generation, preview));
        view! { <div node_ref=container></div> }
    });
    let (generation, preview) = made.take().unwrap();
    let inner = Place(place.0.first_element_child().unwrap());
    Mounted { generation, preview, inner, _handle: Box::new(handle), _place: place }
}

fn is_finished(mounted: &Mounted) -> bool {
    untrack(|| mounted.generation.html.is_finished())
}

fn state(run: u32, seq: u32, status: &str, html: &str) -> String {
    let text = serde_json::to_string(html).unwrap();
    let len = html.len();
    format!(
        r#"{{"run":{run},"seq":{seq},"status":"{status}","html":{{"from":0,"len":{len},"text":{text}}}}}"#
    )
}

fn push(stream: &Call, data: &str) {
    stream.push(["data: ", data, "\n\n"].concat().as_bytes());
}

fn html(seq: u32, offset: usize, text: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!(r#"{{"seq":{seq},"type":"html","offset":{offset},"text":{text}}}"#)
}

#[wasm_bindgen_test]
async fn a_page_grows_in_its_frame_and_ends_as_a_parser_would_make_it() {
    let fake = Fake::install();
    let mounted = mount();
    let cut = PAGE.find("<h1>").unwrap();
    fake.sent("/abc").await.answer_json(200, &state(1, 1, "running", &PAGE[..cut]));
    let place = &mounted.inner;
    until("the first part", || place.frames() == 1 && shown(place).contains("rgb(1, 2, 3)")).await;
    let stream = fake.sent("/events").await;
    stream.answer_stream();
    push(&stream, r#"{"type":"hello","run":1,"after":1,"head":1}"#);
    push(&stream, &html(2, cut, &PAGE[cut..]));
    until("the second part", || shown(place).contains("Ende")).await;
    let len = PAGE.len();
    push(&stream, &format!(r#"{{"seq":3,"type":"done","html_len":{len}}}"#));
    let read = fake.sent("/abc").await;
    until("the last read", || fake.find("/abc").is_some_and(|call| !call.is_answered())).await;
    drop(read);
    fake.find("/abc").unwrap().answer_json(200, &state(1, 3, "done", PAGE));
    until("the end", || is_finished(&mounted) && shown(place) == expected(PAGE)).await;
    assert_eq!(mounted.preview.off.get_untracked(), None);
    until("the outline", || mounted.preview.outline.get_untracked().len() == 2).await;
    until("quiet", || live().timers == 0).await;
    drop(mounted);
    assert_eq!(live(), Live::default());
    settle().await;
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn unmounting_in_mid_stream_leaves_nothing() {
    let fake = Fake::install();
    let mounted = mount();
    fake.sent("/abc").await.answer_json(200, &state(1, 1, "running", "<h1>x"));
    until("the page", || mounted.inner.frames() == 1 && shown(&mounted.inner).contains("<h1>x")).await;
    drop(mounted);
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn a_page_over_the_cap_stops_in_the_frame_and_goes_on_in_the_feed() {
    let fake = Fake::install();
    let mounted = mount();
    let page = ["<p>x", &["<!--", &"é".repeat(500), "-->"].concat().repeat(2100)].concat();
    assert!(page.len() > 2 << 20);
    fake.sent("/abc").await.answer_json(200, &state(1, 4, "done", &page));
    until("the notice", || mounted.preview.off.get_untracked() == Some(PreviewOff::TooLong)).await;
    assert_eq!(untrack(|| mounted.generation.html.len()), page.len() as u64);
    assert!(is_finished(&mounted));
    assert!(mounted.generation.html.read_from(0) == page);
}

#[wasm_bindgen_test]
async fn the_frame_follows_its_end_until_its_reader_scrolls_away() {
    let fake = Fake::install();
    let mounted = mount();
    let tall = "<style>p { height: 900px }</style><p>1<p>2<p>3";
    fake.sent("/abc").await.answer_json(200, &state(1, 1, "running", tall));
    let root = || mounted.inner.root();
    until("the end", || mounted.inner.frames() == 1 && root().is_some_and(|root| root.scroll_top() > 1500))
        .await;
    assert!(mounted.preview.following.get_untracked());
    mounted.preview.scroll(PreviewScroll::Start);
    assert!(!mounted.preview.following.get_untracked());
    let stream = fake.sent("/events").await;
    stream.answer_stream();
    push(&stream, r#"{"type":"hello","run":1,"after":1,"head":1}"#);
    push(&stream, &html(2, tall.len(), "<p>4"));
    until("more", || shown(&mounted.inner).contains("<p>4")).await;
    assert_eq!(root().unwrap().scroll_top(), 0, "a reader who scrolled up is left alone");
    mounted.preview.scroll(PreviewScroll::End);
    assert!(mounted.preview.following.get_untracked());
    until("the end again", || root().is_some_and(|root| root.scroll_top() > 2000)).await;
}
