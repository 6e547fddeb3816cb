//! How often, and how much at once, is written into the live preview: so that input never waits long for a page that is
//! slow to lay out. Pure; knows neither page nor frame.

use super::span::Span;

/// A write that takes this long is one that input waits for (a long task).
const LONG_TASK: Span = Span::from_millis(50);

/// How far slow writes are apart, at least.
const LONG_TASK_PAUSE: Span = Span::from_millis(500);

/// A write that takes this long costs a reader's hand a moment each time: they come less often.
const SLOW_WRITE: Span = Span::from_millis(100);

/// What takes longer was no write: the machine slept, or the tab was hidden.
const COST_MAX: Span = Span::from_secs(1);

/// Never longer than this.
const PAUSE_MAX: Span = Span::from_secs(2);

/// How long to leave the frame alone after a write that took `cost`, layout included, and made the page `len` bytes long: then
/// the preview takes at most a third of the time, and a fifth where a write takes 100 ms or more, but for pages of more than
/// 512 KiB, which would never end; slow writes are at least 500 ms apart. Never more than 2 s: what takes over a second has more
/// than its third.
#[must_use]
pub fn pause_after(len: u64, cost: Span) -> Span {
    let cost = cost.min(COST_MAX);
    let pause = cost * if cost < SLOW_WRITE || len > LONG_PAGE { 2 } else { 4 };
    let pause = if cost < LONG_TASK { pause } else { pause.max(LONG_TASK_PAUSE) };
    pause.min(PAUSE_MAX)
}

/// How much of a page is written at once, at least. Each write costs a layout of all that is there: with less, a long table
/// would take minutes.
pub const WRITE_BYTES_MIN: u64 = 32 << 10;

/// And at most, for pages that are easy on a browser.
const WRITE_BYTES_MAX: u64 = 256 << 10;

/// Of a page that is longer than this and not easy, an eighth of what is there: then the number of writes grows no more with
/// its length.
const LONG_PAGE: u64 = 512 << 10;
const PART: u64 = 8;

/// A write that is quicker may be twice as long.
const QUICK_WRITE: Span = Span::from_millis(16);

/// One that is slower is too long: with the frame that it is drawn in it would be a slow one soon.
const LONG_WRITE: Span = Span::from_millis(32);

/// How much to write at once, where `limit` was the most before, and a write of so many bytes, which made it `len`, took
/// `cost`: a page that was there before its frame comes in few writes if it is easy to lay out, and in more if input would
/// wait for each.
#[must_use]
pub fn write_bytes_after(limit: u64, written: u64, len: u64, cost: Span) -> u64 {
    let next = if cost >= LONG_WRITE {
        if len > LONG_PAGE { len / PART } else { WRITE_BYTES_MIN }
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
        for (limit, written, len, cost_ms, next) in [
            (32, 32, 32, 15, 64),
            (32, 31, 31, 15, 32),
            (32, 32, 32, 16, 32),
            (128, 128, 500, 31, 128),
            (128, 128, 500, 32, 32),
            (32, 32, 512, 32, 32),
            (32, 32, 1024, 32, 128),
            (32, 32, 1024, 15, 64),
            (256, 256, 9000, 1, 256),
            (32, 32, 9000, 500, 256),
        ] {
            let cost = Span::from_millis(cost_ms);
            let after = write_bytes_after(limit << 10, written << 10, len << 10, cost);
            assert_eq!(after, next << 10, "{written} of {len} in {cost_ms} ms");
        }
    }

    #[test]
    fn the_preview_takes_at_most_a_third_of_the_time_and_a_fifth_where_it_is_dear() {
        for (cost_ms, pause_ms) in
            [(0, 0), (4, 8), (49, 98), (50, 500), (99, 500), (100, 500), (249, 996), (316, 1264), (600, 2000)]
        {
            assert_eq!(pause_after(LONG_PAGE, Span::from_millis(cost_ms)), Span::from_millis(pause_ms));
        }
        assert_eq!(pause_after(LONG_PAGE + 1, Span::from_millis(249)), Span::from_millis(500));
        assert_eq!(pause_after(0, Span::MAX), Span::from_secs(2), "a sleep is no cost");
    }
}
