//! What happens to the page, as engine inputs. Judges nothing.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

use super::live::Counted;
use crate::engine::PageEvent;

/// An event listener. Dropping it removes it.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn FnMut(Event)>,
    _live: Counted,
}

impl Listener {
    /// Calls `callback` for each `event` that reaches `target`.
    pub fn on(target: &EventTarget, event: &'static str, callback: impl FnMut(Event) + 'static) -> Self {
        let callback = Closure::<dyn FnMut(Event)>::new(callback);
        let _ = target.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
        Listener { target: target.clone(), event, callback, _live: Counted::listener() }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.event, callback);
    }
}

/// Listens to the page. Dropping it removes all listeners.
pub struct PageEvents {
    _listeners: Vec<Listener>,
}

impl PageEvents {
    /// Calls `tell` with whatever happens to the page from now on.
    pub fn listen(tell: impl Fn(PageEvent) + Clone + 'static) -> Self {
        let Some(window) = web_sys::window() else { return PageEvents { _listeners: Vec::new() } };
        let on = |event, what| {
            let tell = tell.clone();
            Listener::on(&window, event, move |_| tell(what))
        };
        let mut listeners = vec![
            on("online", PageEvent::Online),
            on("offline", PageEvent::Offline),
            on("pagehide", PageEvent::PageHide),
            on("pageshow", PageEvent::PageShow),
        ];
        if let Some(document) = window.document() {
            listeners.push(Listener::on(&document, "visibilitychange", move |_| {
                tell(if is_hidden() { PageEvent::Hidden } else { PageEvent::Visible });
            }));
        }
        PageEvents { _listeners: listeners }
    }
}

/// What is not as usual with the page at this moment: no network, or nobody looks.
#[must_use]
pub fn standing() -> [Option<PageEvent>; 2] {
    let online = web_sys::window().is_none_or(|window| window.navigator().on_line());
    [(!online).then_some(PageEvent::Offline), is_hidden().then_some(PageEvent::Hidden)]
}

/// True once the page has loaded whole.
#[must_use]
pub fn is_loaded() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.ready_state() == "complete")
}

/// Calls `then` when the page has loaded whole. Dropping the listener cancels.
pub fn on_loaded(then: impl Fn() + 'static) -> Option<Listener> {
    web_sys::window().map(|window| Listener::on(&window, "load", move |_| then()))
}

/// True while nobody can see the page.
#[must_use]
pub fn is_hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}
