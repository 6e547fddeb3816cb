//! The preview in a whole screen, on the gallery's live section: what happens to the page when tabs change, when the work
//! is cancelled, fails or is taken away, and when nobody looks.

use harness::{Engine, Setup, Stage, on_stage};
use serde_json::json;

in_each_engine!(
    a_change_of_tabs_keeps_document_and_place,
    a_cancel_in_mid_stream_closes_the_page_without_an_error,
    a_failure_in_mid_stream_closes_the_page_without_an_error,
    a_screen_that_is_taken_away_in_mid_stream_leaves_no_error,
    a_hidden_tab_reaches_the_end_with_all_of_the_page,
);

/// Opens the gallery, with one screen of this scenario.
pub(crate) async fn on_live(
    name: &'static str,
    setup: Setup,
    scenario: &str,
    test: impl AsyncFnOnce(&Stage),
) {
    on_stage(name, setup, async |stage| {
        let address = format!("{}/?scenario={scenario}&screens=1", stage.proxy.origin());
        let opened = stage.page.driver().goto(&address).await;
        opened.unwrap_or_else(|error| panic!("{address} did not open: {error}"));
        stage.page.until("a screen is there", "return screen.phase").await;
        test(stage).await;
    })
    .await;
}

const WHOLE: &str = "frame().readyState === 'complete' && frame().documentElement.hasAttribute('inert')";

/// What the preview shows is what the parser makes of the source, in a document that is closed.
async fn assert_same(stage: &Stage) {
    let same = format!(
        "const own = new DOMParser().parseFromString(source(), 'text/html'); \
         return {WHOLE} && source().length > 1000 && own.body.innerHTML === frame().body.innerHTML && own.title === frame().title"
    );
    stage.page.until("the preview shows what the source says", &same).await;
}

/// The work ends complete, and so does what is shown.
pub(crate) async fn assert_same_page(stage: &Stage) {
    assert_eq!(stage.page.until_ended().await, "complete");
    assert_same(stage).await;
}

fn taking(engine: Engine, seconds: f64) -> Setup {
    Setup { engine, ..Setup::taking(seconds) }
}

/// Enough of the page is shown to scroll, and more is to come.
async fn until_midway(stage: &Stage) {
    let midway = "return screen.phase === 'running' && frame()?.documentElement?.scrollHeight > 1200";
    stage.page.until("a part of the page is shown", midway).await;
}

const PLACE: &str = "return [window.__document === frame(), frame().documentElement.scrollTop]";

async fn a_change_of_tabs_keeps_document_and_place(engine: Engine) {
    on_live("tabs", taking(engine, 16.0), "honest", async |stage| {
        let page = &stage.page;
        until_midway(stage).await;
        let scroll = "frame().documentElement.scrollTo({ top: 123, behavior: 'instant' }); window.__document = frame()";
        page.ask(scroll).await;
        // Noticed at the next write: before, the end is still followed.
        page.until("the page goes on without moving its reader", "return action('follow').checkVisibility()").await;
        for _ in 0..2 {
            page.ask("frame().documentElement.scrollTo({ top: 123, behavior: 'instant' })").await;
            page.press("tab-source").await;
            page.until("the source is seen", "return part('source').dataset.state === 'shown'").await;
            page.press("tab-preview").await;
            page.until("the preview is seen", "return part('preview').dataset.state === 'shown'").await;
            assert_eq!(page.ask(PLACE).await, json!([true, 123]), "in mid-stream");
        }
        assert_same_page(stage).await;
        page.press("tab-source").await;
        page.press("tab-preview").await;
        assert_eq!(page.ask(PLACE).await, json!([true, 123]), "at the end");
    })
    .await;
}

/// What had come is kept, and nothing in the window waits for more.
async fn assert_kept(stage: &Stage) {
    assert_same(stage).await;
    assert_eq!(stage.page.ask("return document.readyState").await, "complete");
}

async fn a_cancel_in_mid_stream_closes_the_page_without_an_error(engine: Engine) {
    on_live("cancel", taking(engine, 20.0), "honest", async |stage| {
        until_midway(stage).await;
        stage.page.press("cancel").await;
        assert_eq!(stage.page.until_ended().await, "cancelled");
        assert_kept(stage).await;
    })
    .await;
}

async fn a_failure_in_mid_stream_closes_the_page_without_an_error(engine: Engine) {
    on_live("fails", taking(engine, 8.0), "job-fails", async |stage| {
        assert_eq!(stage.page.until_ended().await, "failed");
        assert_kept(stage).await;
    })
    .await;
}

async fn a_screen_that_is_taken_away_in_mid_stream_leaves_no_error(engine: Engine) {
    on_live("taken-away", taking(engine, 20.0), "honest", async |stage| {
        until_midway(stage).await;
        stage.page.press("unmount").await;
        stage.page.until("the frame is gone", "return !document.querySelector('iframe')").await;
        stage.page.until_true("nothing is open", || stage.proxy.open() == 0).await;
    })
    .await;
}

async fn a_hidden_tab_reaches_the_end_with_all_of_the_page(engine: Engine) {
    on_live("hidden", taking(engine, 6.0), "honest", async |stage| {
        stage.page.until("the page has begun", "return frame()?.body?.textContent.length > 100").await;
        stage.page.driver().minimize_window().await.expect("it can be hidden");
        stage.page.until("nobody looks", "return document.visibilityState === 'hidden'").await;
        assert_same_page(stage).await;
        assert_eq!(stage.page.ask("return document.visibilityState").await, "hidden");
    })
    .await;
}
