//! What only a browser can prove: fetch and its bodies, timers, page events, the frame, and that nothing is left behind.
//!
//! `fetch` is replaced by one that the test answers by hand ([`fake`]): there is no server, and no sleep.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod driver;
mod fake;
mod fetch;
mod frame;
mod generation;
mod page;
mod preview;
mod seat;
mod target;
mod timer;
mod words;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Waits for `condition`, turn by turn; says what was waited for if it does not come.
async fn until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..2000 {
        if condition() {
            return;
        }
        gloo_timers::future::TimeoutFuture::new(2).await;
    }
    panic!("waited in vain: {what}");
}

/// Lets everything run that can run without time passing: promises, and what was queued before.
async fn settle() {
    for _ in 0..3 {
        gloo_timers::future::sleep(std::time::Duration::ZERO).await;
    }
}
