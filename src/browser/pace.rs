//! How much of each frame of the screen goes into reading a stream. Knows nothing of what is read.

use std::cell::Cell;

use crate::engine::{Moment, Span};

/// So long after work began its time is forgotten, though nobody has waited for a frame: several must have passed.
const FORGOTTEN_AFTER: Span = Span::from_millis(100);

/// How much of a frame goes into reading the stream: what was read has to be shown in the rest, and people's clicks have to be
/// answered, too.
const SHARE: Span = Span::from_micros(1500);

/// Counts the time that was worked since the last frame began.
#[derive(Default)]
pub(super) struct Pace {
    /// When the first work that is counted began.
    began: Cell<Moment>,
    /// When the work that goes on began.
    working: Cell<Moment>,
    spent: Cell<Span>,
}

impl Pace {
    /// Whether there is time left in this frame. If so, work begins `now`.
    pub(super) fn allows(&self, now: Moment) -> bool {
        if self.spent.get().is_zero() || now - self.began.get() > FORGOTTEN_AFTER {
            self.began.set(now);
            self.spent.set(Span::ZERO);
        }
        self.working.set(now);
        self.spent.get() < SHARE
    }

    /// The work that was allowed is done.
    pub(super) fn worked(&self, now: Moment) {
        self.spent.set(self.spent.get() + (now - self.working.get()));
    }

    /// A frame has passed.
    pub(super) fn rested(&self) {
        self.spent.set(Span::ZERO);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: f64) -> Moment {
        Moment::from_ms(ms)
    }

    #[test]
    fn work_stops_when_its_share_of_a_frame_is_spent_and_goes_on_in_the_next() {
        let pace = Pace::default();
        for (began, ended) in [(100.0, 100.75), (102.0, 102.75)] {
            assert!(pace.allows(at(began)), "{began}");
            pace.worked(at(ended));
        }
        assert!(!pace.allows(at(104.0)));
        assert!(!pace.allows(at(150.0)), "the frame is late: it has to come first");
        pace.rested();
        assert!(pace.allows(at(151.0)));
        pace.worked(at(155.0));
        assert!(!pace.allows(at(156.0)));
        assert!(pace.allows(at(300.0)), "frames have passed without anybody waiting for one");
    }
}
