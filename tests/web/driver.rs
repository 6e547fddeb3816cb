//! The loop between the browser and the session.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use generation_screen::browser::{Driver, Live, Screen, Target, Token, TokenError, TokenProvider, live};
use generation_screen::engine::{Note, Options, Outcome, Phase, TokenReason, Update};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fake::{Call, Fake};
use crate::{settle, until};

const EVENTS: &str = "/api/generations/abc/events";
const STATE: &str = "/api/generations/abc";

/// What a test does when the screen is told something.
type Then = Box<dyn Fn(&Update)>;

/// What the screen was told.
#[derive(Default)]
struct Told {
    phase: Cell<Phase>,
    html: RefCell<String>,
    notes: RefCell<Vec<Note>>,
    updates: Cell<u32>,
    is_full: Cell<bool>,
    then: RefCell<Option<Then>>,
}

struct Teller(Rc<Told>);

impl Screen for Teller {
    fn update(&self, update: Update) {
        let told = &self.0;
        told.updates.set(told.updates.get() + 1);
        if let Some(then) = &*told.then.borrow() {
            then(&update);
        }
        match update {
            Update::Picture(picture) => told.phase.set(picture.phase),
            Update::Html(piece) => told.html.borrow_mut().push_str(&piece),
            Update::HtmlReset => told.html.borrow_mut().clear(),
            Update::Note(note) => told.notes.borrow_mut().push(note),
        }
    }

    fn is_full(&self) -> bool {
        self.0.is_full.get()
    }
}

fn start_with(provider: TokenProvider) -> (Driver, Rc<Told>) {
    let told = Rc::new(Told::default());
    let target = Target::resolve(STATE, None).unwrap();
    let driver = Driver::start(target, provider, Options::default(), Teller(Rc::clone(&told))).unwrap();
    (driver, told)
}

fn start() -> (Driver, Rc<Told>) {
    start_with(TokenProvider::new(|_| async { Ok(Token { value: "t1".into(), expires_in: None }) }))
}

/// Answers the first read, of a generation that has not begun; the stream follows it.
async fn begun(fake: &Fake) -> Call {
    let queued = format!(r#"{{"run":1,"seq":0,"status":"queued","now":"{AT}"}}"#);
    fake.sent(STATE).await.answer_json(200, &queued);
    let stream = fake.sent(EVENTS).await;
    stream.answer_stream();
    stream
}

/// Pushes the frames of a stream: `(id, data)`.
fn push(call: &Call, frames: &[(&str, &str)]) {
    let text: String = frames
        .iter()
        .map(|(id, data)| {
            let id = if id.is_empty() { String::new() } else { format!("id: {id}\n") };
            format!("{id}data: {data}\n\n")
        })
        .collect();
    call.push(text.as_bytes());
}

const AT: &str = "2026-03-01T10:00:00Z";

fn hello(head: u64) -> String {
    format!(r#"{{"type":"hello","run":1,"after":0,"head":{head},"now":"{AT}","heartbeat_ms":15000}}"#)
}

fn html(seq: u64, offset: usize, text: &str) -> String {
    format!(r#"{{"seq":{seq},"at":"{AT}","type":"html","offset":{offset},"text":"{text}"}}"#)
}

#[wasm_bindgen_test]
async fn a_whole_generation_comes_over_the_stream_and_leaves_nothing_behind() {
    let fake = Fake::install();
    let (driver, told) = start();
    let stream = begun(&fake).await;
    assert_eq!(stream.header("accept").as_deref(), Some("text/event-stream"));
    assert_eq!(stream.header("authorization").as_deref(), Some("Bearer t1"));
    push(
        &stream,
        &[("", &hello(0)), ("1-1", &html(1, 0, "<p>caf")), ("1-2", &html(2, 6, "\u{e9} \u{1f5fc}"))],
    );
    until("the page", || told.html.borrow().as_str() == "<p>caf\u{e9} \u{1f5fc}").await;
    let done = format!(r#"{{"seq":3,"at":"{AT}","type":"done","html_len":13,"result":{{}}}}"#);
    push(&stream, &[("1-3", &done)]);
    // The end is known: the stream is let go, and the state is read once more.
    until("the last read", || fake.count() == 3).await;
    let read = fake.last();
    assert!(stream.is_aborted());
    read.answer_json(
        200,
        &format!(
            r#"{{"run":1,"seq":3,"status":"done","html":{{"from":13,"len":13,"text":""}},"now":"{AT}"}}"#
        ),
    );
    until("the end", || told.phase.get() == Phase::Ended(Outcome::Complete)).await;
    settle().await;
    let left = Live { listeners: 5, ..Live::default() };
    assert_eq!(live(), left, "an ended session holds only its listeners");
    drop(driver);
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn dropping_the_driver_ends_everything_at_once() {
    let fake = Fake::install();
    let (driver, told) = start();
    let stream = begun(&fake).await;
    push(&stream, &[("", &hello(1)), ("1-1", &html(1, 0, "x"))]);
    until("the page", || !told.html.borrow().is_empty()).await;
    push(&stream, &[("1-2", &html(2, 1, "late"))]);
    let updates = told.updates.get();
    drop(driver);
    assert!(stream.is_aborted());
    assert_eq!(live(), Live::default());
    settle().await;
    assert_eq!(told.updates.get(), updates, "nothing is told any more");
    assert_eq!(Rc::strong_count(&told), 1, "nothing holds the screen any more");
}

#[wasm_bindgen_test]
async fn a_driver_may_be_dropped_by_what_it_tells() {
    let fake = Fake::install();
    let (driver, told) = start();
    let driver = Rc::new(RefCell::new(Some(driver)));
    let dropping = Rc::clone(&driver);
    *told.then.borrow_mut() = Some(Box::new(move |update| {
        if matches!(update, Update::Html(_)) {
            drop(dropping.borrow_mut().take());
        }
    }));
    let stream = begun(&fake).await;
    push(&stream, &[("", &hello(2)), ("1-1", &html(1, 0, "x")), ("1-2", &html(2, 1, "y"))]);
    until("the drop", || driver.borrow().is_none()).await;
    settle().await;
    assert!(stream.is_aborted());
    assert_eq!(live(), Live::default());
    told.then.take();
    assert_eq!(Rc::strong_count(&told), 1);
}

#[wasm_bindgen_test]
async fn a_driver_may_be_told_something_by_what_it_tells() {
    let fake = Fake::install();
    let (driver, told) = start();
    let driver = Rc::new(driver);
    let cancelling = Rc::downgrade(&driver);
    *told.then.borrow_mut() = Some(Box::new(move |update| {
        if matches!(update, Update::Html(_)) {
            cancelling.upgrade().unwrap().cancel();
        }
    }));
    let stream = begun(&fake).await;
    push(&stream, &[("", &hello(1)), ("1-1", &html(1, 0, "x"))]);
    let cancel = fake.sent("/cancel").await;
    assert_eq!(cancel.method(), "POST");
    assert!(cancel.header("idempotency-key").is_some_and(|key| !key.is_empty()));
    assert_eq!(fake.find(EVENTS).unwrap().header("idempotency-key"), None);
}

#[wasm_bindgen_test]
async fn a_refused_token_is_renewed_and_the_request_sent_again() {
    let fake = Fake::install();
    let asked: Rc<RefCell<Vec<TokenReason>>> = Rc::default();
    let asking = Rc::clone(&asked);
    let (_driver, told) = start_with(TokenProvider::new(move |why| {
        asking.borrow_mut().push(why);
        let value = if why == TokenReason::Start { "old" } else { "new" };
        async move { Ok(Token { value: value.into(), expires_in: None }) }
    }));
    let first = fake.sent(STATE).await;
    assert_eq!(first.header("authorization").as_deref(), Some("Bearer old"));
    first.answer_json(401, "{}");
    until("another token", || fake.last().header("authorization").as_deref() == Some("Bearer new")).await;
    assert_eq!(*asked.borrow(), [TokenReason::Start, TokenReason::Rejected]);
    assert_ne!(told.phase.get(), Phase::Idle);
}

#[wasm_bindgen_test]
async fn a_token_that_cannot_stand_in_a_header_is_never_sent() {
    let fake = Fake::install();
    let (driver, told) =
        start_with(TokenProvider::new(|_| async { Ok(Token { value: "a\nb".into(), expires_in: None }) }));
    until("the note", || told.notes.borrow().contains(&Note::TokenFailed)).await;
    assert_eq!(fake.count(), 0);
    drop(driver);
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn dropping_the_driver_drops_a_question_for_a_token() {
    struct Dropped(Rc<Cell<bool>>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let _fake = Fake::install();
    let (asked, dropped) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
    let (asking, dropping) = (Rc::clone(&asked), Rc::clone(&dropped));
    let (driver, _told) = start_with(TokenProvider::new(move |_| {
        asking.set(true);
        let guard = Dropped(Rc::clone(&dropping));
        async move {
            let _guard = guard;
            std::future::pending::<()>().await;
            Err(TokenError::Unavailable)
        }
    }));
    until("the question", || asked.get()).await;
    drop(driver);
    settle().await;
    assert!(dropped.get());
}

#[wasm_bindgen_test]
async fn nothing_more_is_read_while_the_screen_is_full() {
    let fake = Fake::install();
    let (_driver, told) = start();
    let stream = begun(&fake).await;
    push(&stream, &[("", &hello(1)), ("1-1", &html(1, 0, "a"))]);
    until("the first piece", || told.html.borrow().as_str() == "a").await;
    told.is_full.set(true);
    until("a read", || stream.pulls() > 0).await;
    push(&stream, &[("1-2", &html(2, 1, "b"))]);
    push(&stream, &[("1-3", &html(3, 2, "c"))]);
    settle().await;
    assert_eq!(told.html.borrow().as_str(), "a");
    told.is_full.set(false);
    until("the rest", || told.html.borrow().as_str() == "abc").await;
}

#[wasm_bindgen_test]
fn a_token_is_never_printed() {
    let token = Token { value: "s3cret".into(), expires_in: None };
    let provider = TokenProvider::new(|_| async { Err(TokenError::Refused) });
    assert!(!format!("{token:?} {provider:?}").contains("s3cret"));
}

#[wasm_bindgen_test]
async fn dropping_the_driver_at_any_moment_leaves_nothing() {
    for turns in 0..40 {
        let fake = Fake::install();
        let (driver, told) = start();
        for turn in 0..turns {
            gloo_timers::future::sleep(std::time::Duration::ZERO).await;
            // Every second turn whatever is asked for is answered; then the page grows.
            if let Some(read) = fake.find(STATE).filter(|read| turn % 2 == 1 && !read.is_answered()) {
                read.answer_json(200, r#"{"run":1,"seq":0,"status":"queued"}"#);
            } else if let Some(stream) = fake.find(EVENTS).filter(|_| turn % 2 == 1) {
                if stream.is_answered() {
                    push(&stream, &[("", &hello(0))]);
                } else {
                    stream.answer_stream();
                }
            }
        }
        let updates = told.updates.get();
        drop(driver);
        assert_eq!(live(), Live::default(), "after {turns} turns");
        let sent = fake.count();
        settle().await;
        assert_eq!((fake.count(), told.updates.get()), (sent, updates), "nothing follows");
        if let Some(stream) = fake.find(EVENTS) {
            assert!(stream.is_aborted());
        }
    }
}
