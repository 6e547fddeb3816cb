//! What a language needs of the browser: its file, and which plural a number takes. Knows no word.

use gloo_net::http::Request;
#[cfg(target_arch = "wasm32")]
use js_sys::{Array, Function, Reflect};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RequestCredentials, Response};

use super::body::Body;

/// The text at `url`, sent for without a cookie; `None` if it cannot be had, or is longer than `bytes_max`: then no more of it
/// is read. Nor is it where there is no browser.
pub async fn text_of(url: &str, bytes_max: usize) -> Option<String> {
    if !cfg!(target_arch = "wasm32") {
        return None;
    }
    let answer: Response = Request::get(url).credentials(RequestCredentials::Omit).send().await.ok()?.into();
    if !answer.ok() {
        return None;
    }
    let text = String::from_utf8(Body::of(&answer).whole(bytes_max).await.ok()?).ok()?;
    // A byte order mark is no part of it.
    Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The plural category of a number in a language, as CLDR names it. Without a browser `one` or `other`.
#[must_use]
pub fn plural_category(lang: &str, number: u64) -> String {
    #[cfg(target_arch = "wasm32")]
    if let Some(category) = asked(lang, number) {
        return category;
    }
    let _ = lang;
    if number == 1 { "one" } else { "other" }.to_owned()
}

/// `new Intl.PluralRules(lang).select(number)`; `None` where there is no such thing, or no such language.
#[cfg(target_arch = "wasm32")]
fn asked(lang: &str, number: u64) -> Option<String> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name)).ok();
    let rules: Function = get(&get(&js_sys::global(), "Intl")?, "PluralRules")?.dyn_into().ok()?;
    let rules = Reflect::construct(&rules, &Array::of1(&JsValue::from_str(lang))).ok()?;
    let select: Function = get(&rules, "select")?.dyn_into().ok()?;
    select.call1(&rules, &JsValue::from_f64(number as f64)).ok()?.as_string()
}
