//! The store: where generations live. One log of events each; everything that viewers see is read from it.
//!
//! What viewers see is held in memory ([`shelf`]); what has to outlive the process lies in a database ([`database`]), which one
//! thread writes ([`writer`]): a change is in the database before anybody sees it. A store keeps the contract's promises
//! about a log (numbers without gaps, one terminal event, the last), so that no writer of events can break them. It never knows
//! HTTP, and never decides when work is done.

mod database;
mod record;
mod shelf;
mod writer;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use generation_screen::contract::{EventBody, State, Step};
use tokio::sync::watch;

use crate::clock::{now_rfc3339, now_unix_ms};
use crate::ids;
use crate::token::UserId;
pub(crate) use database::Durability;
pub(crate) use record::PIECE_MAX;
use shelf::{Made, Shelf};
use writer::Writer;

/// Why a store could not do what it was asked. Whoever asked may ask again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// The disk is full.
    Full,
    /// Anything else, in words for the operator.
    Failed(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Full => write!(f, "the store failed: its disk is full"),
            StoreError::Failed(why) => write!(f, "the store failed: {why}"),
        }
    }
}

/// Where a generation's log ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The current run, from 1.
    pub(crate) run: u64,
    /// The newest event of it; 0 before the first.
    pub(crate) seq: u64,
    /// Whether that event is terminal.
    pub(crate) ended: bool,
}

/// A generation that shall be.
#[derive(Clone, Debug)]
pub(crate) struct NewRecord {
    /// Its name, nobody else's.
    pub(crate) id: String,
    /// Who made it. Nobody else ever sees it.
    pub(crate) owner: UserId,
    /// The `Idempotency-Key`, if one came.
    pub(crate) key: Option<String>,
    /// What was asked, in short: the same key with another digest is a mistake.
    pub(crate) digest: [u8; 32],
    /// The address that was pasted; a retry reads it again.
    pub(crate) url: String,
    /// The steps that the work will take, all pending.
    pub(crate) steps: Vec<Step>,
}

/// What became of a [`NewRecord`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Created {
    /// It is there, at run 1 and seq 0.
    New,
    /// This owner asked the same before, under the same key: here is its id.
    Same(String),
    /// This owner used the key for something else.
    OtherBody,
    /// No room, and nothing finished that could go.
    Full,
    /// This owner has as many at work as one may have.
    TooMany,
}

/// What is behind an id, for one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Their own.
    Mine(Head),
    /// It was theirs, and is kept no longer.
    Gone,
    /// Nothing, or somebody else's: the two look the same.
    Nothing,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Appended {
    /// It is in the log; this is where the log ends now.
    At(Head),
    /// The run has ended, another has begun, or the generation is gone: the writer should stop.
    Over,
}

/// When the next run may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// Only after a failed or cancelled run: what people may ask for.
    AfterFailure,
    /// At once: what a server does that lost its work.
    Anyway,
}

/// What became of the wish for another run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// It is there: its number, and the URL to read again.
    Run(u64, String),
    /// There is no such failure, or no such generation.
    NotFailed,
    /// This owner has as many at work as one may have.
    TooMany,
}

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// Generations at most; the oldest that has ended goes first.
    pub(crate) generations: usize,
    /// Of one user, at work at the same time.
    pub(crate) running: usize,
}

/// Keeps generations. Shared by all requests.
pub(crate) struct Store {
    shelf: Arc<Mutex<Shelf>>,
    writer: Writer,
    room: Room,
}

/// A panic elsewhere leaves the shelf whole: every change is made in one go.
fn locked(shelf: &Mutex<Shelf>) -> MutexGuard<'_, Shelf> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    /// Opens what is at `path`, or begins it; `None`: nothing outlives the process.
    ///
    /// # Errors
    /// In words for the operator: what is there is no such database, is in use, or cannot be written.
    pub(crate) fn open(path: Option<&Path>, durability: Durability, room: Room) -> Result<Self, String> {
        let database = path.map(|path| database::open(path, durability)).transpose()?;
        let mut shelf = Shelf::default();
        if let Some(database) = &database {
            database.load(&mut |change| shelf.apply(change))?;
        }
        let shelf = Arc::new(Mutex::new(shelf));
        Ok(Self { writer: Writer::start(Arc::clone(&shelf), database), shelf, room })
    }

    /// The key that signs, of which there is one for as long as the store is kept.
    ///
    /// # Errors
    /// If it cannot be read or made.
    pub(crate) async fn secret(&self) -> Result<[u8; 32], StoreError> {
        self.writer.secret().await
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        locked(&self.shelf)
    }

    /// Makes a generation, unless this owner made it before under the same key.
    pub(crate) async fn create(&self, new: NewRecord) -> Result<Created, StoreError> {
        let (page_key, room) = (page_key()?, self.room);
        let made = Made { new, page_key, made_ms: now_unix_ms() };
        self.writer.write(None, move |shelf| shelf.plan_create(made, room)).await
    }

    /// What is behind `id` for `user`.
    pub(crate) fn find(&self, id: &str, user: &UserId) -> Found {
        self.shelf().find(id, user)
    }

    /// The state, with the page from byte `html_from` on: back to a character's start, from 0 if past the end.
    pub(crate) fn state(&self, id: &str, html_from: u64) -> Option<State> {
        self.shelf().record(id).map(|record| record.state(html_from, now_rfc3339()))
    }

    /// Appends an event to run `run`, and gives it its number and time.
    pub(crate) async fn append(&self, id: &str, run: u64, body: EventBody) -> Result<Appended, StoreError> {
        let id = id.to_owned();
        self.writer
            .write(Some(id.clone()), move |shelf| shelf.plan_append(id, run, body, now_rfc3339()))
            .await
    }

    /// At most `limit` events of run `run` after `seq`, each as it goes over the wire. Empty if there are none, or the run is
    /// not the current one.
    pub(crate) fn frames_after(&self, id: &str, run: u64, seq: u64, limit: usize) -> Vec<Bytes> {
        let shelf = self.shelf();
        let current = shelf.record(id).filter(|record| record.head().run == run);
        current.map(|record| record.frames_after(seq, limit).to_vec()).unwrap_or_default()
    }

    /// Follows the end of the log. The sender goes when the generation does.
    pub(crate) fn follow(&self, id: &str) -> Option<watch::Receiver<Head>> {
        self.shelf().follow(id)
    }

    /// Begins the next run, if that may be now: an empty log, an empty page.
    pub(crate) async fn next_run(&self, id: &str, begin: Begin) -> Result<Next, StoreError> {
        let (id, page_key, room) = (id.to_owned(), page_key()?, self.room);
        self.writer.write(None, move |shelf| shelf.plan_next_run(id, begin, page_key, room)).await
    }

    /// Keeps nothing more, and lets go of the file. What is there can still be read.
    pub(crate) async fn close(&self) {
        self.writer.close().await;
    }

    /// Whether changes are still taken.
    ///
    /// # Errors
    /// If they are not.
    pub(crate) async fn answers(&self) -> Result<(), StoreError> {
        self.writer.probe().await
    }

    /// Those that are at work, with their runs.
    pub(crate) fn unfinished(&self) -> Vec<(String, u64)> {
        self.shelf().unfinished()
    }

    /// Lets go of what ended before `before_ms`: it is gone from then on.
    pub(crate) async fn sweep(&self, before_ms: u64) -> Result<usize, StoreError> {
        self.writer.write(None, move |shelf| shelf.plan_sweep(before_ms)).await
    }

    /// The finished page that `key` opens.
    pub(crate) fn page(&self, key: &str) -> Option<String> {
        self.shelf().page(key).map(str::to_owned)
    }

    /// The key that will open the page of `id` once it is done.
    pub(crate) fn page_key(&self, id: &str) -> Option<String> {
        self.shelf().record(id).map(|record| record.page_key.clone())
    }
}

fn page_key() -> Result<String, StoreError> {
    ids::random_id().map_err(|error| StoreError::Failed(error.to_string()))
}

#[cfg(test)]
mod tests;
