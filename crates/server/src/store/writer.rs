//! The thread that writes: plans changes on the shelf, has them in the database, and then on the shelf. What waits is written
//! together, as far as no change touches what another one does: under load one transaction serves many generations. Decides
//! nothing.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::database::Database;
use super::shelf::{Change, Shelf};
use super::{StoreError, locked};
use crate::ids;

/// Changes that wait to be written, at most; whoever has one more waits, too.
const WAITING_MAX: usize = 1024;

/// Written together, at most: the first of them waits for the last.
const TOGETHER_MAX: usize = 128;

type Task = Box<dyn FnOnce(&mut Option<Database>) + Send>;
type Plan = Box<dyn FnOnce(&Shelf) -> Planned + Send>;
type Tell = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

enum Job {
    /// Something that is planned, written and applied. `of` is the one generation that it reads and changes; `None`: it may be
    /// any.
    Change { of: Option<String>, plan: Plan },
    /// Anything else, between two changes.
    Task(Task),
    /// The end: whatever waits behind it comes to nothing.
    Close(oneshot::Sender<()>),
}

/// A change, and who waits to hear what became of it.
struct Planned {
    changes: Vec<Change>,
    tell: Tell,
}

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
    pub(super) fn start(shelf: Arc<Mutex<Shelf>>, database: Option<Database>) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING_MAX);
        let thread = std::thread::spawn(move || Desk { shelf, database }.work(waiting));
        Self { jobs: Some(jobs), thread: Some(thread) }
    }

    /// Makes a change of what `plan` wants, and answers what it answers. `of` is the generation that it is about, if it is about
    /// one alone. What was begun is finished even if nobody waits for the answer any more.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        of: Option<String>,
        plan: impl FnOnce(&Shelf) -> (T, Vec<Change>) + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = oneshot::channel();
        let plan = move |shelf: &Shelf| {
            let (answer, changes) = plan(shelf);
            // Nobody waits any more: it is done all the same.
            let tell = move |kept: Result<(), StoreError>| drop(tell.send(kept.map(|()| answer)));
            Planned { changes, tell: Box::new(tell) }
        };
        self.send(Job::Change { of, plan: Box::new(plan) }, told).await
    }

    pub(super) async fn secret(&self) -> Result<[u8; 32], StoreError> {
        self.ask(|database| {
            let new = ids::random_bytes().map_err(|error| StoreError::Failed(error.to_string()))?;
            match database {
                Some(database) => database.secret(new),
                None => Ok(new),
            }
        })
        .await
    }

    /// Asks the database whether it takes changes.
    pub(super) async fn probe(&self) -> Result<(), StoreError> {
        self.ask(|database| database.as_mut().map_or(Ok(()), Database::probe)).await
    }

    /// As if the disk had no more room.
    #[cfg(test)]
    pub(super) async fn fill_up(&self) {
        let filled = self.ask(|database| database.as_mut().map_or(Ok(()), Database::fill_up)).await;
        filled.unwrap();
    }

    /// Closes the database, once what was waiting is written. Nothing is taken any more.
    pub(super) async fn close(&self) {
        let (tell, told) = oneshot::channel();
        let Some(jobs) = &self.jobs else { return };
        if jobs.send(Job::Close(tell)).await.is_ok() {
            // An error means that it is closed, too.
            let _ = told.await;
        }
    }

    async fn ask<T: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Option<Database>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = oneshot::channel();
        let task = Box::new(move |database: &mut Option<Database>| drop(tell.send(task(database))));
        self.send(Job::Task(task), told).await
    }

    async fn send<T>(
        &self,
        job: Job,
        told: oneshot::Receiver<Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let gone = || StoreError::Failed("the thread that writes has ended".to_owned());
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.send(job).await.map_err(|_| gone())?;
        told.await.map_err(|_| gone())?
    }
}

/// What the thread works on.
struct Desk {
    shelf: Arc<Mutex<Shelf>>,
    database: Option<Database>,
}

impl Desk {
    fn work(mut self, mut waiting: mpsc::Receiver<Job>) {
        let mut next = None;
        while let Some(job) = next.take().or_else(|| waiting.blocking_recv()) {
            match job {
                Job::Task(task) => task(&mut self.database),
                Job::Close(tell) => {
                    drop(self.database.take());
                    // Nobody waits any more: it is closed all the same.
                    let _ = tell.send(());
                    return;
                }
                Job::Change { of, plan } => {
                    let mut together = vec![plan];
                    if let Some(first) = of {
                        next = gather(first, &mut together, &mut waiting);
                    }
                    self.write(together);
                }
            }
        }
    }

    fn write(&mut self, plans: Vec<Plan>) {
        let planned: Vec<Planned> = {
            let shelf = locked(&self.shelf);
            plans.into_iter().map(|plan| plan(&shelf)).collect()
        };
        match self.keep(planned.iter().flat_map(|planned| &planned.changes)) {
            Ok(()) => self.apply(planned),
            // One may be what fails, and the others have nothing to do with it.
            Err(_) if planned.len() > 1 => {
                for planned in planned {
                    self.write_one(planned);
                }
            }
            Err(error) => planned.into_iter().for_each(|planned| (planned.tell)(Err(error.clone()))),
        }
    }

    fn write_one(&mut self, planned: Planned) {
        match self.keep(planned.changes.iter()) {
            Ok(()) => self.apply(vec![planned]),
            Err(error) => (planned.tell)(Err(error)),
        }
    }

    /// Has them in the database, all or none.
    fn keep<'a>(&mut self, changes: impl Iterator<Item = &'a Change>) -> Result<(), StoreError> {
        let mut changes = changes.peekable();
        match &mut self.database {
            Some(database) if changes.peek().is_some() => database.write(changes),
            _ => Ok(()),
        }
    }

    /// Shows them to viewers, and answers.
    fn apply(&self, planned: Vec<Planned>) {
        let mut shelf = locked(&self.shelf);
        let told: Vec<Tell> = planned
            .into_iter()
            .map(|planned| {
                planned.changes.into_iter().for_each(|change| shelf.apply(change));
                planned.tell
            })
            .collect();
        drop(shelf);
        told.into_iter().for_each(|tell| tell(Ok(())));
    }
}

/// Takes what waits, up to the first job that has to see what those before it have done; answers that job.
fn gather(first: String, together: &mut Vec<Plan>, waiting: &mut mpsc::Receiver<Job>) -> Option<Job> {
    let mut touched = HashSet::from([first]);
    while together.len() < TOGETHER_MAX {
        match waiting.try_recv().ok()? {
            Job::Change { of: Some(of), plan } if !touched.contains(&of) => {
                touched.insert(of);
                together.push(plan);
            }
            job => return Some(job),
        }
    }
    None
}
