//! Counts what is held of the browser right now, so that a test can see that nothing is left behind.

use std::cell::Cell;

/// How many of each are alive in this thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// Timers and animation frames that are waited for.
    pub timers: u32,
    /// Event listeners.
    pub listeners: u32,
    /// Requests, from being sent to their last byte.
    pub requests: u32,
    /// Preview frames.
    pub frames: u32,
    /// Seats and turns: locks that other tabs wait for.
    pub locks: u32,
}

thread_local! {
    static LIVE: Cell<Live> = const { Cell::new(Live { timers: 0, listeners: 0, requests: 0, frames: 0, locks: 0 }) };
}

/// What is alive in this thread.
#[must_use]
pub fn live() -> Live {
    LIVE.get()
}

/// Which count a resource belongs to.
type Which = fn(&mut Live) -> &mut u32;

/// Counts one resource for as long as it exists.
pub(super) struct Counted(Which);

impl Counted {
    pub(super) fn timer() -> Self {
        Counted::new(|live| &mut live.timers)
    }

    pub(super) fn listener() -> Self {
        Counted::new(|live| &mut live.listeners)
    }

    pub(super) fn request() -> Self {
        Counted::new(|live| &mut live.requests)
    }

    pub(super) fn frame() -> Self {
        Counted::new(|live| &mut live.frames)
    }

    pub(super) fn lock() -> Self {
        Counted::new(|live| &mut live.locks)
    }

    fn new(which: Which) -> Self {
        Self::change(which, 1);
        Counted(which)
    }

    fn change(which: Which, by: i32) {
        let mut live = LIVE.get();
        let count = which(&mut live);
        *count = count.wrapping_add_signed(by);
        LIVE.set(live);
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        Self::change(self.0, -1);
    }
}
