//! What happens to the page: hidden, asleep, reloaded, left and shown again.

use harness::{Setup, Which};
use serde_json::json;

use super::gallery::{Gallery, play, play_on, setup};

/// Requests since a moment.
async fn sent_since(gallery: &Gallery<'_>, unix_ms: f64, seconds: f64) -> usize {
    let requests = gallery.requests(&gallery.id(1).await);
    let since = requests.iter().map(|request| gallery.seconds(unix_ms, request.at_unix_ms as f64));
    since.filter(|after| (0.0..seconds).contains(after)).count()
}

/// Remembers when the page is seen again.
const WHEN_SEEN: &str =
    "document.addEventListener('visibilitychange', () => { window.__seen_at = Date.now(); }, { once: true })";

#[tokio::test]
async fn hidden_ten_minutes_in_the_background_and_right_as_soon_as_it_is_seen() {
    let speed = 25.0;
    // At this speed a browser that waits for a processor looks like a slow network.
    let setup = Setup { alone: true, ..setup(speed, 720.0) };
    play_on("hidden", speed, setup, async |gallery| {
        let driver = gallery.stage.page.driver();
        gallery.start("honest", 1).await;
        gallery.until_connection("live").await;
        driver.minimize_window().await.expect("it can be hidden");
        gallery.until("the page is hidden", "return document.visibilityState === 'hidden'").await;
        let since = gallery.now_unix_ms().await;
        // The stream is lost on the way, as it is when a laptop changes networks.
        gallery.stage.proxy.refuse(Which::All);
        gallery.stage.proxy.cut(Which::All);
        gallery.until_passed(since, 600.0).await;
        let hidden = sent_since(gallery, since, 600.0).await;
        gallery.stage.proxy.heal();
        let state = gallery.state("", &gallery.id(1).await).await;
        let there = state["html"]["len"].as_u64().unwrap_or(0);
        gallery.ask(WHEN_SEEN).await;
        driver.set_window_rect(0, 0, 1200, 900).await.expect("it can be shown");
        let right = gallery
            .until("it shows what the server had", &format!("return html(1).length >= {there} && Date.now()"))
            .await;
        let shown_at = gallery.until("it is seen", "return window.__seen_at").await;
        let shown_at = shown_at.as_f64().unwrap_or(f64::NAN);
        let after = gallery.seconds(shown_at, right.as_f64().unwrap_or(f64::NAN));
        println!("figures: hidden: {hidden} requests in 600 s; right {after:.1} s after it was shown");
        // A second of the session is 40 ms of this machine; to send and to read takes a browser 0.3 s and more.
        assert!(after <= 1.0 + 1.0 * speed, "right {after:.1} s after it was shown");
        gallery.until_passed(shown_at, 10.0).await;
        let sent = sent_since(gallery, shown_at, 10.0).await;
        assert!(sent <= 4, "{sent} requests as soon as it was shown");
        gallery.assert_complete().await;
    })
    .await;
}

#[tokio::test]
async fn asleep_a_page_that_slept_through_the_end_of_the_work_wakes_up_to_it() {
    let speed = 10.0;
    play("asleep", speed, 60.0, async |gallery| {
        let page = &gallery.stage.page;
        gallery.start("honest", 1).await;
        gallery.until_connection("live").await;
        gallery.until_html(500).await;
        let id = gallery.id(1).await;
        page.devtools("Page.setWebLifecycleState", json!({ "state": "frozen" })).await;
        gallery.stage.proxy.refuse(Which::All);
        gallery.stage.proxy.cut(Which::All);
        let (asleep, sent) = (std::time::Instant::now(), gallery.requests(&id).len());
        page.until_true("the work is over", || asleep.elapsed().as_secs_f64() * speed > 70.0).await;
        assert_eq!(gallery.requests(&id).len(), sent, "something was sent in its sleep");
        gallery.stage.proxy.heal();
        page.devtools("Page.setWebLifecycleState", json!({ "state": "active" })).await;
        gallery.assert_complete().await;
        let woken = gallery.requests(&id).len() - sent;
        println!("figures: asleep: {woken} requests after it woke up");
        assert!(woken <= 3, "{woken} requests to learn that it was over");
    })
    .await;
}

#[tokio::test]
async fn reload_in_the_middle_comes_back_to_the_same_page_and_its_stop_button_works() {
    play("reload", 3.0, 45.0, async |gallery| {
        gallery.start("honest", 1).await;
        gallery.until_html(2_000).await;
        let (id, before) = (gallery.id(1).await, gallery.ask("return html(1).length").await);
        let address = gallery.text("return location.search").await;
        assert!(address.contains(&format!("mount={id}")), "{address}");
        gallery.stage.page.driver().refresh().await.expect("the page loads again");
        gallery.until("what was there is there again", &format!("return html(1).length >= {before}")).await;
        assert_eq!(gallery.id(1).await, id);
        assert_eq!(gallery.stage.proxy.count("POST", "/api/generations"), 1, "coming back starts nothing");
        gallery
            .until(
                "it is said that one came back",
                "return told(1, 'remarks').includes('came back in the middle')",
            )
            .await;
        gallery.until_connection("live").await;
        gallery.press(1, "cancel").await;
        gallery.assert_ended(1, "cancelled").await;
        gallery.print_figures(1, gallery.name).await;
        assert_eq!(gallery.stage.proxy.count("POST", "/cancel"), 1);
    })
    .await;
}

/// Remembers how the page was shown last.
const LISTEN: &str = "window.__mark = 'the same'; \
    window.addEventListener('pageshow', (event) => { window.__kept = event.persisted; })";

#[tokio::test]
async fn back_button_a_page_that_comes_back_from_the_browsers_cache_goes_on_and_leaks_nothing() {
    play("back-button", 10.0, 120.0, async |gallery| {
        let (driver, proxy) = (gallery.stage.page.driver(), &gallery.stage.proxy);
        gallery.start("honest", 1).await;
        gallery.until_html(1_000).await;
        gallery.ask(LISTEN).await;
        let before = gallery.ask("return html(1).length").await;
        driver.goto(format!("{}/elsewhere", proxy.origin())).await.expect("another page opens");
        gallery.stage.page.until_true("nothing is open", || proxy.open() == 0).await;
        driver.back().await.expect("there is a page before");
        gallery
            .until("it is the same document", "return window.__mark === 'the same' && window.__kept === true")
            .await;
        gallery.until("what was there is there", &format!("return html(1).length >= {before}")).await;
        gallery.until_connection("live").await;
        gallery.stage.page.until_true("one stream is open, and nothing else", || proxy.open() == 1).await;
        gallery.assert_complete().await;
        assert_eq!(proxy.count("POST", "/api/generations"), 1, "coming back starts nothing");
    })
    .await;
}
