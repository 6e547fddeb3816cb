//! The page of parts as a test sees and uses it: hands it a page, and asks what became of it. Knows no vector.

use std::ops::Range;

use harness::{Engine, Host, Page, Site, on_site};
use serde_json::{Value, json};

const WORDS: &str = include_str!("preview.js");

/// One part, on a host without a policy.
pub(crate) const PLAIN: Host = Host { policy: None, slow: false, trusts: false };

/// The page, on its host.
pub(crate) struct Parts<'a> {
    pub(crate) page: &'a Page,
    pub(crate) site: &'a Site,
}

/// Runs a test on the page of parts, with this in its address.
pub(crate) async fn on_parts(
    engine: Engine,
    name: &str,
    host: Host,
    query: &str,
    test: impl AsyncFnOnce(&Parts<'_>),
) {
    on_site(engine, name, host, async |page, site| {
        let parts = Parts { page, site };
        let address = format!("{}/?{query}", site.origin());
        page.driver().goto(&address).await.unwrap_or_else(|error| panic!("{address} did not open: {error}"));
        parts.until("the parts are there", "return !!window.parts && !!element(1)").await;
        test(&parts).await;
    })
    .await;
}

impl Parts<'_> {
    /// What a script returns. It can use the short names, and `arguments`.
    pub(crate) async fn with(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.page.ask_with(&format!("{WORDS}{script}"), arguments).await
    }

    /// What a script returns.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        self.with(script, vec![]).await
    }

    /// Waits until a script returns something true.
    pub(crate) async fn until(&self, what: &str, script: &str) -> Value {
        self.page.until(what, &format!("{WORDS}{script}")).await
    }

    /// Adds to the first page.
    pub(crate) async fn push(&self, html: &str) {
        self.with("parts[0].push(arguments[0])", vec![json!(html)]).await;
    }

    /// Hands the first part a whole page at once, and waits until all of it is shown.
    pub(crate) async fn show(&self, html: &str) {
        self.push(html).await;
        self.ask("parts[0].finish()").await;
        self.until_whole(1).await;
    }

    /// Waits until a page is shown to its end.
    pub(crate) async fn until_whole(&self, n: usize) {
        self.until("the page is whole", &format!("return isWhole({n})")).await;
    }

    /// What is shown is what the browser's parser makes of `html`, and the source is `source`, byte by byte.
    pub(crate) async fn assert_is(&self, html: &str, source: &str) {
        let differs = self.with("return difference(1, written(arguments[0]))", vec![json!(html)]).await;
        assert_eq!(differs, Value::Null, "the preview is not what the parser makes of it");
        self.until("the source is all there", &format!("return sourceOf(1).length >= {}", utf16_len(source)))
            .await;
        let same = self.with("return sourceOf(1) === arguments[0]", vec![json!(source)]).await;
        assert_eq!(same, json!(true), "the source is not the page");
    }

    /// The same, where all of the page is shown.
    pub(crate) async fn assert_shows(&self, html: &str) {
        self.assert_is(html, html).await;
    }

    /// However the page is cut within this range, in characters that are one byte each up to there: what is shown in the
    /// end is what the parser makes of it.
    pub(crate) async fn assert_cut_everywhere(&self, html: &str, range: Range<usize>) {
        let script = format!("cutEverywhere(1, arguments[0], {}, {})", range.start, range.end);
        self.with(&script, vec![json!(html)]).await;
        let wrong = self.until("every cut was tried", "return window.__cuts && [window.__cuts]").await;
        assert_eq!(wrong, json!([[]]), "{html:?}");
    }

    /// Waits for a few turns of the screen, in which all that was waiting to be done is done.
    pub(crate) async fn settle(&self) {
        let turns = "window.__turns = 0; \
            const turn = () => { window.__turns += 1; if (window.__turns < 5) requestAnimationFrame(turn); }; turn()";
        self.ask(turns).await;
        self.until("the screen was drawn", "return window.__turns === 5").await;
    }
}

fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}
