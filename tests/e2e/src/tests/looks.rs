//! That nothing hangs over the edge, at the narrowest width and at a wide one, by day and by night. Pictures of all of
//! it are left in `target/e2e`, for eyes.

use serde_json::json;

use harness::{EIFFEL_TOWER, Page, Setup, assert_complete_and_exact, on_stage};

async fn assert_fits(page: &Page, what: &str) {
    let script = "const width = document.documentElement.clientWidth; \
        const over = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > width + 1 \
          && !e.closest('[data-part=source-text], .gs-unseen')); \
        return { page: document.documentElement.scrollWidth - width, over: over.map((e) => `${e.tagName} ${e.className}`) }";
    let found = page.ask(script).await;
    assert_eq!(found, json!({ "page": 0, "over": [] }), "{what} does not fit");
    page.picture(what).await;
}

async fn wear(page: &Page, scheme: &str) {
    let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    page.devtools("Emulation.setEmulatedMedia", features).await;
}

/// From 0, black, to 1, white: what is painted behind everything.
async fn brightness(page: &Page) -> f64 {
    let script = "const canvas = new OffscreenCanvas(1, 1).getContext('2d'); \
        for (const element of [document.documentElement, document.body, document.querySelector('[data-shown]')]) { \
          canvas.fillStyle = getComputedStyle(element).backgroundColor; canvas.fillRect(0, 0, 1, 1); } \
        const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data; return (r + g + b) / 765";
    page.ask(script).await.as_f64().unwrap_or(f64::NAN)
}

async fn watch_a_job(page: &Page, width: u32, height: u32, scheme: &str) {
    let name = |moment: &str| format!("looks-{width}-{scheme}-{moment}");
    let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700 });
    page.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    wear(page, scheme).await;
    page.visit("").await;
    let bright = brightness(page).await;
    assert!(if scheme == "dark" { bright < 0.2 } else { bright > 0.8 }, "{scheme}: {bright}");
    page.submit("hello").await;
    page.until("an error is shown", "return part('form-said').dataset.state === 'bad'").await;
    assert_fits(page, &name("form")).await;
    page.submit(EIFFEL_TOWER).await;
    page.until_source(6_000).await;
    assert_fits(page, &name("running")).await;
    page.press("tab-source").await;
    page.until("the source is seen", "return part('source').dataset.state === 'shown'").await;
    assert_fits(page, &name("source")).await;
    page.press("tab-preview").await;
    page.until("the preview is seen", "return part('preview').dataset.state === 'shown'").await;
}

#[tokio::test]
async fn at_320_pixels_nothing_hangs_over_the_edge() {
    on_stage("narrow-light", Setup::taking(8.0), async |stage| {
        watch_a_job(&stage.page, 320, 640, "light").await;
        assert_complete_and_exact(stage).await;
        assert_fits(&stage.page, "looks-320-light-end").await;
    })
    .await;
}

#[tokio::test]
async fn at_320_pixels_by_night_too() {
    on_stage("narrow-dark", Setup::taking(8.0), async |stage| {
        watch_a_job(&stage.page, 320, 640, "dark").await;
        assert_complete_and_exact(stage).await;
        assert_fits(&stage.page, "looks-320-dark-end").await;
    })
    .await;
}

#[tokio::test]
async fn on_a_wide_screen_by_night_too() {
    on_stage("wide-dark", Setup::taking(8.0), async |stage| {
        watch_a_job(&stage.page, 1280, 800, "dark").await;
        assert_complete_and_exact(stage).await;
        assert_fits(&stage.page, "looks-1280-dark-end").await;
    })
    .await;
}
