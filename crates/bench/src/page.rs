//! What the page in the browser calls. It stands between JavaScript and [`crate::ours`], and does nothing else.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::ours::Ours;
use crate::traffic::{self, Stream};

/// One connection, and the buffer that each chunk is copied into.
#[wasm_bindgen]
#[derive(Default)]
pub struct Wasm {
    ours: Ours,
    buffer: Vec<u8>,
}

#[wasm_bindgen]
impl Wasm {
    /// A new connection.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// See [`Ours::frames`].
    pub fn frames(&mut self, chunk: &Uint8Array) {
        let length = self.copy(chunk);
        self.ours.frames(&self.buffer[..length]);
    }

    /// See [`Ours::typed`].
    pub fn typed(&mut self, chunk: &Uint8Array) {
        let length = self.copy(chunk);
        self.ours.typed(&self.buffer[..length]);
    }

    /// How many events were read.
    #[must_use]
    pub fn events(&self) -> usize {
        self.ours.seen.events
    }

    /// See [`crate::ours::Seen::sum`].
    #[must_use]
    pub fn sum(&self) -> usize {
        self.ours.seen.sum
    }

    fn copy(&mut self, chunk: &Uint8Array) -> usize {
        let length = chunk.length() as usize;
        if self.buffer.len() < length {
            self.buffer.resize(length, 0);
        }
        chunk.copy_to(&mut self.buffer[..length]);
        length
    }
}

/// The names of all traffic.
#[wasm_bindgen]
#[must_use]
pub fn traffic_names() -> Vec<String> {
    traffic::ALL.iter().map(|traffic| traffic.name.to_owned()).collect()
}

/// The chunks of one kind of traffic.
#[wasm_bindgen]
#[must_use]
pub fn traffic_chunks(at: usize) -> Array {
    let stream: Stream = traffic::ALL[at].stream();
    stream.chunks().map(|chunk| JsValue::from(Uint8Array::from(chunk))).collect()
}
