//! Writes to the clipboard. Reads nothing from it.

use wasm_bindgen_futures::JsFuture;

/// Copies `text`; false if the browser does not let it (no permission, no secure context). To be called from a click.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let clipboard = window.navigator().clipboard();
    // Outside a secure context there is none, whatever the type says.
    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(text)).await.is_ok()
}
