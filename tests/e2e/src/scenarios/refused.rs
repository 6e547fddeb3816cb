//! Servers that refuse: streams that are not there, die, or come back; reads that are never answered.

use super::gallery::{Gallery, play};

const SPEED: f64 = 10.0;

/// Seconds after the screen's begin at which a row stands.
async fn after_begin(gallery: &Gallery<'_>, at_unix_ms: f64) -> f64 {
    let rows = gallery.rows(1).await;
    gallery.seconds(rows[0].at_unix_ms, at_unix_ms)
}

#[tokio::test]
async fn no_stream_one_refusal_is_enough_and_the_page_comes_by_reads() {
    play("no-stream", SPEED, 30.0, async |gallery| {
        for scenario in ["no-stream", "no-stream-405", "no-stream-406", "no-stream-501"] {
            gallery.start(scenario, 1).await;
            gallery.assert_ended(1, "complete").await;
            gallery.print_figures(1, scenario).await;
            let requests = gallery.requests(&gallery.id(1).await);
            assert_eq!(requests.iter().filter(|request| request.is_stream()).count(), 1, "{scenario}");
            let rows = gallery.rows(1).await;
            assert!(rows.iter().any(|row| row.is_lost("not-offered")), "{scenario}: {rows:?}");
            assert!(!gallery.connections(1).await.contains(&"live".to_owned()), "{scenario}");
        }
    })
    .await;
}

#[tokio::test]
async fn dies_young_reads_carry_the_screen_and_streams_are_tried_ten_times_a_minute_at_most() {
    play("dies-young", SPEED, 130.0, async |gallery| {
        gallery.start("dies-young", 1).await;
        gallery.until_connection("polling").await;
        let before = gallery.ask("return html(1).length").await;
        let grows = format!("return shown(1).connection === 'polling' && html(1).length > {before}");
        gallery.until("the page grows by reads", &grows).await;
        // The limits per minute are among what holds of every scenario.
        gallery.assert_complete().await;
        let rows = gallery.rows(1).await;
        let lost = rows.iter().filter(|row| row.name == "stream-lost").count();
        assert!(lost >= 5, "it was tried again and again: {lost}");
    })
    .await;
}

#[tokio::test]
async fn poll_hangs_reads_without_an_answer_are_given_up_and_the_stream_is_still_tried() {
    play("poll-hangs", SPEED, 70.0, async |gallery| {
        gallery.start("poll-hangs", 1).await;
        let failed = gallery.until_row("read-failed", "0").await;
        gallery.until_connection("live").await;
        gallery.assert_complete().await;
        let requests = gallery.requests(&gallery.id(1).await);
        let read = requests.iter().find(|request| !request.is_stream()).expect("the state was read");
        let given_up_after = gallery.seconds(read.at_unix_ms as f64, failed.at_unix_ms);
        assert!((9.0..13.0).contains(&given_up_after), "the read was given up after {given_up_after:.1} s");
        let tried = requests
            .iter()
            .filter(|request| request.is_stream() && (request.at_unix_ms as f64) < failed.at_unix_ms);
        assert!(tried.count() >= 1, "the stream waited for a read that hung");
    })
    .await;
}

#[tokio::test]
async fn heals_the_screen_is_back_on_the_stream_within_a_minute_and_reads_stop() {
    play("heals", SPEED, 120.0, async |gallery| {
        gallery.start("heals", 1).await;
        gallery.until_connection("polling").await;
        gallery.until_connection("live").await;
        gallery.assert_complete().await;
        let rows = gallery.rows(1).await;
        let live = rows.iter().find(|row| row.name == "stream-live").expect("it was live");
        let healed_s = 20.0;
        let back_s = after_begin(gallery, live.at_unix_ms).await - healed_s;
        println!("figures: heals: live {back_s:.1} s after the path had healed");
        assert!(back_s < 60.0, "back on the stream {back_s:.1} s after the path had healed");
        let requests = gallery.requests(&gallery.id(1).await);
        let reads = requests
            .iter()
            .filter(|request| !request.is_stream() && request.at_unix_ms as f64 > live.at_unix_ms);
        let reads = reads.count();
        assert!(reads <= 1, "{reads} reads while live: one is for the end, the others for nothing");
    })
    .await;
}
