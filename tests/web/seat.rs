//! Who may keep a request open: two screens of an origin, in this page and in all tabs.

use generation_screen::browser::{Driver, Live, Screen, Target, Token, TokenProvider, live};
use generation_screen::engine::{Options, Update};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fake::{Call, Fake};
use crate::until;

#[wasm_bindgen(inline_js = r#"
const releases = [];
/// As another tab would.
export async function hold(name) {
    await new Promise((taken) => {
        navigator.locks.request(name, () => new Promise((release) => { releases.push(release); taken(); }));
    });
}
export function release_one() { releases.shift()(); }
export function hide_locks() {
    Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
}
export function show_locks() { delete navigator.locks; }
export function refuse_locks() {
    const request = () => Promise.reject(new DOMException("no", "SecurityError"));
    Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });
}
"#)]
extern "C" {
    async fn hold(name: &str);
    fn release_one();
    fn hide_locks();
    fn show_locks();
    fn refuse_locks();
}

/// `navigator.locks` as the browser has it, when the test is over.
struct Shown;

impl Drop for Shown {
    fn drop(&mut self) {
        show_locks();
    }
}

struct Deaf;

impl Screen for Deaf {
    fn update(&self, _: Update) {}
}

fn path(id: &str) -> String {
    format!("/api/generations/{id}")
}

fn start(id: &str) -> Driver {
    let provider = TokenProvider::new(|_| async { Ok(Token { value: "t".into(), expires_in: None }) });
    let target = Target::resolve(&path(id), None).unwrap();
    // Quicker than it would be, but for the waits for a seat and a turn.
    let options = Options { speed: 2.5, ..Options::default() };
    Driver::start(target, provider, options, Deaf).unwrap()
}

/// Answers its first read.
async fn answered(fake: &Fake, id: &str) {
    fake.sent(&path(id)).await.answer_json(200, r#"{"run":1,"seq":0,"status":"queued"}"#);
}

/// The read that comes after the first.
async fn next_read(fake: &Fake, id: &str) -> Call {
    let newest = || fake.find(&path(id)).filter(|read| !read.is_answered());
    until("another read", || newest().is_some()).await;
    newest().unwrap()
}

fn streams(fake: &Fake) -> usize {
    ["a", "b", "c"].iter().filter(|id| fake.find(&format!("{}/events", path(id))).is_some()).count()
}

/// Three screens: two get a stream, the third reads, unheld; when one goes, the third takes its place.
async fn two_of_three() {
    let fake = Fake::install();
    let first = start("a");
    answered(&fake, "a").await;
    let second = start("b");
    answered(&fake, "b").await;
    until("two streams", || streams(&fake) == 2).await;
    let third = start("c");
    answered(&fake, "c").await;
    // It comes when the stream would have had its head start.
    let read = next_read(&fake, "c").await;
    assert_eq!(read.header("prefer"), None, "it is not held");
    assert_eq!(streams(&fake), 2);
    drop(first);
    until("the third stream", || streams(&fake) == 3).await;
    drop((second, third));
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn two_screens_of_an_origin_have_streams_and_the_third_takes_the_place_of_one_that_goes() {
    two_of_three().await;
}

#[wasm_bindgen_test]
async fn without_web_locks_the_screens_of_a_page_still_share_two_seats() {
    let _shown = Shown;
    hide_locks();
    two_of_three().await;
}

#[wasm_bindgen_test]
async fn what_other_tabs_hold_is_waited_for() {
    let origin = web_sys::window().unwrap().location().origin().unwrap();
    // The turn of those without a seat, too: a read of theirs hangs, and must not hold up ours for ever.
    for place in ["2", "0", "1"] {
        hold(&format!("generation-screen {origin} {place}")).await;
    }
    let fake = Fake::install();
    let driver = start("a");
    answered(&fake, "a").await;
    release_one();
    next_read(&fake, "a").await;
    assert_eq!(streams(&fake), 0, "both seats are taken");
    release_one();
    until("the stream", || streams(&fake) == 1).await;
    drop(driver);
    release_one();
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn a_browser_that_refuses_locks_does_not_keep_the_screen_from_its_stream() {
    let _shown = Shown;
    refuse_locks();
    let fake = Fake::install();
    let driver = start("a");
    answered(&fake, "a").await;
    until("the stream", || streams(&fake) == 1).await;
    drop(driver);
    assert_eq!(live(), Live::default());
}
