//! A share of each frame for work that runs again with every frame, and a pause between two showings of what came of it
//! where showing is slow. Knows nothing of the work.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::browser::clock;
use crate::browser::timer::NextFrame;
use crate::engine::{Moment, Span};

/// How much of a frame the work may take before it has to stop.
const SHARE: Span = Span::from_micros(1200);

/// Showing that takes this long, with all that comes of it, is felt if it is done for each frame.
const SLOW: Span = Span::from_millis(4);

/// How long the pause after it is then, for its time: what comes of it, paint included, takes longer than it takes itself.
const PAUSE_FACTOR: u32 = 16;

/// And at most: text that grows four times a second still grows before one's eyes.
const PAUSE_MAX: Span = Span::from_millis(250);

/// Does one kind of work frame by frame, and shows what came of it less often where that is slow. Dropping it ends the wait
/// for the next frame, and nothing is done again.
#[derive(Default)]
pub(crate) struct Rest(Rc<Resting>);

#[derive(Default)]
struct Resting {
    frame: RefCell<Option<NextFrame>>,
    /// There is something to do when the frame is over.
    is_wanted: Cell<bool>,
    schedule: Schedule,
}

/// When what came of the work may be shown again.
#[derive(Default)]
struct Schedule {
    /// Nothing is shown before. The beginning of time: showing is quick.
    shows_from: Cell<Moment>,
    shown_at: Cell<Moment>,
}

impl Schedule {
    /// The last showing was slow.
    fn is_slow(&self) -> bool {
        self.shows_from.get() > Moment::default()
    }

    /// What nobody sees is shown now and then, for whoever looks at the document in another way.
    fn may_show(&self, now: Moment, is_seen: bool) -> bool {
        now >= self.shows_from.get() && (is_seen || now - self.shown_at.get() >= PAUSE_MAX)
    }

    /// A frame in which something slow is shown has no time for more.
    fn may_work(&self, now: Moment) -> bool {
        !self.is_slow() || now < self.shows_from.get()
    }

    fn shown(&self, began: Moment, ended: Moment) {
        let cost = ended - began;
        let pause = (cost * PAUSE_FACTOR).min(PAUSE_MAX);
        self.shows_from.set(if cost >= SLOW { ended + pause } else { Moment::default() });
        self.shown_at.set(ended);
    }
}

impl Rest {
    /// True while a frame is waited for; then there is something to do when it is over.
    pub(crate) fn postpones(&self) -> bool {
        let is_resting = self.0.frame.borrow().is_some();
        self.0.is_wanted.set(is_resting);
        is_resting
    }

    /// True where it is slow to show what comes of the work.
    pub(crate) fn is_slow(&self) -> bool {
        self.0.schedule.is_slow()
    }

    /// Does `work`, which is told how to find out whether it still has time, and says whether there is more to do. Not in
    /// a frame in which something slow is shown.
    pub(crate) fn work(&self, work: impl FnOnce(&dyn Fn() -> bool) -> bool) {
        let began = clock::now();
        let has_more = !self.0.schedule.may_work(began) || work(&|| clock::now() - began < SHARE);
        self.0.is_wanted.set(has_more);
    }

    /// Shows what came of it, unless it is too early; `again` is called after a frame if there is more to do then.
    pub(crate) fn show(&self, is_seen: bool, show: impl FnOnce(), again: impl Fn() + 'static) {
        let began = clock::now();
        if self.0.schedule.may_show(began, is_seen) {
            show();
            self.0.schedule.shown(began, clock::now());
        } else {
            self.0.is_wanted.set(true);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quick_to_show_is_shown_with_each_frame_and_what_is_slow_some_times_a_second() {
        let at = Moment::from_ms;
        let schedule = Schedule::default();
        let is = |now| (schedule.may_work(at(now)), schedule.may_show(at(now), true), schedule.is_slow());
        assert_eq!(is(0.0), (true, true, false));
        schedule.shown(at(100.0), at(103.9));
        assert_eq!(is(104.0), (true, true, false));
        schedule.shown(at(120.0), at(124.0));
        assert_eq!(is(125.0), (true, false, true), "it is made ready meanwhile");
        assert_eq!(is(187.9), (true, false, true));
        assert_eq!(is(188.0), (false, true, true), "a frame for showing only");
        schedule.shown(at(200.0), at(230.0));
        assert_eq!(is(479.9), (true, false, true));
        assert_eq!(is(480.0), (false, true, true));
        schedule.shown(at(480.0), at(482.0));
        assert_eq!(is(483.0), (true, true, false), "it has become quick");
        let is_unseen_shown = |now| schedule.may_show(at(now), false);
        assert!(!is_unseen_shown(731.0) && is_unseen_shown(732.0), "four times a second, however quick");
    }
}
