//! The event stream decoder: bytes of a body in, server-sent events out, right at every cut.
//!
//! It follows the WHATWG algorithm
//! ([HTML, section 9.2.6](https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation))
//! and nothing else: it knows no JSON, no time and no connection. Each byte is searched for line ends once; a value
//! that lies in one piece is handed out where it lies.
//!
//! ```
//! use generation_screen::engine::sse::{Decoder, Item};
//!
//! let mut decoder = Decoder::default();
//! let mut texts = Vec::new();
//! for chunk in ["id: 7\nda", "ta: hel", "lo\n\n: alive\n"] {
//!     let mut items = decoder.feed(chunk.as_bytes());
//!     while let Some(item) = items.next()? {
//!         match item {
//!             Item::Event(event) => texts.push(format!("{} {} {}", event.id, event.kind, event.data)),
//!             Item::Comment => texts.push("a comment".to_owned()),
//!             Item::Retry(_) => {}
//!         }
//!     }
//! }
//! assert_eq!(texts, ["7 message hello", "a comment"]);
//! # Ok::<(), generation_screen::engine::sse::LimitExceeded>(())
//! ```

use std::borrow::Cow;
use std::time::Duration;

/// How large a line, an event and an id may grow. Beyond, decoding ends with [`LimitExceeded`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one line: 1 MiB.
    pub line_bytes_max: usize,
    /// Bytes of one event's data: 4 MiB.
    pub event_bytes_max: usize,
    /// Bytes of an id: 1 KiB.
    pub id_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { line_bytes_max: 1 << 20, event_bytes_max: 4 << 20, id_bytes_max: 1 << 10 }
    }
}

/// What grew beyond its limit. The attempt is over: the decoder gives nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitExceeded {
    /// A line.
    Line,
    /// An event's data.
    Event,
    /// An id.
    Id,
}

impl std::fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = match self {
            LimitExceeded::Line => "a line",
            LimitExceeded::Event => "an event",
            LimitExceeded::Id => "an event's id",
        };
        write!(f, "{what} of the event stream is longer than its limit")
    }
}

impl std::error::Error for LimitExceeded {}

/// What the stream says, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// An event.
    Event(Event<'a>),
    /// A new reconnection time, as soon as its line is complete.
    Retry(Duration),
    /// A comment: a sign of life.
    Comment,
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// Its type; `message` if the stream names none.
    pub kind: &'a str,
    /// Its data: the values of its `data` lines, joined by LF.
    pub data: &'a str,
    /// The last event ID as of this event; empty if there is none.
    pub id: &'a str,
}

/// More memory than this is given back after an event: WebAssembly memory never shrinks, but it can be used again.
const KEPT_BYTES_MAX: usize = 64 << 10;

const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The decoder of one connection. A new connection takes a new one.
#[derive(Debug, Default)]
pub struct Decoder {
    limits: Limits,
    /// It is settled whether the stream begins with a byte order mark.
    past_start: bool,
    /// The last line ended with a CR that was the last byte seen: an LF that follows belongs to it.
    cr_before: bool,
    /// Nothing comes any more: a limit was exceeded, or the caller left in the middle of a chunk.
    over: bool,
    /// A line that is not complete.
    line: Vec<u8>,
    /// The values of this block's `data` lines, joined by LF.
    data: Vec<u8>,
    /// This block has a `data` line.
    has_data: bool,
    /// This block's `event` value.
    kind: String,
    /// The last event ID buffer: this block's, or one before.
    id: String,
    /// The text of `data` where it was not valid UTF-8.
    mended: String,
}

impl Decoder {
    /// A decoder with other limits than the default ones.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Decoder { limits, ..Decoder::default() }
    }

    /// Takes the next bytes. Draw all items from what is returned; to drop it before it gave `None` means to stop:
    /// nothing comes any more, from this chunk or a later one.
    pub fn feed<'d, 'c>(&'d mut self, chunk: &'c [u8]) -> Items<'d, 'c> {
        Items { decoder: self, rest: chunk, lone: None, spent: false, drained: false }
    }
}

/// The items of one chunk. See [`Decoder::feed`].
#[derive(Debug)]
pub struct Items<'d, 'c> {
    decoder: &'d mut Decoder,
    rest: &'c [u8],
    /// The value of this block's only `data` line so far, where it lies in the chunk.
    lone: Option<&'c [u8]>,
    /// The last item borrowed from the block; it is cleared before the next.
    spent: bool,
    drained: bool,
}

/// What a line did.
enum Did {
    Nothing,
    Dispatch,
    Retry(Duration),
    Comment,
}

impl<'c> Items<'_, 'c> {
    /// The next item; `None`: the chunk is used up.
    ///
    /// # Errors
    /// [`LimitExceeded`], once; `None` from then on.
    #[expect(
        clippy::should_implement_trait,
        reason = "an item borrows from the decoder: no std iterator can lend"
    )]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, LimitExceeded> {
        if self.spent {
            self.clear_block();
        }
        let did = self.advance().inspect_err(|_| self.decoder.over = true)?;
        Ok(match did {
            None => None,
            Some(Did::Retry(after)) => Some(Item::Retry(after)),
            Some(Did::Comment) => Some(Item::Comment),
            Some(Did::Dispatch | Did::Nothing) => {
                self.spent = true;
                Some(Item::Event(self.event()))
            }
        })
    }

    /// Runs on to the next line that gives something.
    fn advance(&mut self) -> Result<Option<Did>, LimitExceeded> {
        while !self.decoder.over && self.skip_start() {
            let Some(end) = memchr::memchr2(b'\n', b'\r', self.rest) else {
                self.hold_back()?;
                break;
            };
            let (head, tail) = self.rest.split_at(end);
            self.decoder.cr_before = tail[0] == b'\r';
            self.rest = &tail[1..];
            if self.decoder.line.len() + head.len() > self.decoder.limits.line_bytes_max {
                return Err(LimitExceeded::Line);
            }
            let did = if self.decoder.line.is_empty() {
                self.line(head, Some(head))?
            } else {
                let mut line = std::mem::take(&mut self.decoder.line);
                line.extend_from_slice(head);
                let did = self.line(&line, None);
                line.clear();
                self.decoder.line = line;
                did?
            };
            if !matches!(did, Did::Nothing) {
                return Ok(Some(did));
            }
        }
        self.drained = true;
        Ok(None)
    }

    /// Steps over a byte order mark at the stream's start, and over the LF of a CRLF. False: the chunk is used up.
    fn skip_start(&mut self) -> bool {
        let decoder = &mut *self.decoder;
        if decoder.cr_before && !self.rest.is_empty() {
            decoder.cr_before = false;
            self.rest = self.rest.strip_prefix(b"\n").unwrap_or(self.rest);
        }
        if !decoder.past_start {
            // What may become a mark waits in `line`: it is a line's start in any case.
            while let Some((&byte, rest)) = self.rest.split_first() {
                let seen = decoder.line.len();
                if byte != BOM[seen] {
                    decoder.past_start = true;
                    break;
                }
                self.rest = rest;
                decoder.line.push(byte);
                if seen == 2 {
                    decoder.line.clear();
                    decoder.past_start = true;
                    break;
                }
            }
        }
        !self.rest.is_empty()
    }

    /// Keeps the start of a line whose end is not here yet.
    fn hold_back(&mut self) -> Result<(), LimitExceeded> {
        if self.decoder.line.len() + self.rest.len() > self.decoder.limits.line_bytes_max {
            return Err(LimitExceeded::Line);
        }
        self.decoder.line.extend_from_slice(self.rest);
        self.rest = &[];
        Ok(())
    }

    /// Takes one complete line. `in_chunk` is the same line, if it lies in the chunk.
    fn line(&mut self, line: &[u8], in_chunk: Option<&'c [u8]>) -> Result<Did, LimitExceeded> {
        if line.is_empty() {
            if self.decoder.has_data {
                return Ok(Did::Dispatch);
            }
            self.decoder.kind.clear();
            return Ok(Did::Nothing);
        }
        let (name, value) = match memchr::memchr(b':', line) {
            Some(0) => return Ok(Did::Comment),
            Some(colon) => {
                let value = &line[colon + 1..];
                (&line[..colon], value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, &line[line.len()..]),
        };
        match name {
            b"data" => {
                // The value is the line's end, so it lies as far from the end of the chunk's copy.
                let value_in_chunk = in_chunk.map(|whole| &whole[whole.len() - value.len()..]);
                self.data_line(value, value_in_chunk)?;
            }
            b"event" => {
                self.decoder.kind.clear();
                self.decoder.kind.push_str(&String::from_utf8_lossy(value));
            }
            b"id" if memchr::memchr(0, value).is_none() => {
                if value.len() > self.decoder.limits.id_bytes_max {
                    return Err(LimitExceeded::Id);
                }
                self.decoder.id.clear();
                self.decoder.id.push_str(&String::from_utf8_lossy(value));
            }
            b"retry" => return Ok(retry(value).map_or(Did::Nothing, Did::Retry)),
            _ => {}
        }
        Ok(Did::Nothing)
    }

    fn data_line(&mut self, value: &[u8], in_chunk: Option<&'c [u8]>) -> Result<(), LimitExceeded> {
        let so_far = self.lone.map_or(self.decoder.data.len(), <[u8]>::len);
        if so_far + usize::from(self.decoder.has_data) + value.len() > self.decoder.limits.event_bytes_max {
            return Err(LimitExceeded::Event);
        }
        if !self.decoder.has_data {
            self.decoder.has_data = true;
            self.lone = in_chunk;
            if in_chunk.is_none() {
                self.decoder.data.extend_from_slice(value);
            }
            return Ok(());
        }
        self.settle();
        self.decoder.data.push(b'\n');
        self.decoder.data.extend_from_slice(value);
        Ok(())
    }

    /// Moves the lone value into the decoder's own buffer.
    fn settle(&mut self) {
        if let Some(lone) = self.lone.take() {
            self.decoder.data.extend_from_slice(lone);
        }
    }

    /// The event that the block makes. A block cut off by the stream's end never comes here.
    fn event(&mut self) -> Event<'_> {
        let decoder = &mut *self.decoder;
        let bytes = self.lone.unwrap_or(&decoder.data);
        let data = match String::from_utf8_lossy(bytes) {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => {
                decoder.mended = text;
                &decoder.mended
            }
        };
        let kind = if decoder.kind.is_empty() { "message" } else { &decoder.kind };
        Event { kind, data, id: &decoder.id }
    }

    /// Makes room for the next block. The id stays.
    fn clear_block(&mut self) {
        self.spent = false;
        self.lone = None;
        let decoder = &mut *self.decoder;
        decoder.has_data = false;
        decoder.kind.clear();
        decoder.data.clear();
        decoder.mended = String::new();
        decoder.data.shrink_to(KEPT_BYTES_MAX);
        decoder.line.shrink_to(KEPT_BYTES_MAX);
        decoder.kind.shrink_to(KEPT_BYTES_MAX);
    }
}

impl Drop for Items<'_, '_> {
    fn drop(&mut self) {
        if self.spent {
            self.clear_block();
        }
        self.settle();
        if !self.drained {
            self.decoder.over = true;
        }
    }
}

/// A reconnection time: digits only, in milliseconds.
fn retry(value: &[u8]) -> Option<Duration> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let ms = value.iter().fold(0_u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')));
    Some(Duration::from_millis(ms))
}
