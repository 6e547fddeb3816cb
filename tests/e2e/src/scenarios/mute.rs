//! Streams that bring nothing although they are open: the screen is carried by reads, and never calls that live.

use super::gallery::{Gallery, Row, play};

const SPEED: f64 = 5.0;
/// What browser, proxy and server may take for one step, at that speed: 0.3 s of this machine's time.
const SLACK_S: f64 = 1.5;

/// Content comes by reads within 2.7 s of the stream's opening; the attempt is given up at 10 s.
async fn assert_carried(gallery: &Gallery<'_>) {
    let lost = gallery.until_row("stream-lost", "mute").await;
    gallery.assert_complete().await;
    let requests = gallery.requests(&gallery.id(1).await);
    let opened = requests.iter().find(|request| request.is_stream()).expect("a stream was tried");
    let opened = opened.at_unix_ms as f64;
    let read = requests.iter().find(|request| !request.is_stream() && request.at_unix_ms as f64 > opened);
    let read_after = gallery.seconds(opened, read.expect("the state was read beside it").at_unix_ms as f64);
    assert!(
        (2.5 - SLACK_S..2.7 + SLACK_S).contains(&read_after),
        "read {read_after:.1} s after the stream was opened"
    );
    let given_up_after = gallery.seconds(opened, lost.at_unix_ms);
    assert!(
        (10.0 - SLACK_S..10.0 + SLACK_S).contains(&given_up_after),
        "given up after {given_up_after:.1} s"
    );
    let connections = gallery.connections(1).await;
    assert!(connections.contains(&"polling".to_owned()), "{connections:?}");
    assert!(!connections.contains(&"live".to_owned()), "{connections:?}");
}

#[tokio::test]
async fn headers_never_the_page_comes_by_reads_and_the_attempt_is_given_up() {
    play("headers-never", SPEED, 40.0, async |gallery| {
        gallery.start("headers-never", 1).await;
        assert_carried(gallery).await;
    })
    .await;
}

#[tokio::test]
async fn body_held_a_buffering_proxy_does_not_hold_the_screen() {
    play("body-held", SPEED, 40.0, async |gallery| {
        gallery.start("body-held", 1).await;
        assert_carried(gallery).await;
    })
    .await;
}

/// Remembers when the page grew while the stream was live.
const REMEMBER: &str = "window.__grew = []; \
    const grew = () => { if (shown(1).connection === 'live') window.__grew.push(Date.now()); }; \
    const everything = { childList: true, subtree: true, characterData: true }; \
    new MutationObserver(grew).observe(inside(1, 'source-text'), everything)";

#[tokio::test]
async fn half_open_a_stream_that_falls_silent_is_polled_beside_given_up_and_resumed() {
    play("half-open", SPEED, 100.0, async |gallery| {
        gallery.start("half-open", 1).await;
        gallery.ask(REMEMBER).await;
        gallery.until_connection("live").await;
        gallery.until_connection("polling").await;
        let before = gallery.ask("return html(1).length").await;
        gallery.until("the page grows by reads", &format!("return html(1).length > {before}")).await;
        gallery.assert_complete().await;
        let rows = gallery.rows(1).await;
        let is_silent = |row: &&Row| row.is_lost("behind") || row.is_lost("idle");
        let lost = rows.iter().rfind(is_silent).expect("it was given up");
        let grew = gallery.ask("return window.__grew").await;
        let grew = grew.as_array().into_iter().flatten().filter_map(serde_json::Value::as_f64);
        let silent_at = grew.filter(|at| *at < lost.at_unix_ms).fold(f64::NAN, f64::max);
        let mut after = rows.iter().filter(|row| row.kind == "connection" && row.at_unix_ms > silent_at);
        let left = after.find(|row| row.name != "live");
        let doubted = gallery.seconds(silent_at, left.expect("it was doubted").at_unix_ms);
        let given_up = gallery.seconds(silent_at, lost.at_unix_ms);
        println!(
            "figures: half-open: doubted after {doubted:.1} s of silence, given up after {given_up:.1} s ({})",
            lost.detail
        );
        // Half of the idle time is 18.75 s with a heartbeat of 15 s. Then a read says how much is missing.
        assert!((18.75 - SLACK_S..18.75 + SLACK_S).contains(&doubted), "doubted after {doubted:.1} s");
        assert!(given_up < 37.5 + SLACK_S, "given up after {given_up:.1} s");
        let live_again = rows.iter().any(|row| row.name == "stream-live" && row.at_unix_ms > lost.at_unix_ms);
        assert!(live_again, "it was not live again: {rows:?}");
        let requests = gallery.requests(&gallery.id(1).await);
        let last = requests.iter().rfind(|request| request.is_stream()).expect("there was a stream");
        assert!(last.header("last-event-id").is_some(), "it was not resumed");
    })
    .await;
}
