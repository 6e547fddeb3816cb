//! The browser's monotonic clock and its randomness, as engine values.

use crate::engine::Moment;

/// Now, by `performance.now()`. The origin is the page's start; outside a window it is always now.
#[must_use]
pub fn now() -> Moment {
    let performance = web_sys::window().and_then(|window| window.performance());
    Moment::from_ms(performance.map_or(0.0, |performance| performance.now()))
}

/// A number that differs from call to call: for jitter and for names that must not collide, never for secrets.
#[must_use]
pub fn seed() -> u64 {
    let half = || (js_sys::Math::random() * 4_294_967_296.0) as u64;
    half() << 32 | half()
}
