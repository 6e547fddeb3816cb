//! A rest after work that was dear: what runs again with every frame has to leave the frames some time. Knows nothing of
//! the work.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::browser::clock;
use crate::browser::timer::Timer;
use crate::engine::Span;

/// How much of a frame the work may take before it has to stop. The browser's own part comes on top: what has been added
/// has to be laid out.
const SHARE: Span = Span::from_micros(1500);

/// Work that takes this long with all that comes of it is felt if it is done for each frame.
const DEAR: Span = Span::from_millis(4);

/// How long it rests then: text that grows some fifteen times a second still grows before one's eyes.
const REST: Span = Span::from_millis(50);

/// And where there is more to do, and it was not dear: a frame.
const FRAME: Span = Span::from_millis(16);

/// Does one kind of work, with rests between. Dropping it ends the rest, and nothing is done again.
#[derive(Default)]
pub(crate) struct Rest(Rc<Resting>);

#[derive(Default)]
struct Resting {
    timer: RefCell<Option<Timer>>,
    /// There is something to do when the rest is over.
    is_wanted: Cell<bool>,
}

impl Rest {
    /// True while it rests; then there is something to do when that is over.
    pub(crate) fn postpones(&self) -> bool {
        let is_resting = self.0.timer.borrow().is_some();
        self.0.is_wanted.set(is_resting);
        is_resting
    }

    /// Does `work`, which is told how to find out whether it still has time, and says whether there is more to do.
    /// `again` is called when the rest is over, if there is.
    pub(crate) fn after(&self, work: impl FnOnce(&dyn Fn() -> bool) -> bool, again: impl Fn() + 'static) {
        let began = clock::now();
        self.0.is_wanted.set(work(&|| clock::now() - began < SHARE));
        let is_dear = clock::now() - began >= DEAR;
        if !is_dear && !self.0.is_wanted.get() {
            return;
        }
        let resting = Rc::downgrade(&self.0);
        let timer = Timer::after(if is_dear { REST } else { FRAME }, move || {
            let Some(resting) = resting.upgrade() else { return };
            let over = resting.timer.take();
            if resting.is_wanted.take() {
                again();
            }
            drop(over);
        });
        self.0.timer.replace(Some(timer));
    }
}
