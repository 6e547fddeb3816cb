//! The clock by which an event's way is timed: the machine's monotonic one, which all of its processes share. It is never set
//! back, and says nothing about the time of day.

use nix::time::{ClockId, clock_gettime};

/// Now, in microseconds since some moment before all of it.
#[must_use]
pub fn now_us() -> u64 {
    // It cannot fail: Linux has had this clock for longer than Rust exists.
    let now = clock_gettime(ClockId::CLOCK_MONOTONIC)
        .map_or(0, |now| now.tv_sec() * 1_000_000 + now.tv_nsec() / 1_000);
    u64::try_from(now).unwrap_or(0)
}
