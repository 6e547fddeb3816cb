//! The page's pane: what its reader can do to preview and source while they grow. That a foreign page is safe in there
//! is the preview's own tests' business.

use serde_json::json;

use harness::{EIFFEL_TOWER, Setup, assert_complete_and_exact, on_stage};

/// Long enough to press a few buttons in.
fn slow() -> Setup {
    Setup::taking(12.0)
}

#[tokio::test]
async fn a_pause_holds_preview_and_source_while_the_page_goes_on_growing() {
    on_stage("pause", slow(), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.until("the page begins", "return source().length > 1000 && !!frame()").await;
        page.press("pause").await;
        let held = page
            .ask("return { text: source().length, nodes: frame().querySelectorAll('*').length, said: said('size') }")
            .await;
        // Twice: frames have passed then.
        let mut before = held["said"].clone();
        for _ in 0..2 {
            let script = format!("return said('size') !== {before} && said('size')");
            before = page.until("the page is said to grow", &script).await;
        }
        let now = page.ask("return { text: source().length, nodes: frame().querySelectorAll('*').length }").await;
        assert_eq!(now, json!({ "text": held["text"], "nodes": held["nodes"] }), "neither moves");
        assert_eq!(page.text("return action('pause').getAttribute('aria-pressed')").await, "true");
        page.press("pause").await;
        assert_complete_and_exact(stage).await;
        assert_eq!(page.text("return action('pause').getAttribute('aria-disabled')").await, "true");
    })
    .await;
}

#[tokio::test]
async fn a_preview_that_nobody_sees_is_not_written_and_is_whole_when_it_is_seen() {
    on_stage("hidden-preview", Setup::default(), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.press("tab-source").await;
        page.until("the source is seen", "return part('source').dataset.state === 'shown'").await;
        let nodes = page.ask("return frame()?.querySelectorAll('*').length ?? 0").await;
        page.until_ended().await;
        assert_eq!(page.ask("return frame()?.querySelectorAll('*').length ?? 0").await, nodes);
        page.press("tab-preview").await;
        page.until("the page is there", "return frame().querySelectorAll('h1, h2').length > 4").await;
        assert_complete_and_exact(stage).await;
    })
    .await;
}

#[tokio::test]
async fn the_preview_takes_the_width_of_a_device_and_fits() {
    on_stage("widths", slow(), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.until("the preview grows", "return frame()?.body?.textContent.length > 500").await;
        let sizes = "const box = part('preview-frame').getBoundingClientRect(); \
            const shown = part('preview-frame').firstElementChild.getBoundingClientRect(); \
            return { width: frame().defaultView.innerWidth, \
              fits: shown.left >= box.left - 1 && shown.right <= box.right + 1, \
              full: Math.abs(shown.height - box.height) < 2, \
              centred: Math.abs(shown.left + shown.right - box.left - box.right) < 2 }";
        for (name, width) in [("phone", 390), ("tablet", 768), ("desktop", 1280)] {
            page.press(&format!("width-{name}")).await;
            page.until(name, &format!("return frame().defaultView.innerWidth === {width}")).await;
            let expected = json!({ "width": width, "fits": true, "full": true, "centred": true });
            assert_eq!(page.ask(sizes).await, expected, "{name}");
            assert_eq!(
                page.text("return [...document.querySelectorAll('[data-action^=width-][aria-pressed=true]')].map((b) => b.dataset.action).join()").await,
                format!("width-{name}")
            );
        }
        page.picture("widths-desktop").await;
        page.press("width-fit").await;
        page.until("it fits", "return frame().defaultView.innerWidth === part('preview-frame').clientWidth").await;
        assert_complete_and_exact(stage).await;
    })
    .await;
}

#[tokio::test]
async fn the_source_lets_go_of_its_end_when_its_reader_scrolls_and_goes_back_on_request() {
    on_stage("source-follows", slow(), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.press("tab-source").await;
        let at_end = "const pre = part('source-text'); \
            return pre.scrollHeight > pre.clientHeight * 2 && pre.scrollTop + pre.clientHeight > pre.scrollHeight - 40";
        page.until("it follows its end", at_end).await;
        page.ask("part('source-text').scrollTop = 10").await;
        page.until("there is a way back", "return action('follow-source').checkVisibility()").await;
        let len = page.ask("return source().length").await;
        page.until("it goes on growing", &format!("return source().length > {len}")).await;
        assert_eq!(page.ask("return part('source-text').scrollTop").await, 10, "its reader is left alone");
        page.press("tab-preview").await;
        page.press("tab-source").await;
        page.until("it is where its reader left it", "return part('source-text').scrollTop === 10").await;
        page.press("follow-source").await;
        page.until("it follows again", at_end).await;
        let focused = page.text("return document.activeElement.dataset.part ?? document.activeElement.tagName").await;
        assert_eq!(focused, "source-text", "the button that went has not taken the keyboard along");
        page.until("the way back is gone", "return !action('follow-source').checkVisibility()").await;
        page.press("tab-preview").await;
        page.press("tab-source").await;
        page.until("it follows still", at_end).await;
        page.press("tab-preview").await;
        assert_complete_and_exact(stage).await;
    })
    .await;
}

#[tokio::test]
async fn each_line_of_the_source_has_its_number_which_is_no_text() {
    on_stage("line-numbers", Setup::default(), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        assert_complete_and_exact(stage).await;
        let numbers = "const lines = source().replace(/\\n$/, '').split('\\n').length; \
            const numbers = [...part('source-text').querySelectorAll('[data-lines]')].map((block) => block.dataset.lines).join(''); \
            return numbers === Array.from({ length: lines }, (_, at) => `${at + 1}\\n`).join('')";
        assert_eq!(page.ask(numbers).await, true);
    })
    .await;
}

#[tokio::test]
async fn a_copy_is_the_page_byte_by_byte() {
    on_stage("copy", Setup::taking(1.5), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        assert_complete_and_exact(stage).await;
        page.ask("navigator.clipboard.writeText = async (text) => { window.copied = text; }").await;
        page.press("tab-source").await;
        page.press("copy").await;
        page.until("it is copied", "return window.copied === source() && said('source').includes('Copied')")
            .await;
    })
    .await;
}
