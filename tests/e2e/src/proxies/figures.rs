//! What a way through a proxy costs: the time to the first content, measured in the page, and the requests that came
//! through, by the kind. It judges only what holds for every way: the limits of each minute.

use std::time::Duration;

use harness::{Page, READS_MAX, Request, STREAMS_MAX, Stage};

/// Counts from the click that sends the form to the first byte of source on the screen, by the page's own clock.
const STOPWATCH: &str = "let began; \
    action('start').addEventListener('click', () => { began = performance.now(); }, { once: true, capture: true }); \
    const observer = new MutationObserver(() => { \
      if (began === undefined || !source()) return; \
      window.__content_after_ms = performance.now() - began; observer.disconnect(); }); \
    observer.observe(document, { subtree: true, childList: true, characterData: true });";

/// What one generation took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    pub(crate) content_after: Duration,
    /// Streams that were asked for.
    pub(crate) streams: usize,
    /// Reads of the state, the last one included.
    pub(crate) reads: usize,
}

/// So that no figure holds what the server does once.
const WARM_UP: &str = include_str!("warm_up.js");

/// Starts a generation from the form and the clock with it, on a server that has done one before. The screen is there
/// when this returns.
pub(crate) async fn start(page: &Page, place: &str) {
    page.visit("").await;
    let warm = page.driver().execute_async(WARM_UP, vec![]).await.expect("the page can be asked");
    assert!(warm.json().is_null(), "the server could not be warmed up: {}", warm.json());
    page.ask(STOPWATCH).await;
    page.submit(place).await;
    page.until("the screen of the new generation shows", "return screen.phase && id").await;
}

/// The figures of a generation that has ended, in less than a minute. Prints them.
pub(crate) async fn figures(way: &str, stage: &Stage) -> Figures {
    let after_ms = stage.page.until("there was content", "return window.__content_after_ms").await;
    let requests = stage.proxy.api_requests();
    let of_generation = |request: &&Request| request.method == "GET";
    let (streams, reads): (Vec<&Request>, Vec<&Request>) =
        requests.iter().filter(of_generation).partition(|request| request.is_stream());
    let (streams, reads) = (streams.len(), reads.len());
    let times = || requests.iter().map(|request| request.at_unix_ms);
    let took_ms = times().max().unwrap_or_default() - times().min().unwrap_or_default();
    let content_after = Duration::from_secs_f64(after_ms.as_f64().unwrap_or(f64::MAX) / 1000.0);
    let took = took_ms as f64 / 1000.0;
    println!(
        "{way}: content after {:.1} s; streams: {streams}, reads: {reads} in {took:.0} s, {:.0} requests a minute",
        content_after.as_secs_f64(),
        (streams + reads) as f64 * 60.0 / took,
    );
    assert!(streams <= STREAMS_MAX, "{streams} streams in less than a minute");
    assert!(reads <= READS_MAX, "{reads} reads in less than a minute");
    Figures { content_after, streams, reads }
}

/// The screen has never said that it is live.
pub(crate) async fn assert_never_live(page: &Page) {
    let connections = page.connections().await;
    assert!(!connections.contains(&"live".to_owned()), "it was called live: {connections:?}");
}

/// The screen says that it is live, while there is more to come.
pub(crate) async fn until_live(page: &Page) {
    let live = "return screen.phase === 'running' && screen.connection === 'live'";
    page.until("the connection is live", live).await;
}
