//! Hosts with a strict policy: where it leaves the preview no way, that is said and the source is shown; with a shell the
//! page is shown as everywhere. Nothing panics, and nothing is loaded either way.

use harness::{Engine, Host, Sink};
use serde_json::json;

use crate::parts::{Parts, on_parts};

in_each_engine!(
    a_host_that_allows_no_inline_style_shows_the_source_and_says_why,
    a_host_that_allows_no_inline_style_shows_the_page_in_a_shell,
    a_host_whose_styles_carry_a_nonce_shows_the_source_and_says_why,
    a_host_whose_styles_carry_a_nonce_shows_the_page_in_a_shell,
    a_host_with_trusted_types_shows_the_source_and_says_why,
    a_host_with_trusted_types_shows_the_page_in_a_shell,
);

/// Styles from files only.
const STRICT: Host = host(
    "default-src 'none'; script-src 'self' 'NONCE' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
     frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// As `trunk serve` with a nonce sends it.
const NONCED: Host = host("script-src 'self' 'NONCE' 'wasm-unsafe-eval'; style-src 'self' 'NONCE'");
/// The host's own framework writes HTML, so the host has a default policy; the frame has none.
const TRUSTED: Host =
    Host { trusts: true, ..host("require-trusted-types-for 'script'; trusted-types default") };

const fn host(policy: &'static str) -> Host {
    Host { policy: Some(policy), slow: false, trusts: false }
}

const PAGE: &str = "<!doctype html><html lang=de><head><title>x</title><style>p { color: rgb(1, 2, 3) }</style></head>\
    <body><img src=\"@URL@/a.png\"><link rel=preconnect href=\"@URL@\"><script>top.ran = 1</script><p>x</p></body></html>";

async fn a_host_that_allows_no_inline_style_shows_the_source_and_says_why(engine: Engine) {
    assert_refused(engine, "strict", STRICT).await;
}

async fn a_host_that_allows_no_inline_style_shows_the_page_in_a_shell(engine: Engine) {
    assert_shown(engine, "strict-shell", STRICT).await;
}

async fn a_host_whose_styles_carry_a_nonce_shows_the_source_and_says_why(engine: Engine) {
    assert_refused(engine, "nonce", NONCED).await;
}

async fn a_host_whose_styles_carry_a_nonce_shows_the_page_in_a_shell(engine: Engine) {
    assert_shown(engine, "nonce-shell", NONCED).await;
}

async fn a_host_with_trusted_types_shows_the_source_and_says_why(engine: Engine) {
    assert_refused(engine, "trusted", TRUSTED).await;
}

async fn a_host_with_trusted_types_shows_the_page_in_a_shell(engine: Engine) {
    assert_shown(engine, "trusted-shell", TRUSTED).await;
}

/// The host does without the styles that the crate would put into the page: its policy forbids them.
async fn assert_refused(engine: Engine, name: &str, host: Host) {
    on_parts(engine, name, host, "parts&bare", async |parts| {
        let (page, sink) = hand_over(parts).await;
        let said = parts.until("it is said that there is no preview", "return notice(1)").await;
        assert!(said.as_str().is_some_and(|said| said.contains("does not allow the preview")), "{said}");
        assert_source_and_silence(parts, &page, &sink).await;
    })
    .await;
}

async fn assert_shown(engine: Engine, name: &str, host: Host) {
    on_parts(engine, name, host, "parts&bare&shell=/shell.html", async |parts| {
        let (page, sink) = hand_over(parts).await;
        parts.until("the page is shown to its end", "return isWhole(1) && !!found(1, 'p')").await;
        assert_eq!(parts.ask("return style(1, 'p').color").await, "rgb(1, 2, 3)", "the page has its style");
        assert_eq!(
            parts.ask("return [notice(1), root(1).lang, found(1, 'link')]").await,
            json!(["", "de", null])
        );
        assert_source_and_silence(parts, &page, &sink).await;
    })
    .await;
}

/// In two pieces, as a page comes.
async fn hand_over(parts: &Parts<'_>) -> (String, Sink) {
    let sink = Sink::listen().await;
    let page = PAGE.replace("@URL@", sink.origin());
    let (head, body) = page.split_at(page.find("<body>").unwrap_or_default());
    parts.push(head).await;
    parts.settle().await;
    parts.push(body).await;
    parts.ask("parts[0].finish()").await;
    (page, sink)
}

async fn assert_source_and_silence(parts: &Parts<'_>, page: &str, sink: &Sink) {
    parts.until("the source is there", &format!("return sourceOf(1).length >= {}", page.len())).await;
    assert_eq!(parts.ask("return sourceOf(1)").await, json!(page), "the source is whole");
    parts.settle().await;
    assert_eq!(sink.connections(), 0, "something was loaded");
    assert_eq!(parts.ask("return window.ran ?? 0").await, 0, "a script ran");
}
