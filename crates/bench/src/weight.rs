//! A program that does nothing but take bytes, with the decoder or without it: its two sizes are compared.

use wasm_bindgen::prelude::*;

/// Takes the next bytes, and says something about them that depends on each event.
#[wasm_bindgen]
#[must_use]
pub fn take(chunk: &[u8]) -> usize {
    #[cfg(feature = "decoder")]
    return decode(chunk);
    #[cfg(not(feature = "decoder"))]
    return chunk.len();
}

#[cfg(feature = "decoder")]
fn decode(chunk: &[u8]) -> usize {
    use std::cell::RefCell;

    use generation_screen::engine::sse::{Decoder, Item};

    thread_local!(static DECODER: RefCell<Decoder> = RefCell::default());
    DECODER.with_borrow_mut(|decoder| {
        let mut items = decoder.feed(chunk);
        let mut seen = 0;
        while let Ok(Some(item)) = items.next() {
            seen += match item {
                Item::Event(event) => event.kind.len() ^ event.data.len() ^ event.id.len(),
                Item::Retry(after) => after.subsec_millis() as usize,
                Item::Comment => 1,
            };
        }
        seen
    })
}
