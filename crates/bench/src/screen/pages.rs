//! The pages that the screen is measured with: the same bytes at each run. Each is dear to a browser in a way of its own.

use std::fmt::Write;

/// How a page is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Headings and paragraphs in sections, one below the other.
    Sections,
    /// One table whose columns fit their contents: each row may move all others.
    Table,
    /// Cards in one grid.
    Grid,
    /// Selectors that look ahead (`:has()`, `:nth-last-child()`): each new element may restyle what is there.
    Lookahead,
    /// Lines of [`LINE_BYTES`], for where only the number of events and bytes counts.
    Lines,
}

/// What a preview is measured with.
pub const SHAPES: [Shape; 4] = [Shape::Sections, Shape::Table, Shape::Grid, Shape::Lookahead];

/// Of one line.
pub const LINE_BYTES: usize = 100;

const WORDS: [&str; 16] = [
    "tower", "harbour", "built", "along", "the", "river", "and", "its", "café", "market", "since", "1889",
    "stands", "above", "old", "streets",
];

impl Shape {
    /// What it is called in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Shape::Sections => "sections",
            Shape::Table => "table",
            Shape::Grid => "grid",
            Shape::Lookahead => "look-ahead",
            Shape::Lines => "lines",
        }
    }

    /// A page of exactly so many bytes; it ends where it ends, as one that is cut off.
    #[must_use]
    pub fn page(self, bytes: usize) -> String {
        let mut page = String::with_capacity(bytes + 1024);
        page.push_str(self.head());
        let mut words = Words(1);
        for number in 1.. {
            if page.len() >= bytes {
                break;
            }
            self.part(&mut page, number, &mut words);
        }
        fit(&mut page, bytes);
        page
    }

    fn head(self) -> &'static str {
        match self {
            Shape::Sections => {
                "<!doctype html><html lang=en><title>Sections</title><style>body{font:16px/1.5 serif;max-width:40rem;margin:auto}section{padding:1rem;border-bottom:1px solid #ccc}</style>\n"
            }
            Shape::Table => {
                "<!doctype html><html lang=en><title>Table</title><style>table{border-collapse:collapse}td{border:1px solid #ccc;padding:2px 6px}</style><table>\n"
            }
            Shape::Grid => {
                "<!doctype html><html lang=en><title>Grid</title><style>.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.5rem}.card{border:1px solid #ccc;border-radius:6px;padding:.5rem}</style><div class=grid>\n"
            }
            Shape::Lookahead => {
                "<!doctype html><html lang=en><title>Look-ahead</title><style>article:has(em) h3{color:teal}article:nth-last-child(odd){background:#f4f4f4}main:has(article:last-child strong){padding:1rem}p:last-child{margin:0}li:nth-last-child(2){font-weight:bold}</style><main>\n"
            }
            Shape::Lines => "",
        }
    }

    fn part(self, page: &mut String, number: usize, words: &mut Words) {
        // Writing to a string cannot fail.
        let _ = match self {
            Shape::Sections => writeln!(
                page,
                "<section><h2>Part {number}: {}</h2><p>{}</p><p>{}</p></section>",
                words.some(3),
                words.some(30),
                words.some(20)
            ),
            Shape::Table => writeln!(
                page,
                "<tr><td>{number}<td>{}<td>{}<td>{}<td>{}<td>{}",
                words.some(1),
                words.some(4),
                words.some(2),
                words.some(3),
                words.some(1)
            ),
            Shape::Grid => writeln!(
                page,
                "<div class=card><h3>{}</h3><p>{}</p><small>No. {number}</small></div>",
                words.some(2),
                words.some(8)
            ),
            Shape::Lookahead => {
                let mark = if number.is_multiple_of(7) { "em" } else { "strong" };
                writeln!(
                    page,
                    "<article><h3>{}</h3><p>{} <{mark}>{}</{mark}></p><ul><li>{}<li>{}<li>{}</ul></article>",
                    words.some(2),
                    words.some(8),
                    words.some(1),
                    words.some(1),
                    words.some(2),
                    words.some(1)
                )
            }
            Shape::Lines => {
                let mut line = format!("<p id=n{number}>{}", words.some(20));
                fit(&mut line, LINE_BYTES - 1);
                writeln!(page, "{line}")
            }
        };
    }
}

/// Cuts a text to so many bytes; where that is inside a character, spaces stand for it.
fn fit(text: &mut String, bytes: usize) {
    let end = boundary(text, bytes);
    text.truncate(end);
    text.extend(std::iter::repeat_n(' ', bytes - end));
}

/// The last place up to `at` where no character is cut.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default()
}

/// Words in an order that looks like chance and is not.
struct Words(u32);

impl Words {
    fn some(&mut self, count: usize) -> String {
        let mut text = String::new();
        for at in 0..count {
            // The constants of Numerical Recipes' generator.
            self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if at > 0 {
                text.push(' ');
            }
            text.push_str(WORDS[(self.0 >> 28) as usize]);
        }
        text
    }
}

/// The page in pieces of so many bytes, or one less where a character would be cut; together they are the page.
pub fn pieces(page: &str, bytes: usize) -> impl Iterator<Item = &str> {
    let mut rest = page;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at(boundary(rest, bytes));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_exactly_so_many_bytes_and_is_the_same_each_time() {
        for shape in SHAPES.into_iter().chain([Shape::Lines]) {
            for bytes in [1_000, 1_001, 1_002, 50_000] {
                let page = shape.page(bytes);
                assert_eq!(page.len(), bytes, "{}", shape.name());
                assert_eq!(page, shape.page(bytes));
            }
        }
    }

    #[test]
    fn pieces_are_the_page() {
        let page = "é".repeat(100);
        for bytes in [2, 3, 7, 199, 200, 1_000] {
            let cut: Vec<&str> = pieces(&page, bytes).collect();
            assert_eq!(cut.concat(), page);
            assert!(cut.iter().all(|piece| piece.len() <= bytes));
        }
        assert_eq!(pieces("", 10).count(), 0);
    }
}
