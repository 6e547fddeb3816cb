//! Many at once, in tabs and on one page: a browser has six connections to one HTTP/1.1 origin. Two screens have a stream,
//! the rest read one after the other, and whatever else is asked of the site is answered as ever.
//!
//! Times are not divided here: who waits for a stream asks for it once a second, whatever the session's times are.

use std::fmt;

use harness::{Exchange, Setup};
use thirtyfour::WindowHandle;

use super::gallery::{Gallery, play, play_on, setup};

const SPEED: f64 = 1.0;
/// Of all tabs together.
const STREAMS_MAX: usize = 2;

/// As any other part of the site would: milliseconds until a page of the origin was there.
const ASK_SITE: &str = "const done = arguments[arguments.length - 1]; const began = performance.now(); \
    fetch('/?' + Math.random(), { cache: 'no-store' }).then((answer) => answer.text()) \
      .then(() => done(performance.now() - began), (error) => done(String(error)))";
/// How long that may take, in milliseconds.
const ANSWERED_WITHIN_MS: f64 = 2_000.0;

/// A screen that reads since others have the streams, and says so.
const IS_CROWDED_OUT: &str =
    "shown(n).connection === 'polling' && told(n, 'connection').includes('Other screens')";

/// Opens so many windows, each with a screen of its own generation.
async fn open_windows(gallery: &Gallery<'_>, count: usize) -> Vec<WindowHandle> {
    let driver = gallery.stage.page.driver();
    let mut windows = vec![driver.window().await.expect("there is one")];
    gallery.start("honest", 1).await;
    while windows.len() < count {
        let window = driver.new_window().await.expect("another opens");
        driver.switch_to_window(window.clone()).await.expect("it can be looked at");
        gallery.start("honest", 1).await;
        windows.push(window);
    }
    windows
}

async fn look_at(gallery: &Gallery<'_>, window: &WindowHandle) {
    let driver = gallery.stage.page.driver();
    driver.switch_to_window(window.clone()).await.expect("it can be looked at");
}

/// What was open at once, at most.
#[derive(Debug)]
struct Crowd {
    connections: usize,
    streams: usize,
    held: usize,
    seatless: usize,
}

impl Crowd {
    fn of(all: &[Exchange]) -> Crowd {
        let is_seatless = |it: &Exchange| is_plain_read(it) && !has_had_stream(all, it);
        Crowd {
            connections: at_once(all, |_| true),
            streams: at_once(all, |it| it.request.is_stream()),
            held: at_once(all, |it| it.request.header("prefer").is_some()),
            seatless: at_once(all, is_seatless),
        }
    }

    fn assert_leaves_room(&self) {
        assert!(self.streams <= STREAMS_MAX, "too many streams: {self}");
        assert!(self.held <= STREAMS_MAX, "reads are held by who has no stream: {self}");
        assert!(self.seatless <= 1, "who has no stream waits for its turn: {self}");
    }
}

impl fmt::Display for Crowd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Crowd { connections, streams, held, seatless } = self;
        write!(f, "at once at most {streams} streams, {held} held reads, {seatless} reads without a seat, ")?;
        write!(f, "{connections} connections")
    }
}

/// The most of them that were open at one moment.
fn at_once(all: &[Exchange], is: impl Fn(&Exchange) -> bool) -> usize {
    let of_kind: Vec<&Exchange> = all.iter().filter(|it| is(it)).collect();
    let open_at = |unix_ms| of_kind.iter().filter(|it| it.is_open_at(unix_ms)).count();
    of_kind.iter().map(|it| open_at(it.request.at_unix_ms)).max().unwrap_or(0)
}

fn is_plain_read(it: &Exchange) -> bool {
    it.request.method == "GET" && !it.request.is_stream() && it.request.header("prefer").is_none()
}

/// Whether the generation of this read had a stream by then: it has its seat from there to its end.
fn has_had_stream(all: &[Exchange], read: &Exchange) -> bool {
    let stream = format!("{}/events", read.request.path);
    all.iter().any(|it| it.request.path == stream && it.request.at_unix_ms <= read.request.at_unix_ms)
}

#[tokio::test]
async fn seven_tabs_have_two_streams_and_whatever_else_is_asked_of_the_site_is_answered() {
    let setup = Setup { alone: true, ..setup(SPEED, 32.0) };
    play_on("seven-tabs", SPEED, setup, async |gallery| {
        let (driver, proxy) = (gallery.stage.page.driver(), &gallery.stage.proxy);
        let windows = open_windows(gallery, 7).await;
        let mut live = 0;
        for window in &windows {
            look_at(gallery, window).await;
            assert_eq!(gallery.text("return document.visibilityState").await, "visible");
            let settled = format!("const n = 1; return shown(n).connection === 'live' || {IS_CROWDED_OUT}");
            gallery.until("it is live, or says why not", &settled).await;
            live += usize::from(gallery.text("return shown(1).connection").await == "live");
        }
        assert_eq!(live, STREAMS_MAX);
        let mut slowest_ms: f64 = 0.0;
        for window in &windows {
            look_at(gallery, window).await;
            let answer = driver.execute_async(ASK_SITE, vec![]).await.expect("the page can be asked");
            let after_ms = answer.json().as_f64();
            slowest_ms = slowest_ms.max(after_ms.unwrap_or_else(|| panic!("{}", answer.json())));
            assert_eq!(gallery.text("return shown(1).phase").await, "running", "all of them run");
        }
        let open = proxy.api_exchanges().iter().filter(|it| it.until_unix_ms.is_none()).count();
        for window in &windows {
            look_at(gallery, window).await;
            gallery.assert_ended(1, "complete").await;
        }
        let crowd = Crowd::of(&proxy.api_exchanges());
        let requests = proxy.api_requests().len();
        println!(
            "figures: seven-tabs: {requests} requests; {crowd}; a page within {slowest_ms:.0} ms, \
             with {open} open"
        );
        crowd.assert_leaves_room();
        assert!(slowest_ms < ANSWERED_WITHIN_MS, "a page of the site came after {slowest_ms:.0} ms");
    })
    .await;
}

#[tokio::test]
async fn when_a_tab_with_a_stream_is_closed_another_has_it_within_seconds() {
    play("tab-closed", SPEED, 20.0, async |gallery| {
        let (driver, proxy) = (gallery.stage.page.driver(), &gallery.stage.proxy);
        let windows = open_windows(gallery, 3).await;
        gallery.until("others have the streams", &format!("const n = 1; return {IS_CROWDED_OUT}")).await;
        let id = gallery.id(1).await;
        look_at(gallery, &windows[0]).await;
        gallery.until_connection("live").await;
        let (closed_id, closed_at) = (gallery.id(1).await, gallery.now_unix_ms().await);
        driver.close_window().await.expect("it can be closed");
        look_at(gallery, &windows[2]).await;
        gallery.until_connection("live").await;
        let stream = gallery.requests(&id).into_iter().find(|request| request.is_stream());
        let after = gallery.seconds(closed_at, stream.expect("it is live").at_unix_ms as f64);
        let is_left = |it: &Exchange| it.request.path.contains(&closed_id);
        let is_closed = || proxy.api_exchanges().iter().all(|it| !is_left(it) || it.until_unix_ms.is_some());
        gallery.stage.page.until_true("what the closed tab had open is closed", is_closed).await;
        let mut all = proxy.api_exchanges();
        // A browser gives the locks of a closed tab back at once, and closes its connections up to half a second later.
        for left in all.iter_mut().filter(|it| is_left(it)) {
            left.until_unix_ms = left.until_unix_ms.min(Some(closed_at as u128));
        }
        let crowd = Crowd::of(&all);
        println!("figures: tab-closed: another had its stream after {after:.1} s; {crowd}");
        crowd.assert_leaves_room();
        assert!(after < 4.0, "its stream was taken after {after:.1} s");
        for window in &windows[1..] {
            look_at(gallery, window).await;
            gallery.assert_ended(1, "complete").await;
        }
    })
    .await;
}

#[tokio::test]
async fn seven_screens_on_one_page_have_two_streams_and_all_are_right() {
    play("seven-screens", SPEED, 20.0, async |gallery| {
        gallery.start("honest", 7).await;
        let settled = format!(
            "const all = [1, 2, 3, 4, 5, 6, 7]; \
             return all.filter((n) => shown(n).connection === 'live').length === 2 \
               && all.filter((n) => {IS_CROWDED_OUT}).length === 5"
        );
        gallery.until("two are live, and five say why not", &settled).await;
        let answer = gallery.stage.page.driver().execute_async(ASK_SITE, vec![]).await;
        let answered_ms = answer.expect("the page can be asked").json().as_f64().unwrap_or(f64::NAN);
        for n in 1..=7 {
            gallery.assert_ended(n, "complete").await;
        }
        let crowd = Crowd::of(&gallery.stage.proxy.api_exchanges());
        println!("figures: seven-screens: {crowd}; a page within {answered_ms:.0} ms");
        crowd.assert_leaves_room();
        assert!(answered_ms < ANSWERED_WITHIN_MS, "a page of the site came after {answered_ms:.0} ms");
    })
    .await;
}
