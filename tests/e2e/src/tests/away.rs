//! For those who look elsewhere: the page's title, its icon, and a notification.

use harness::{EIFFEL_TOWER, Page, Setup, on_stage};
use serde_json::json;

/// What the title is when nothing is shown.
const HOST: &str = "Generation screen";
const ICON: &str = "document.querySelector('link[rel~=icon]').getAttribute('href')";

/// Puts a notification in place of the browser's own, which nobody can press here: it is asked for permission, gets this one, and
/// what it tells with it is written down.
async fn replace_notifications(page: &Page, permission: &str) {
    let replace = "window.__told = []; window.__asked = 0;
        window.Notification = class {
          static permission = 'default';
          static async requestPermission() { window.__asked += 1; this.permission = arguments[0]; return this.permission; }
          constructor(text) { if (window.Notification.permission === 'granted') window.__told.push(text); }
        };";
    page.ask(&replace.replace("arguments[0]", &json!(permission).to_string())).await;
}

/// The page believes that nobody sees it.
const HIDE: &str = "Object.defineProperty(document, 'hidden', { get: () => true })";

#[tokio::test]
async fn title_and_icon_tell_progress_and_end_and_are_given_back() {
    on_stage("away-title", Setup::taking(4.0), async |stage| {
        let page = &stage.page;
        page.visit("").await;
        let (host, icon) =
            (page.text("return document.title").await, page.text(&format!("return {ICON}")).await);
        assert_eq!(host, HOST);
        page.submit(EIFFEL_TOWER).await;
        let going = "return /^[1-9][0-9]? percent done · .+ – Generation screen$/.test(document.title)";
        page.until("the title tells how far it is", going).await;
        page.until("so does the icon", &format!("return / stroke-dasharray='[1-9][0-9]? 100'/.test({ICON})"))
            .await;
        assert_eq!(page.until_ended().await, "complete");
        page.until(
            "the title tells the end",
            "return document.title === 'The page is ready – Generation screen'",
        )
        .await;
        page.until("the icon is whole", &format!("return {ICON}.includes(\"stroke-dasharray='100 100'\")"))
            .await;
        page.press("start-another").await;
        page.until("the title is the host's own", &format!("return document.title === {}", json!(host)))
            .await;
        assert_eq!(page.text(&format!("return {ICON}")).await, icon);
    })
    .await;
}

#[tokio::test]
async fn a_notification_tells_the_end_to_who_asked_for_it_and_does_not_look() {
    on_stage("away-notified", Setup::taking(9.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        replace_notifications(page, "granted").await;
        assert_eq!(page.ask("return window.__asked").await, 0, "nobody is asked unasked");
        page.press("notify").await;
        page.until("it is on", "return action('notify').getAttribute('aria-pressed') === 'true'").await;
        assert_eq!(page.ask("return window.__asked").await, 1);
        page.ask(HIDE).await;
        assert_eq!(page.until_ended().await, "complete");
        page.until("it was told", "return window.__told.length").await;
        assert_eq!(page.ask("return window.__told").await, json!(["The page is ready – Generation screen"]));
        assert!(
            page.ask("return action('notify').checkVisibility()").await == false,
            "there is nothing more to tell"
        );
    })
    .await;
}

#[tokio::test]
async fn no_notification_is_shown_to_who_looks_or_did_not_allow_it() {
    for (name, permission, hide) in [("away-looking", "granted", ""), ("away-denied", "denied", HIDE)] {
        on_stage(name, Setup::taking(9.0), async |stage| {
            let page = &stage.page;
            page.start(EIFFEL_TOWER).await;
            replace_notifications(page, permission).await;
            page.press("notify").await;
            page.until(
                "the answer was heard",
                "return window.__asked && Notification.permission !== 'default'",
            )
            .await;
            page.ask(hide).await;
            assert_eq!(page.until_ended().await, "complete");
            page.until(
                "the end was told by the title",
                "return document.title.startsWith('The page is ready')",
            )
            .await;
            assert_eq!(page.ask("return window.__told").await, json!([]), "{name}");
        })
        .await;
    }
}

#[tokio::test]
async fn where_only_a_service_worker_may_notify_nothing_is_promised() {
    on_stage("away-worker-only", Setup::taking(9.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        replace_notifications(page, "granted").await;
        page.ask("Notification = class extends Notification { constructor() { throw new TypeError('Illegal constructor'); } }")
            .await;
        page.press("notify").await;
        page.until("the button is gone", "return !action('notify').checkVisibility()").await;
        assert_eq!(page.ask("return [__asked, __told.length]").await, json!([0, 0]), "nobody was asked for nothing");
    })
    .await;
}
