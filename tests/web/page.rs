//! What happens to the page.

use std::cell::RefCell;
use std::rc::Rc;

use generation_screen::browser::lent::{Lent, OneOf};
use generation_screen::browser::page::PageEvents;
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
    let mut title = Lent::borrow(OneOf::Title).unwrap();
    assert_eq!(title.before(), "the host's");
    title.set("ours");
    assert!(Lent::borrow(OneOf::Title).is_none(), "it is lent already");
    assert_eq!(document.title(), "ours");
    drop(title);
    assert_eq!(document.title(), "the host's");
    let mut title = Lent::borrow(OneOf::Title).unwrap();
    title.set("  ours\n again");
    assert_eq!(title.before(), "the host's", "white space that the page takes away is no change by the host");
    document.set_title("the host's new one");
    assert_eq!(title.before(), "the host's new one", "what the host sets meanwhile is its own");
    title.set("ours");
    drop(title);
    assert_eq!(document.title(), "the host's new one");
}

#[wasm_bindgen_test]
fn a_borrowed_icon_is_given_back() {
    let document = web_sys::window().unwrap().document().unwrap();
    assert!(Lent::borrow(OneOf::Icon).is_none(), "the page names none, and that is no loan");
    let link = document.create_element("link").unwrap();
    link.set_attribute("rel", "icon").unwrap();
    let host_sets = |href: &str| link.set_attribute("href", href).unwrap();
    let shown = || link.get_attribute("href").unwrap();
    host_sets("data:,old");
    document.head().unwrap().append_child(&link).unwrap();
    let mut icon = Lent::borrow(OneOf::Icon).unwrap();
    icon.set("data:,ours");
    assert_eq!(shown(), "data:,ours");
    assert!(Lent::borrow(OneOf::Icon).is_none(), "it is lent already");
    drop(icon);
    assert_eq!(shown(), "data:,old");
    let mut icon = Lent::borrow(OneOf::Icon).unwrap();
    icon.set("data:,ours");
    host_sets("data:,new");
    icon.set("data:,ours again");
    drop(icon);
    assert_eq!(shown(), "data:,new", "what the host sets meanwhile is its own");
    let mut icon = Lent::borrow(OneOf::Icon).unwrap();
    icon.set("data:,ours");
    host_sets("data:,newer");
    drop(icon);
    assert_eq!(shown(), "data:,newer");
    link.remove();
}
