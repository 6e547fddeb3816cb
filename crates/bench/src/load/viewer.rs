//! One viewer: a connection that reads its stream to the end, checks every event, and counts into the tally that all share. It
//! decides nothing, and sends nothing after its request.

use std::cell::RefCell;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;

use generation_screen::engine::sse::{Decoder, Item};
use hdrhistogram::Histogram;
use tokio::io::{AsyncRead as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;

use super::body::Body;
use super::clock::now_us;
use super::seen::{Event, Seen};
use crate::screen::devtools::Failed;

/// Read at a time, into one buffer for all viewers: they are on one thread.
const READ_BYTES: usize = 64 << 10;

/// The longest time that is told apart, in microseconds.
const LATENCY_US_MAX: u64 = 60_000_000;

/// What all viewers have seen.
#[derive(Debug)]
pub struct Tally {
    /// From the moment at which an event was due until a viewer had it, in microseconds. One for each right delivery.
    pub latency: Histogram<u64>,
    /// Events that were not the next one, or not what was sent.
    pub wrong: u64,
    /// Viewers that have seen the end, with all before it.
    pub whole: u64,
    /// Reads that it took.
    pub reads: u64,
    buffer: Vec<u8>,
}

/// Shared by the viewers of one thread.
pub type Shared = Rc<RefCell<Tally>>;

impl Tally {
    /// Nothing yet.
    ///
    /// # Errors
    /// Never, with these bounds.
    pub fn shared() -> Result<Shared, Failed> {
        let latency = Histogram::new_with_bounds(1, LATENCY_US_MAX, 3)?;
        let tally = Tally { latency, wrong: 0, whole: 0, reads: 0, buffer: vec![0; READ_BYTES] };
        Ok(Rc::new(RefCell::new(tally)))
    }
}

/// An open stream.
pub struct Viewer {
    socket: TcpStream,
    tally: Shared,
    reader: Reader,
}

impl Viewer {
    /// Connects, asks, and waits for the answer's head.
    ///
    /// # Errors
    /// If there is no connection, or the answer is no event stream.
    pub async fn open(address: SocketAddr, request: &str, tally: Shared) -> Result<Self, Failed> {
        let mut socket = TcpStream::connect(address).await?;
        socket.write_all(request.as_bytes()).await?;
        let mut viewer = Viewer { socket, tally, reader: Reader::default() };
        while !viewer.reader.body.is_open() {
            viewer.read().await?;
        }
        Ok(viewer)
    }

    /// Reads until the end of the generation.
    ///
    /// # Errors
    /// If the stream ends before, or cannot be read.
    pub async fn watch(mut self) -> Result<(), Failed> {
        while !self.reader.has_end {
            self.read().await?;
        }
        Ok(())
    }

    /// Takes what has come, at least a byte.
    async fn read(&mut self) -> Result<(), Failed> {
        poll_fn(|context| {
            let mut tally = self.tally.borrow_mut();
            let mut buffer = std::mem::take(&mut tally.buffer);
            let mut read = ReadBuf::new(&mut buffer);
            let polled = Pin::new(&mut self.socket).poll_read(context, &mut read);
            let taken = polled.map(|done| match done {
                Ok(()) => self.reader.take(read.filled(), &mut tally),
                Err(error) => Err(error.into()),
            });
            tally.buffer = buffer;
            taken
        })
        .await
    }
}

/// What turns a connection's bytes into events that are checked.
#[derive(Default)]
struct Reader {
    body: Body,
    decoder: Decoder,
    seen: Seen,
    has_end: bool,
}

impl Reader {
    /// Counts the events in these bytes; none are the end of the connection.
    fn take(&mut self, bytes: &[u8], tally: &mut Tally) -> Result<(), Failed> {
        let now = now_us();
        tally.reads += 1;
        let Reader { body, decoder, seen, has_end } = self;
        let mut beyond = Ok(());
        body.feed(bytes, &mut |chunk| {
            let mut items = decoder.feed(chunk);
            while let Some(item) = items.next().unwrap_or_else(|limit| {
                beyond = Err(limit);
                None
            }) {
                let Item::Event(event) = item else { continue };
                match seen.take(event.id, event.data) {
                    // Nothing takes no time: the least is one.
                    Event::Piece(due) => tally.latency.saturating_record(now.saturating_sub(due).max(1)),
                    Event::End { is_whole } => {
                        *has_end = true;
                        tally.whole += u64::from(is_whole);
                    }
                    Event::Wrong => tally.wrong += 1,
                    Event::Other => {}
                }
            }
        })?;
        beyond.map_err(|limit| format!("a stream cannot be read: {limit}"))?;
        let is_over = bytes.is_empty() || body.is_over();
        if is_over && !*has_end {
            return Err("a stream ended before its generation".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::pace;

    fn read(answer: &str) -> (Result<(), Failed>, Shared) {
        let (tally, mut reader) = (Tally::shared().unwrap(), Reader::default());
        let took = reader.take(answer.as_bytes(), &mut tally.borrow_mut());
        (took, tally)
    }

    fn answer(frames: &str) -> String {
        let length = frames.len();
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{frames}\r\n0\r\n\r\n")
    }

    #[test]
    fn deliveries_are_counted_with_the_time_since_they_were_due() {
        let text = pace::text(now_us() - 5_000);
        let frames = format!(
            "data: {{\"type\":\"hello\"}}\n\nid: 1-1\ndata: {{\"seq\":1,\"type\":\"html\",\"text\":\"{text}\"}}\n\n\
             id:2\nevent:message\ndata:{{\"seq\":2,\"type\":\"done\",\"html_len\":100}}\n\n"
        );
        let (took, tally) = read(&answer(&frames));
        took.unwrap();
        let tally = tally.borrow();
        assert_eq!((tally.latency.len(), tally.wrong, tally.whole), (1, 0, 1));
        assert!((5_000..5_000_000).contains(&tally.latency.max()), "{}", tally.latency.max());
    }

    #[test]
    fn a_stream_without_its_end_is_an_error() {
        let (took, _) = read(&answer("data: {\"type\":\"hello\"}\n\n"));
        assert_eq!(took.unwrap_err().to_string(), "a stream ended before its generation");
        assert!(read("").0.is_err());
    }
}
