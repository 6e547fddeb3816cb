//! The body of an answer, part by part. The next chunk is asked for only when the last has been dealt with.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_streams::ReadableStream;
use wasm_streams::readable::IntoStream;
use web_sys::Response;

use futures_util::StreamExt;

use super::fetch::Unanswered;

/// How much of a chunk is taken at once. A browser may hand over megabytes, and a frame of the screen lasts 16 ms.
const PART_BYTES: u32 = 8 << 10;

/// A body that is being read. Dropping it cancels the rest.
pub struct Body {
    chunks: Option<IntoStream<'static>>,
    /// What is left of the last chunk.
    rest: Option<Uint8Array>,
    buffer: Vec<u8>,
}

impl Body {
    /// The body of `response`; empty if it has none, or if somebody else reads it.
    pub(super) fn of(response: &Response) -> Self {
        let chunks = response.body().and_then(|body| ReadableStream::from_raw(body).try_into_stream().ok());
        Body { chunks, rest: None, buffer: Vec::new() }
    }

    /// The next bytes, never none, at most 8 KiB; `None` at the end. One buffer is used again for each part.
    ///
    /// # Errors
    /// If the body was cut off.
    pub async fn next(&mut self) -> Result<Option<&[u8]>, Unanswered> {
        let Some(chunks) = &mut self.chunks else { return Ok(None) };
        let chunk = loop {
            if let Some(chunk) = self.rest.take_if(|rest| rest.length() > 0) {
                break chunk;
            }
            let Some(chunk) = chunks.next().await else { return Ok(None) };
            self.rest = Some(chunk.map_err(|_| Unanswered)?.dyn_into().map_err(|_| Unanswered)?);
        };
        let end = chunk.length().min(PART_BYTES);
        self.buffer.resize(end as usize, 0);
        chunk.subarray(0, end).copy_to(&mut self.buffer);
        self.rest = Some(chunk.subarray(end, chunk.length()));
        Ok(Some(&self.buffer))
    }

    /// All of it.
    ///
    /// # Errors
    /// If it was cut off, or is longer than `bytes_max`.
    pub async fn whole(mut self, bytes_max: usize) -> Result<Vec<u8>, Unanswered> {
        let mut whole = Vec::new();
        while let Some(bytes) = self.next().await? {
            if bytes.len() > bytes_max - whole.len() {
                return Err(Unanswered);
            }
            whole.extend_from_slice(bytes);
        }
        Ok(whole)
    }
}
