//! Streams that come in odd pieces, end too soon, or carry odd ids: the page is the server's all the same.

use super::gallery::{Gallery, play};

const SPEED: f64 = 5.0;

/// The ids after which the streams of the first screen were asked for, in order; empty: from the start.
async fn last_event_ids(gallery: &Gallery<'_>) -> Vec<String> {
    let requests = gallery.requests(&gallery.id(1).await);
    let streams = requests.iter().filter(|request| request.is_stream());
    streams.map(|stream| stream.header("last-event-id").unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn split_anywhere_a_stream_cut_at_every_place_brings_the_same_page() {
    play("split-anywhere", SPEED, 40.0, async |gallery| {
        gallery.start("split-anywhere", 1).await;
        gallery.until_connection("live").await;
        gallery.assert_complete().await;
        assert_eq!(last_event_ids(gallery).await.len(), 1, "one stream is enough");
        let rows = gallery.rows(1).await;
        assert!(!rows.iter().any(|row| row.name == "stream-lost"), "it was never given up: {rows:?}");
    })
    .await;
}

#[tokio::test]
async fn clean_eof_an_end_without_the_last_event_is_no_success_and_the_stream_is_resumed() {
    play("clean-eof", SPEED, 60.0, async |gallery| {
        gallery.start("clean-eof", 1).await;
        let lost = gallery.until_row("stream-lost", "closed").await;
        let running = gallery.text("return shown(1).phase").await;
        assert_eq!(running, "running", "the end of a stream is not the end of the work");
        gallery.assert_complete().await;
        assert_eq!(last_event_ids(gallery).await.get(1).map(String::as_str), Some("1-19"));
        let rows = gallery.rows(1).await;
        let live =
            rows.iter().filter(|row| row.at_unix_ms > lost.at_unix_ms).find(|row| row.name == "stream-live");
        assert!(live.is_some(), "it was not live again: {rows:?}");
    })
    .await;
}

#[tokio::test]
async fn foreign_id_ids_that_are_hard_to_carry_are_sent_back_or_done_without() {
    play("foreign-id", SPEED, 60.0, async |gallery| {
        gallery.start("foreign-id", 1).await;
        // Each seventh id is longer than one may be: that connection is given up, as for every limit.
        gallery.until_row("stream-lost", "limit").await;
        gallery.assert_complete().await;
        let ids = last_event_ids(gallery).await;
        assert!(ids.len() >= 2, "it was not opened again: {ids:?}");
        // The stream's own id, as bytes of UTF-8, since nothing else can stand in a header; or the state's.
        let resumed = |id: &String| id.starts_with("1-") || id.starts_with("🗼 Zürich, 東京 1-");
        assert!(ids[1..].iter().all(resumed), "{ids:?}");
        assert!(ids.iter().all(|id| id.len() <= 1024), "an id longer than 1 KiB was sent");
    })
    .await;
}
