//! Our side: the decoder as the session uses it.

use generation_screen::contract::{Frame, UnreadFrame};
use generation_screen::engine::sse::{Decoder, Item, Limits};

/// What was read, so that nothing of it can be left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Events.
    pub events: usize,
    /// Bytes of their types, ids and data; in typed form, the sum of their `seq`.
    pub sum: usize,
}

/// The 1.2 MB line is longer than the session allows.
const LIMITS: Limits = Limits { line_bytes_max: 4 << 20, event_bytes_max: 4 << 20, id_bytes_max: 1 << 10 };

/// One connection.
#[derive(Debug)]
pub struct Ours {
    decoder: Decoder,
    /// What it has read.
    pub seen: Seen,
}

impl Default for Ours {
    fn default() -> Self {
        Ours { decoder: Decoder::new(LIMITS), seen: Seen::default() }
    }
}

impl Ours {
    /// Reads type, id and data of every event in the chunk.
    pub fn frames(&mut self, chunk: &[u8]) {
        let mut items = self.decoder.feed(chunk);
        while let Ok(Some(item)) = items.next() {
            if let Item::Event(event) = item {
                self.seen.events += 1;
                self.seen.sum += event.kind.len() + event.id.len() + event.data.len();
            }
        }
    }

    /// Reads every event in the chunk into the contract's type.
    pub fn typed(&mut self, chunk: &[u8]) {
        let mut items = self.decoder.feed(chunk);
        while let Ok(Some(item)) = items.next() {
            let Item::Event(event) = item else { continue };
            let frame = UnreadFrame::from_json(event.data);
            if let Some(Ok(Frame::Event(frame))) = frame.map(|frame| frame.read(event.kind)) {
                self.seen.events += 1;
                self.seen.sum += usize::try_from(frame.seq).unwrap_or_default();
            }
        }
    }
}
