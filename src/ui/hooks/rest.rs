//! A rest after work that was dear: what runs again with every frame has to leave the frames some time. Knows nothing of
//! the work.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::browser::clock;
use crate::browser::timer::NextFrame;
use crate::engine::{Moment, Span};

/// How much of a frame the work may take before it has to stop.
const SHARE: Span = Span::from_micros(1200);

/// Showing that takes this long, with all that comes of it, is felt if it is done for each frame.
const DEAR: Span = Span::from_millis(4);

/// How long it rests then: text that grows six times a second still grows before one's eyes.
const REST: Span = Span::from_millis(160);

/// Does one kind of work frame by frame, and shows what came of it less often where that is dear. Dropping it ends the rest,
/// and nothing is done again.
#[derive(Default)]
pub(crate) struct Rest(Rc<Resting>);

#[derive(Default)]
struct Resting {
    frame: RefCell<Option<NextFrame>>,
    /// There is something to do when the frame is over.
    is_wanted: Cell<bool>,
    /// Nothing is shown before.
    shows_from: Cell<Moment>,
}

impl Rest {
    /// True while it rests; then there is something to do when that is over.
    pub(crate) fn postpones(&self) -> bool {
        let is_resting = self.0.frame.borrow().is_some();
        self.0.is_wanted.set(is_resting);
        is_resting
    }

    /// True where it is dear to show what comes of the work.
    pub(crate) fn is_dear(&self) -> bool {
        self.0.shows_from.get() > Moment::default()
    }

    /// Does `work`, which is told how to find out whether it still has time, and says whether there is more to do. Not in
    /// a frame in which something dear is shown.
    pub(crate) fn work(&self, work: impl FnOnce(&dyn Fn() -> bool) -> bool) {
        let began = clock::now();
        let has_more =
            self.is_dear() && began >= self.0.shows_from.get() || work(&|| clock::now() - began < SHARE);
        self.0.is_wanted.set(has_more);
    }

    /// Shows what came of it, unless that rests; `again` is called after a frame if there is more to do then.
    pub(crate) fn show(&self, show: impl FnOnce(), again: impl Fn() + 'static) {
        let began = clock::now();
        if began < self.0.shows_from.get() {
            self.0.is_wanted.set(true);
        } else {
            show();
            let shown = clock::now();
            let is_dear = shown - began >= DEAR;
            self.0.shows_from.set(if is_dear { shown + REST } else { Moment::default() });
        }
        if !self.0.is_wanted.get() {
            return;
        }
        let resting = Rc::downgrade(&self.0);
        let frame = NextFrame::request(move || {
            let Some(resting) = resting.upgrade() else { return };
            let over = resting.frame.take();
            if resting.is_wanted.take() {
                again();
            }
            drop(over);
        });
        self.0.frame.replace(Some(frame));
    }
}
