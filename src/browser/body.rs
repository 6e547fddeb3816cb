//! The body of an answer, chunk by chunk. The next chunk is asked for only when the last has been dealt with.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_streams::ReadableStream;
use wasm_streams::readable::IntoStream;
use web_sys::Response;

use futures_util::StreamExt;

use super::fetch::Unanswered;

/// A body that is being read. Dropping it cancels the rest.
pub struct Body {
    chunks: Option<IntoStream<'static>>,
    buffer: Vec<u8>,
}

impl Body {
    /// The body of `response`; empty if it has none, or if somebody else reads it.
    pub(super) fn of(response: &Response) -> Self {
        let chunks = response.body().and_then(|body| ReadableStream::from_raw(body).try_into_stream().ok());
        Body { chunks, buffer: Vec::new() }
    }

    /// The next bytes, never none; `None` at the end. One buffer is used again for each chunk.
    ///
    /// # Errors
    /// If the body was cut off.
    pub async fn next(&mut self) -> Result<Option<&[u8]>, Unanswered> {
        let Some(chunks) = &mut self.chunks else { return Ok(None) };
        loop {
            let Some(chunk) = chunks.next().await else { return Ok(None) };
            let chunk: Uint8Array = chunk.map_err(|_| Unanswered)?.dyn_into().map_err(|_| Unanswered)?;
            self.buffer.resize(chunk.length() as usize, 0);
            chunk.copy_to(&mut self.buffer);
            if !self.buffer.is_empty() {
                return Ok(Some(&self.buffer));
            }
        }
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
