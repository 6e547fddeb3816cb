//! What one viewer has seen of its generation: every event must be the next one, and the end must be the length that was
//! sent. It reads the events' JSON by its shape, which is checked with it; it knows no socket.

use super::pace;

/// What an event was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A piece of the page that was due at this moment, in microseconds.
    Piece(u64),
    /// The end, and whether all that was sent has come.
    End {
        /// As many bytes as the end says.
        is_whole: bool,
    },
    /// Not the next one, or nothing that should come.
    Wrong,
    /// No event of the generation: a heartbeat.
    Other,
}

/// A viewer's place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    seq: u64,
    html_len: usize,
}

impl Seen {
    /// Takes the next event: the last part of its id (`1-17`, `17`), and its data.
    pub fn take(&mut self, id: &str, data: &str) -> Event {
        let Some((seq, rest)) = data.strip_prefix("{\"seq\":").and_then(|rest| rest.split_once(',')) else {
            return Event::Other;
        };
        let is_next = seq.parse() == Ok(self.seq + 1) && id.rsplit('-').next() == Some(seq);
        if !is_next {
            // Each mistake is counted once: what follows it is held against it.
            self.seq = seq.parse().unwrap_or(self.seq);
            return Event::Wrong;
        }
        self.seq += 1;
        if let Some((_, text)) = rest.split_once("\"text\":\"") {
            let text = text.strip_suffix("\"}").unwrap_or_default();
            self.html_len += text.len();
            return pace::due_of(text).map_or(Event::Wrong, Event::Piece);
        }
        let digits = |rest: &str| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<usize>().ok();
        match rest.split_once("\"html_len\":").and_then(|(_, rest)| digits(rest)) {
            Some(html_len) => Event::End { is_whole: html_len == self.html_len },
            None => Event::Wrong,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(seq: u64, due: u64) -> String {
        let text = pace::text(due);
        format!(r#"{{"seq":{seq},"at":"2026-03-01T00:00:00.000Z","type":"html","offset":0,"text":"{text}"}}"#)
    }

    fn end(seq: u64, html_len: usize) -> String {
        format!(r#"{{"seq":{seq},"at":"","type":"done","html_len":{html_len},"result":{{"n":5}}}}"#)
    }

    #[test]
    fn all_events_in_order_are_right() {
        let mut seen = Seen::default();
        assert_eq!(seen.take("", r#"{"type":"hello","run":1,"after":0,"head":0}"#), Event::Other);
        assert_eq!(seen.take("1-1", &piece(1, 7)), Event::Piece(7));
        assert_eq!(seen.take("2", &piece(2, 9)), Event::Piece(9));
        assert_eq!(seen.take("1-3", &end(3, 200)), Event::End { is_whole: true });
    }

    #[test]
    fn one_that_is_lost_doubled_or_changed_is_seen_once() {
        for wrong in [[1, 3, 4], [1, 1, 2], [2, 3, 4]] {
            let mut seen = Seen::default();
            let events = wrong.map(|seq| seen.take(&seq.to_string(), &piece(seq, 0)));
            assert_eq!(events.iter().filter(|event| **event == Event::Wrong).count(), 1, "{wrong:?}");
        }
        assert_eq!(Seen::default().take("2", &piece(1, 0)), Event::Wrong, "the id is another");
        assert_eq!(Seen::default().take("1", &piece(1, 0).replace("river", "RIVER")), Event::Wrong);
        assert_eq!(Seen::default().take("1", &end(1, 100)), Event::End { is_whole: false });
        assert_eq!(Seen::default().take("1", r#"{"seq":1,"type":"status"}"#), Event::Wrong);
    }
}
