//! A future that runs by itself until it is over, or until its handle is dropped.

use std::future::Future;
use std::pin::Pin;

use futures_util::future::{AbortHandle, Abortable};

/// Keeps a future running. Dropping it drops the future at the next turn, and it is not polled again before.
pub(crate) struct Task(AbortHandle);

impl Task {
    /// Runs `work`; its first poll is not before the next turn.
    pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) -> Self {
        Task::spawn_boxed(Box::pin(work))
    }

    /// One kind of task in the program instead of one for each future: each brings 2 KB along.
    fn spawn_boxed(work: Pin<Box<dyn Future<Output = ()>>>) -> Self {
        let (handle, registration) = AbortHandle::new_pair();
        let work = Abortable::new(work, registration);
        wasm_bindgen_futures::spawn_local(async move {
            let _ = work.await;
        });
        Task(handle)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
