//! Timers and frames.

use generation_screen::engine::Span;
use std::cell::Cell;
use std::rc::Rc;

use generation_screen::browser::timer::{NextFrame, Ticker, Timer};
use generation_screen::browser::{Live, clock, live};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::until;

fn counter() -> (Rc<Cell<u32>>, impl Fn() + Clone) {
    let count = Rc::new(Cell::new(0));
    let counted = Rc::clone(&count);
    (count, move || counted.set(counted.get() + 1))
}

/// Waits for a timer of its own: whatever was due before it has come by then, if it ever comes.
async fn later(ms: u64) {
    let (count, add) = counter();
    let _timer = gloo_timers::callback::Timeout::new(ms as u32, add);
    until("a later timer", || count.get() > 0).await;
}

#[wasm_bindgen_test]
async fn a_timer_is_not_early_and_a_dropped_one_never_comes() {
    let (count, add) = counter();
    let start = clock::now();
    let dropped = Timer::after(Span::from_millis(5), add.clone());
    let kept = Timer::after(Span::from_millis(20), add);
    drop(dropped);
    until("the timer", || count.get() > 0).await;
    // A browser may round its clock to a tenth of a millisecond.
    assert!(clock::now() - start >= Span::from_micros(19_900));
    assert_eq!(count.get(), 1);
    drop(kept);
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn a_wait_longer_than_a_timer_can_be_does_not_end_at_once() {
    let (count, add) = counter();
    let long = Timer::after(Span::from_secs(60 * 86_400), add.clone());
    let endless = Timer::after(Span::MAX, add);
    later(10).await;
    assert_eq!((count.get(), live().timers), (0, 2));
    drop((long, endless));
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn a_ticker_ticks_until_it_is_dropped() {
    let (count, add) = counter();
    let ticker = Ticker::every(Span::from_millis(2), add);
    until("three ticks", || count.get() >= 3).await;
    drop(ticker);
    let then = count.get();
    later(10).await;
    assert_eq!(count.get(), then);
}

#[wasm_bindgen_test]
async fn the_next_frame_comes_once_and_a_dropped_one_never() {
    let (count, add) = counter();
    drop(NextFrame::request(add.clone()));
    let frame = NextFrame::request(add);
    until("the frame", || count.get() > 0).await;
    // Its timer, for pages that are not drawn, must not call again.
    later(300).await;
    assert_eq!(count.get(), 1);
    drop(frame);
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn a_frame_may_be_dropped_by_what_it_calls() {
    let held: Rc<std::cell::RefCell<Option<NextFrame>>> = Rc::default();
    let (count, add) = counter();
    let dropping = Rc::clone(&held);
    *held.borrow_mut() = Some(NextFrame::request(move || {
        drop(dropping.borrow_mut().take());
        add();
    }));
    until("the frame", || count.get() == 1).await;
    assert!(held.borrow().is_none());
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
fn seeds_differ() {
    assert_ne!(clock::seed(), clock::seed());
}
