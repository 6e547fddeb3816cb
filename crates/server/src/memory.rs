//! The store in memory: a map behind a lock, gone with the process. It decides what is dropped when it is full: the
//! oldest that has ended. It never drops work that runs.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use generation_screen::contract::{Event, EventBody, State};
use tokio::sync::watch;

use crate::clock::now_rfc3339;
use crate::ids::random_id;
use crate::record::Record;
use crate::store::{Appended, Begin, Created, Head, NewRecord, Reply, Store, StoreError};
use crate::token::UserId;

/// Keeps at most so many generations, about 100 KB each.
pub(crate) struct MemoryStore {
    max: usize,
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    records: HashMap<String, Kept>,
    /// Oldest first.
    order: VecDeque<String>,
    keys: HashMap<(UserId, String), String>,
    pages: HashMap<String, String>,
}

struct Kept {
    record: Record,
    head: watch::Sender<Head>,
}

impl Kept {
    fn tell(&self) {
        self.head.send_replace(self.record.head());
    }
}

impl MemoryStore {
    pub(crate) fn new(max: usize) -> Self {
        Self { max, shelf: Mutex::default() }
    }

    /// A panic elsewhere leaves the shelf whole: every change is made in one go.
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn create(&mut self, new: NewRecord, max: usize) -> Result<Created, StoreError> {
        let key = new.key.clone().map(|key| (new.owner.clone(), key));
        if let Some(kept) = key.as_ref().and_then(|key| self.records.get(self.keys.get(key)?)) {
            let same = kept.record.made.digest == new.digest;
            return Ok(if same { Created::Same(kept.record.made.id.clone()) } else { Created::OtherBody });
        }
        if self.records.len() >= max && !self.drop_oldest_ended() {
            return Ok(Created::Full);
        }
        let id = new.id.clone();
        let record = Record::new(new, page_key()?);
        if let Some(key) = key {
            self.keys.insert(key, id.clone());
        }
        self.pages.insert(record.page_key.clone(), id.clone());
        self.order.push_back(id.clone());
        self.records.insert(id, Kept { head: watch::Sender::new(record.head()), record });
        Ok(Created::New)
    }

    fn drop_oldest_ended(&mut self) -> bool {
        let ended = |id: &String| self.records.get(id).is_none_or(|kept| kept.record.head().ended);
        let Some(id) = self.order.iter().position(ended).and_then(|at| self.order.remove(at)) else {
            return false;
        };
        if let Some(Kept { record, .. }) = self.records.remove(&id) {
            self.pages.remove(&record.page_key);
            if let Some(key) = record.made.key {
                self.keys.remove(&(record.made.owner, key));
            }
        }
        true
    }

    fn next_run(&mut self, id: &str, begin: Begin) -> Result<Option<(u64, String)>, StoreError> {
        let Some(kept) = self.records.get_mut(id) else { return Ok(None) };
        if begin == Begin::AfterFailure && !kept.record.failed() {
            return Ok(None);
        }
        self.pages.remove(&kept.record.page_key);
        let run = kept.record.next_run(page_key()?);
        self.pages.insert(kept.record.page_key.clone(), id.to_owned());
        kept.tell();
        Ok(Some((run, kept.record.made.url.clone())))
    }
}

fn page_key() -> Result<String, StoreError> {
    random_id().map_err(|error| StoreError(error.to_string()))
}

fn ready<'a, T: Send + 'a>(answer: Result<T, StoreError>) -> Reply<'a, T> {
    Box::pin(std::future::ready(answer))
}

impl Store for MemoryStore {
    fn create(&self, new: NewRecord) -> Reply<'_, Created> {
        ready(self.shelf().create(new, self.max))
    }

    fn find<'a>(&'a self, id: &'a str, owner: &'a UserId) -> Reply<'a, Option<Head>> {
        let shelf = self.shelf();
        let mine = shelf.records.get(id).filter(|kept| kept.record.made.owner == *owner);
        ready(Ok(mine.map(|kept| kept.record.head())))
    }

    fn state<'a>(&'a self, id: &'a str, html_from: u64) -> Reply<'a, Option<State>> {
        let shelf = self.shelf();
        ready(Ok(shelf.records.get(id).map(|kept| kept.record.state(html_from, now_rfc3339()))))
    }

    fn append<'a>(&'a self, id: &'a str, run: u64, body: EventBody) -> Reply<'a, Appended> {
        let mut shelf = self.shelf();
        let Some(kept) = shelf.records.get_mut(id) else { return ready(Ok(Appended::Over)) };
        if !kept.record.append(run, body, now_rfc3339()) {
            return ready(Ok(Appended::Over));
        }
        kept.tell();
        ready(Ok(Appended::At(kept.record.head())))
    }

    fn events_after<'a>(&'a self, id: &'a str, run: u64, seq: u64, limit: usize) -> Reply<'a, Vec<Event>> {
        let shelf = self.shelf();
        let current = shelf.records.get(id).filter(|kept| kept.record.head().run == run);
        ready(Ok(current.map(|kept| kept.record.events_after(seq, limit)).unwrap_or_default()))
    }

    fn follow<'a>(&'a self, id: &'a str) -> Reply<'a, Option<watch::Receiver<Head>>> {
        ready(Ok(self.shelf().records.get(id).map(|kept| kept.head.subscribe())))
    }

    fn next_run<'a>(&'a self, id: &'a str, begin: Begin) -> Reply<'a, Option<(u64, String)>> {
        ready(self.shelf().next_run(id, begin))
    }

    fn page<'a>(&'a self, key: &'a str) -> Reply<'a, Option<String>> {
        let shelf = self.shelf();
        let kept = shelf.pages.get(key).and_then(|id| shelf.records.get(id));
        ready(Ok(kept.and_then(|kept| kept.record.finished_page()).map(str::to_owned)))
    }

    fn page_key<'a>(&'a self, id: &'a str) -> Reply<'a, Option<String>> {
        ready(Ok(self.shelf().records.get(id).map(|kept| kept.record.page_key.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(id: &str, owner: &UserId, key: Option<&str>, digest: u8) -> NewRecord {
        NewRecord {
            id: id.to_owned(),
            owner: owner.clone(),
            key: key.map(str::to_owned),
            digest: [digest; 32],
            url: "geo:1,2".to_owned(),
            steps: Vec::new(),
        }
    }

    #[tokio::test]
    async fn a_full_store_drops_the_oldest_that_has_ended_and_nothing_that_runs() {
        let (store, me) = (MemoryStore::new(2), UserId::new().unwrap());
        assert_eq!(store.create(new("a", &me, None, 0)).await.unwrap(), Created::New);
        assert_eq!(store.create(new("b", &me, Some("k"), 0)).await.unwrap(), Created::New);
        assert_eq!(store.create(new("c", &me, None, 0)).await.unwrap(), Created::Full);
        store.append("b", 1, EventBody::Cancelled).await.unwrap();
        assert_eq!(store.create(new("c", &me, None, 0)).await.unwrap(), Created::New);
        assert!(store.find("a", &me).await.unwrap().is_some());
        assert_eq!(store.find("b", &me).await.unwrap(), None);
        store.append("a", 1, EventBody::Cancelled).await.unwrap();
        assert_eq!(store.create(new("d", &me, Some("k"), 1)).await.unwrap(), Created::New);
    }

    #[tokio::test]
    async fn a_key_belongs_to_one_user_and_one_body() {
        let store = MemoryStore::new(10);
        let (me, you) = (UserId::new().unwrap(), UserId::new().unwrap());
        assert_eq!(store.create(new("a", &me, Some("k"), 0)).await.unwrap(), Created::New);
        assert_eq!(store.create(new("b", &me, Some("k"), 0)).await.unwrap(), Created::Same("a".to_owned()));
        assert_eq!(store.create(new("b", &me, Some("k"), 1)).await.unwrap(), Created::OtherBody);
        assert_eq!(store.create(new("c", &you, Some("k"), 1)).await.unwrap(), Created::New);
    }

    #[tokio::test]
    async fn the_next_run_begins_only_after_a_failure_unless_the_server_says_so() {
        let (store, me) = (MemoryStore::new(10), UserId::new().unwrap());
        store.create(new("a", &me, None, 0)).await.unwrap();
        let mut head = store.follow("a").await.unwrap().unwrap();
        assert_eq!(store.next_run("a", Begin::AfterFailure).await.unwrap(), None);
        assert_eq!(store.next_run("a", Begin::Anyway).await.unwrap(), Some((2, "geo:1,2".to_owned())));
        assert_eq!(*head.borrow_and_update(), Head { run: 2, seq: 0, ended: false });
        assert_eq!(store.append("a", 1, EventBody::Cancelled).await.unwrap(), Appended::Over);
    }

    #[tokio::test]
    async fn somebody_elses_generation_is_missing() {
        let store = MemoryStore::new(10);
        let (me, you) = (UserId::new().unwrap(), UserId::new().unwrap());
        store.create(new("a", &me, None, 0)).await.unwrap();
        assert_eq!(store.find("a", &you).await.unwrap(), None);
    }
}
