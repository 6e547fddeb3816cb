//! Notifications of the browser's own. By their names only: where there are none, naming their type would throw.

use std::cell::Cell;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

thread_local! {
    /// Here only a service worker may show one, as on Android: making one throws, whatever the user has allowed.
    static IS_NONE: Cell<bool> = const { Cell::new(false) };
}

fn notification() -> Option<Function> {
    if !cfg!(target_arch = "wasm32") || IS_NONE.get() {
        return None;
    }
    get(&js_sys::global(), "Notification")?.dyn_into().ok()
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &JsValue::from_str(name)).ok()
}

/// What the user has said: `default`, `granted`, `denied`; empty where there are no notifications, as far as is known.
#[must_use]
pub fn permission() -> String {
    notification().and_then(|it| get(&it, "permission")?.as_string()).unwrap_or_default()
}

/// False if that throws.
fn make(notification: &Function, text: &str) -> bool {
    Reflect::construct(notification, &Array::of1(&text.into())).is_ok()
}

/// Asks the user. To be called from a click; true if they allow it. Where making one throws, nobody is asked, and there are
/// no notifications from then on.
pub async fn ask() -> bool {
    let asked = || -> Option<Promise> {
        let it = notification()?;
        // Nothing is shown by this before it is allowed.
        if permission() == "default" && !make(&it, "") {
            IS_NONE.set(true);
            return None;
        }
        let request: Function = get(&it, "requestPermission")?.dyn_into().ok()?;
        request.call0(&it).ok()?.dyn_into().ok()
    };
    if let Some(asked) = asked() {
        let _ = JsFuture::from(asked).await;
    }
    permission() == "granted"
}

/// Shows one, if the user allows it; a click on it brings the page to the front, as the browser has it.
pub fn show(text: &str) {
    if let Some(it) = notification().filter(|_| permission() == "granted") {
        make(&it, text);
    }
}
