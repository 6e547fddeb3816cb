//! What a decoder keeps from one chunk to the next, in which buffer, and how much. What lines mean is decided in
//! `items`.

use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use super::items::Items;
use super::work::Work;
use super::{LimitExceeded, Limits};

/// A buffer gives back more memory than this after a line and after an event, so that all of them keep at most 64 KiB
/// between events: WebAssembly memory never shrinks, but it can be used again.
const KEPT_BYTES_MAX: usize = 16 << 10;

const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// The decoder of one connection. A new connection takes a new one.
///
/// Dropping it drops what was not complete, as the standard wants it at the end of a stream.
#[derive(Debug, Default)]
pub struct Decoder {
    pub(super) limits: Limits,
    /// It is settled whether the stream begins with a byte order mark.
    pub(super) past_start: bool,
    /// The last line ended with a CR that was the last byte seen: an LF that follows belongs to it.
    pub(super) cr_before: bool,
    /// Nothing comes any more: a limit was exceeded, or the caller left in the middle of a chunk.
    pub(super) over: bool,
    /// A line that is not complete.
    pub(super) line: Vec<u8>,
    /// Holds the values of this block's `data` lines, joined by LF, …
    pub(super) data: String,
    /// … from here on: a line that was kept is taken over with the name of its field.
    pub(super) data_start: usize,
    /// How long they are in the stream, where invalid UTF-8 is not yet mended.
    pub(super) data_bytes: usize,
    /// This block has a `data` line.
    pub(super) has_data: bool,
    /// This block's `event` value.
    pub(super) kind: String,
    /// The last event ID as of the last blank line.
    pub(super) id: String,
    /// What becomes the last event ID with the next one, …
    pub(super) next_id: String,
    /// … if this block has an `id` line.
    pub(super) has_next_id: bool,
    pub(super) work: Work,
}

impl Decoder {
    /// A decoder with other limits than the default ones.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Decoder { limits, ..Decoder::default() }
    }

    /// A decoder for the connection after one that was lost: events that name no id have this one, as they would have
    /// on the old connection.
    #[must_use]
    pub fn resuming(limits: Limits, last_event_id: &str) -> Self {
        Decoder { limits, id: last_event_id.into(), ..Decoder::default() }
    }

    /// The last event ID as of the last blank line: what to send as `Last-Event-ID` on the next connection. Empty if
    /// there is none. The id of a block that is not complete does not count.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        &self.id
    }

    /// Takes the next bytes. Draw all items from what is returned; to drop it before it gave `None` means to stop:
    /// nothing comes any more, from this chunk or a later one.
    pub fn feed<'d, 'c>(&'d mut self, chunk: &'c [u8]) -> Items<'d, 'c> {
        Items::new(self, chunk)
    }

    /// Makes room for a value of this block's data.
    ///
    /// # Errors
    /// [`LimitExceeded::Event`].
    pub(super) fn admit_data(&mut self, value: &[u8]) -> Result<(), LimitExceeded> {
        self.data_bytes += usize::from(self.has_data) + value.len();
        self.has_data = true;
        if self.data_bytes > self.limits.event_bytes_max { Err(LimitExceeded::Event) } else { Ok(()) }
    }

    /// A line that is kept is the block's first `data` line: it becomes the data where it lies.
    pub(super) fn adopt_line(&mut self, value_bytes: usize) {
        let line = mem::take(&mut self.line);
        self.work.checked(line.len());
        let start = line.len() - value_bytes;
        match String::from_utf8(line) {
            Ok(text) => {
                self.line = mem::replace(&mut self.data, text).into_bytes();
                self.data_start = start;
            }
            Err(invalid) => {
                let line = invalid.into_bytes();
                push_text(&mut self.data, &line[start..], &mut self.work);
                self.line = line;
            }
        }
    }

    pub(super) fn clear_line(&mut self) {
        self.line.clear();
        if self.line.capacity() > KEPT_BYTES_MAX {
            self.line.shrink_to(KEPT_BYTES_MAX);
        }
    }

    /// Makes room for the next block. The id stays.
    pub(super) fn clear_block(&mut self) {
        self.has_data = false;
        self.data_bytes = 0;
        self.data_start = 0;
        for text in [&mut self.data, &mut self.kind] {
            text.clear();
            if text.capacity() > KEPT_BYTES_MAX {
                text.shrink_to(KEPT_BYTES_MAX);
            }
        }
    }
}

/// Puts a value behind a text, mended as the standard's UTF-8 decoder does it: U+FFFD for each maximal part that is no
/// character. A line end is never part of one, so values can be mended one by one.
pub(super) fn push_text(text: &mut String, value: &[u8], work: &mut Work) {
    work.checked(value.len());
    work.copied(value.len());
    if let Ok(value) = core::str::from_utf8(value) {
        return text.push_str(value);
    }
    work.checked(value.len());
    for chunk in value.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(REPLACEMENT);
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn between_events_at_most_64_kib_are_kept() {
        let long = "x".repeat(300_000);
        for (name, stream) in [
            ("data", format!("data: {long}\n\n")),
            ("data in two lines", format!("data: {long}\ndata: {long}\n\n")),
            ("a type without data", format!("event: {long}\n\n")),
            ("a type", format!("event: {long}\ndata: a\n\n")),
            ("everything", format!("{long}\nevent: {long}\nid: {0}\ndata: {long}\n\n", "x".repeat(1024))),
            ("a comment", format!(":{long}\n")),
            ("a field that means nothing", format!("{long}\n")),
        ] {
            for chunk_bytes in [1000, 65_536, stream.len()] {
                let mut decoder = Decoder::default();
                for chunk in stream.as_bytes().chunks(chunk_bytes) {
                    let mut items = decoder.feed(chunk);
                    while items.next().unwrap().is_some() {}
                }
                let texts = [&decoder.data, &decoder.kind, &decoder.id, &decoder.next_id];
                let kept = texts.map(String::capacity).into_iter().chain([decoder.line.capacity()]);
                assert!(kept.sum::<usize>() <= 64 << 10, "{name} in chunks of {chunk_bytes}");
            }
        }
    }
}
