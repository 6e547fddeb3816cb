//! What of a page is written into its live preview. Pure; knows no frame and no time, and changes no source.
//!
//! The page is foreign and comes in pieces. Nothing in it is trusted, and nothing in it is understood but this: where
//! it begins and ends, and where a tag starts that connects whatever the policy says.

use memchr::{memchr, memchr2};

/// Most bytes of a page that the preview shows: 2 MiB. Layout of more would make the screen slow.
pub const PREVIEW_BYTES_MAX: u64 = 2 << 20;

/// Where a page's beginning is looked for. A longer text without one is taken for the page itself.
const CHATTER_BYTES_MAX: usize = 1024;

/// How much white space after a closing fence is waited out.
const FENCE_TAIL_BYTES_MAX: usize = 16;

/// Tags that open a connection whatever the policy says, and what is written in their place.
///
/// `<link rel=preconnect>` connects in every engine. A frame's address is connected to by Chromium before it is
/// asked whether it may be loaded; and a `srcdoc` is a page of its own, which may have links: in it they are written
/// with entities, so nobody finds them here. Of two attributes of one name the first counts, and these are empty. They
/// have no values, so that nothing changes where the text stands in an attribute's quotes; and the last one takes the
/// value that a `=` after it would give it.
const TAGS: [(&[u8], &str); 3] =
    [(b"<link", "<meta"), (b"<iframe", "<iframe src srcdoc x"), (b"<frame", "<frame src srcdoc x")];

/// Filters a page for the preview, piece by piece.
///
/// Strips a byte order mark, a Markdown fence and chatter before `<!doctype` or `<html`, and the fence's end. Turns
/// every `<link` into `<meta`, and takes its address from every frame: these open a connection whatever the policy
/// says. The result does not depend on where the pieces were cut. Once the page has begun it holds back at most 19
/// bytes.
///
/// ```
/// # use generation_screen::engine::PreviewFilter;
/// let (mut filter, mut shown) = (PreviewFilter::new(), String::new());
/// for piece in ["Here it is:\n``", "`html\n<!docty", "pe html><LI", "NK rel=x><p>", "…\n`", "``\n"] {
///     filter.push(piece, &mut shown);
/// }
/// filter.finish(&mut shown);
/// assert_eq!(shown, "<!doctype html><meta rel=x><p>…\n");
/// ```
#[derive(Clone, Debug)]
pub struct PreviewFilter {
    /// Received, not judged yet.
    held: String,
    /// Whether the page has begun.
    begun: bool,
    /// Whether a fence was opened before it.
    fenced: bool,
    /// The last byte before `held`.
    last: u8,
}

impl Default for PreviewFilter {
    fn default() -> Self {
        Self::new()
    }
}

/// What a byte that may be the start of something turns out to be.
enum Verdict {
    /// So many bytes are nothing.
    Plain(usize),
    /// It is a tag of so many bytes, and is written like this.
    Tag(usize, &'static str),
    /// What comes next decides.
    Open,
}

impl PreviewFilter {
    /// A filter for the page's first piece.
    #[must_use]
    pub fn new() -> Self {
        PreviewFilter { held: String::new(), begun: false, fenced: false, last: b'\n' }
    }

    /// Takes a piece, and appends to `shown` what is to be written.
    pub fn push(&mut self, piece: &str, shown: &mut String) {
        self.held.push_str(piece);
        if self.begun || self.begin(false) {
            self.judge(shown);
        }
    }

    /// The page is whole: appends what was held back, if it belongs to the page.
    pub fn finish(&mut self, shown: &mut String) {
        if !self.begun && self.begin(true) {
            self.judge(shown);
        }
        let held = std::mem::take(&mut self.held);
        // Three backticks and white space are held only where a fence may end.
        if !held.starts_with("```") {
            shown.push_str(&held);
        }
    }

    /// Looks for the page's beginning, and drops what is before it. False while it is not known.
    fn begin(&mut self, is_whole: bool) -> bool {
        let blank = |c| matches!(c, '\u{feff}' | ' ' | '\t' | '\n' | '\x0c' | '\r');
        let blank_len = self.held.len() - self.held.trim_start_matches(blank).len();
        self.held.drain(..blank_len);
        if self.held.is_empty() {
            return false;
        }
        if !self.held.starts_with('<') {
            let known = &self.held.as_bytes()[..self.held.len().min(CHATTER_BYTES_MAX)];
            let start = page_start(known);
            if start.is_none() && !is_whole && known.len() < CHATTER_BYTES_MAX {
                return false;
            }
            let start = start.unwrap_or_else(|| fence_line_len(known));
            self.fenced = known[..start].windows(3).any(|three| three == b"```");
            self.held.drain(..start);
        }
        self.begun = true;
        true
    }

    fn judge(&mut self, shown: &mut String) {
        let text = std::mem::take(&mut self.held);
        let bytes = text.as_bytes();
        let (mut from, mut at) = (0, 0);
        while let Some(found) = self.next_suspect(&bytes[at..]) {
            let start = at + found;
            let before = if start == 0 { self.last } else { bytes[start - 1] };
            match verdict(&bytes[start..], before) {
                Verdict::Plain(len) => at = start + len,
                Verdict::Tag(len, instead) => {
                    shown.push_str(&text[from..start]);
                    shown.push_str(instead);
                    from = start + len;
                    at = from;
                }
                Verdict::Open => {
                    shown.push_str(&text[from..start]);
                    self.held.push_str(&text[start..]);
                    self.last = before;
                    return;
                }
            }
        }
        shown.push_str(&text[from..]);
        self.last = bytes.last().copied().unwrap_or(self.last);
    }

    fn next_suspect(&self, bytes: &[u8]) -> Option<usize> {
        if self.fenced { memchr2(b'<', b'`', bytes) } else { memchr(b'<', bytes) }
    }
}

/// Where `<!doctype` or `<html` stands, in any case.
fn page_start(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let rest = &bytes[at + found..];
        if starts_with(rest, b"<!doctype") || starts_with(rest, b"<html") {
            return Some(at + found);
        }
        at += found + 1;
    }
    None
}

/// Length of the first line, if it opens a fence around something that has neither doctype nor `<html`.
fn fence_line_len(text: &[u8]) -> usize {
    let end = memchr(b'\n', text).filter(|_| text.starts_with(b"```"));
    end.map_or(0, |end| end + 1)
}

/// What starts at the first byte, which is `<` or a backtick; `before` is the byte before it.
fn verdict(rest: &[u8], before: u8) -> Verdict {
    if rest[0] == b'`' {
        return fence_end(rest, before);
    }
    for (tag, instead) in TAGS {
        let known = rest.len().min(tag.len());
        if rest[..known].eq_ignore_ascii_case(&tag[..known]) {
            // What ends a tag's name: https://html.spec.whatwg.org/multipage/parsing.html#tag-name-state
            return match rest.get(tag.len()) {
                None => Verdict::Open,
                Some(b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>') => {
                    Verdict::Tag(tag.len(), instead)
                }
                Some(_) => Verdict::Plain(1),
            };
        }
    }
    Verdict::Plain(1)
}

/// Whether three backticks on a line of their own are the end of all.
fn fence_end(rest: &[u8], before: u8) -> Verdict {
    let known = rest.len().min(3);
    if before != b'\n' || rest[..known] != b"```"[..known] {
        return Verdict::Plain(1);
    }
    let tail = &rest[known..];
    if tail.len() <= FENCE_TAIL_BYTES_MAX && tail.iter().all(u8::is_ascii_whitespace) {
        Verdict::Open
    } else {
        Verdict::Plain(3)
    }
}

fn starts_with(bytes: &[u8], lower: &[u8]) -> bool {
    bytes.get(..lower.len()).is_some_and(|start| start.eq_ignore_ascii_case(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<'a>(pieces: impl IntoIterator<Item = &'a str>) -> String {
        let (mut filter, mut shown) = (PreviewFilter::new(), String::new());
        for piece in pieces {
            filter.push(piece, &mut shown);
            assert!(!filter.begun || filter.held.len() <= 19, "{:?}", filter.held);
        }
        filter.finish(&mut shown);
        shown
    }

    fn cuts(text: &str) -> Vec<usize> {
        (0..=text.len()).filter(|&at| text.is_char_boundary(at)).collect()
    }

    /// Whole, cut at every place, cut at every two places, and character by character: always the same.
    fn check(page: &str, expected: &str) {
        assert_eq!(shown([page]), expected, "whole: {page:?}");
        let cuts = cuts(page);
        for (i, &a) in cuts.iter().enumerate() {
            assert_eq!(shown([&page[..a], &page[a..]]), expected, "cut at {a}: {page:?}");
            for &b in if page.len() < 60 { &cuts[i..] } else { &[] } {
                let pieces = [&page[..a], &page[a..b], &page[b..]];
                assert_eq!(shown(pieces), expected, "cut at {a} and {b}: {page:?}");
            }
        }
        let single = cuts.windows(2).map(|pair| &page[pair[0]..pair[1]]);
        assert_eq!(shown(single), expected, "in characters: {page:?}");
    }

    #[test]
    fn a_plain_page_goes_through_as_it_is() {
        for page in [
            "<!DOCTYPE html>\n<p>é 🗼 ```\n```\n",
            "<p>only a part",
            "",
            "<",
            "<html><svg/><li><Link2><linkx>",
        ] {
            check(page, page);
        }
        check("no markup at all", "no markup at all");
    }

    #[test]
    fn what_stands_before_the_page_is_dropped() {
        for before in [
            "\u{feff}",
            " \n",
            "\u{feff}\n",
            "```html\n",
            "Here is <b>it</b>:\n\n```html\n",
            "é 🗼 <htm ",
            "<",
        ] {
            let page = "<!DocType html><p>x</p>\n";
            let expected = if before == "<" { ["<", page].concat() } else { page.to_owned() };
            check(&[before, page].concat(), &expected);
        }
        check("Sure!\n<HTML lang=de>", "<HTML lang=de>");
        check("```\n<p>x</p>\n```", "<p>x</p>\n");
    }

    #[test]
    fn a_long_text_without_a_beginning_is_the_page() {
        let text = "word ".repeat(300);
        assert_eq!(shown([text.as_str()]), text);
        let single: Vec<String> = text.chars().map(String::from).collect();
        assert_eq!(shown(single.iter().map(String::as_str)), text);
        let late = |before: usize| ["x".repeat(before).as_str(), "<html>"].concat();
        check(&late(CHATTER_BYTES_MAX - 5), "<html>");
        check(&late(CHATTER_BYTES_MAX - 4), &late(CHATTER_BYTES_MAX - 4));
        // It is not waited for longer than that.
        let (mut filter, mut early) = (PreviewFilter::new(), String::new());
        filter.push(&text[..CHATTER_BYTES_MAX], &mut early);
        assert_eq!(early.len(), CHATTER_BYTES_MAX);
    }

    #[test]
    fn the_end_of_a_fence_is_dropped_only_where_one_was_opened() {
        check("```html\n<html>a\n```\n\n", "<html>a\n");
        check("```html\n<html>a\n```", "<html>a\n");
        check("```html\n<html>a\n``", "<html>a\n``");
        check("```html\n<html>a```\n", "<html>a```\n");
        check("```html\n<html><pre>\n```\nx</pre>\n```\n", "<html><pre>\n```\nx</pre>\n");
        check("<html>a\n```\n", "<html>a\n```\n");
    }

    #[test]
    fn every_link_tag_becomes_a_meta_tag() {
        check("<link>", "<meta>");
        check(
            "<p><LiNk/><link\nrel=x><link\trel><link\x0c><link\r>",
            "<p><meta/><meta\nrel=x><meta\trel><meta\x0c><meta\r>",
        );
        check("<<link ><lin<link <link", "<<meta ><lin<meta <link");
        check("</link><linkx><link-a><l ink><link\u{a0}>", "</link><linkx><link-a><l ink><link\u{a0}>");
        check("hi <link><html><link >", "<html><meta >");
    }

    #[test]
    fn every_frame_loses_its_address_whatever_it_says_of_it() {
        check("<iframe>", "<iframe src srcdoc x>");
        check("<IFRAME/src=a></iframe>", "<iframe src srcdoc x/src=a></iframe>");
        check("<p><iFrame\nsrcdoc='&lt;link'>", "<p><iframe src srcdoc x\nsrcdoc='&lt;link'>");
        // What follows is the value of the last one.
        check("<iframe =//a>", "<iframe src srcdoc x =//a>");
        check("<frameset><frame src=a>", "<frameset><frame src srcdoc x src=a>");
        check("<iframes><frames><ifram ><i><f>", "<iframes><frames><ifram ><i><f>");
        check("<iframe", "<iframe");
    }

    #[test]
    fn all_short_texts_come_out_the_same_however_they_are_cut() {
        const PARTS: [&str; 9] = ["<link", "<iframe", " ", "<", "```", "\n", "<html", "é", ">"];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            let longer: Vec<String> =
                texts.iter().flat_map(|text| PARTS.iter().map(move |part| [text, *part].concat())).collect();
            for text in &longer {
                check(text, &shown([text.as_str()]));
            }
            texts = longer;
        }
    }
}
