//! The database: the changes of all generations, so that they outlive the process. `SQLite`, in its write-ahead log: what was
//! written is there after the process is killed at any moment. It knows SQL, and decides nothing.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use generation_screen::contract::{Event, Frame, Step, UnreadFrame, WireFrame};
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::shelf::{Change, Made};
use super::{NewRecord, StoreError};
use crate::token::UserId;

/// Of this file's tables. One that is newer is refused, never changed.
const VERSION: i64 = 1;

/// Says that the file is ours ("gscr").
const APPLICATION: i64 = 0x6773_6372;

/// Events lie in the order in which they were said, of whichever generation: what was written together stands on one page,
/// where a table in the order of generations would have a page to write for each event. So that one generation's are found
/// without an index, which would have that again, each knows between which places they are.
const TABLES: &str = "
    CREATE TABLE generation (
        place INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        idempotency_key TEXT,
        digest BLOB NOT NULL,
        url TEXT NOT NULL,
        steps TEXT NOT NULL,
        run INTEGER NOT NULL,
        page_key TEXT NOT NULL,
        made_ms INTEGER NOT NULL,
        first_event INTEGER NOT NULL,
        last_event INTEGER
    ) STRICT;
    CREATE TABLE event (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        generation INTEGER NOT NULL,
        json TEXT NOT NULL
    ) STRICT;
    CREATE TABLE gone (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL) STRICT;
    CREATE TABLE secret (key BLOB NOT NULL) STRICT;
";

/// All events of a generation. It has to be there still.
const DELETE_EVENTS: &str = "
    DELETE FROM event
    WHERE place >= (SELECT first_event FROM generation WHERE id = ?1)
        AND place <= (SELECT coalesce(last_event, 9223372036854775807) FROM generation WHERE id = ?1)
        AND generation = (SELECT place FROM generation WHERE id = ?1)
";

/// What has to survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The end of the process, however it comes.
    Process,
    /// That of the machine, too. Each event waits for the disk.
    Machine,
}

/// An open database. Nobody else has it meanwhile.
pub(super) struct Database {
    connection: Connection,
}

/// Opens the file, or makes it.
pub(super) fn open(path: &Path, durability: Durability) -> Result<Database, String> {
    let shown = path.display();
    let cannot = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("{shown} is in use: another server has it")
        }
        Some(ErrorCode::NotADatabase) => format!("{shown} is no database of this server"),
        _ => format!("cannot open {shown}: {error}"),
    };
    for_owner_only(path).map_err(|error| {
        format!("cannot open {shown} ({error}): does its directory exist, and may it be written?")
    })?;
    let mut connection = Connection::open(path).map_err(cannot)?;
    // Before anything else: it holds from the first access on.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(cannot)?;
    if !is_ours(&connection).map_err(cannot)? {
        return Err(format!("{shown} is no database of this server, or of a newer one"));
    }
    prepare(&mut connection, durability).map_err(cannot)?;
    Ok(Database { connection })
}

/// The key that signs tokens is in it.
fn for_owner_only(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Whether it is empty, or one that this server made and can read. Changes nothing.
fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let (application, version) = identity(connection)?;
    let is_empty: bool =
        connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(if is_empty { application == 0 } else { application == APPLICATION && version <= VERSION })
}

fn identity(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((pragma("application_id")?, pragma("user_version")?))
}

fn prepare(connection: &mut Connection, durability: Durability) -> rusqlite::Result<()> {
    let wal: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if wal != "wal" {
        tracing::warn!(wal, "no write-ahead log is possible there: a change takes longer");
    }
    let synchronous = if durability == Durability::Machine { "FULL" } else { "NORMAL" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    if identity(connection)?.0 != APPLICATION {
        let transaction = connection.transaction()?;
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.commit()?;
    }
    Ok(())
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Full,
            _ => StoreError::Failed(error.to_string()),
        }
    }
}

impl Database {
    /// Writes all of them, or none.
    pub(super) fn write<'a>(&mut self, changes: impl Iterator<Item = &'a Change>) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        for change in changes {
            write(&transaction, change)?;
        }
        Ok(transaction.commit()?)
    }

    /// Begins a change, and makes none.
    pub(super) fn probe(&mut self) -> Result<(), StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(transaction.rollback()?)
    }

    /// The key that was kept, or else `new`, which is kept from now on.
    pub(super) fn secret(&mut self, new: [u8; 32]) -> Result<[u8; 32], StoreError> {
        let transaction = self.connection.transaction()?;
        let kept = transaction.query_row("SELECT key FROM secret", [], |row| row.get(0)).optional()?;
        if kept.is_none() {
            transaction.execute("INSERT INTO secret (key) VALUES (?)", [&new])?;
        }
        transaction.commit()?;
        Ok(kept.unwrap_or(new))
    }

    /// As if the disk had no more room. Until it is opened again.
    #[cfg(test)]
    pub(super) fn fill_up(&mut self) -> Result<(), StoreError> {
        let pages: i64 = self.connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
        Ok(self.connection.pragma_update(None, "max_page_count", pages + 100)?)
    }

    /// Tells all that was written, in an order in which it could have happened.
    pub(super) fn load(&self, tell: &mut dyn FnMut(Change)) -> Result<(), String> {
        self.load_all(tell).map_err(|error| format!("cannot read what was kept: {error}"))
    }

    fn load_all(&self, tell: &mut dyn FnMut(Change)) -> Result<(), Box<dyn std::error::Error>> {
        let mut gone = self.connection.prepare("SELECT id, owner FROM gone ORDER BY place")?;
        let mut rows = gone.query([])?;
        while let Some(row) = rows.next()? {
            tell(Change::Gone { id: row.get(0)?, owner: UserId::kept(row.get(1)?) });
        }
        let mut generations = self.connection.prepare(
            "SELECT place, id, owner, idempotency_key, digest, url, steps, run, page_key, made_ms FROM generation ORDER BY place",
        )?;
        let mut rows = generations.query([])?;
        while let Some(row) = rows.next()? {
            let (id, run): (String, i64) = (row.get(1)?, row.get(7)?);
            let run = u64::try_from(run)?;
            let page_key: String = row.get(8)?;
            let steps: Vec<(String, Option<String>)> = serde_json::from_str(&row.get::<_, String>(6)?)?;
            let new = NewRecord {
                id: id.clone(),
                owner: UserId::kept(row.get(2)?),
                key: row.get(3)?,
                digest: row.get(4)?,
                url: row.get(5)?,
                steps: steps
                    .into_iter()
                    .map(|(name, label)| Step { name, label, ..Step::default() })
                    .collect(),
            };
            let made_ms = u64::try_from(row.get::<_, i64>(9)?)?;
            tell(Change::Made(Box::new(Made { new, page_key: page_key.clone(), made_ms })));
            if run > 1 {
                tell(Change::Run { id: id.clone(), run, page_key });
            }
        }
        let mut events = self.connection.prepare(
            "SELECT id, json FROM event JOIN generation ON generation.place = event.generation ORDER BY event.place",
        )?;
        let mut rows = events.query([])?;
        while let Some(row) = rows.next()? {
            tell(Change::Event { id: row.get(0)?, event: event(row.get_ref(1)?.as_str()?)? });
        }
        Ok(())
    }
}

fn event(json: &str) -> Result<Event, Box<dyn std::error::Error>> {
    match serde_json::from_str::<UnreadFrame>(json)?.read("message") {
        Ok(Frame::Event(event)) => Ok(event),
        _ => Err("an event that is none".into()),
    }
}

fn write(transaction: &Transaction<'_>, change: &Change) -> Result<(), StoreError> {
    match change {
        Change::Made(made) => {
            let Made { new, page_key, made_ms } = &**made;
            let steps: Vec<(&str, Option<&str>)> =
                new.steps.iter().map(|step| (step.name.as_str(), step.label.as_deref())).collect();
            let steps =
                serde_json::to_string(&steps).map_err(|error| StoreError::Failed(error.to_string()))?;
            transaction
                .prepare_cached(
                    "INSERT INTO generation (id, owner, idempotency_key, digest, url, steps, run, page_key, made_ms, first_event)
                     VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, (SELECT coalesce(max(place), 0) + 1 FROM event))",
                )?
                .execute(params![
                    new.id,
                    new.owner.name(),
                    new.key,
                    new.digest,
                    new.url,
                    steps,
                    page_key,
                    signed(*made_ms)
                ])?;
        }
        Change::Event { id, event } => {
            let json = serde_json::to_string(&WireFrame::from(event.clone()))
                .map_err(|error| StoreError::Failed(error.to_string()))?;
            transaction
                .prepare_cached(
                    "INSERT INTO event (generation, json) SELECT place, ? FROM generation WHERE id = ?",
                )?
                .execute(params![json, id])?;
            if event.body.is_terminal() {
                transaction
                    .prepare_cached("UPDATE generation SET last_event = last_insert_rowid() WHERE id = ?")?
                    .execute([id])?;
            }
        }
        Change::Run { id, run, page_key } => {
            transaction.prepare_cached(DELETE_EVENTS)?.execute([id])?;
            transaction
                .prepare_cached(
                    "UPDATE generation SET run = ?, page_key = ?, last_event = NULL,
                         first_event = (SELECT coalesce(max(place), 0) + 1 FROM event)
                     WHERE id = ?",
                )?
                .execute(params![signed(*run), page_key, id])?;
        }
        Change::Gone { id, owner } => {
            transaction.prepare_cached(DELETE_EVENTS)?.execute([id])?;
            transaction.prepare_cached("DELETE FROM generation WHERE id = ?")?.execute([id])?;
            transaction
                .prepare_cached("INSERT INTO gone (id, owner) VALUES (?, ?)")?
                .execute(params![id, owner.name()])?;
            transaction
                .prepare_cached("DELETE FROM gone WHERE place <= (SELECT max(place) FROM gone) - ?")?
                .execute([signed(super::shelf::GONE_MAX as u64)])?;
        }
    }
    Ok(())
}

/// `SQLite` has signed numbers only; ours are far from the end of those.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
