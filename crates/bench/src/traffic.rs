//! The event streams that decoders are measured with: the same bytes for all of them, the same at each run.

use std::fmt::Write;

/// How a stream looks, and in which pieces it comes.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    /// What it is called in tables.
    pub name: &'static str,
    shape: Shape,
    cut: Cut,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Small { line_end: &'static str },
    LongLine,
    Deltas,
}

#[derive(Clone, Copy, Debug)]
enum Cut {
    /// Each chunk so many bytes.
    Every(usize),
    /// Each chunk one event.
    AtEvents,
}

/// Small events in a stream.
const EVENTS: usize = 20_000;
/// Bytes of the one long line.
const LONG: usize = 1_200_000;

const SMALL: Shape = Shape::Small { line_end: "\n" };

/// All of it.
pub const ALL: [Traffic; 7] = [
    Traffic { name: "small events, 64 KiB chunks", shape: SMALL, cut: Cut::Every(64 << 10) },
    Traffic { name: "small events, one per chunk", shape: SMALL, cut: Cut::AtEvents },
    Traffic { name: "small events, 1,460 B chunks", shape: SMALL, cut: Cut::Every(1460) },
    Traffic {
        name: "small events with CRLF, 64 KiB chunks",
        shape: Shape::Small { line_end: "\r\n" },
        cut: Cut::Every(64 << 10),
    },
    Traffic { name: "one 1.2 MB line, 16 KiB chunks", shape: Shape::LongLine, cut: Cut::Every(16 << 10) },
    Traffic { name: "one 1.2 MB line, 64 B chunks", shape: Shape::LongLine, cut: Cut::Every(64) },
    Traffic { name: "short deltas, one per chunk", shape: Shape::Deltas, cut: Cut::AtEvents },
];

/// A stream, and where its chunks end.
#[derive(Debug)]
pub struct Stream {
    /// All bytes.
    pub bytes: Vec<u8>,
    /// The end of each chunk.
    pub ends: Vec<usize>,
}

impl Stream {
    /// The chunks, as they come.
    pub fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.bytes[start..end])
    }
}

impl Traffic {
    /// Makes the stream.
    #[must_use]
    pub fn stream(self) -> Stream {
        let (text, events) = match self.shape {
            Shape::Small { line_end } => small(line_end),
            Shape::LongLine => long_line(),
            Shape::Deltas => deltas(),
        };
        let bytes = text.into_bytes();
        let ends = match self.cut {
            Cut::AtEvents => events,
            Cut::Every(size) => {
                (1..=bytes.len().div_ceil(size)).map(|n| (n * size).min(bytes.len())).collect()
            }
        };
        Stream { bytes, ends }
    }
}

/// Frames of the contract, about 117 bytes each, and where each ends.
fn small(line_end: &str) -> (String, Vec<usize>) {
    let (mut text, mut ends) = (String::new(), Vec::new());
    for seq in 1..=EVENTS {
        let html = format!("<p>Words of a page, number {seq}</p>");
        event(&mut text, seq, seq * 40, &html, line_end);
        ends.push(text.len());
    }
    (text, ends)
}

fn long_line() -> (String, Vec<usize>) {
    let mut text = String::new();
    event(&mut text, 1, 0, &"<p>A page in one piece.</p>".repeat(LONG / 27), "\n");
    let end = text.len();
    (text, vec![end])
}

/// The shape in which language models answer: a word or a part of one at a time, most with a space before it.
fn deltas() -> (String, Vec<usize>) {
    let words = [
        " the", " tower", " was", " built", ",", " in", " Par", "is", ".", "\\n", " <p>", "é", " 18", "89",
        " 東京",
    ];
    let (mut text, mut ends, mut offset) = (String::new(), Vec::new(), 0);
    for seq in 1..=EVENTS {
        let word = words[seq * 7 % words.len()];
        event(&mut text, seq, offset, word, "\n");
        offset += word.len();
        ends.push(text.len());
    }
    (text, ends)
}

fn event(text: &mut String, seq: usize, offset: usize, html: &str, line_end: &str) {
    let _ = write!(
        text,
        "id: {seq}{line_end}event: html{line_end}data: {{\"seq\":{seq},\"type\":\"html\",\"offset\":{offset},\
         \"text\":\"{html}\"}}{line_end}{line_end}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deltas_have_every_word_and_chunks_are_the_stream() {
        for traffic in ALL {
            let stream = traffic.stream();
            assert_eq!(stream.chunks().collect::<Vec<_>>().concat(), stream.bytes, "{}", traffic.name);
        }
        let (text, ends) = deltas();
        assert_eq!(ends.len(), EVENTS);
        for word in [" the", "é", "\\n", " 東京"] {
            assert!(text.matches(word).count() > EVENTS / 20, "{word}");
        }
    }
}
