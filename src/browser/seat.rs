//! Who may keep a request open for long. A browser has six connections to one HTTP/1.1 origin, for all its tabs: with a
//! stream in each, the seventh request of any kind would wait for ever.
//!
//! Hands out two seats for each such origin, and a turn at a time to those who have none. Across tabs by
//! [Web Locks](https://w3c.github.io/web-locks/), where the browser lets this page have them; else among the screens of
//! this page. What to do with a seat, or without, is the engine's to say.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::live::Counted;
use super::target::Target;
use super::timer::sleep;
use crate::engine::Span;

/// The seats of an origin: two streams and two reads beside them leave a connection for a turn, and one for the rest of
/// the site.
const SEATS: &[&str] = &["0 ", "1 "];
const SEAT_RETRY: Span = Span::from_secs(1);
/// One read at a time of those who have no seat.
const TURNS: &[&str] = &["read "];
const TURN_RETRY: Span = Span::from_millis(100);

thread_local! {
    /// What is held in this page.
    static HELD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A seat or a turn. Dropping it gives it back.
pub(super) struct Lock {
    name: String,
    release: Option<Function>,
    _live: Counted,
}

/// Waits for a seat to the origin of `target`. None is needed where many requests share one connection.
pub(super) async fn seat(target: &Target) -> Option<Lock> {
    take(target, SEATS, SEAT_RETRY).await
}

/// Waits for a turn.
pub(super) async fn turn(target: &Target) -> Option<Lock> {
    take(target, TURNS, TURN_RETRY).await
}

async fn take(target: &Target, places: &[&str], retry: Span) -> Option<Lock> {
    loop {
        if is_multiplexed(target.state()) {
            return None;
        }
        for place in places {
            let name = ["generation-screen ", place, target.origin()].concat();
            if let Some(lock) = Lock::try_take(name).await {
                return Some(lock);
            }
        }
        sleep(retry).await;
    }
}

/// Whether an answer from this address has come by HTTP/2 or 3. Another origin says so with `Timing-Allow-Origin` only.
fn is_multiplexed(url: &str) -> bool {
    let performance = web_sys::window().and_then(|window| window.performance());
    let newest =
        performance.map(|performance| performance.get_entries_by_name(url)).unwrap_or_default().pop();
    let protocol = Reflect::get(&newest, &"nextHopProtocol".into()).ok().and_then(|name| name.as_string());
    matches!(protocol.as_deref(), Some("h2" | "h3"))
}

impl Lock {
    /// Takes it, if nobody has it.
    async fn try_take(name: String) -> Option<Lock> {
        let is_held = HELD.with_borrow(|held| held.contains(&name));
        if is_held {
            return None;
        }
        HELD.with_borrow_mut(|held| held.push(name.clone()));
        let lock = Rc::new(RefCell::new(Lock { name, release: None, _live: Counted::lock() }));
        let answered = ask_browser(&lock);
        // A browser that will not say must not keep the screen from its stream.
        let is_free = JsFuture::from(answered).await.map_or(true, |answer| answer != JsValue::FALSE);
        if is_free { Rc::into_inner(lock).map(RefCell::into_inner) } else { None }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        HELD.with_borrow_mut(|held| held.retain(|name| *name != self.name));
        if let Some(release) = &self.release {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Asks for the lock among all tabs. `false` if another has it; then, and if this one was dropped meanwhile, nothing is
/// held.
fn ask_browser(lock: &Rc<RefCell<Lock>>) -> Promise {
    let navigator = web_sys::window().map(|window| window.navigator()).map(JsValue::from).unwrap_or_default();
    let locks = Reflect::get(&navigator, &"locks".into()).unwrap_or_default();
    let request =
        Reflect::get(&locks, &"request".into()).ok().and_then(|ask| ask.dyn_into::<Function>().ok());
    let Some(request) = request else { return Promise::resolve(&JsValue::TRUE) };
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
    let name = JsValue::from_str(&lock.borrow().name);
    let mut pending = JsValue::TRUE;
    let answered = Promise::new(&mut |answer, _| {
        let lock = Rc::downgrade(lock);
        let granted = Closure::once_into_js(move |granted: JsValue| -> JsValue {
            let lock = lock.upgrade().filter(|_| granted.is_truthy());
            let _ = answer.call1(&JsValue::NULL, &lock.is_some().into());
            // The browser takes it back when this promise is fulfilled.
            let until_released = |lock: Rc<RefCell<Lock>>| {
                Promise::new(&mut |release, _| lock.borrow_mut().release = Some(release)).into()
            };
            lock.map_or(JsValue::UNDEFINED, until_released)
        });
        pending = request.call3(&locks, &name, &options, &granted).unwrap_or(JsValue::TRUE);
    });
    // A refusal of the whole (a sandboxed page, say) comes by this one.
    Promise::race(&Array::of2(&answered, &pending))
}
