//! Screens that are taken away, cancelled, or side by side: each ends its own requests, all of them, and no others.

use harness::{Held, Which};

use super::gallery::{Gallery, play};
use super::token::REFUSED;

const SPEED: f64 = 5.0;

/// Takes the first screen off the page: all that was open is closed, and half a minute later nothing was sent or told.
async fn unmount_and_see(gallery: &Gallery<'_>) {
    let proxy = &gallery.stage.proxy;
    gallery.press(1, "unmount").await;
    let since = gallery.now_unix_ms().await;
    gallery.stage.page.until_true("nothing is open", || proxy.open() == 0).await;
    assert_eq!(
        gallery.ask("return panel(1).querySelector('[data-part=screen]')").await,
        serde_json::Value::Null
    );
    let sent = proxy.api_requests().len();
    proxy.heal();
    gallery.until_passed(since, 30.0).await;
    assert_eq!(proxy.api_requests().len(), sent, "something was sent by a screen that is gone");
    let rows = gallery.rows(1).await;
    assert_eq!(rows.last().map(|row| row.name.as_str()), Some("unmounted"), "somebody was told: {rows:?}");
    gallery.print_figures(1, gallery.name).await;
}

#[tokio::test]
async fn unmount_while_a_stream_is_being_opened_closes_it() {
    play("unmount-opening", SPEED, 120.0, async |gallery| {
        let proxy = &gallery.stage.proxy;
        proxy.hold(Which::Streams, Held::Answer);
        gallery.start("honest", 1).await;
        gallery
            .stage
            .page
            .until_true("the stream is being opened", || proxy.count("GET", "/events") == 1)
            .await;
        unmount_and_see(gallery).await;
    })
    .await;
}

#[tokio::test]
async fn unmount_while_it_waits_for_its_next_try_ends_the_waiting() {
    play("unmount-waiting", SPEED, 120.0, async |gallery| {
        let proxy = &gallery.stage.proxy;
        gallery.start("honest", 1).await;
        gallery.until_connection("live").await;
        proxy.refuse(Which::All);
        proxy.cut(Which::All);
        gallery.until_connection("reconnecting").await;
        gallery.stage.page.until_true("it waits", || proxy.open() == 0).await;
        unmount_and_see(gallery).await;
    })
    .await;
}

#[tokio::test]
async fn unmount_while_a_token_is_renewed_lets_nobody_know_of_it() {
    play("unmount-refreshing", SPEED, 120.0, async |gallery| {
        let proxy = &gallery.stage.proxy;
        gallery.start("honest", 1).await;
        gallery.until_connection("live").await;
        let tokens = proxy.count("POST", "/api/session");
        proxy.hold(Which::All, Held::Answer);
        proxy.answer_instead(|request| {
            request.path.starts_with("/api/generations").then(|| REFUSED.to_owned())
        });
        proxy.cut(Which::All);
        gallery
            .stage
            .page
            .until_true("a token is asked for", || proxy.count("POST", "/api/session") > tokens)
            .await;
        // The host's own request for a token is the host's to abort: it is let through, and finds nobody.
        gallery.press(1, "unmount").await;
        proxy.heal();
        gallery.stage.page.until_true("nothing is open", || proxy.open() == 0).await;
        let (since, sent) = (gallery.now_unix_ms().await, proxy.api_requests().len());
        gallery.until_passed(since, 30.0).await;
        assert_eq!(proxy.api_requests().len(), sent, "something was sent by a screen that is gone");
        let rows = gallery.rows(1).await;
        assert_eq!(
            rows.last().map(|row| row.name.as_str()),
            Some("unmounted"),
            "somebody was told: {rows:?}"
        );
        gallery.print_figures(1, gallery.name).await;
    })
    .await;
}

#[tokio::test]
async fn two_screens_are_independent_and_both_right() {
    play("two-screens", SPEED, 60.0, async |gallery| {
        gallery.start("honest", 2).await;
        let ids = (gallery.id(1).await, gallery.id(2).await);
        assert_ne!(ids.0, ids.1);
        gallery.until("both are live", "return [1, 2].every((n) => shown(n).connection === 'live')").await;
        for n in [1, 2] {
            gallery.assert_ended(n, "complete").await;
            gallery.print_figures(n, &format!("two-screens, screen {n}")).await;
        }
        gallery.stage.page.until_true("nothing is open", || gallery.stage.proxy.open() == 0).await;
    })
    .await;
}

#[tokio::test]
async fn two_screens_of_which_one_is_taken_away_leave_the_other_alone() {
    play("one-of-two", SPEED, 60.0, async |gallery| {
        gallery.start("honest", 2).await;
        gallery.until("both are live", "return [1, 2].every((n) => shown(n).connection === 'live')").await;
        gallery.press(1, "unmount").await;
        gallery.stage.page.until_true("one stream is open", || gallery.stage.proxy.open() == 1).await;
        gallery.assert_ended(2, "complete").await;
        let rows = gallery.rows(2).await;
        assert!(!rows.iter().any(|row| row.name == "stream-lost"), "{rows:?}");
    })
    .await;
}

#[tokio::test]
async fn cancel_is_asked_for_once_and_ends_everything() {
    play("cancel", SPEED, 120.0, async |gallery| {
        gallery.start("honest", 1).await;
        gallery.until_html(2_000).await;
        gallery.press(1, "cancel").await;
        gallery.assert_ended(1, "cancelled").await;
        gallery.print_figures(1, gallery.name).await;
        assert_eq!(gallery.stage.proxy.count("POST", "/cancel"), 1);
        let kept = gallery.ask("return html(1).length").await.as_u64();
        assert!(kept >= Some(2_000), "what had arrived is gone");
    })
    .await;
}
