//! The page that a server renders first: what it sends, and that the same elements come alive in the browser.

use harness::{Setup, on_stage};
use serde_json::json;

/// Remembers what the server's HTML has made, before any module runs.
const REMEMBER: &str = "if (window === top) new MutationObserver((_, observer) => {
    const [screen, headline] = [document.querySelector('.gs-screen'), document.querySelector('.gs-screen h2')];
    if (!document.querySelector('script')) return;
    observer.disconnect();
    window.__rendered = { screen, headline, words: headline.textContent };
}).observe(document, { childList: true, subtree: true })";

#[tokio::test]
async fn what_the_server_has_rendered_comes_alive_and_is_not_made_again() {
    on_stage("hydrated-whole", Setup::taking(3.0), async |stage| {
        let page = &stage.page;
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": REMEMBER })).await;
        page.open_at("").await;
        let words = page.until("the server's HTML is there", "return window.__rendered?.words").await;
        assert_eq!(words, "Nothing to show yet");
        page.until("it is alive", "return !!document.querySelector('.gs-preview-frame iframe')").await;
        page.click("Make a page about the Eiffel Tower").await;
        assert_eq!(page.until_ended().await, "complete");
        let same = "return __rendered.screen === document.querySelector('.gs-screen')
                      && __rendered.headline === document.querySelector('.gs-screen h2')";
        assert_eq!(page.ask(same).await, true, "the same elements show the end");
        assert_eq!(page.text("return __rendered.headline.textContent").await, "The page is ready");
        let headers = page.ask("return fetch('/').then((it) => [...it.headers.keys()])").await;
        for safe in ["content-security-policy", "referrer-policy", "x-content-type-options"] {
            assert!(
                headers.as_array().is_some_and(|names| names.contains(&json!(safe))),
                "{safe}: {headers}"
            );
        }
        // The address names it now, so that the next load shows the same.
        page.ask("location.reload()").await;
        page.until("the server's HTML is there again", "return window.__rendered?.words === 'Connecting'")
            .await;
        assert_eq!(page.until_ended().await, "complete");
    })
    .await;
}

#[tokio::test]
async fn a_generation_in_the_address_is_connected_to_by_the_servers_word_and_then_by_the_browser() {
    on_stage("hydrated-address", Setup::taking(3.0), async |stage| {
        let page = &stage.page;
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": REMEMBER })).await;
        // Nobody's: the server sends its first state all the same, and leaves it to the browser to find that out.
        page.open_at("?g=q7Zp").await;
        let words = page.until("the server's HTML is there", "return window.__rendered?.words").await;
        assert_eq!(words, "Connecting");
        assert_eq!(page.until_ended().await, "not-found");
    })
    .await;
}

#[tokio::test]
async fn what_stands_in_the_address_is_not_written_into_the_page() {
    on_stage("hydrated-foreign", Setup::default(), async |stage| {
        let page = &stage.page;
        page.open_at("?g=%22%3E%3Cimg%20src%3Dx%3E").await;
        page.until("it is alive", "return !!document.querySelector('.gs-preview-frame iframe')").await;
        assert_eq!(page.ask("return document.querySelectorAll('img[src=x]').length").await, 0);
        assert_eq!(
            page.text("return document.querySelector('.gs-screen h2').textContent").await,
            "Nothing to show yet"
        );
    })
    .await;
}
