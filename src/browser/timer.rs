//! Wake-ups: timers and animation frames that end when they are dropped.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_timers::callback::{Interval, Timeout};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::live::Counted;
use crate::engine::Span;

/// The longest that `setTimeout` can wait: it casts to `i32`, and a longer wait would end at once.
const TIMEOUT_MS_MAX: u32 = i32::MAX as u32;

/// How long an animation frame is waited for: a hidden page gets none.
const FRAME_WAIT_MS_MAX: u32 = 250;

/// `wait` in whole milliseconds, rounded up so that a timer is not early, and no longer than a timer can be.
fn timeout_ms(wait: Span) -> u32 {
    let ms = wait.as_micros().div_ceil(1000);
    u32::try_from(ms).unwrap_or(TIMEOUT_MS_MAX).min(TIMEOUT_MS_MAX)
}

/// Calls a function once, after a while. Dropping it cancels.
pub struct Timer {
    _timeout: Timeout,
    _live: Counted,
}

impl Timer {
    /// Calls `then` after `wait`, but after 24 days at the latest: who waits longer asks again.
    pub fn after(wait: Span, then: impl FnOnce() + 'static) -> Self {
        Timer { _timeout: Timeout::new(timeout_ms(wait), then), _live: Counted::timer() }
    }
}

/// Calls a function again and again. Dropping it ends that.
pub struct Ticker {
    _interval: Interval,
    _live: Counted,
}

impl Ticker {
    /// Calls `tick` once every `period`, and not at once.
    pub fn every(period: Span, tick: impl FnMut() + 'static) -> Self {
        Ticker { _interval: Interval::new(timeout_ms(period), tick), _live: Counted::timer() }
    }
}

/// Waits; not longer than 24 days. Dropping the future cancels.
pub async fn sleep(wait: Span) {
    let _live = Counted::timer();
    TimeoutFuture::new(timeout_ms(wait)).await;
}

/// Waits until the page is drawn next, as [`NextFrame`] does. Dropping the future cancels.
pub async fn next_frame() {
    let drawn = Rc::new((Cell::new(false), RefCell::new(None::<Waker>)));
    let tell = drawn.clone();
    let _frame = NextFrame::request(move || {
        tell.0.set(true);
        if let Some(waker) = tell.1.take() {
            waker.wake();
        }
    });
    poll_fn(|context| {
        if drawn.0.get() {
            return Poll::Ready(());
        }
        drawn.1.replace(Some(context.waker().clone()));
        Poll::Pending
    })
    .await;
}

type Job = Rc<RefCell<Option<Box<dyn FnOnce()>>>>;

/// Calls a function once, before the page is drawn next; if it is not drawn, by a timer. Dropping it cancels, and may
/// be done by the function itself.
pub struct NextFrame {
    frame: i32,
    _on_frame: Closure<dyn FnMut()>,
    _timeout: Timer,
    _live: Counted,
}

impl NextFrame {
    /// Asks for the next frame; `then` is called once.
    pub fn request(then: impl FnOnce() + 'static) -> Self {
        let job: Job = Rc::new(RefCell::new(Some(Box::new(then))));
        let run = move || {
            let job = job.borrow_mut().take();
            if let Some(job) = job {
                job();
            }
        };
        let _on_frame = Closure::<dyn FnMut()>::new(run.clone());
        let frame = web_sys::window()
            .and_then(|window| window.request_animation_frame(_on_frame.as_ref().unchecked_ref()).ok())
            .unwrap_or_default();
        let _timeout = Timer::after(Span::from_millis(FRAME_WAIT_MS_MAX.into()), run);
        NextFrame { frame, _on_frame, _timeout, _live: Counted::timer() }
    }
}

impl Drop for NextFrame {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            let _ = window.cancel_animation_frame(self.frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_and_never_longer_than_a_timer_can_be() {
        assert_eq!(timeout_ms(Span::ZERO), 0);
        assert_eq!(timeout_ms(Span::from_micros(1001)), 2);
        assert_eq!(timeout_ms(Span::from_secs(86_400 * 60)), TIMEOUT_MS_MAX);
        assert_eq!(timeout_ms(Span::MAX), TIMEOUT_MS_MAX);
    }
}
