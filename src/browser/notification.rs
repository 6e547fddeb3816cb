//! Notifications of the browser's own. By their names only: where there are none, naming their type would throw.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

fn notification() -> Option<Function> {
    if !cfg!(target_arch = "wasm32") {
        return None;
    }
    get(&js_sys::global(), "Notification")?.dyn_into().ok()
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &JsValue::from_str(name)).ok()
}

/// What the user has said: `default`, `granted`, `denied`; empty where there are no notifications.
#[must_use]
pub fn permission() -> String {
    notification().and_then(|it| get(&it, "permission")?.as_string()).unwrap_or_default()
}

/// Asks the user. To be called from a click; true if they allow it.
pub async fn ask() -> bool {
    let asked = || -> Option<Promise> {
        let it = notification()?;
        let request: Function = get(&it, "requestPermission")?.dyn_into().ok()?;
        request.call0(&it).ok()?.dyn_into().ok()
    };
    if let Some(asked) = asked() {
        let _ = JsFuture::from(asked).await;
    }
    permission() == "granted"
}

/// Shows one, if the user allows it; a click on it brings the page to the front, as the browser has it. Some browsers let
/// only a service worker do it: then nothing is shown.
pub fn show(text: &str) {
    if let Some(it) = notification().filter(|_| permission() == "granted") {
        let _ = Reflect::construct(&it, &Array::of1(&text.into()));
    }
}
