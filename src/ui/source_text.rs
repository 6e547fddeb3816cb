//! Appends the page's text to a `<pre>`, in blocks of whole lines, so that a browser lays out only those in view, and
//! numbers the lines beside it. Blocks stand in groups, so that a browser looks at few of them. Its text content is
//! always exactly a beginning of the page.

use leptos::prelude::*;

use super::dom::{HtmlElement, JsCast};
use super::hooks::HtmlFeed;
use crate::engine::cut_before;

/// A block is closed at the first line end after so many bytes.
const BLOCK_BYTES: usize = 4 << 10;

/// And after so many without one. The line goes on in the next block, which begins below: a line of a megabyte would be
/// laid out again with each piece of it.
const BLOCK_BYTES_MAX: usize = 64 << 10;

/// So many blocks are a group. In one long list each frame of a text that grows costs something for every block there is:
/// twice as much as with groups from some hundred blocks on.
const GROUP_BLOCKS: usize = 32;

/// How much is added before it is asked whether there is time for more.
const PART_BYTES: usize = 8 << 10;

/// What stands in the `<pre>`, and what is about to.
#[derive(Default)]
pub(crate) struct SourceText {
    epoch: u32,
    /// Bytes of the feed that were taken.
    len: u64,
    /// Line ends before the open block.
    lines: usize,
    /// A line goes on in the open block.
    is_inside: bool,
    /// Holds the groups that are not shown yet.
    aside: Option<HtmlElement>,
    group: Option<Group>,
    open: Option<Block>,
}

/// The group that still grows.
struct Group {
    element: HtmlElement,
    /// Blocks that were closed in it.
    blocks: usize,
    /// Lines of those, as they stand on the screen.
    lines: usize,
    is_shown: bool,
}

/// The block that still grows.
struct Block {
    element: HtmlElement,
    bytes: usize,
    /// Line ends in it.
    lines: usize,
    /// Its last line has no end yet.
    is_inside: bool,
}

impl SourceText {
    /// Takes away what is of another epoch. True if there may have been something.
    pub(crate) fn clear_void(&mut self, pre: &HtmlElement, epoch: u32) -> bool {
        let is_void = epoch != self.epoch;
        if is_void {
            pre.set_text_content(None);
            *self = SourceText { epoch, ..SourceText::default() };
        }
        is_void
    }

    /// Takes what the feed has that was not taken yet, some of it at least, for as long as there is time. True if more is
    /// left. With `aside`, new blocks are not shown, so that no layout comes of them.
    pub(crate) fn grow(&mut self, feed: HtmlFeed, aside: bool, has_time: impl Fn() -> bool) -> bool {
        loop {
            let added = feed.with_from(self.len, |text| {
                let text = &text[..cut_before(text, PART_BYTES)];
                self.append(text, aside);
                text.len() as u64
            });
            self.len += added.unwrap_or_default();
            let has_more = feed.with_from(self.len, str::is_empty) == Some(false);
            if !has_more || !has_time() {
                return has_more;
            }
        }
    }

    fn append(&mut self, mut text: &str, aside: bool) {
        while !text.is_empty() {
            if self.open.is_none() && aside && self.group.as_ref().is_some_and(|group| group.is_shown) {
                self.close_group();
            }
            if self.aside.is_none() {
                self.aside = new_part();
            }
            let Some(all) = &self.aside else { return };
            let group = self.group.get_or_insert_with(|| Group::new(all));
            let block = self.open.get_or_insert_with(|| Block::new(&group.element));
            let (piece, rest) = text.split_at(piece_len(block.bytes, text));
            block.append(piece);
            text = rest;
            if block.bytes >= BLOCK_BYTES_MAX || block.bytes >= BLOCK_BYTES && !block.is_inside {
                block.number(self.lines, self.is_inside);
                group.blocks += 1;
                group.lines += block.shown_lines();
                self.lines += block.lines;
                self.is_inside = block.is_inside;
                self.open = None;
                if group.blocks == GROUP_BLOCKS {
                    self.close_group();
                }
            }
        }
    }

    fn close_group(&mut self) {
        self.tell();
        self.group = None;
    }

    /// Tells the style sheet the approximate height of what is still growing.
    fn tell(&self) {
        let open = self.open.as_ref().inspect(|block| block.number(self.lines, self.is_inside));
        if let Some(group) = &self.group {
            group.tell(open.map_or(0, Block::shown_lines));
        }
    }

    /// Shows all that was taken.
    pub(crate) fn show(&mut self, pre: &HtmlElement) {
        self.tell();
        while let Some(group) = self.aside.as_ref().and_then(|aside| aside.first_element_child()) {
            let _ = pre.append_child(&group);
        }
        if let Some(group) = &mut self.group {
            group.is_shown = true;
        }
    }
}

/// How much of `text` goes into a block that has `bytes` already: up to the first line end past its size.
fn piece_len(bytes: usize, text: &str) -> usize {
    // One before the limit, so that a line that ends just there is taken as a whole.
    let from = BLOCK_BYTES.saturating_sub(bytes + 1);
    let most = (BLOCK_BYTES_MAX + 4).saturating_sub(bytes);
    let tail = text.as_bytes().get(from..).unwrap_or_default();
    let end = tail.iter().take(most).position(|&b| b == b'\n');
    end.map_or_else(|| cut_before(text, most), |at| from + at + 1)
}

/// The numbers of a block's lines, one below the other; `before` are the line ends before it. The rest of a line from the
/// block before has none.
fn numbers(before: usize, lines: usize, is_inside: bool) -> String {
    let mut numbers = String::new();
    for at in 0..lines {
        if at > 0 || !is_inside {
            numbers.push_str(&(before + at + 1).to_string());
        }
        numbers.push('\n');
    }
    numbers
}

/// A `<div>` that stands nowhere.
fn new_part() -> Option<HtmlElement> {
    document().create_element("div").ok().map(JsCast::unchecked_into)
}

/// A new `<div>` at the end of this one.
fn part_of(parent: &HtmlElement) -> HtmlElement {
    let Some(part) = new_part() else { return parent.clone() };
    let _ = parent.append_child(&part);
    part
}

impl Group {
    fn new(all: &HtmlElement) -> Self {
        Group { element: part_of(all), blocks: 0, lines: 0, is_shown: false }
    }

    /// Tells the style sheet how tall the group is about, with the lines of a block that is open, for when it is out of
    /// view.
    fn tell(&self, open_lines: usize) {
        let lines = (self.lines + open_lines).to_string();
        let _ = self.element.style().set_property("--gs-source-group-lines", &lines);
    }
}

impl Block {
    fn new(group: &HtmlElement) -> Self {
        Block { element: part_of(group), bytes: 0, lines: 0, is_inside: false }
    }

    fn append(&mut self, piece: &str) {
        let _ = self.element.append_child(&document().create_text_node(piece));
        self.bytes += piece.len();
        self.lines += piece.bytes().filter(|&b| b == b'\n').count();
        self.is_inside = !piece.ends_with('\n');
    }

    /// The lines that it has on the screen.
    fn shown_lines(&self) -> usize {
        self.lines + usize::from(self.is_inside)
    }

    /// Numbers its lines, for the style sheet: numbers are no text of the page. And tells it how tall it is about, for when
    /// it is out of view.
    fn number(&self, before: usize, is_inside: bool) {
        let lines = self.shown_lines();
        let _ = self.element.set_attribute("data-lines", &numbers(before, lines, is_inside));
        let _ = self.element.style().set_property("--gs-source-lines", &lines.to_string());
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

    #[test]
    fn but_a_line_without_an_end_is_cut_between_two_characters() {
        let line = "é".repeat(BLOCK_BYTES_MAX);
        let len = piece_len(0, &line);
        assert!((BLOCK_BYTES_MAX..BLOCK_BYTES_MAX + 5).contains(&len) && line.is_char_boundary(len));
        assert!(piece_len(BLOCK_BYTES_MAX - 1, &line) >= 1, "there is always some");
        let late = [&line, "\n"].concat();
        assert!(piece_len(0, &late) < BLOCK_BYTES_MAX + 5);
    }

    #[test]
    fn each_line_has_its_number_and_the_rest_of_one_has_none() {
        assert_eq!(numbers(0, 1, false), "1\n");
        assert_eq!(numbers(7, 3, false), "8\n9\n10\n");
        assert_eq!(numbers(7, 2, true), "\n9\n");
    }
}
