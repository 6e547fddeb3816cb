//! A future that runs by itself until it is over, or until its handle is dropped.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

/// Keeps a future running. Dropping it drops the future at once; if it is the future itself that does so, when it next
/// waits.
pub(crate) struct Task(Rc<Running>);

struct Running {
    work: RefCell<Option<Pin<Box<dyn Future<Output = ()>>>>>,
    is_dropped: Cell<bool>,
}

impl Task {
    /// Runs `work`; its first poll is not before the next turn.
    pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) -> Self {
        Task::spawn_boxed(Box::pin(work))
    }

    /// One kind of task in the program instead of one for each future: each brings 2 KB along.
    fn spawn_boxed(work: Pin<Box<dyn Future<Output = ()>>>) -> Self {
        let running = Rc::new(Running { work: RefCell::new(Some(work)), is_dropped: Cell::new(false) });
        let polled = running.clone();
        wasm_bindgen_futures::spawn_local(poll_fn(move |context| {
            let mut work = polled.work.borrow_mut();
            let is_over = work.as_mut().is_none_or(|work| work.as_mut().poll(context).is_ready());
            if !is_over && !polled.is_dropped.get() {
                return Poll::Pending;
            }
            let done = work.take();
            // What ends with it may look at this task.
            drop(work);
            drop(done);
            Poll::Ready(())
        }));
        Task(running)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.is_dropped.set(true);
        let work = self.0.work.try_borrow_mut().ok().and_then(|mut work| work.take());
        drop(work);
    }
}
