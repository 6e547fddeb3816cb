//! Whether a stream's events come as they are written, or later and together, as from a proxy that passes on lumps. It
//! compares a connection's events with each other only, so that no two clocks have to agree; it decides nothing.

use crate::engine::span::Span;
use crate::engine::time::{Moment, rfc3339_ms};

/// What the times of a connection's events say.
#[derive(Debug, Default)]
pub(super) struct Late {
    /// From the server's time to ours, with the event that came quickest. The origins differ, so the number is any.
    quickest_ms: Option<i64>,
    /// The same, with the slowest of the bytes that are looked at.
    slowest_ms: Option<i64>,
    /// When an event last came late.
    last: Option<Moment>,
}

impl Late {
    /// An event that was written at `at` comes now. Without a time it says nothing.
    pub(super) fn saw(&mut self, at: Option<&str>, now: Moment) {
        let Some(written_ms) = at.and_then(rfc3339_ms) else { return };
        let took = 0_i64.saturating_add_unsigned(now.since_origin().as_millis()).saturating_sub(written_ms);
        self.quickest_ms = Some(self.quickest_ms.map_or(took, |quickest| quickest.min(took)));
        self.slowest_ms = self.slowest_ms.max(Some(took));
    }

    /// The bytes that came together are over: whether one of their events took longer than the quickest by more than this.
    pub(super) fn judge(&mut self, by: Span, now: Moment) {
        let (Some(quickest), Some(slowest)) = (self.quickest_ms, self.slowest_ms.take()) else { return };
        if slowest.abs_diff(quickest) > by.as_millis() {
            self.last = Some(now);
        }
    }

    /// Whether nothing has come late for so long.
    pub(super) fn none_for(&self, long: Span, now: Moment) -> bool {
        self.last.is_none_or(|last| now - last >= long)
    }
}
