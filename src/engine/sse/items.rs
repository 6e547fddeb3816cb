//! Lines become events. It decides what each line brings about, and leaves what it can where it lies.

use core::mem;
use core::time::Duration;

use super::decoder::{Decoder, push_text};
use super::line::{self, Line};
use super::{Event, Item, LimitExceeded};

const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The items of one chunk. See [`Decoder::feed`].
///
/// What lies in the chunk stays there for as long as it can: it is copied only if something has to be put behind it, or
/// if the chunk ends before the block does.
#[derive(Debug)]
#[must_use = "dropped before it gave `None`, it ends the decoder"]
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

impl<'d, 'c> Items<'d, 'c> {
    pub(super) fn new(decoder: &'d mut Decoder, chunk: &'c [u8]) -> Self {
        Items {
            decoder,
            rest: chunk,
            data: None,
            kind: None,
            id: None,
            next_id: None,
            spent: false,
            drained: false,
        }
    }

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
        let found = if decoder.line.is_empty() { line::end(self.rest) } else { line::end_of_long(self.rest) };
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

    /// Takes a complete line that is not the first `data` line of its block, and does not stay where it lies: it came in
    /// pieces, or has to be mended. Nothing of this chunk stands in its place by then.
    #[inline(always)]
    fn take(&mut self, line: &Line<'_>) -> Result<Did, LimitExceeded> {
        match *line {
            Line::Blank => {
                self.commit_id();
                if self.decoder.has_data {
                    return Ok(Did::Dispatch);
                }
                self.clear_block();
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
                self.decoder.kind.clear();
                push_text(&mut self.decoder.kind, value, &mut self.decoder.work);
            }
            Line::Id(value) => {
                if value.len() > self.decoder.limits.id_bytes_max {
                    return Err(LimitExceeded::Id);
                }
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
        self.decoder.over |= !self.drained;
        if self.data.is_some() || self.kind.is_some() || self.id.is_some() || self.next_id.is_some() {
            self.settle_all();
        }
    }
}
