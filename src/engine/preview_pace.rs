//! How often, and how much at once, is written into the live preview: so that input never waits long for a page that is
//! slow to lay out. Pure; knows neither page nor frame.

use super::span::Span;

/// A write that takes this long is one that input waits for.
const SLOW_WRITE: Span = Span::from_millis(50);

/// How far slow writes are apart, at least.
const SLOW_PAUSE: Span = Span::from_millis(500);

/// What takes longer was no write: the machine slept, or the tab was hidden.
const COST_MAX: Span = Span::from_secs(1);

/// How long to leave the frame alone after a write that took `cost`, layout included: then the preview takes at most
/// a third of the time, and slow writes are at least 500 ms apart. Never more than 2 s.
#[must_use]
pub fn pause_after(cost: Span) -> Span {
    let pause = cost.min(COST_MAX) * 2;
    if cost < SLOW_WRITE { pause } else { pause.max(SLOW_PAUSE) }
}

/// How much of a page is written at once, at least. Each write costs a layout of all that is there: with less, a long table
/// would take minutes.
pub const WRITE_BYTES_MIN: u64 = 64 << 10;

/// And at most, for pages that are easy on a browser.
const WRITE_BYTES_MAX: u64 = 256 << 10;

/// A write that is quicker may be twice as long.
const QUICK_WRITE: Span = Span::from_millis(25);

/// How much to write at once, where `limit` was the most before, and a write of so many bytes took `cost`: a page that was
/// there before its frame comes in few writes if it is easy to lay out, and in more if input would wait for each.
#[must_use]
pub fn write_bytes_after(limit: u64, written: u64, cost: Span) -> u64 {
    let next = if cost >= SLOW_WRITE {
        limit / 2
    } else if cost < QUICK_WRITE && written >= limit {
        limit * 2
    } else {
        limit
    };
    next.clamp(WRITE_BYTES_MIN, WRITE_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quick_is_written_in_larger_pieces_and_what_is_slow_in_smaller_ones() {
        for (limit, written, cost_ms, next) in [
            (64, 64, 24, 128),
            (64, 63, 24, 64),
            (64, 64, 25, 64),
            (128, 9, 49, 128),
            (128, 9, 50, 64),
            (64, 64, 500, 64),
            (256, 256, 1, 256),
        ] {
            let cost = Span::from_millis(cost_ms);
            assert_eq!(
                write_bytes_after(limit << 10, written << 10, cost),
                next << 10,
                "{written} in {cost_ms} ms"
            );
        }
    }

    #[test]
    fn the_preview_takes_at_most_a_third_of_the_time() {
        for (cost_ms, pause_ms) in [(0, 0), (4, 8), (49, 98), (50, 500), (249, 500), (316, 632)] {
            assert_eq!(pause_after(Span::from_millis(cost_ms)), Span::from_millis(pause_ms));
        }
        assert_eq!(pause_after(Span::MAX), Span::from_secs(2), "a sleep is no cost");
    }
}
