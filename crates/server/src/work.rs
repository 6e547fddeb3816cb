//! Work of one's own, in the place of pages about places. What it says goes the way of all events: into the store's log, and
//! from there to the viewers. What is said, and when, is the work's to decide; nothing of it is decided here.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use generation_screen::contract::{EventBody, PageResult};

use crate::app::App;
use crate::generator;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What writes a generation: begun once for each run, as a task of its own. Set as [`Config::work`](crate::Config::work).
#[derive(Clone)]
pub struct Work(Arc<dyn Fn(Log) -> Task + Send + Sync>);

impl Work {
    /// Work that ends with its future. A run that it leaves without an end goes on for its viewers, until it is cancelled; one in
    /// which it panics has failed.
    pub fn new<F: Future<Output = ()> + Send + 'static>(
        work: impl Fn(Log) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |log| Box::pin(work(log))))
    }

    pub(crate) fn start(&self, app: App, id: String, run: u64) {
        let log = Log { app: app.clone(), id: id.clone(), run, html_len: 0 };
        generator::watch(app, id, run, (self.0)(log));
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Work")
    }
}

/// Nothing more is taken: the run was cancelled, another has begun, or the server stops. The work should end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over;

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the run is over")
    }
}

impl std::error::Error for Over {}

/// The log of one run, open at its end. Dropping it ends nothing.
pub struct Log {
    app: App,
    id: String,
    run: u64,
    html_len: u64,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("id", &self.id).field("run", &self.run).finish_non_exhaustive()
    }
}

impl Log {
    /// Appends the next piece of the page, at most 64 KiB: once this is over, it is kept, and viewers are told. While the
    /// store fails it waits.
    ///
    /// # Errors
    /// [`Over`], also for a piece that is too long.
    pub async fn html(&mut self, text: String) -> Result<(), Over> {
        let (offset, len) = (self.html_len, text.len() as u64);
        generator::append(&self.app, &self.id, self.run, EventBody::Html { offset, text }).await?;
        self.html_len += len;
        Ok(())
    }

    /// Ends the run: the page is whole.
    ///
    /// # Errors
    /// [`Over`].
    pub async fn done(self) -> Result<(), Over> {
        let done = EventBody::Done { html_len: self.html_len, result: PageResult::default() };
        generator::append(&self.app, &self.id, self.run, done).await.map(drop)
    }
}
