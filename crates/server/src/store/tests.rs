//! What a store keeps, in memory and through its end.

use std::path::PathBuf;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use generation_screen::contract::{Card, Failure, PageResult, RunStatus};

use super::*;

const ROOM: Room = Room { generations: 10, running: 8 };

/// A file of its own, gone afterwards.
struct File(PathBuf);

impl File {
    fn new() -> Self {
        let name = format!("store-{}.db", ids::random_id().unwrap());
        File(std::env::temp_dir().join(name))
    }

    fn open(&self) -> Result<Store, String> {
        Store::open(Some(&self.0), Durability::Process, ROOM)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }
}

fn in_memory(room: Room) -> Store {
    Store::open(None, Durability::Process, room).unwrap()
}

fn new(id: &str, owner: &UserId, key: Option<&str>, digest: u8) -> NewRecord {
    let step = Step { name: "page".to_owned(), label: Some("Writing".to_owned()), ..Step::default() };
    NewRecord {
        id: id.to_owned(),
        owner: owner.clone(),
        key: key.map(str::to_owned),
        digest: [digest; 32],
        url: "geo:1,2".to_owned(),
        steps: vec![step],
    }
}

fn everything() -> Vec<EventBody> {
    vec![
        EventBody::Status {
            step: "page".to_owned(),
            label: Some("Writing it".to_owned()),
            progress: Some(0.25),
        },
        EventBody::Preview(Card { title: "Tower \u{2028} \"x\"".to_owned(), ..Card::default() }),
        EventBody::Html { offset: 0, text: "<p>é🗼\r\n".to_owned() },
        EventBody::Html { offset: 11, text: "</p>".to_owned() },
        EventBody::Done {
            html_len: 15,
            result: PageResult { url: Some("/pages/k".to_owned()), title: None },
        },
    ]
}

/// What viewers would see, but for the time of the answer.
fn seen(store: &Store, id: &str) -> (State, Vec<Bytes>) {
    let state = State { now: None, ..store.state(id, 0).unwrap() };
    let frames = store.frames_after(id, state.run, 0, usize::MAX);
    (state, frames)
}

#[tokio::test]
async fn what_was_written_is_there_after_the_store_was_opened_again() {
    let (file, me) = (File::new(), UserId::new().unwrap());
    let (before, page_key, secret) = {
        let store = file.open().unwrap();
        store.create(new("done", &me, Some("k"), 1)).await.unwrap();
        for body in everything() {
            assert!(matches!(store.append("done", 1, body).await.unwrap(), Appended::At(_)));
        }
        store.create(new("failed", &me, None, 2)).await.unwrap();
        let failure = Failure { code: "x".to_owned(), message: "No".to_owned(), retryable: true };
        store.append("failed", 1, EventBody::Error(failure)).await.unwrap();
        store.create(new("second", &me, None, 3)).await.unwrap();
        store.append("second", 1, EventBody::Cancelled).await.unwrap();
        assert!(matches!(store.next_run("second", Begin::AfterFailure).await, Ok(Next::Run(2, _))));
        store.append("second", 2, everything().remove(0)).await.unwrap();
        (
            ["done", "failed", "second"].map(|id| seen(&store, id)),
            store.page_key("done"),
            store.secret().await.unwrap(),
        )
    };
    let store = file.open().unwrap();
    assert_eq!(["done", "failed", "second"].map(|id| seen(&store, id)), before);
    assert_eq!((store.page_key("done"), store.secret().await.unwrap()), (page_key.clone(), secret));
    assert_eq!(store.page(&page_key.unwrap()).as_deref(), Some("<p>é🗼\r\n</p>"));
    assert_eq!(store.unfinished(), [("second".to_owned(), 2)]);
    // Whose it is, and under which key.
    assert_eq!(store.find("done", &UserId::new().unwrap()), Found::Nothing);
    assert_eq!(store.create(new("x", &me, Some("k"), 1)).await.unwrap(), Created::Same("done".to_owned()));
    assert_eq!(store.create(new("x", &me, Some("k"), 9)).await.unwrap(), Created::OtherBody);
    // And it goes on where it was.
    assert_eq!(
        store.append("second", 2, EventBody::Cancelled).await.unwrap(),
        Appended::At(Head { run: 2, seq: 2, ended: true })
    );
}

#[tokio::test]
async fn what_was_let_go_of_is_gone_for_its_owner_and_nothing_for_others() {
    let (file, me, you) = (File::new(), UserId::new().unwrap(), UserId::new().unwrap());
    let check = |store: &Store| {
        assert_eq!((store.find("old", &me), store.find("old", &you)), (Found::Gone, Found::Nothing));
        assert!(matches!(store.find("running", &me), Found::Mine(_)));
    };
    {
        let store = file.open().unwrap();
        store.create(new("old", &me, Some("k"), 0)).await.unwrap();
        let key = store.page_key("old").unwrap();
        for body in everything() {
            store.append("old", 1, body).await.unwrap();
        }
        store.create(new("running", &me, None, 0)).await.unwrap();
        let mut head = store.follow("old").unwrap();
        assert_eq!(store.sweep(0).await.unwrap(), 0);
        assert_eq!(store.sweep(u64::MAX).await.unwrap(), 1, "what runs stays");
        assert_eq!(store.page(&key), None);
        assert!(head.changed().await.is_err(), "whoever followed it is told");
        assert_eq!(store.create(new("next", &me, Some("k"), 5)).await.unwrap(), Created::New);
        check(&store);
    }
    check(&file.open().unwrap());
}

#[tokio::test]
async fn one_server_at_a_time_has_a_file_and_it_must_be_one_of_ours() {
    let file = File::new();
    let first = file.open().unwrap();
    let refused = file.open().map(drop).unwrap_err();
    assert!(refused.ends_with("is in use: another server has it"), "{refused}");
    drop(first);
    let foreign = File::new();
    std::fs::write(&foreign.0, "Some text, longer than a header.".repeat(100)).unwrap();
    let refused = foreign.open().map(drop).unwrap_err();
    assert!(refused.contains("is no database of this server"), "{refused}");
    assert!(std::fs::read_to_string(&foreign.0).unwrap().starts_with("Some text"), "it is left as it was");
    let elsewhere = File::new();
    rusqlite::Connection::open(&elsewhere.0).unwrap().execute_batch("CREATE TABLE other (x)").unwrap();
    let before = std::fs::read(&elsewhere.0).unwrap();
    let refused = elsewhere.open().map(drop).unwrap_err();
    assert!(refused.contains("is no database of this server"), "{refused}");
    assert_eq!(std::fs::read(&elsewhere.0).unwrap(), before, "it is left as it was");
    let nowhere = File(std::env::temp_dir().join("there-is-no-such-directory").join("x.db"));
    let refused = nowhere.open().map(drop).unwrap_err();
    assert!(refused.contains("does its directory exist"), "{refused}");
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_key_that_signs() {
    use std::os::unix::fs::PermissionsExt as _;
    let file = File::new();
    let _store = file.open().unwrap();
    assert_eq!(std::fs::metadata(&file.0).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_told_that_was_not_kept() {
    let (file, me) = (File::new(), UserId::new().unwrap());
    let before = {
        let store = file.open().unwrap();
        store.create(new("g", &me, None, 0)).await.unwrap();
        store.writer.fill_up().await;
        let mut offset = 0;
        let refused = loop {
            let text = "x".repeat(PIECE_MAX);
            match store.append("g", 1, EventBody::Html { offset, text }).await {
                Ok(_) => offset += PIECE_MAX as u64,
                Err(error) => break error,
            }
        };
        assert_eq!(refused, StoreError::Full);
        let large = NewRecord { url: "x".repeat(2 * PIECE_MAX), ..new("h", &me, None, 0) };
        assert_eq!(store.create(large).await, Err(StoreError::Full));
        assert_eq!(store.find("h", &me), Found::Nothing);
        let before = seen(&store, "g");
        assert_eq!(before.0.html.len, offset);
        before
    };
    let store = file.open().unwrap();
    assert_eq!(seen(&store, "g"), before);
    // There is room again.
    assert!(matches!(store.append("g", 1, EventBody::Cancelled).await, Ok(Appended::At(_))));
}

#[tokio::test]
async fn a_full_store_drops_the_oldest_that_has_ended_and_nothing_that_runs() {
    let (store, me) = (in_memory(Room { generations: 2, ..ROOM }), UserId::new().unwrap());
    assert_eq!(store.create(new("a", &me, None, 0)).await.unwrap(), Created::New);
    assert_eq!(store.create(new("b", &me, Some("k"), 0)).await.unwrap(), Created::New);
    assert_eq!(store.create(new("c", &me, None, 0)).await.unwrap(), Created::Full);
    store.append("b", 1, EventBody::Cancelled).await.unwrap();
    assert_eq!(store.create(new("c", &me, None, 0)).await.unwrap(), Created::New);
    assert!(matches!(store.find("a", &me), Found::Mine(_)));
    assert_eq!(store.find("b", &me), Found::Gone);
    store.append("a", 1, EventBody::Cancelled).await.unwrap();
    assert_eq!(store.create(new("d", &me, Some("k"), 1)).await.unwrap(), Created::New);
}

#[tokio::test]
async fn one_user_has_so_many_at_work_and_no_more() {
    let store = in_memory(Room { running: 2, ..ROOM });
    let (me, you) = (UserId::new().unwrap(), UserId::new().unwrap());
    store.create(new("a", &me, None, 0)).await.unwrap();
    store.create(new("b", &me, Some("k"), 0)).await.unwrap();
    assert_eq!(store.create(new("c", &me, None, 0)).await.unwrap(), Created::TooMany);
    assert_eq!(store.create(new("c", &me, Some("k"), 0)).await.unwrap(), Created::Same("b".to_owned()));
    assert_eq!(store.create(new("d", &you, None, 0)).await.unwrap(), Created::New);
    store.append("a", 1, EventBody::Cancelled).await.unwrap();
    assert_eq!(store.create(new("c", &me, None, 0)).await.unwrap(), Created::New);
}

#[tokio::test]
async fn the_next_run_begins_only_after_a_failure_unless_the_server_says_so() {
    let (store, me) = (in_memory(ROOM), UserId::new().unwrap());
    store.create(new("a", &me, None, 0)).await.unwrap();
    let mut head = store.follow("a").unwrap();
    assert_eq!(store.next_run("a", Begin::AfterFailure).await.unwrap(), Next::NotFailed);
    assert_eq!(store.next_run("a", Begin::Anyway).await.unwrap(), Next::Run(2, "geo:1,2".to_owned()));
    assert_eq!(*head.borrow_and_update(), Head { run: 2, seq: 0, ended: false });
    assert_eq!(store.append("a", 1, EventBody::Cancelled).await.unwrap(), Appended::Over);
    assert_eq!(store.state("a", 0).unwrap().status, RunStatus::Queued);
}

#[tokio::test]
async fn what_was_begun_is_written_even_if_nobody_waits_for_it() {
    let (file, me) = (File::new(), UserId::new().unwrap());
    {
        let store = file.open().unwrap();
        store.create(new("a", &me, None, 0)).await.unwrap();
        let mut cancel = Box::pin(store.append("a", 1, EventBody::Cancelled));
        // Sent, and then nobody listens.
        let _ = (&mut cancel).now_or_never();
    }
    assert!(file.open().unwrap().unfinished().is_empty());
}

#[tokio::test]
async fn what_many_say_at_once_is_kept_in_the_order_of_each() {
    // Few enough for tokio to let one task send them all at once.
    const SAID: u64 = 30;
    let (file, me) = (File::new(), UserId::new().unwrap());
    let ids = ["a", "b", "c"];
    let kept = {
        let store = file.open().unwrap();
        for id in ids {
            store.create(new(id, &me, None, 0)).await.unwrap();
        }
        let piece = |offset| EventBody::Html { offset, text: "x".to_owned() };
        // All are sent, in this order, before the first is answered: some go together, and those of one generation one after
        // the other. A task that were made to give way in between would send the rest in another order.
        let said = (0..SAID).flat_map(|offset| ids.map(|id| (id, offset)));
        let heads = join_all(said.map(|(id, offset)| store.append(id, 1, piece(offset))));
        let heads = tokio::task::unconstrained(heads).await;
        let mut seqs = heads.into_iter().map(|head| match head.unwrap() {
            Appended::At(head) => head.seq,
            Appended::Over => 0,
        });
        for seq in 1..=SAID {
            assert_eq!(seqs.by_ref().take(3).collect::<Vec<_>>(), [seq; 3]);
        }
        ids.map(|id| seen(&store, id))
    };
    assert_eq!(kept[0].0.html.len, SAID);
    let store = file.open().unwrap();
    assert_eq!(ids.map(|id| seen(&store, id)), kept);
}

#[tokio::test]
async fn what_one_generation_said_goes_and_what_others_said_meanwhile_stays() {
    let (file, me) = (File::new(), UserId::new().unwrap());
    let kept = {
        let store = file.open().unwrap();
        for id in ["again", "old", "stays"] {
            store.create(new(id, &me, None, 0)).await.unwrap();
        }
        for body in everything().into_iter().take(4) {
            for id in ["again", "old", "stays"] {
                store.append(id, 1, body.clone()).await.unwrap();
            }
        }
        store.append("old", 1, EventBody::Cancelled).await.unwrap();
        store.append("again", 1, EventBody::Cancelled).await.unwrap();
        assert!(matches!(store.next_run("again", Begin::AfterFailure).await, Ok(Next::Run(2, _))));
        store.append("again", 2, everything().remove(0)).await.unwrap();
        assert_eq!(store.sweep(u64::MAX).await.unwrap(), 1);
        store.append("stays", 1, everything().remove(4)).await.unwrap();
        ["again", "stays"].map(|id| seen(&store, id))
    };
    let events = |file: &File| {
        let database = rusqlite::Connection::open(&file.0).unwrap();
        database.query_row("SELECT count(*) FROM event", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let said: usize = kept.iter().map(|(_, frames)| frames.len()).sum();
    assert_eq!(usize::try_from(events(&file)).unwrap(), said);
    let store = file.open().unwrap();
    assert_eq!(["again", "stays"].map(|id| seen(&store, id)), kept);
}
