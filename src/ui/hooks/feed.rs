//! The page's HTML as it grows: kept once, read in parts. Knows nothing of where it comes from.

use leptos::prelude::*;

use crate::engine::cut_before;

/// A block is full with so many bytes. Text that grows in one piece is copied again and again, and takes up to three
/// times its room while it is.
const BLOCK_BYTES: usize = 256 << 10;

/// The page's HTML so far, append-only. A cheap handle; copies share the same bytes.
///
/// The text is never in a signal: only its length is, so that a reader can take what is new since it last looked.
/// Belongs to the reactive owner in which its hook was called, or [`HtmlFeed::new`]; afterwards it reads as empty.
///
/// ```
/// # use generation_screen::HtmlFeed;
/// # leptos::prelude::Owner::new().set();
/// let feed = HtmlFeed::new();
/// feed.push("<h1>Tower");
/// feed.push("</h1>");
/// assert_eq!((feed.len(), feed.read_from(4)), (14, "Tower</h1>".to_owned()));
/// ```
#[derive(Clone, Copy)]
pub struct HtmlFeed {
    text: StoredValue<Blocks>,
    facts: RwSignal<FeedFacts>,
}

#[derive(Clone, Copy, Default)]
struct FeedFacts {
    len: u64,
    epoch: u32,
    finished: bool,
}

impl Default for HtmlFeed {
    fn default() -> Self {
        Self::new()
    }
}

impl HtmlFeed {
    /// An empty feed of the current owner, for a host that fills it itself.
    #[must_use]
    pub fn new() -> Self {
        HtmlFeed { text: StoredValue::new(Blocks::default()), facts: RwSignal::default() }
    }

    /// How many UTF-8 bytes there are. Tracked: changes at most once per animation frame where a generation fills it.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.facts.try_get().unwrap_or_default().len
    }

    /// True while there is nothing. Tracked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Changes when all that came before is void: a new run began, or another generation is shown. Tracked. A reader
    /// that sees a new epoch starts again from byte 0.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.facts.try_get().unwrap_or_default().epoch
    }

    /// True once nothing more will come in this epoch. Tracked.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.facts.try_get().unwrap_or_default().finished
    }

    pub(super) fn len_untracked(&self) -> u64 {
        self.facts.try_get_untracked().unwrap_or_default().len
    }

    pub(super) fn epoch_untracked(&self) -> u32 {
        self.facts.try_get_untracked().unwrap_or_default().epoch
    }

    pub(super) fn is_finished_untracked(&self) -> bool {
        self.facts.try_get_untracked().unwrap_or_default().finished
    }

    /// Calls `read` with the text from byte `offset` on, as far as it lies in one piece; who wants more asks again after
    /// it. Empty if `offset` is the end or past it, or inside a character. Not tracked. `None` once the feed's owner is
    /// gone.
    pub fn with_from<R>(&self, offset: u64, read: impl FnOnce(&str) -> R) -> Option<R> {
        self.text.try_with_value(|text| read(text.from(offset)))
    }

    /// The whole text so far from byte `offset` on, in pieces that are copied one by one; the same rules.
    pub fn pieces_from(&self, mut offset: u64) -> impl Iterator<Item = String> + use<> {
        let feed = *self;
        std::iter::from_fn(move || {
            let piece = feed.with_from(offset, str::to_owned).filter(|piece| !piece.is_empty())?;
            offset += piece.len() as u64;
            Some(piece)
        })
    }

    /// The whole text so far from byte `offset` on, copied; the same rules.
    #[must_use]
    pub fn read_from(&self, offset: u64) -> String {
        self.pieces_from(offset).collect()
    }

    /// Adds a piece. Does nothing once the feed's owner is gone.
    pub fn push(&self, piece: &str) {
        let len = self.text.try_update_value(|text| {
            text.push(piece);
            text.len()
        });
        if let Some(len) = len {
            self.facts.try_update(|facts| facts.len = len);
        }
    }

    /// Begins a new epoch, empty.
    pub fn reset(&self) {
        self.text.try_update_value(|text| *text = Blocks::default());
        self.facts.try_update(|facts| {
            *facts = FeedFacts { epoch: facts.epoch.wrapping_add(1), ..FeedFacts::default() };
        });
    }

    /// Says that nothing more will come in this epoch.
    pub fn finish(&self) {
        self.facts.try_update(|facts| facts.finished = true);
    }
}

/// A growing text that never moves: each block but the last is full, and stays where it is.
#[derive(Default)]
struct Blocks(Vec<Block>);

struct Block {
    /// Bytes before it.
    start: u64,
    text: String,
}

impl Block {
    fn end(&self) -> u64 {
        self.start + self.text.len() as u64
    }
}

impl Blocks {
    fn len(&self) -> u64 {
        self.0.last().map_or(0, Block::end)
    }

    fn push(&mut self, mut piece: &str) {
        while !piece.is_empty() {
            if let Some(last) = self.0.last_mut() {
                let (here, rest) = piece.split_at(cut_before(piece, BLOCK_BYTES - last.text.len()));
                last.text.push_str(here);
                piece = rest;
            }
            if !piece.is_empty() {
                self.0.push(Block { start: self.len(), text: String::new() });
            }
        }
    }

    /// The rest of the block in which `offset` lies, from there on.
    fn from(&self, offset: u64) -> &str {
        let at = self.0.partition_point(|block| block.end() <= offset);
        let rest = self.0.get(at).and_then(|block| block.text.get((offset - block.start) as usize..));
        rest.unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pushed_is_read_from_everywhere_across_blocks() {
        // Three bytes do not divide a block's size: some character would lie across its end.
        let text = "\u{20ac}".repeat(BLOCK_BYTES);
        for piece_chars in [1, 1000, BLOCK_BYTES] {
            let mut blocks = Blocks::default();
            for at in (0..BLOCK_BYTES).step_by(piece_chars) {
                blocks.push(&text[at * 3..((at + piece_chars) * 3).min(text.len())]);
            }
            assert_eq!(blocks.len(), text.len() as u64);
            assert!(blocks.0.len() == 4 && blocks.0.iter().all(|block| block.text.len() <= BLOCK_BYTES));
            for offset in [0, 3, BLOCK_BYTES / 3 * 3, text.len() - 3, text.len()] {
                let (mut read, mut from) = (String::new(), offset as u64);
                while !blocks.from(from).is_empty() {
                    read.push_str(blocks.from(from));
                    from = (offset + read.len()) as u64;
                }
                assert!(read == text[offset..], "{offset}");
            }
            assert_eq!([1, text.len() as u64 + 1, u64::MAX].map(|offset| blocks.from(offset)), ["", "", ""]);
        }
    }

    #[test]
    fn a_small_page_takes_little_room() {
        let mut blocks = Blocks::default();
        blocks.push("");
        assert!(blocks.0.is_empty());
        blocks.push("<p>x");
        assert!(blocks.0[0].text.capacity() < 64);
    }
}
