//! `use_generation`: a session as signals, inside a mounted component.

use std::cell::RefCell;
use std::rc::Rc;

use generation_screen::browser::{Live, Token, TokenProvider, live};
use generation_screen::engine::{Connection, Note, Options, Outcome, Phase};
use generation_screen::ui::hooks::{ActionError, Generation, SrcRefused, use_generation_with};
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fake::Fake;
use crate::frame::Place;
use crate::{settle, until};

const STATE: &str = "/api/generations/abc";
const EVENTS: &str = "/api/generations/abc/events";

/// What a component hands out.
type Made = (Generation, RwSignal<Option<String>>);

/// A mounted component that uses the hook; unmounted when it is dropped.
struct Mounted {
    generation: Generation,
    src: RwSignal<Option<String>>,
    notes: Rc<RefCell<Vec<Note>>>,
    _handle: Box<dyn std::any::Any>,
    place: Place,
}

fn mount(src: Option<&str>) -> Mounted {
    let place = Place::new();
    let made: Rc<RefCell<Option<Made>>> = Rc::default();
    let notes: Rc<RefCell<Vec<Note>>> = Rc::default();
    let (making, noting, src) = (Rc::clone(&made), Rc::clone(&notes), src.map(str::to_owned));
    let handle = mount_to(place.0.clone().unchecked_into(), move || {
        let src = RwSignal::new(src.clone());
        let token = TokenProvider::new(|_| async { Ok(Token { value: "t1".into(), expires_in: None }) });
        let generation = use_generation_with(src.into(), token, Options::default(), {
            let noting = Rc::clone(&noting);
            move |note| noting.borrow_mut().push(note)
        });
        *making.borrow_mut() = Some((generation, src));
        view! { <p>{move || generation.html.len()}</p> }
    });
    let (generation, src) = made.take().unwrap();
    Mounted { generation, src, notes, _handle: Box::new(handle), place }
}

fn len(generation: &Generation) -> u64 {
    untrack(|| generation.html.len())
}

fn state(seq: u32, status: &str, html: &str) -> String {
    let len = html.len();
    format!(
        r#"{{"run":1,"seq":{seq},"status":"{status}","steps":[{{"name":"place","state":"running"}}],
            "html":{{"from":0,"len":{len},"text":"{html}"}},"error":{{"retryable":true}}}}"#
    )
}

#[wasm_bindgen_test]
async fn a_session_is_shown_as_signals_and_unmounting_leaves_nothing() {
    let fake = Fake::install();
    let mounted = mount(Some(STATE));
    let Mounted { generation, .. } = &mounted;
    assert_eq!(generation.phase().get_untracked(), Phase::Idle);
    fake.sent(STATE).await.answer_json(200, &state(1, "running", "<p>x"));
    until("the page", || len(generation) == 4).await;
    assert_eq!(generation.phase().get_untracked(), Phase::Running);
    assert_eq!(generation.steps().get_untracked().len(), 1);
    assert_eq!(generation.html.read_from(1), "p>x");
    assert!(!untrack(|| generation.html.is_finished()));
    let shown = mounted.place.0.clone();
    until("the render", || shown.text_content().as_deref() == Some("4")).await;
    let stream = fake.sent(EVENTS).await;
    assert!(live().timers > 0);
    let html = generation.html;
    drop(mounted);
    assert!(stream.is_aborted());
    assert_eq!(live(), Live::default());
    settle().await;
    assert_eq!(
        (untrack(|| html.len()), html.read_from(0)),
        (0, String::new()),
        "what outlives its owner reads as empty"
    );
}

#[wasm_bindgen_test]
async fn another_src_ends_the_old_session_and_none_shows_nothing() {
    let fake = Fake::install();
    let Mounted { generation, src, .. } = &mount(Some(STATE));
    fake.sent(STATE).await.answer_json(200, &state(1, "running", "<p>x"));
    let stream = fake.sent(EVENTS).await;
    until("the page", || len(generation) == 4).await;
    let epoch = untrack(|| generation.html.epoch());
    src.set(Some("/api/generations/other".into()));
    let other = fake.sent("/other").await;
    assert!(stream.is_aborted());
    assert_eq!(len(generation), 0);
    assert_ne!(untrack(|| generation.html.epoch()), epoch);
    // The same again is no change.
    let count = fake.count();
    src.set(Some("/api/generations/other".into()));
    settle().await;
    assert_eq!(fake.count(), count);
    src.set(None);
    until("the end of it", || other.is_aborted()).await;
    settle().await;
    assert_eq!(generation.phase().get_untracked(), Phase::Idle);
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn a_foreign_src_is_refused_before_anything_is_sent() {
    let fake = Fake::install();
    for (src, why) in [
        ("https://evil.example/api/generations/abc", SrcRefused::Foreign),
        ("/api/generations/<script>", SrcRefused::NotAGeneration),
    ] {
        let Mounted { generation, .. } = &mount(Some(src));
        until("the refusal", || generation.refused().get_untracked() == Some(why)).await;
        assert_eq!(generation.phase().get_untracked(), Phase::Ended(Outcome::NotFound));
    }
    settle().await;
    assert_eq!(fake.count(), 0);
}

#[wasm_bindgen_test]
async fn an_ended_generation_is_finished_and_its_clock_stands() {
    let fake = Fake::install();
    let Mounted { generation, .. } = &mount(Some(STATE));
    fake.sent(STATE).await.answer_json(200, &state(5, "done", "<p>whole"));
    until("the end", || generation.phase().get_untracked() == Phase::Ended(Outcome::Complete)).await;
    assert_eq!(generation.html.read_from(0), "<p>whole");
    assert!(untrack(|| generation.html.is_finished()));
    settle().await;
    assert_eq!(live(), Live { listeners: 5, ..Live::default() });
}

#[wasm_bindgen_test]
async fn a_retry_is_posted_once_and_starts_a_new_session() {
    let fake = Fake::install();
    let Mounted { generation, .. } = &mount(Some(STATE));
    generation.retry();
    settle().await;
    assert!(fake.find("/retry").is_none(), "not while it runs");
    fake.sent(STATE).await.answer_json(200, &state(5, "error", "<p>half"));
    until("the end", || {
        generation.phase().get_untracked() == Phase::Ended(Outcome::Failed { retryable: true })
    })
    .await;

    generation.retry();
    generation.retry();
    let retry = fake.sent("/retry").await;
    assert_eq!(retry.method(), "POST");
    assert_eq!(retry.header("authorization").as_deref(), Some("Bearer t1"));
    assert_eq!(retry.header("idempotency-key").map(|key| key.len()), Some(16));
    assert!(generation.retrying().get_untracked());
    let count = fake.count();
    retry.answer_json(503, "{}");
    until("the error", || {
        generation.action_error().get_untracked() == Some(ActionError::Retry { status: 503 })
    })
    .await;
    assert!(!generation.retrying().get_untracked());
    assert_eq!((fake.count(), len(generation)), (count, 7), "what was there stays");

    generation.retry();
    until("another try", || fake.count() > count).await;
    assert_eq!(generation.action_error().get_untracked(), None);
    // A refused token is renewed once, under the same key.
    let refused = fake.last();
    refused.answer_json(401, "{}");
    until("the same again", || fake.count() > count + 1).await;
    assert_eq!(fake.last().header("idempotency-key"), refused.header("idempotency-key"));
    fake.last().answer_json(202, "{}");
    until("a new session", || fake.last().url().ends_with(STATE)).await;
    assert_eq!(len(generation), 0);
    assert!(!generation.retrying().get_untracked());
}

#[wasm_bindgen_test]
async fn a_refused_cancel_is_told_and_noted() {
    let fake = Fake::install();
    let mounted = mount(Some(STATE));
    let generation = mounted.generation;
    fake.sent(STATE).await.answer_json(200, &state(1, "running", ""));
    until("the start", || generation.phase().get_untracked() == Phase::Running).await;
    generation.cancel();
    let cancel = fake.sent("/cancel").await;
    until("the mark", || generation.marks().get_untracked().cancelling).await;
    cancel.answer_json(403, "{}");
    until("the error", || {
        generation.action_error().get_untracked() == Some(ActionError::Cancel { status: 403 })
    })
    .await;
    assert!(mounted.notes.borrow().contains(&Note::CancelFailed { status: 403 }));
}

#[wasm_bindgen_test]
async fn signing_in_again_goes_on_with_all_that_is_shown() {
    let fake = Fake::install();
    let Mounted { generation, .. } = &mount(Some(STATE));
    fake.sent(STATE).await.answer_json(200, &state(1, "running", "<p>x"));
    until("the page", || len(generation) == 4).await;
    let refused = |call: crate::fake::Call| call.answer_json(401, "{}");
    refused(fake.sent(EVENTS).await);
    until("signed out", || {
        if let Some(call) = fake.find("").filter(|call| !call.is_answered()) {
            refused(call);
        }
        generation.connection().get_untracked() == Connection::SignedOut
    })
    .await;
    let count = fake.count();
    generation.sign_in_again();
    until("a request", || fake.count() > count).await;
    assert_eq!(len(generation), 4);
}
