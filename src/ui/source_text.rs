//! Appends the page's text to a `<pre>`, in blocks of whole lines, so that a browser lays out only those in view.
//! Its text content is always exactly the page so far.

use leptos::prelude::*;

use super::dom::{HtmlElement, JsCast};
use super::hooks::HtmlFeed;

/// A block is closed at the first line end after so many bytes.
const BLOCK_BYTES: usize = 16 << 10;

/// What stands in the `<pre>`.
#[derive(Default)]
pub(crate) struct SourceText {
    epoch: u32,
    /// Bytes of the feed that stand there.
    len: u64,
    open: Option<Block>,
}

/// The block that still grows.
struct Block {
    element: HtmlElement,
    bytes: usize,
    lines: usize,
}

impl SourceText {
    /// Adds what the feed has that is not there yet; begins anew in a new epoch.
    pub(crate) fn grow(&mut self, pre: &HtmlElement, feed: HtmlFeed, epoch: u32) {
        if epoch != self.epoch {
            pre.set_text_content(None);
            *self = SourceText { epoch, ..SourceText::default() };
        }
        let new = feed.with_from(self.len, |text| {
            self.append(pre, text);
            text.len() as u64
        });
        self.len += new.unwrap_or(0);
    }

    fn append(&mut self, pre: &HtmlElement, mut text: &str) {
        while !text.is_empty() {
            let block = self.open.get_or_insert_with(|| Block::new(pre));
            let (piece, rest) = text.split_at(piece_len(block.bytes, text));
            block.append(piece);
            text = rest;
            if block.bytes >= BLOCK_BYTES && piece.ends_with('\n') {
                block.close();
                self.open = None;
            }
        }
    }
}

/// How much of `text` goes into a block that has `bytes` already: up to the first line end past its size.
fn piece_len(bytes: usize, text: &str) -> usize {
    // One before the limit, so that a line that ends just there is taken as a whole.
    let from = BLOCK_BYTES.saturating_sub(bytes + 1);
    let tail = text.as_bytes().get(from..).unwrap_or_default();
    tail.iter().position(|&b| b == b'\n').map_or(text.len(), |at| from + at + 1)
}

impl Block {
    fn new(pre: &HtmlElement) -> Self {
        let element: HtmlElement = document().create_element("div").ok().map_or_else(
            || pre.clone(),
            |div| {
                let _ = pre.append_child(&div);
                div.unchecked_into()
            },
        );
        Block { element, bytes: 0, lines: 0 }
    }

    fn append(&mut self, piece: &str) {
        let _ = self.element.append_child(&document().create_text_node(piece));
        self.bytes += piece.len();
        self.lines += piece.bytes().filter(|&b| b == b'\n').count();
    }

    /// Tells the style sheet how tall it is about, for when it is out of view.
    fn close(&self) {
        let style = self.element.style();
        let _ = style.set_property("--gs-source-lines", &self.lines.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_at_line_ends_only() {
        assert_eq!(piece_len(0, "short\nlines\n"), 12);
        assert_eq!(piece_len(BLOCK_BYTES, "rest of a line\nnext"), 15);
        assert_eq!(piece_len(BLOCK_BYTES - 6, "exact\nnext\n"), 6);
        assert_eq!(piece_len(BLOCK_BYTES, "no end"), 6);
        assert_eq!(piece_len(BLOCK_BYTES, "é\né"), 3);
    }
}
