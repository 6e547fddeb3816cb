//! One line of an event stream: where it ends, and what it says. Knows nothing of the lines around it.

use core::time::Duration;

/// So many bytes are looked at one by one before the search in wide steps, which costs more than it saves on the short
/// lines between the long ones.
const HEAD: usize = 12;

/// What a complete line says.
pub(super) enum Line<'l> {
    /// The end of a block.
    Blank,
    Comment,
    Data(&'l [u8]),
    Kind(&'l [u8]),
    Id(&'l [u8]),
    Retry(Duration),
    /// A field that means nothing, or has a value that means nothing.
    Ignored,
}

/// Where the first line end is, in a line of which so much came before that it is no short one.
#[inline(always)]
pub(super) fn end_of_long(bytes: &[u8]) -> Option<usize> {
    memchr::memchr2(b'\n', b'\r', bytes)
}

/// Where the first line end is.
#[inline(always)]
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    // These are the long lines, and no line ends in the name itself.
    if let Some(behind) = bytes.strip_prefix(b"data:") {
        return end_of_long(behind).map(|at| bytes.len() - behind.len() + at);
    }
    let (head, tail) = bytes.split_at(HEAD.min(bytes.len()));
    let in_head = head.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    in_head.or_else(|| end_of_long(tail).map(|at| HEAD + at))
}

/// Reads a line without its end.
#[inline(always)]
pub(super) fn read(line: &[u8]) -> Line<'_> {
    let Some(first) = line.first() else { return Line::Blank };
    let said = match first {
        b':' => return Line::Comment,
        b'd' => value(line, b"data").map(Line::Data),
        b'e' => value(line, b"event").map(Line::Kind),
        b'i' => value(line, b"id").filter(|id| !id.contains(&0)).map(Line::Id),
        b'r' => value(line, b"retry").and_then(reconnection_time).map(Line::Retry),
        _ => None,
    };
    said.unwrap_or(Line::Ignored)
}

/// The value, if the line's field has this name: what is behind the colon, without one leading space.
#[inline(always)]
fn value<'l>(line: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    match line.strip_prefix(name)? {
        [b':', b' ', value @ ..] | [b':', value @ ..] | value @ [] => Some(value),
        _ => None,
    }
}

/// Digits only, in milliseconds.
fn reconnection_time(value: &[u8]) -> Option<Duration> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let ms = value.iter().fold(0_u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')));
    Some(Duration::from_millis(ms))
}
