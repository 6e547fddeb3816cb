//! The store: where generations live. One log of events each; everything that viewers see is read from it.
//!
//! [`Store`] is what the rest of the server knows; [`MemoryStore`](crate::memory::MemoryStore) fills it for now, a
//! database can. A store keeps the contract's promises about a log (numbers without gaps, one terminal event, the
//! last), so that no writer can break them. It never knows HTTP, and never decides when work is done.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use generation_screen::contract::{Event, EventBody, State, Step};
use tokio::sync::watch;

use crate::token::UserId;

/// What a store answers, some time later.
pub(crate) type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The store itself failed. Whoever asked may ask again.
#[derive(Debug)]
pub(crate) struct StoreError(pub(crate) String);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store failed: {}", self.0)
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

/// Keeps generations. Clones of nothing: one store, shared.
pub(crate) trait Store: Send + Sync + 'static {
    /// Makes a generation, unless this owner made it before under the same key.
    fn create(&self, new: NewRecord) -> Reply<'_, Created>;

    /// Where the log of `id` ends, if it is `owner`'s. Foreign and missing are the same: `None`.
    fn find<'a>(&'a self, id: &'a str, owner: &'a UserId) -> Reply<'a, Option<Head>>;

    /// The state, with the page from byte `html_from` on: back to a character's start, from 0 if past the end.
    fn state<'a>(&'a self, id: &'a str, html_from: u64) -> Reply<'a, Option<State>>;

    /// Appends an event to run `run`, and gives it its number and time.
    fn append<'a>(&'a self, id: &'a str, run: u64, body: EventBody) -> Reply<'a, Appended>;

    /// At most `limit` events of run `run` after `seq`. Empty if there are none, or the run is not the current one.
    fn events_after<'a>(&'a self, id: &'a str, run: u64, seq: u64, limit: usize) -> Reply<'a, Vec<Event>>;

    /// Follows the end of the log. The sender goes when the generation does.
    fn follow<'a>(&'a self, id: &'a str) -> Reply<'a, Option<watch::Receiver<Head>>>;

    /// Begins the next run: an empty log, an empty page. Answers the run's number and the URL to read again, or `None`
    /// if that may not be now.
    fn next_run<'a>(&'a self, id: &'a str, begin: Begin) -> Reply<'a, Option<(u64, String)>>;

    /// The finished page that `key` opens.
    fn page<'a>(&'a self, key: &'a str) -> Reply<'a, Option<String>>;

    /// The key that will open the page of `id` once it is done.
    fn page_key<'a>(&'a self, id: &'a str) -> Reply<'a, Option<String>>;
}
