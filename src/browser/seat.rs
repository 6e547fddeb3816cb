//! Who may keep a request open for long. A browser has six connections to one HTTP/1.1 origin, for all its tabs: with a
//! stream in each, the seventh request of any kind would wait for ever.
//!
//! Hands out two seats for each such origin, and a turn at a time to those who have none. Across tabs by
//! [Web Locks](https://w3c.github.io/web-locks/), where the browser lets this page have them; else among the screens of
//! this page. What to do with a seat, or without, is the engine's to say.

use std::cell::Cell;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::clock;
use super::live::Counted;
use super::target::Target;
use super::timer::sleep;
use crate::engine::Span;

/// Places of one kind, how long until a taken one is tried again, and how long that goes on.
pub(super) type Places = (&'static [u8], Span, Span);

/// The seats of an origin: two streams and two reads beside them leave a connection for a turn, and one for the rest of
/// the site.
pub(super) const SEATS: Places = (b"01", Span::from_secs(1), Span::MAX);
/// One read at a time of those who have no seat. One that hangs must not hold up the others: after 3 s they go as well.
pub(super) const TURNS: Places = (b"2", Span::from_millis(100), Span::from_secs(3));

thread_local! {
    /// What is held in this page, a bit for each place: a page rarely has screens of two origins, and then they share.
    static HELD: Cell<u8> = const { Cell::new(0) };
}

/// A seat or a turn. Dropping it gives it back.
pub(super) struct Lock {
    bit: u8,
    release: Function,
    _live: Counted,
}

/// Waits for one of these places to the origin of `target`. None is needed where requests share one connection, and none
/// is had when the time is over.
pub(super) async fn take(target: &Target, (places, retry, patience): Places) -> Option<Lock> {
    let until = clock::now() + patience;
    while clock::now() < until {
        if is_multiplexed(target) {
            return None;
        }
        for place in places {
            if let Some(lock) = Lock::try_take(*place, target).await {
                return Some(lock);
            }
        }
        sleep(retry).await;
    }
    None
}

/// Whether the origin is spoken to by HTTP/2 or 3: the page's own, by how the page came; another, by how its answers
/// came, which the browser tells if they have `Timing-Allow-Origin`.
fn is_multiplexed(target: &Target) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let Some(performance) = window.performance() else { return false };
    let is_own = window.location().origin().is_ok_and(|origin| origin == target.origin());
    let entries = if is_own {
        performance.get_entries_by_type("navigation")
    } else {
        performance.get_entries_by_name(target.state())
    };
    matches!(get(&entries.pop(), "nextHopProtocol").as_string().as_deref(), Some("h2" | "h3"))
}

fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

/// A promise, and what fulfils it.
fn promise() -> (Promise, Function) {
    let mut fulfil = None;
    let promise = Promise::new(&mut |resolve, _| fulfil = Some(resolve));
    (promise, fulfil.unwrap_or_default())
}

impl Lock {
    /// Takes it, if nobody has it.
    async fn try_take(place: u8, target: &Target) -> Option<Lock> {
        let bit = 1 << (place & 7);
        if HELD.get() & bit != 0 {
            return None;
        }
        HELD.set(HELD.get() | bit);
        let (released, release) = promise();
        // Dropped before it is granted, it is released in advance.
        let lock = Lock { bit, release, _live: Counted::lock() };
        let name = ["generation-screen ", target.origin(), " "].concat();
        let is_free = ask_browser(name + char::from(place).encode_utf8(&mut [0; 4]), released).await;
        is_free.then_some(lock)
    }
}

/// Asks for a lock among all tabs; it is held until `released`. A browser that will not say must not keep the screen from
/// its stream.
async fn ask_browser(name: String, released: Promise) -> bool {
    let locks = get(&get(&js_sys::global(), "navigator"), "locks");
    let Ok(request) = get(&locks, "request").dyn_into::<Function>() else { return true };
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
    let (answered, answer) = promise();
    let refused = answer.clone();
    let granted = Closure::once_into_js(move |granted: JsValue| {
        let _ = answer.call1(&JsValue::NULL, &granted);
        released
    });
    let pending = request.call3(&locks, &JsValue::from_str(&name), &options, &granted);
    // A refusal of the whole (a sandboxed page, say) is as good as a lock.
    let pending = pending.unwrap_or_default();
    let catch = get(&pending, "catch").unchecked_into::<Function>();
    if catch.call1(&pending, &refused).is_err() {
        return true;
    }
    JsFuture::from(answered).await.is_ok_and(|granted| !granted.is_null())
}

impl Drop for Lock {
    fn drop(&mut self) {
        HELD.set(HELD.get() & !self.bit);
        let _ = self.release.call0(&JsValue::NULL);
    }
}
