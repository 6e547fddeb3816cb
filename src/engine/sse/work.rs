//! What is done to each byte, counted in this crate's own tests: that no cut of a stream makes more of it is a fact
//! about numbers, not about time. In any other build it is nothing.

/// Bytes that were looked at or moved.
#[derive(Debug, Default)]
pub(super) struct Work {
    #[cfg(test)]
    pub(super) searched: usize,
    #[cfg(test)]
    pub(super) checked: usize,
    #[cfg(test)]
    pub(super) copied: usize,
}

#[cfg(test)]
impl Work {
    /// Looked through for a line end.
    pub(super) fn searched(&mut self, bytes: usize) {
        self.searched += bytes;
    }

    /// Checked to be UTF-8.
    pub(super) fn checked(&mut self, bytes: usize) {
        self.checked += bytes;
    }

    /// Copied from one place to another. What a buffer moves when it grows is not counted: it doubles, so that is less
    /// than twice for each byte, and nothing once it has its size.
    pub(super) fn copied(&mut self, bytes: usize) {
        self.copied += bytes;
    }
}

#[cfg(not(test))]
#[expect(clippy::unused_self, reason = "there is nothing to count with")]
impl Work {
    #[inline]
    pub(super) fn searched(&self, _: usize) {}
    #[inline]
    pub(super) fn checked(&self, _: usize) {}
    #[inline]
    pub(super) fn copied(&self, _: usize) {}
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;
    use alloc::{format, vec};

    use super::super::{Decoder, Item, Limits};

    /// Streams of every kind that makes some decoder do work twice.
    fn streams() -> Vec<(&'static str, Vec<u8>)> {
        let small: String = (0..200)
            .map(|n| format!("event: html\nid: {n}\ndata: {{\"seq\":{n},\"text\":\"<p>é</p>\"}}\n\n"))
            .collect();
        let long = format!("data: {}\n\n", "x".repeat(300_000));
        let rows = format!("{}\n", "data: a row of many\n".repeat(2000));
        vec![
            ("small events", small.clone().into_bytes()),
            ("small events with CRLF", small.replace('\n', "\r\n").into_bytes()),
            ("line ends of every kind", small.replace("\n\n", "\r\n\r").into_bytes()),
            ("one long line", long.clone().into_bytes()),
            ("a long line behind another", format!("data: a\n{long}").into_bytes()),
            ("a long comment", format!(":{}\n", "x".repeat(300_000)).into_bytes()),
            ("a long type", format!("event: {}\ndata\n\n", "x".repeat(30_000)).into_bytes()),
            ("many data lines", rows.into_bytes()),
            ("nothing but CR", "\r".repeat(5000).into_bytes()),
            ("no line end at all", vec![b'x'; 200_000]),
        ]
    }

    fn after(stream: &[u8], chunk_bytes: usize) -> Decoder {
        let mut decoder = Decoder::new(Limits::default());
        for chunk in stream.chunks(chunk_bytes) {
            let mut items = decoder.feed(chunk);
            while items.next().unwrap().is_some() {}
        }
        decoder
    }

    #[test]
    fn each_byte_is_searched_once_checked_once_and_copied_at_most_twice_whatever_the_cuts() {
        for (name, stream) in streams() {
            for chunk_bytes in [1, 2, 3, 64, 1000, 1460, 65_536, stream.len()] {
                let work = after(&stream, chunk_bytes).work;
                let how = format!("{name} in chunks of {chunk_bytes}: {work:?}, {} bytes", stream.len());
                assert!(work.searched <= stream.len(), "{how}");
                assert!(work.checked <= stream.len(), "{how}");
                assert!(work.copied <= 2 * stream.len(), "{how}");
            }
        }
    }

    #[test]
    fn it_counts_what_it_should() {
        let work = after(b"data: abc\n\n", 100).work;
        assert_eq!((work.searched, work.checked, work.copied), (11, 3, 0), "in one piece nothing is copied");
        let work = after(b"data: abc\n\n", 1).work;
        assert_eq!(
            (work.searched, work.checked, work.copied),
            (11, 9, 9),
            "a line in pieces is gathered once"
        );
        let work = after(b"data: a\ndata: bc\n\n", 8).work;
        assert_eq!((work.searched, work.checked, work.copied), (18, 3, 1 + 8 + 2), "{work:?}");
    }

    #[test]
    fn a_long_event_is_handed_out_from_where_its_pieces_were_gathered() {
        let mut decoder = Decoder::default();
        for chunk in [&b"data: hel"[..], b"lo", b"\n"] {
            assert_eq!(decoder.feed(chunk).next(), Ok(None));
        }
        let mut items = decoder.feed(b"\n");
        let Some(Item::Event(event)) = items.next().unwrap() else { panic!("an event") };
        assert_eq!(event.data, "hello");
        drop(items);
        assert_eq!(decoder.work.copied, b"data: hello".len());
    }
}
