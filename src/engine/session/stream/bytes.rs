//! What the stream brings: bytes to items, items to the ledger. Decides what proves a connection live, and what
//! shows that it is behind, or wrong.

use super::super::Session;
use super::{Blame, Stage, TOLD_WAIT_MAX};
use crate::contract::{Event, EventBody, Frame, Hello};
use crate::engine::frame::read_frame;
use crate::engine::io::{RequestId, Update};
use crate::engine::ledger::Taken;
use crate::engine::picture::{Note, Outcome, Phase, Why};
use crate::engine::span::Span;
use crate::engine::sse::Item;

impl Session {
    pub(in super::super) fn stream_bytes(&mut self, id: RequestId, bytes: &[u8]) {
        let now = self.now;
        let Some(c) = self.stream.connection().filter(|c| c.id == id && c.accepted) else { return };
        c.byte_at = Some(now);
        let mut decoder = std::mem::take(&mut c.decoder);
        self.page.offline = None;
        let mut items = decoder.feed(bytes);
        while self.stream.is_current(id) {
            match items.next() {
                Ok(None) => break,
                Ok(Some(item)) => self.item(item),
                Err(_) => {
                    self.lose_stream(Why::Limit, Blame::Stream, Span::ZERO);
                    self.read_now();
                }
            }
        }
        drop(items);
        let (proof_after, late_by) = (self.ms(300), self.ms(500));
        let Some(c) = self.stream.connection().filter(|c| c.id == id) else { return };
        c.decoder = decoder;
        c.late.judge(late_by, now);
        if let Stage::Trial { since } = c.stage
            && c.behind_since.is_none()
            && now - since >= proof_after
            && c.late.none_for(proof_after, now)
        {
            c.stage = Stage::Live { since: now };
            c.called_live = true;
            self.stream.why = Why::Unproven;
            self.poll.stream_is_live();
            self.abort_held_read();
            self.note(Note::StreamLive);
        }
    }

    fn item(&mut self, item: Item<'_>) {
        let now = self.now;
        if let Some(c) = self.stream.connection()
            && c.stage == Stage::Opening
        {
            c.stage = Stage::Trial { since: now };
        }
        match item {
            Item::Comment => {}
            Item::Retry(time) => self.stream.reconnection_time = TOLD_WAIT_MAX.min(time.into()),
            Item::Event(event) => match read_frame(event.data, event.kind) {
                Some(Frame::Hello(hello)) => self.hello(&hello),
                Some(Frame::Event(e)) => self.event(e, event.id),
                None => self.gap(),
            },
        }
    }

    fn hello(&mut self, hello: &Hello) {
        if hello.run > self.ledger.run {
            self.begin_run(hello.run);
        }
        let (min, max) = (self.ms(10_000), self.ms(90_000));
        let Some(c) = self.stream.connection() else { return };
        if hello.run < self.ledger.run {
            // It belongs to an older run, whose end we have not heard: let it go.
            self.lose_stream(Why::Closed, Blame::Stream, Span::ZERO);
            return;
        }
        if c.run.is_none() {
            c.brought = hello.after;
        }
        if let Some(heartbeat_ms) = hello.heartbeat_ms {
            c.idle_timeout = Span::from_millis(heartbeat_ms.saturating_mul(5) / 2).clamp(min, max);
        }
        c.run = Some(hello.run);
        self.stream.says_hello = true;
        if hello.after > self.ledger.seq {
            self.gap();
            return;
        }
        self.progress.saw_time(hello.now.as_deref(), self.now);
        self.ledger.known_seq = self.ledger.known_seq.max(hello.head);
        self.note_what_is_known();
    }

    fn event(&mut self, event: Event, id: &str) {
        if self.ledger.run == 0 {
            self.begin_run(1);
        }
        let minute = self.ms(60_000);
        let now = self.now;
        let says_hello = self.stream.says_hello;
        let Some(c) = self.stream.connection() else { return };
        if says_hello && c.run.is_none() {
            return self.gap();
        }
        c.late.saw(event.at.as_deref(), now);
        c.event_at = now;
        c.quiet = (now + minute, minute);
        c.brought = c.brought.max(event.seq);
        match self.ledger.take_event(&event, id) {
            Taken::New | Taken::Same => {
                self.news();
                self.progress.take_event(&event, now);
                if self.phase != Phase::Finishing {
                    self.phase = Phase::Running;
                }
                if let EventBody::Html { text, .. } = event.body {
                    self.updates.push_back(Update::Html(text));
                }
            }
            Taken::Stale => {}
            Taken::TooLarge => return self.end(Outcome::TooLarge),
            Taken::Gap => return self.gap(),
        }
        self.note_what_is_known();
        if self.ledger.terminal.is_some() {
            self.finish();
        }
    }

    /// Something is missing, or cannot be right: nothing more of this connection is applied.
    fn gap(&mut self) {
        self.lose_stream(Why::Malformed, Blame::StreamUnlessProductive, Span::ZERO);
        self.read_now();
    }

    /// Compares what we know of with what the connection has brought.
    pub(in super::super) fn note_what_is_known(&mut self) {
        let (now, known) = (self.now, self.ledger.known_seq);
        if let Some(c) = self.stream.connection() {
            c.behind_since = (known > c.brought).then(|| c.behind_since.unwrap_or(now));
        }
    }

    /// The state knows of a newer run than the connection: let it go, and open one for the new run.
    pub(in super::super) fn drop_stream_of_older_run(&mut self, run: u64) {
        if self.stream.open().is_some_and(|c| c.stage != Stage::Opening && c.run.unwrap_or(1) < run) {
            self.reopen_stream();
        }
    }
}
