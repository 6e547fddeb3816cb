//! The thread that writes: plans each change on the shelf, has it in the database, and then on the shelf. One at a time, so that
//! each is planned on what the one before has left. Decides nothing.

use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::database::Database;
use super::shelf::{Change, Shelf};
use super::{StoreError, locked};
use crate::ids;

/// Changes that wait to be written, at most; whoever has one more waits, too.
const WAITING_MAX: usize = 1024;

type Job = Box<dyn FnOnce(&Mutex<Shelf>, &mut Option<Database>) + Send>;

/// The way to it. When this is dropped, what was waiting is written, and the database closed.
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        // A panic in it was told where it was asked.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl Writer {
    pub(super) fn start(shelf: Arc<Mutex<Shelf>>, mut database: Option<Database>) -> Self {
        let (jobs, mut waiting) = mpsc::channel::<Job>(WAITING_MAX);
        let thread = std::thread::spawn(move || {
            while let Some(job) = waiting.blocking_recv() {
                job(&shelf, &mut database);
            }
        });
        Self { jobs: Some(jobs), thread: Some(thread) }
    }

    /// Makes a change of what `plan` wants, and answers what it answers. What was begun is finished even if nobody waits for
    /// the answer any more.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        plan: impl FnOnce(&Shelf) -> (T, Vec<Change>) + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask(move |shelf, database| {
            let (answer, changes) = plan(&locked(shelf));
            if let Some(database) = database.as_mut().filter(|_| !changes.is_empty()) {
                database.write(&changes)?;
            }
            let mut shelf = locked(shelf);
            changes.into_iter().for_each(|change| shelf.apply(change));
            Ok(answer)
        })
        .await
    }

    pub(super) async fn secret(&self) -> Result<[u8; 32], StoreError> {
        self.ask(|_, database| {
            let new = ids::random_bytes().map_err(|error| StoreError::Failed(error.to_string()))?;
            match database {
                Some(database) => database.secret(new),
                None => Ok(new),
            }
        })
        .await
    }

    /// As if the disk had no more room.
    #[cfg(test)]
    pub(super) async fn fill_up(&self) {
        let filled = self.ask(|_, database| database.as_mut().map_or(Ok(()), Database::fill_up)).await;
        filled.unwrap();
    }

    async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Mutex<Shelf>, &mut Option<Database>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |shelf, database| {
            // Nobody waits any more: it is done all the same.
            let _ = tell.send(job(shelf, database));
        });
        let gone = || StoreError::Failed("the thread that writes has ended".to_owned());
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.send(job).await.map_err(|_| gone())?;
        told.await.map_err(|_| gone())?
    }
}
