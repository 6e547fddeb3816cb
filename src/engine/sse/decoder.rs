//! Lines become events. It decides what is kept from one chunk to the next, and in which buffer.

use alloc::string::String;
use alloc::vec::Vec;
use core::mem;
use core::time::Duration;

use super::line::{self, Line};
use super::work::Work;
use super::{Event, Item, LimitExceeded, Limits};

/// More memory than this is given back after a line and after an event: WebAssembly memory never shrinks, but it can
/// be used again.
const KEPT_BYTES_MAX: usize = 64 << 10;

const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// The decoder of one connection. A new connection takes a new one.
///
/// Dropping it drops what was not complete, as the standard wants it at the end of a stream.
#[derive(Debug, Default)]
pub struct Decoder {
    limits: Limits,
    /// It is settled whether the stream begins with a byte order mark.
    past_start: bool,
    /// The last line ended with a CR that was the last byte seen: an LF that follows belongs to it.
    cr_before: bool,
    /// Nothing comes any more: a limit was exceeded, or the caller left in the middle of a chunk.
    over: bool,
    /// A line that is not complete.
    line: Vec<u8>,
    /// Holds the values of this block's `data` lines, joined by LF, …
    data: String,
    /// … from here on: a line that was kept is taken over with the name of its field.
    data_start: usize,
    /// How long they are in the stream, where invalid UTF-8 is not yet mended.
    data_bytes: usize,
    /// This block has a `data` line.
    has_data: bool,
    /// This block's `event` value.
    kind: String,
    /// The last event ID as of the last blank line.
    id: String,
    /// What becomes the last event ID with the next one, …
    next_id: String,
    /// … if this block has an `id` line.
    has_next_id: bool,
    pub(super) work: Work,
}

impl Decoder {
    /// A decoder with other limits than the default ones.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Decoder { limits, ..Decoder::default() }
    }

    /// A decoder for the connection after one that was lost: events that name no id have this one, as they would have
    /// on the old connection.
    #[must_use]
    pub fn resuming(limits: Limits, last_event_id: &str) -> Self {
        Decoder { limits, id: last_event_id.into(), ..Decoder::default() }
    }

    /// The last event ID as of the last blank line: what to send as `Last-Event-ID` on the next connection. Empty if
    /// there is none. The id of a block that is not complete does not count.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        &self.id
    }

    /// Takes the next bytes. Draw all items from what is returned; to drop it before it gave `None` means to stop:
    /// nothing comes any more, from this chunk or a later one.
    pub fn feed<'d, 'c>(&'d mut self, chunk: &'c [u8]) -> Items<'d, 'c> {
        Items {
            decoder: self,
            rest: chunk,
            data: None,
            kind: None,
            id: None,
            next_id: None,
            spent: false,
            drained: false,
        }
    }

    /// Makes room for a value of this block's data.
    ///
    /// # Errors
    /// [`LimitExceeded::Event`].
    fn admit_data(&mut self, value: &[u8]) -> Result<(), LimitExceeded> {
        self.data_bytes += usize::from(self.has_data) + value.len();
        self.has_data = true;
        if self.data_bytes > self.limits.event_bytes_max { Err(LimitExceeded::Event) } else { Ok(()) }
    }

    /// A line that is kept is the block's first `data` line: it becomes the data where it lies.
    fn adopt_line(&mut self, value_bytes: usize) {
        let line = mem::take(&mut self.line);
        self.work.checked(line.len());
        let start = line.len() - value_bytes;
        match String::from_utf8(line) {
            Ok(text) => {
                self.line = mem::replace(&mut self.data, text).into_bytes();
                self.data_start = start;
            }
            Err(invalid) => {
                let line = invalid.into_bytes();
                push_text(&mut self.data, &line[start..], &mut self.work);
                self.line = line;
            }
        }
    }

    fn clear_line(&mut self) {
        self.line.clear();
        if self.line.capacity() > KEPT_BYTES_MAX {
            self.line.shrink_to(KEPT_BYTES_MAX);
        }
    }

    /// Makes room for the next block. The id stays.
    fn clear_block(&mut self) {
        self.has_data = false;
        self.data_bytes = 0;
        self.data_start = 0;
        for text in [&mut self.data, &mut self.kind] {
            text.clear();
            if text.capacity() > KEPT_BYTES_MAX {
                text.shrink_to(KEPT_BYTES_MAX);
            }
        }
    }
}

/// The items of one chunk. See [`Decoder::feed`].
///
/// What lies in the chunk stays there for as long as it can: it is copied only if something has to be put behind it, or
/// if the chunk ends before the block does.
#[derive(Debug)]
pub struct Items<'d, 'c> {
    decoder: &'d mut Decoder,
    rest: &'c [u8],
    /// The value of this block's only `data` line so far, …
    data: Option<&'c [u8]>,
    /// … its type, …
    kind: Option<&'c str>,
    /// … the last event ID, …
    id: Option<&'c str>,
    /// … and what becomes it: each of them in place of what the decoder holds.
    next_id: Option<&'c str>,
    /// The last item borrowed from the block; it is cleared before the next.
    spent: bool,
    drained: bool,
}

/// What a line brought about.
enum Did {
    Nothing,
    Dispatch,
    Retry(Duration),
    Comment,
}

impl<'c> Items<'_, 'c> {
    /// The next item; `None`: the chunk is used up.
    ///
    /// # Errors
    /// [`LimitExceeded`], once; `None` from then on.
    #[expect(
        clippy::should_implement_trait,
        reason = "an item borrows from the decoder: no std iterator can lend"
    )]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, LimitExceeded> {
        if self.spent {
            self.clear_block();
        }
        while !self.decoder.over && self.skip_start() {
            match self.advance().inspect_err(|_| self.decoder.over = true)? {
                Did::Nothing => {}
                Did::Retry(after) => return Ok(Some(Item::Retry(after))),
                Did::Comment => return Ok(Some(Item::Comment)),
                Did::Dispatch => {
                    self.spent = true;
                    return Ok(Some(Item::Event(self.event())));
                }
            }
        }
        self.drained = true;
        Ok(None)
    }

    /// Takes the next line, or what is there of it.
    #[inline(always)]
    fn advance(&mut self) -> Result<Did, LimitExceeded> {
        let decoder = &mut *self.decoder;
        let found = line::end(self.rest);
        let (head, tail) = self.rest.split_at(found.unwrap_or(self.rest.len()));
        decoder.work.searched(head.len() + usize::from(found.is_some()));
        if decoder.line.len() + head.len() > decoder.limits.line_bytes_max {
            return Err(LimitExceeded::Line);
        }
        let Some((end, tail)) = tail.split_first() else {
            decoder.line.extend_from_slice(head);
            decoder.work.copied(head.len());
            self.rest = tail;
            return Ok(Did::Nothing);
        };
        decoder.cr_before = *end == b'\r';
        self.rest = tail;
        if decoder.line.is_empty() {
            return self.take_whole(line::read(head));
        }
        decoder.line.extend_from_slice(head);
        decoder.work.copied(head.len());
        self.take_kept()
    }

    /// Takes a line that lies in the chunk.
    #[inline(always)]
    fn take_whole(&mut self, line: Line<'c>) -> Result<Did, LimitExceeded> {
        match line {
            Line::Data(value) if !self.decoder.has_data => {
                self.data = Some(value);
                self.decoder.admit_data(value)?;
                // Nearly every event ends right here.
                if let [b'\n', rest @ ..] = self.rest
                    && !self.decoder.cr_before
                {
                    self.rest = rest;
                    self.decoder.work.searched(1);
                    self.commit_id();
                    return Ok(Did::Dispatch);
                }
            }
            Line::Kind(value) => {
                self.kind = self.text(value);
                if self.kind.is_none() {
                    return self.take(&line);
                }
            }
            Line::Id(value) => {
                self.next_id = self.text(value);
                if self.next_id.is_none() || value.len() > self.decoder.limits.id_bytes_max {
                    return self.take(&line);
                }
            }
            line => return self.take(&line),
        }
        Ok(Did::Nothing)
    }

    /// The text where it lies, if it needs no mending.
    #[inline(always)]
    fn text(&mut self, value: &'c [u8]) -> Option<&'c str> {
        self.decoder.work.checked(value.len());
        core::str::from_utf8(value).ok()
    }

    /// Takes a line that came in pieces and is complete now.
    fn take_kept(&mut self) -> Result<Did, LimitExceeded> {
        let whole = mem::take(&mut self.decoder.line);
        let did = match line::read(&whole) {
            Line::Data(value) if !self.decoder.has_data => {
                let value_bytes = value.len();
                self.decoder.admit_data(value)?;
                self.decoder.line = whole;
                self.decoder.adopt_line(value_bytes);
                Did::Nothing
            }
            line => {
                let did = self.take(&line)?;
                self.decoder.line = whole;
                did
            }
        };
        self.decoder.clear_line();
        Ok(did)
    }

    /// Steps over a byte order mark at the stream's start, and over the LF of a CRLF. False: the chunk is used up.
    #[inline(always)]
    fn skip_start(&mut self) -> bool {
        if self.decoder.cr_before && !self.rest.is_empty() {
            self.decoder.cr_before = false;
            self.rest = self.rest.strip_prefix(b"\n").unwrap_or(self.rest);
        }
        if !self.decoder.past_start {
            self.skip_mark();
        }
        !self.rest.is_empty()
    }

    #[cold]
    fn skip_mark(&mut self) {
        let decoder = &mut *self.decoder;
        // What may become a mark waits in `line`: it is a line's start in any case.
        while let Some((&byte, rest)) = self.rest.split_first() {
            let seen = decoder.line.len();
            if byte != BOM[seen] {
                decoder.past_start = true;
                break;
            }
            self.rest = rest;
            decoder.line.push(byte);
            if seen == 2 {
                decoder.line.clear();
                decoder.past_start = true;
                break;
            }
        }
    }

    /// Takes a complete line that is not the first `data` line of its block, and does not stay where it lies.
    #[inline(always)]
    fn take(&mut self, line: &Line<'_>) -> Result<Did, LimitExceeded> {
        match *line {
            Line::Blank => {
                self.commit_id();
                if self.decoder.has_data {
                    return Ok(Did::Dispatch);
                }
                self.kind = None;
                self.decoder.kind.clear();
            }
            Line::Comment => return Ok(Did::Comment),
            Line::Retry(after) => return Ok(Did::Retry(after)),
            Line::Data(value) => {
                self.settle();
                self.decoder.admit_data(value)?;
                self.decoder.data.push('\n');
                push_text(&mut self.decoder.data, value, &mut self.decoder.work);
            }
            Line::Kind(value) => {
                self.kind = None;
                self.decoder.kind.clear();
                push_text(&mut self.decoder.kind, value, &mut self.decoder.work);
            }
            Line::Id(value) => {
                if value.len() > self.decoder.limits.id_bytes_max {
                    return Err(LimitExceeded::Id);
                }
                self.next_id = None;
                self.decoder.has_next_id = true;
                self.decoder.next_id.clear();
                push_text(&mut self.decoder.next_id, value, &mut self.decoder.work);
            }
            Line::Ignored => {}
        }
        Ok(Did::Nothing)
    }

    #[inline(always)]
    fn commit_id(&mut self) {
        let in_decoder = mem::take(&mut self.decoder.has_next_id);
        if let Some(id) = self.next_id.take() {
            self.id = Some(id);
        } else if in_decoder {
            self.id = None;
            mem::swap(&mut self.decoder.id, &mut self.decoder.next_id);
        }
    }

    /// Moves the lone value into the decoder's own buffer.
    fn settle(&mut self) {
        if let Some(value) = self.data.take() {
            push_text(&mut self.decoder.data, value, &mut self.decoder.work);
        }
    }

    /// Moves all that lies in the chunk into the decoder's own buffers.
    fn settle_all(&mut self) {
        self.settle();
        let decoder = &mut *self.decoder;
        decoder.has_next_id |= self.next_id.is_some();
        let texts = [
            (self.kind, &mut decoder.kind),
            (self.id, &mut decoder.id),
            (self.next_id, &mut decoder.next_id),
        ];
        for (text, to) in texts {
            if let Some(text) = text {
                to.clear();
                to.push_str(text);
                decoder.work.copied(text.len());
            }
        }
    }

    /// The event that the block makes. A block cut off by the stream's end never comes here.
    #[inline(always)]
    fn event(&mut self) -> Event<'_> {
        let data = self.data.and_then(|value| self.text(value));
        if data.is_none() {
            self.settle();
        }
        let decoder = &*self.decoder;
        let kind = self.kind.unwrap_or(&decoder.kind);
        Event {
            kind: if kind.is_empty() { "message" } else { kind },
            data: data.unwrap_or_else(|| &decoder.data[decoder.data_start..]),
            id: self.id.unwrap_or(&decoder.id),
        }
    }

    #[inline(always)]
    fn clear_block(&mut self) {
        self.spent = false;
        self.data = None;
        self.kind = None;
        self.decoder.clear_block();
    }
}

impl Drop for Items<'_, '_> {
    fn drop(&mut self) {
        if self.spent {
            self.clear_block();
        }
        self.settle_all();
        if !self.drained {
            self.decoder.over = true;
        }
    }
}

/// Puts a value behind a text, mended as the standard's UTF-8 decoder does it: U+FFFD for each maximal part that is no
/// character. A line end is never part of one, so values can be mended one by one.
fn push_text(text: &mut String, value: &[u8], work: &mut Work) {
    work.checked(value.len());
    work.copied(value.len());
    if let Ok(value) = core::str::from_utf8(value) {
        return text.push_str(value);
    }
    work.checked(value.len());
    for chunk in value.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(REPLACEMENT);
        }
    }
}
