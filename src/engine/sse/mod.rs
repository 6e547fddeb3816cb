//! The event stream decoder: bytes of a body in, server-sent events out, right at every cut.
//!
//! It follows the WHATWG algorithm
//! ([HTML, section 9.2.6](https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation))
//! and nothing else: it knows no JSON, no clock and no connection. It needs `core`, `alloc` and `memchr`, nothing else of
//! this crate, and serves wherever bytes of an event stream come in.
//!
//! Each byte is searched for line ends once, checked to be UTF-8 once, and copied at most twice, whatever way the
//! stream is cut (invalid UTF-8, which is mended, is checked again). Data that lies in one piece of the stream is
//! handed out where it lies. Between events at most 64 KiB are kept.
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
//!
//! After a connection is lost, the next one goes on with the last event ID, which is also what to ask the server for:
//!
//! ```
//! use generation_screen::engine::sse::{Decoder, Item, Limits};
//!
//! let mut decoder = Decoder::default();
//! let mut items = decoder.feed(b"id: 7\ndata: a\n\nid: 8\ndata: cut off");
//! while items.next()?.is_some() {}
//! drop(items);
//! assert_eq!(decoder.last_event_id(), "7");
//!
//! let mut next = Decoder::resuming(Limits::default(), decoder.last_event_id());
//! let mut items = next.feed(b"data: no id of its own\n\n");
//! let Some(Item::Event(event)) = items.next()? else { panic!("an event") };
//! assert_eq!(event.id, "7");
//! # Ok::<(), generation_screen::engine::sse::LimitExceeded>(())
//! ```

mod decoder;
mod items;
mod line;
mod work;

use core::time::Duration;

pub use decoder::Decoder;
pub use items::Items;

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

impl core::fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let what = match self {
            LimitExceeded::Line => "a line",
            LimitExceeded::Event => "an event",
            LimitExceeded::Id => "an event's id",
        };
        write!(f, "{what} of the event stream is longer than its limit")
    }
}

impl core::error::Error for LimitExceeded {}

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
