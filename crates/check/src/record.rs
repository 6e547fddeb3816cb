//! What a stream said, frame by frame, with the time of each: bytes go in, a record comes out. It reads as the screen
//! reads, knows no connection, and judges nothing.

use std::time::Duration;

use generation_screen::contract::{Event, Frame, Hello, UnreadFrame};
use generation_screen::engine::sse::{Decoder, Item};

use crate::client::{contains, quoted};

/// A stream that sends more is left.
const BYTES_MAX: usize = 80 << 20;
/// A stream that sends more frames is left.
const FRAMES_MAX: usize = 200_000;

/// How a stream ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The server ended it.
    Closed,
    /// The connection broke.
    Broken(String),
    /// Something grew beyond its limit.
    Limit(String),
}

/// One frame.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// When it came, from the request on.
    pub(crate) at: Duration,
    /// The last event ID as of this frame.
    pub(crate) id: String,
    pub(crate) said: Said,
}

/// What a frame said.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    Event(Event),
    Hello(Hello),
    /// What is wrong with it.
    Malformed(String),
}

impl Seen {
    pub(crate) fn event(&self) -> Option<&Event> {
        match &self.said {
            Said::Event(event) => Some(event),
            _ => None,
        }
    }

    pub(crate) fn hello(&self) -> Option<&Hello> {
        match &self.said {
            Said::Hello(hello) => Some(hello),
            _ => None,
        }
    }

    pub(crate) fn is_terminal(&self) -> bool {
        self.event().is_some_and(|event| event.body.is_terminal())
    }
}

/// Everything that a stream said.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) frames: Vec<Seen>,
    /// The longest time without a byte, the one before the first included.
    pub(crate) silence_max: Duration,
    /// `None`: it was left open.
    pub(crate) end: Option<End>,
    /// An event that had the token in it.
    pub(crate) leaked: bool,
    decoder: Decoder,
    last_byte: Duration,
    watched: Duration,
    bytes: usize,
}

impl Record {
    /// Takes what came at `at`. `token` is looked for.
    pub(crate) fn take(&mut self, chunk: &[u8], at: Duration, token: Option<&str>) {
        self.silence_until(at);
        self.last_byte = at;
        self.bytes += chunk.len();
        let mut items = self.decoder.feed(chunk);
        loop {
            match items.next() {
                Ok(None) => break,
                Ok(Some(Item::Event(event))) => {
                    self.leaked |= token.is_some_and(|token| contains(event.data.as_bytes(), token));
                    let said = read(event.data, event.kind);
                    self.frames.push(Seen { at, id: event.id.to_owned(), said });
                }
                Ok(Some(Item::Comment | Item::Retry(_))) => {}
                Err(exceeded) => self.end = Some(End::Limit(exceeded.to_string())),
            }
        }
        if self.bytes > BYTES_MAX || self.frames.len() > FRAMES_MAX {
            let (bytes, frames) = (self.bytes, self.frames.len());
            self.end =
                Some(End::Limit(format!("the stream sent {bytes} bytes in {frames} frames, and went on")));
        }
    }

    /// Nothing came until `at`.
    pub(crate) fn silence_until(&mut self, at: Duration) {
        self.silence_max = self.silence_max.max(at.saturating_sub(self.last_byte));
        self.watched = at;
    }

    /// How long it was watched.
    pub(crate) fn watched(&self) -> Duration {
        self.watched
    }

    /// The numbered events, in order.
    pub(crate) fn events(&self) -> impl DoubleEndedIterator<Item = (&Seen, &Event)> {
        self.frames.iter().filter_map(|seen| Some((seen, seen.event()?)))
    }

    pub(crate) fn hellos(&self) -> impl Iterator<Item = (&Seen, &Hello)> {
        self.frames.iter().filter_map(|seen| Some((seen, seen.hello()?)))
    }

    /// The first terminal event.
    pub(crate) fn terminal(&self) -> Option<(&Seen, &Event)> {
        self.events().find(|(_, event)| event.body.is_terminal())
    }

    pub(crate) fn seqs(&self) -> Vec<u64> {
        self.events().map(|(_, event)| event.seq).collect()
    }
}

fn read(data: &str, kind: &str) -> Said {
    let quoted = quoted(data.as_bytes());
    match UnreadFrame::from_json(data).map(|frame| frame.read(kind)) {
        None => Said::Malformed(format!("the data of an event is no JSON object: {quoted}")),
        Some(Err(malformed)) => {
            Said::Malformed(format!("`{}` is missing, or has no fitting value: {quoted}", malformed.field))
        }
        Some(Ok(Frame::Event(event))) => Said::Event(event),
        Some(Ok(Frame::Hello(hello))) => Said::Hello(hello),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_at_every_cut_and_silence_is_measured() {
        let text = "data: {\"type\":\"hello\",\"run\":1,\"after\":0,\"head\":1}\n\n: alive\n\nid: a\nevent: cancelled\n\
                    data: {\"seq\":1}\n\ndata: nonsense\n\n";
        for cut in 0..text.len() {
            let mut record = Record::default();
            record.take(&text.as_bytes()[..cut], Duration::from_secs(1), None);
            record.take(&text.as_bytes()[cut..], Duration::from_secs(4), None);
            assert_eq!(record.silence_max, Duration::from_secs(3));
            assert_eq!(record.frames.len(), 3);
            assert!(record.frames[0].hello().is_some() && record.frames[1].is_terminal());
            assert!(matches!(&record.frames[2].said, Said::Malformed(what) if what.contains("nonsense")));
            assert_eq!(record.terminal().unwrap().0.id, "a");
        }
    }

    #[test]
    fn what_grows_beyond_a_limit_ends_the_record() {
        let mut record = Record::default();
        record.take("x".repeat((1 << 20) + 1).as_bytes(), Duration::ZERO, None);
        assert!(matches!(&record.end, Some(End::Limit(what)) if what.contains("a line")));
        let mut record = Record::default();
        let comments = format!(":{}\n", "x".repeat(1 << 19)).repeat(16);
        while record.end.is_none() {
            record.take(comments.as_bytes(), Duration::ZERO, None);
        }
        assert!(matches!(&record.end, Some(End::Limit(what)) if what.contains("went on")));
    }

    #[test]
    fn a_token_in_an_event_is_seen() {
        let mut record = Record::default();
        record.take(
            b"data: {\"seq\":1,\"type\":\"x\",\"a\":\"secret-token\"}\n\n",
            Duration::ZERO,
            Some("secret-token"),
        );
        assert!(record.leaked);
    }
}
