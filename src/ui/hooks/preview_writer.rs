//! Writes a growing page into its frame: at most once per animation frame, and no more than the screen can bear.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use leptos::prelude::*;

use super::HtmlFeed;
use super::preview_frame::{PreviewFacts, PreviewOptions};
use crate::browser::clock;
use crate::browser::frame::{Container, Frame, FrameTitle, PreviewScroll};
use crate::browser::page::{self, Listener};
use crate::browser::timer::{NextFrame, Timer};
use crate::engine::{
    Moment, PREVIEW_BYTES_MAX, PreviewFilter, PreviewOff, Span, WRITE_BYTES_MIN, cut_before, pause_after,
    write_bytes_after,
};

/// How far two looks at the page's headings are apart, at least.
const OUTLINE_PERIOD: Span = Span::from_secs(2);

/// Writes one feed into one frame. Dropping the last clone takes the frame away and ends what is waited for.
///
/// `WebKit` runs what waits for the end of a task in the middle of a write, at each `</script>`. So effects may come here
/// while the writer is at work: what they change is not in it.
#[derive(Clone)]
pub(super) struct PreviewWriter {
    writer: Rc<RefCell<Writer>>,
    title: Option<FrameTitle>,
}

struct Writer {
    /// `None`: the browser did not let it be made.
    frame: Option<Frame>,
    feed: HtmlFeed,
    facts: RwSignal<PreviewFacts>,
    filter: PreviewFilter,
    /// How much of the feed went into the filter, and of which epoch.
    offset: u64,
    epoch: u32,
    step: Step,
    /// Nobody sees it, or it is paused: what is there stays, and nothing is written.
    is_held: StoredValue<bool>,
    /// Most bytes of a page that are written at once.
    write_bytes: u64,
    outlined_at: Option<Moment>,
    next: Option<Next>,
    /// While the host page is still loading: a frame that is written holds back its end.
    ready: Option<Listener>,
}

/// How far the page in the frame has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// There is no document to write yet.
    Waiting,
    Writing,
    /// Nothing more is written in this epoch.
    Closed,
}

/// What is waited for before the next write; held for its drop.
enum Next {
    Frame { _frame: NextFrame },
    Pause { _pause: Timer },
}

impl PreviewWriter {
    /// Puts a frame into `container`, and writes what is there already.
    pub(super) fn new(
        container: &Container,
        options: &PreviewOptions,
        feed: HtmlFeed,
        facts: RwSignal<PreviewFacts>,
        is_held: StoredValue<bool>,
    ) -> PreviewWriter {
        let writer = Rc::new_cyclic(|this: &Weak<RefCell<Writer>>| {
            let this = this.clone();
            let frame =
                Frame::put(container, options.shell_url.as_deref(), options.policy, move || on_load(&this));
            let step = if frame.is_some() { Step::Waiting } else { Step::Closed };
            set_off(facts, frame.is_none().then_some(PreviewOff::Refused));
            RefCell::new(Writer {
                frame,
                feed,
                facts,
                filter: PreviewFilter::new(),
                offset: 0,
                epoch: feed.epoch_untracked(),
                step,
                is_held,
                write_bytes: WRITE_BYTES_MIN,
                outlined_at: None,
                next: None,
                ready: None,
            })
        });
        poke(&writer);
        let title = writer.borrow().frame.as_ref().map(Frame::title);
        PreviewWriter { writer, title }
    }

    /// The feed has grown, or begun anew: writes as soon as the screen can bear it.
    pub(super) fn poke(&self) {
        poke(&self.writer);
    }

    /// The frame's title.
    pub(super) fn set_title(&self, title: &str) {
        if let Some(own) = &self.title {
            own.set(title);
        }
    }

    /// Moves the page.
    pub(super) fn scroll(&self, how: PreviewScroll) {
        let Ok(mut writer) = self.writer.try_borrow_mut() else { return };
        let at_end = writer.frame.as_mut().is_none_or(|frame| frame.scroll(how));
        let facts = writer.facts;
        drop(writer);
        follow(facts, at_end);
    }
}

/// Sees to it that [`run`] is called at the next frame, if there is anything to do and nothing is waited for.
fn poke(this: &Rc<RefCell<Writer>>) {
    let Ok(mut writer) = this.try_borrow_mut() else { return };
    if writer.next.is_none() && writer.has_work() {
        let this = Rc::downgrade(this);
        let _frame = NextFrame::request(move || {
            if let Some(this) = this.upgrade() {
                run(&this);
            }
        });
        writer.next = Some(Next::Frame { _frame });
    }
}

/// Writes once, and sees when that was drawn.
fn run(this: &Rc<RefCell<Writer>>) {
    let Ok(mut writer) = this.try_borrow_mut() else { return };
    writer.next = None;
    let start = clock::now();
    if writer.wait_for_host(this) {
        return;
    }
    let before = writer.offset;
    if let Err(off) = writer.work(start) {
        writer.give_up(off);
    }
    // None where it began anew.
    let written = writer.offset.saturating_sub(before);
    // Of its own accord a browser draws before it looks at timers again: what that takes is the preview's, too.
    let drawn = Rc::downgrade(this);
    let _pause = Timer::after(Span::ZERO, move || {
        if let Some(this) = drawn.upgrade() {
            rest(&this, written, clock::now() - start);
        }
    });
    writer.next = Some(Next::Pause { _pause });
}

/// Leaves the frame alone in proportion to what the write cost.
fn rest(this: &Rc<RefCell<Writer>>, written: u64, cost: Span) {
    let Ok(mut writer) = this.try_borrow_mut() else { return };
    // In a tab that nobody sees, timers wait for their own reasons.
    let cost = if page::is_hidden() { Span::ZERO } else { cost };
    writer.write_bytes = write_bytes_after(writer.write_bytes, written, writer.offset, cost);
    let again = Rc::downgrade(this);
    let _pause = Timer::after(pause_after(writer.offset, cost), move || {
        if let Some(this) = again.upgrade() {
            if let Ok(mut writer) = this.try_borrow_mut() {
                writer.next = None;
            }
            poke(&this);
        }
    });
    writer.next = Some(Next::Pause { _pause });
}

/// The frame has loaded something: if it is not what was written, all is written again.
fn on_load(this: &Weak<RefCell<Writer>>) {
    let Some(this) = this.upgrade() else { return };
    let Ok(mut writer) = this.try_borrow_mut() else { return };
    if writer.step == Step::Waiting && !page::is_loaded() {
        return;
    }
    match writer.frame.as_mut().map(Frame::arrive) {
        Some(Ok(true)) => writer.start_over(),
        Some(Err(off)) => writer.give_up(off),
        Some(Ok(false)) | None => {
            if writer.frame.as_ref().is_some_and(|frame| !frame.is_ours()) {
                writer.step = Step::Waiting;
            }
        }
    }
    drop(writer);
    poke(&this);
}

impl Writer {
    fn is_held(&self) -> bool {
        self.is_held.try_get_value() == Some(true)
    }

    fn has_work(&self) -> bool {
        let is_new = self.feed.epoch_untracked() != self.epoch;
        match self.step {
            // What is void is not kept, even so.
            _ if self.is_held() && !is_new => false,
            Step::Waiting => true,
            Step::Writing => {
                self.feed.is_finished_untracked() || self.feed.len_untracked() > self.offset || is_new
            }
            Step::Closed => self.frame.is_some() && is_new,
        }
    }

    /// True while the host page is still loading: then it is waited for.
    fn wait_for_host(&mut self, this: &Rc<RefCell<Writer>>) -> bool {
        if page::is_loaded() {
            self.ready = None;
            return false;
        }
        let this = Rc::downgrade(this);
        self.ready = page::on_loaded(move || {
            if let Some(this) = this.upgrade() {
                poke(&this);
            }
        });
        true
    }

    /// An empty document is there: the page is written from its beginning.
    fn start_over(&mut self) {
        self.filter = PreviewFilter::new();
        self.offset = 0;
        self.epoch = self.feed.epoch_untracked();
        self.step = Step::Writing;
        self.outlined_at = None;
        // The last page may have been an easier one.
        self.write_bytes = WRITE_BYTES_MIN;
        // What was said of another page is void.
        let facts = PreviewFacts::default();
        if self.facts.try_with_untracked(|before| *before != facts) == Some(true) {
            self.facts.try_set(facts);
        }
    }

    /// There is no preview: what is open is closed, and nothing more of this page is written.
    fn give_up(&mut self, off: PreviewOff) {
        if let Some(frame) = &mut self.frame {
            frame.close();
        }
        self.epoch = self.feed.epoch_untracked();
        self.step = Step::Closed;
        set_off(self.facts, Some(off));
    }

    /// Writes the next part.
    fn work(&mut self, now: Moment) -> Result<(), PreviewOff> {
        let is_new = self.epoch != self.feed.epoch_untracked();
        if let Some(frame) = self.frame.as_mut().filter(|_| is_new) {
            frame.forgive();
        }
        if self.step == Step::Waiting || is_new {
            let begun = self.frame.as_mut().map_or(Ok(false), Frame::begin)?;
            if !begun {
                // Its `load` is still to come.
                self.step = Step::Closed;
                self.epoch = self.feed.epoch_untracked();
                return Ok(());
            }
            self.start_over();
        }
        if self.step == Step::Closed || self.is_held() {
            return Ok(());
        }
        let mut text = String::new();
        let rest = self.take(&mut text);
        let is_whole = rest == 0 && self.feed.is_finished_untracked();
        let is_too_long = rest > 0 && PREVIEW_BYTES_MAX - self.offset < 4;
        if is_whole {
            self.filter.finish(&mut text);
        }
        self.write(&text)?;
        if is_whole || is_too_long {
            self.step = Step::Closed;
            if let Some(frame) = &mut self.frame {
                frame.close();
            }
        }
        if is_too_long {
            set_off(self.facts, Some(PreviewOff::TooLong));
        }
        self.outline(now, is_whole || is_too_long);
        Ok(())
    }

    /// Puts the next part of the feed through the filter; returns how many bytes are left.
    fn take(&mut self, text: &mut String) -> u64 {
        let end = PREVIEW_BYTES_MAX.min(self.offset + self.write_bytes);
        // More than once where the feed's text lies in pieces.
        loop {
            let room = usize::try_from(end - self.offset).unwrap_or_default();
            let filter = &mut self.filter;
            let taken = self.feed.with_from(self.offset, |new| {
                let new = &new[..cut_before(new, room)];
                filter.push(new, text);
                new.len() as u64
            });
            match taken {
                Some(len @ 1..) => self.offset += len,
                Some(0) | None => return self.feed.len_untracked().saturating_sub(self.offset),
            }
        }
    }

    fn write(&mut self, text: &str) -> Result<(), PreviewOff> {
        let Some(frame) = self.frame.as_mut().filter(|_| !text.is_empty()) else { return Ok(()) };
        // Looked at before the write: no event of the frame tells, in every browser, that its reader has scrolled.
        if let Some(at_end) = frame.moved() {
            follow(self.facts, at_end);
        }
        frame.write(text)?;
        if self.facts.try_with_untracked(|facts| facts.following) == Some(true) {
            frame.scroll(PreviewScroll::End);
        } else {
            // The layout that the browser would do next anyway, so that its cost is seen.
            let _ = frame.moved();
        }
        Ok(())
    }

    fn outline(&mut self, now: Moment, is_last: bool) {
        let is_due = self.outlined_at.is_none_or(|at| now - at >= OUTLINE_PERIOD);
        let Some(frame) = self.frame.as_ref().filter(|_| is_due || is_last) else { return };
        self.outlined_at = Some(now);
        let headings = frame.headings();
        if self.facts.try_with_untracked(|facts| facts.outline == headings) == Some(false) {
            self.facts.try_update(|facts| facts.outline = headings);
        }
    }
}

/// Sets `following`, if that is news.
fn follow(facts: RwSignal<PreviewFacts>, at_end: bool) {
    if facts.try_with_untracked(|facts| facts.following != at_end) == Some(true) {
        facts.try_update(|facts| facts.following = at_end);
    }
}

/// Says why there is no preview, if that is news.
fn set_off(facts: RwSignal<PreviewFacts>, off: Option<PreviewOff>) {
    if facts.try_with_untracked(|facts| facts.off != off) == Some(true) {
        facts.try_update(|facts| facts.off = off);
    }
}
