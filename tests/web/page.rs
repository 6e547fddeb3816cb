//! What happens to the page.

use std::cell::RefCell;
use std::rc::Rc;

use generation_screen::browser::page::PageEvents;
use generation_screen::browser::title::Title;
use generation_screen::browser::{Live, live};
use generation_screen::engine::PageEvent;
use wasm_bindgen_test::wasm_bindgen_test;

fn dispatch(event: &str) {
    let event = web_sys::Event::new(event).unwrap();
    web_sys::window().unwrap().dispatch_event(&event).unwrap();
}

#[wasm_bindgen_test]
fn page_events_are_told_until_the_listeners_are_dropped() {
    let told: Rc<RefCell<Vec<PageEvent>>> = Rc::default();
    let tell = Rc::clone(&told);
    let events = PageEvents::listen(move |event| tell.borrow_mut().push(event));
    assert_eq!(live().listeners, 5);
    for event in ["offline", "online", "pagehide", "pageshow"] {
        dispatch(event);
    }
    let document = web_sys::window().unwrap().document().unwrap();
    document.dispatch_event(&web_sys::Event::new("visibilitychange").unwrap()).unwrap();
    let visible = if document.hidden() { PageEvent::Hidden } else { PageEvent::Visible };
    let expected = [PageEvent::Offline, PageEvent::Online, PageEvent::PageHide, PageEvent::PageShow, visible];
    assert_eq!(*told.borrow(), expected);
    drop(events);
    dispatch("online");
    assert_eq!(told.borrow().len(), 5);
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
fn a_borrowed_title_is_given_back() {
    let document = web_sys::window().unwrap().document().unwrap();
    document.set_title("the host's");
    let mut title = Title::borrow().unwrap();
    assert_eq!(title.before(), "the host's");
    title.set("ours");
    assert!(Title::borrow().is_none(), "it is lent already");
    assert_eq!(document.title(), "ours");
    drop(title);
    assert_eq!(document.title(), "the host's");
    let mut title = Title::borrow().unwrap();
    title.set("  ours\n again");
    document.set_title("the host's new one");
    assert_eq!(title.before(), "the host's new one", "what the host sets meanwhile is its own");
    title.set("ours");
    drop(title);
    assert_eq!(document.title(), "the host's new one");
}
