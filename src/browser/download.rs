//! Saves a text as a file.

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::timer::sleep;
use crate::engine::Span;

/// How long the browser may take to begin with the download, before its address ends.
const ADDRESS_LIFE: Span = Span::from_secs(10);

/// Offers a text, in `pieces`, as a file called `name`; false if the browser does not let it. To be called from a click.
///
/// The bytes go out exactly as they are. `kind` is a media type such as `text/plain;charset=utf-8`. The
/// address under which the browser fetches them ends after 10 s, whatever happens to the screen.
pub fn save(name: &str, kind: &str, pieces: impl Iterator<Item = String>) -> bool {
    let parts = Array::new();
    for piece in pieces {
        parts.push(&piece.into());
    }
    offer(name, kind, &parts).is_some()
}

fn offer(name: &str, kind: &str, parts: &Array) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let link: HtmlAnchorElement = document.create_element("a").ok()?.unchecked_into();
    let bag = BlobPropertyBag::new();
    bag.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(parts, &bag).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    spawn_local(async move {
        sleep(ADDRESS_LIFE).await;
        let _ = Url::revoke_object_url(&address);
    });
    Some(())
}
