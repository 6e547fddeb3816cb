//! Changes an honest event stream on its way out: holds it, cuts it, drops and swaps frames, renames ids. It takes the
//! stream apart into frames (each honest chunk is one or more whole ones) and decides frame by frame.

use std::collections::VecDeque;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use tokio::time::{Instant, sleep_until};

use super::log::OpenStream;
use super::script::Script;
use crate::app::App;

/// What is done to a stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tamper {
    None,
    /// One byte at a time.
    Drip,
    /// A BOM, CRLF as line ends, and a few bytes at a time, cut anywhere.
    Split,
    /// After so many frames nothing more until the end, then all of it.
    HoldAfter(u64),
    /// Only in lumps of so many bytes.
    Lumps(usize),
    /// A trick at one event.
    At(u64, Trick),
    /// Ids that are hard to carry.
    ForeignIds {
        ends_at: Option<u64>,
    },
    /// A clean end after a time.
    EndAfter(Duration),
    /// A reset after a time; until then frames pass only if the flag says so.
    DieAfter(Duration, bool),
    /// Two more events after the terminal one.
    AfterTheEnd,
}

/// What happens at one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trick {
    /// Nothing more comes, and the connection stays open.
    Silence,
    /// Half of the event, then a reset.
    CutMidEvent,
    /// A clean end before it.
    End,
    /// It is left out.
    Omit,
    /// It comes after the next one.
    Swap,
    /// A frame that is no JSON comes instead, and the stream goes on.
    Garbage,
    /// 3 MiB without a line end, and the stream goes on.
    EndlessLine,
    /// The token is taken away, and the stream ends.
    Revoke,
}

/// What `EndlessLine` sends, in chunks.
const ENDLESS_CHUNKS: usize = 48;
const ENDLESS_CHUNK: usize = 64 * 1024;

pub(super) struct Tampered {
    inner: BodyDataStream,
    frames: VecDeque<Bytes>,
    out: VecDeque<io::Result<Bytes>>,
    held: Vec<u8>,
    swapped: Option<Bytes>,
    seen: u64,
    tamper: Tamper,
    deadline: Option<Instant>,
    /// Nothing more is read from the honest stream.
    over: bool,
    silent: bool,
    script: Arc<Script>,
    expires_ms: u64,
    app: App,
    _open: OpenStream,
}

impl Tampered {
    /// `response` with its body changed; anything but a good answer is left alone.
    pub(super) fn wrap(
        response: Response,
        tamper: Tamper,
        script: Arc<Script>,
        app: App,
        expires_ms: u64,
    ) -> Response {
        if !response.status().is_success() {
            return response;
        }
        let (parts, body) = response.into_parts();
        let deadline = match tamper {
            Tamper::EndAfter(time) | Tamper::DieAfter(time, _) => Some(Instant::now() + time),
            _ => None,
        };
        let tampered = Self {
            inner: body.into_data_stream(),
            frames: VecDeque::new(),
            out: VecDeque::new(),
            held: Vec::new(),
            swapped: None,
            seen: 0,
            tamper,
            deadline,
            over: false,
            silent: false,
            _open: OpenStream::new(script.clone()),
            script,
            expires_ms,
            app,
        };
        let chunks = stream::unfold(tampered, async |mut tampered| {
            let chunk = tampered.next().await?;
            Some((chunk, tampered))
        });
        Response::from_parts(parts, Body::from_stream(chunks))
    }

    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            if matches!(self.tamper, Tamper::Drip | Tamper::Split) || matches!(self.out.front(), Some(Err(_)))
            {
                // Lets the connection send what it has: small chunks would leave together, and what stands before a
                // reset would be lost.
                tokio::task::yield_now().await;
            }
            if let Some(chunk) = self.out.pop_front() {
                return Some(chunk);
            }
            if self.silent {
                self.app.closed().await;
                return None;
            }
            if self.over {
                return None;
            }
            match self.frame().await {
                Some(Ok(frame)) => self.on_frame(frame),
                Some(Err(())) => self.on_deadline(),
                None => self.on_end(),
            }
        }
    }

    /// The next honest frame; `Err` when the time is over.
    async fn frame(&mut self) -> Option<Result<Bytes, ()>> {
        while self.frames.is_empty() {
            let chunk = match self.deadline {
                None => self.inner.next().await,
                Some(deadline) => {
                    tokio::select! {
                        biased;
                        chunk = self.inner.next() => chunk,
                        () = pin!(sleep_until(deadline)) => return Some(Err(())),
                    }
                }
            };
            let Some(Ok(chunk)) = chunk else { return None };
            self.frames.extend(split(&chunk));
        }
        self.frames.pop_front().map(Ok)
    }

    fn on_frame(&mut self, frame: Bytes) {
        self.seen += 1;
        let seq = seq(&frame);
        match self.tamper {
            Tamper::None | Tamper::EndAfter(_) | Tamper::DieAfter(_, true) => self.send(frame),
            Tamper::DieAfter(_, false) => {}
            Tamper::Drip => self.out.extend(frame.iter().map(|&byte| Ok(Bytes::from(vec![byte])))),
            Tamper::Split => self.scatter(&frame),
            Tamper::HoldAfter(frames) if self.seen > frames => self.held.extend_from_slice(&frame),
            Tamper::HoldAfter(_) => self.send(frame),
            Tamper::Lumps(size) => {
                self.held.extend_from_slice(&frame);
                while self.held.len() >= size {
                    let rest = self.held.split_off(size);
                    let lump = std::mem::replace(&mut self.held, rest);
                    self.send(lump.into());
                }
            }
            Tamper::At(at, trick) if seq == Some(at) => self.play(trick, frame),
            Tamper::At(..) => {
                self.send(frame);
                if let Some(swapped) = self.swapped.take_if(|_| seq.is_some()) {
                    self.send(swapped);
                }
            }
            Tamper::ForeignIds { ends_at } if ends_at.is_some() && ends_at == seq => self.over = true,
            Tamper::ForeignIds { .. } => self.send(foreign(frame, seq)),
            Tamper::AfterTheEnd => self.send(frame),
        }
    }

    fn play(&mut self, trick: Trick, frame: Bytes) {
        match trick {
            Trick::Silence => self.silent = true,
            Trick::CutMidEvent => {
                self.send(frame.slice(..frame.len() / 2));
                self.reset();
            }
            Trick::End => self.over = true,
            Trick::Omit => {}
            Trick::Swap => self.swapped = Some(frame),
            Trick::Garbage => {
                self.send(Bytes::from_static(b"id: 1-20\ndata: {\"seq\": 20, \"type\": \"ht\n\n"));
            }
            Trick::EndlessLine => {
                self.send(Bytes::from_static(b"data: "));
                let line = Bytes::from(vec![b'x'; ENDLESS_CHUNK]);
                self.out.extend((0..ENDLESS_CHUNKS).map(|_| Ok(line.clone())));
                self.send(frame);
            }
            Trick::Revoke => {
                self.script.revoke(self.expires_ms);
                self.over = true;
            }
        }
    }

    fn on_deadline(&mut self) {
        if matches!(self.tamper, Tamper::DieAfter(..)) { self.reset() } else { self.over = true }
    }

    fn on_end(&mut self) {
        self.over = true;
        let held = std::mem::take(&mut self.held);
        if !held.is_empty() {
            self.send(held.into());
        }
        if self.tamper == Tamper::AfterTheEnd {
            self.send(Bytes::from_static(
                b"id: 1-100001\ndata: {\"seq\":100001,\"type\":\"html\",\"offset\":0,\"text\":\"late\"}\n\n\
                  id: 1-100002\ndata: {\"seq\":100002,\"type\":\"error\",\"code\":\"late\",\"message\":\"Late.\"}\n\n",
            ));
        }
    }

    fn send(&mut self, bytes: Bytes) {
        self.out.push_back(Ok(bytes));
    }

    /// An error in a body makes the connection break without its end.
    fn reset(&mut self) {
        self.over = true;
        self.out.push_back(Err(io::Error::new(io::ErrorKind::ConnectionReset, "scripted reset")));
    }

    fn scatter(&mut self, frame: &[u8]) {
        let mut bytes = Vec::with_capacity(frame.len() + 16);
        if self.seen == 1 {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        for &byte in frame {
            if byte == b'\n' {
                bytes.push(b'\r');
            }
            bytes.push(byte);
        }
        let (mut rest, mut size) = (Bytes::from(bytes), 1);
        while !rest.is_empty() {
            let chunk = rest.split_to(size.min(rest.len()));
            self.send(chunk);
            size = size % 7 + 1;
        }
    }
}

/// Whole frames: each ends with an empty line.
fn split(chunk: &Bytes) -> Vec<Bytes> {
    let mut frames = Vec::new();
    let mut start = 0;
    for (at, two) in chunk.windows(2).enumerate() {
        if two == b"\n\n" {
            frames.push(chunk.slice(start..at + 2));
            start = at + 2;
        }
    }
    if start < chunk.len() {
        frames.push(chunk.slice(start..));
    }
    frames
}

/// The number of the event in `frame`; `None` for a hello.
fn seq(frame: &[u8]) -> Option<u64> {
    let id = std::str::from_utf8(frame).ok()?.strip_prefix("id: ")?.lines().next()?;
    id.split_once('-')?.1.parse().ok()
}

/// The honest id behind a prefix that is hard to carry; each seventh is 10 KB long.
fn foreign(frame: Bytes, seq: Option<u64>) -> Bytes {
    let Some(seq) = seq else { return frame };
    let prefix = if seq.is_multiple_of(7) { "x".repeat(10_240) } else { "🗼 Zürich, 東京".to_owned() };
    [b"id: ", prefix.as_bytes(), b" ", &frame[b"id: ".len()..]].concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_comes_apart_into_its_frames() {
        let chunk = Bytes::from_static(b"data: {}\n\nid: 1-7\ndata: {}\n\n");
        let frames = split(&chunk);
        assert_eq!(frames, ["data: {}\n\n", "id: 1-7\ndata: {}\n\n"]);
        assert_eq!((seq(&frames[0]), seq(&frames[1])), (None, Some(7)));
        assert!(foreign(frames[1].clone(), Some(8)).starts_with("id: 🗼 Zürich, 東京 1-7\n".as_bytes()));
    }
}
