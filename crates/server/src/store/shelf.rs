//! All generations in memory, and what may change about them. A change is planned here, written by others, and then applied
//! here: nobody sees it before. Knows no clock, no database and no HTTP.

use std::collections::{HashMap, VecDeque};

use generation_screen::contract::{Event, EventBody};
use tokio::sync::watch;

use super::record::Record;
use super::{Appended, Begin, Created, Found, Head, NewRecord, Next, Room};
use crate::clock::unix_ms_of;
use crate::token::UserId;

/// How many that are kept no longer are still known to be gone: some hundred bytes each.
pub(super) const GONE_MAX: usize = 10_000;

/// Whoever has more than such a part of the room makes room of their own.
const SHARE: usize = 8;

/// One step of the truth. What lies in a database is these, in their order.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Made(Box<Made>),
    Event { id: String, event: Event },
    Run { id: String, run: u64, page_key: String },
    Gone { id: String, owner: UserId },
}

/// A generation at its beginning.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) new: NewRecord,
    /// Opens the finished page of the first run.
    pub(super) page_key: String,
    pub(super) made_ms: u64,
}

#[derive(Default)]
pub(super) struct Shelf {
    records: HashMap<String, Kept>,
    /// Oldest first.
    order: VecDeque<String>,
    keys: HashMap<(UserId, String), String>,
    pages: HashMap<String, String>,
    gone: HashMap<String, UserId>,
    gone_order: VecDeque<String>,
}

struct Kept {
    record: Record,
    /// When it was made, or has ended.
    since_ms: u64,
    head: watch::Sender<Head>,
}

impl Kept {
    fn tell(&self) {
        self.head.send_replace(self.record.head());
    }
}

impl Shelf {
    pub(super) fn record(&self, id: &str) -> Option<&Record> {
        self.records.get(id).map(|kept| &kept.record)
    }

    pub(super) fn find(&self, id: &str, user: &UserId) -> Found {
        match (self.record(id), self.gone.get(id)) {
            (Some(record), _) if record.made.owner == *user => Found::Mine(record.head()),
            (None, Some(owner)) if owner == user => Found::Gone,
            _ => Found::Nothing,
        }
    }

    pub(super) fn follow(&self, id: &str) -> Option<watch::Receiver<Head>> {
        self.records.get(id).map(|kept| kept.head.subscribe())
    }

    pub(super) fn page(&self, key: &str) -> Option<&str> {
        self.record(self.pages.get(key)?)?.finished_page()
    }

    pub(super) fn unfinished(&self) -> Vec<(String, u64)> {
        let heads = self.order.iter().filter_map(|id| Some((id, self.record(id)?.head())));
        heads.filter(|(_, head)| !head.ended).map(|(id, head)| (id.clone(), head.run)).collect()
    }

    fn has_ended(&self, id: &str) -> bool {
        self.record(id).is_none_or(|record| record.head().ended)
    }

    fn gone(&self, id: &str) -> Option<Change> {
        let owner = self.record(id)?.made.owner.clone();
        Some(Change::Gone { id: id.to_owned(), owner })
    }

    fn at_work(&self, owner: &UserId) -> usize {
        let is_theirs = |kept: &&Kept| kept.record.made.owner == *owner && !kept.record.head().ended;
        self.records.values().filter(is_theirs).count()
    }

    /// What goes first to make room for one more of `owner`: of what has ended, the oldest; of their own, if they have much.
    fn makes_room(&self, owner: &UserId, room: Room) -> Option<Change> {
        let is_theirs = |id: &&String| self.record(id).is_some_and(|record| record.made.owner == *owner);
        let has_much = self.order.iter().filter(is_theirs).count() > room.generations / SHARE;
        let mut ended = self.order.iter().filter(|id| self.has_ended(id) && (!has_much || is_theirs(id)));
        self.gone(ended.next()?)
    }

    pub(super) fn plan_create(&self, made: Made, room: Room) -> (Created, Vec<Change>) {
        let Made { new, .. } = &made;
        let key = new.key.clone().map(|key| (new.owner.clone(), key));
        if let Some(same) = key.and_then(|key| self.record(self.keys.get(&key)?)) {
            let is_same = same.made.digest == new.digest;
            return (
                if is_same { Created::Same(same.made.id.clone()) } else { Created::OtherBody },
                Vec::new(),
            );
        }
        if self.at_work(&new.owner) >= room.running {
            return (Created::TooMany, Vec::new());
        }
        let mut changes = Vec::new();
        if self.records.len() >= room.generations {
            let Some(oldest) = self.makes_room(&new.owner, room) else { return (Created::Full, Vec::new()) };
            changes.push(oldest);
        }
        changes.push(Change::Made(Box::new(made)));
        (Created::New, changes)
    }

    pub(super) fn plan_append(
        &self,
        id: String,
        run: u64,
        body: EventBody,
        at: String,
    ) -> (Appended, Vec<Change>) {
        let Some(seq) = self.record(&id).and_then(|record| record.takes(run, &body)) else {
            return (Appended::Over, Vec::new());
        };
        let head = Head { run, seq, ended: body.is_terminal() };
        let event = Event { seq, at: Some(at), body };
        (Appended::At(head), vec![Change::Event { id, event }])
    }

    pub(super) fn plan_next_run(
        &self,
        id: String,
        begin: Begin,
        page_key: String,
        room: Room,
    ) -> (Next, Vec<Change>) {
        let may = |record: &&Record| begin == Begin::Anyway || record.failed();
        let Some(record) = self.record(&id).filter(may) else { return (Next::NotFailed, Vec::new()) };
        if begin == Begin::AfterFailure && self.at_work(&record.made.owner) >= room.running {
            return (Next::TooMany, Vec::new());
        }
        let (run, url) = (record.head().run + 1, record.made.url.clone());
        (Next::Run(run, url), vec![Change::Run { id, run, page_key }])
    }

    pub(super) fn plan_sweep(&self, before_ms: u64) -> (usize, Vec<Change>) {
        let is_old = |id: &&String| self.records.get(*id).is_some_and(|kept| kept.since_ms < before_ms);
        let old = self.order.iter().filter(is_old).filter(|id| self.has_ended(id));
        let changes: Vec<Change> = old.filter_map(|id| self.gone(id)).collect();
        (changes.len(), changes)
    }

    /// Makes it so. Whoever follows the generation is told.
    pub(super) fn apply(&mut self, change: Change) {
        match change {
            Change::Made(made) => self.put(*made),
            Change::Event { id, event } => {
                if let Some(kept) = self.records.get_mut(&id) {
                    if event.body.is_terminal() {
                        kept.since_ms = event.at.as_deref().and_then(unix_ms_of).unwrap_or(kept.since_ms);
                    }
                    kept.record.append(event);
                    kept.tell();
                }
            }
            Change::Run { id, run, page_key } => {
                let Some(kept) = self.records.get_mut(&id) else { return };
                self.pages.remove(&kept.record.page_key);
                self.pages.insert(page_key.clone(), id);
                kept.record.begin_run(run, page_key);
                kept.tell();
            }
            Change::Gone { id, owner } => self.forget(id, owner),
        }
    }

    fn put(&mut self, made: Made) {
        let Made { new, page_key, made_ms } = made;
        let id = new.id.clone();
        if let Some(key) = new.key.clone() {
            self.keys.insert((new.owner.clone(), key), id.clone());
        }
        self.pages.insert(page_key.clone(), id.clone());
        self.order.push_back(id.clone());
        let record = Record::new(new, page_key);
        self.records.insert(id, Kept { head: watch::Sender::new(record.head()), record, since_ms: made_ms });
    }

    fn forget(&mut self, id: String, owner: UserId) {
        if let Some(Kept { record, .. }) = self.records.remove(&id) {
            self.order.retain(|other| *other != id);
            self.pages.remove(&record.page_key);
            if let Some(key) = record.made.key {
                self.keys.remove(&(record.made.owner, key));
            }
        }
        self.gone_order.push_back(id.clone());
        self.gone.insert(id, owner);
        if self.gone_order.len() > GONE_MAX
            && let Some(first) = self.gone_order.pop_front()
        {
            self.gone.remove(&first);
        }
    }
}
