//! Pages that nobody should write, and that come all the same: shown as the browser's parser would, with nothing that
//! hangs, and a source that is whole.

use harness::Engine;
use serde_json::json;

use crate::parts::{PLAIN, Parts, on_parts};

in_each_engine!(
    broken_pages_are_shown_as_the_parser_would,
    what_stands_around_a_page_is_not_shown_and_stays_in_the_source,
    a_link_cut_anywhere_is_a_meta,
    ten_thousand_nested_elements_hang_nothing,
    a_page_over_the_cap_is_cut_with_a_notice_and_its_source_and_download_are_whole,
    a_page_that_stopped_is_kept_and_said_to_be_a_part,
);

const BROKEN: &[&str] = &[
    "just text, no markup at all",
    "<p>no doctype<table><p>a",
    "<!doctype",
    "<!doctype html SYSTEM \"about:legacy-compat\"><p>x",
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\"><p><table><tr><td>quirks",
    "<!doctype html><p>a\0b<b c\0d=\"e\0f\">\0</b><svg>\0x</svg><title>\0",
    "<!doctype html><div><p><b><i><u></div></b>x</i></p></p></br></body></html>after<p>end",
    "<!doctype html><a href=\"never closed><p>x</p>",
    "<!doctype html><p title='x",
    "<!doctype html><p>x</p",
    "<!doctype html><p>x<",
    "<!doctype html><p>&am",
    "<!doctype html><body><plaintext><p>all of the rest</p></plaintext></body></html>",
    "<!doctype html><p>x</p><script>let never = '</p>'; // closed",
    "<!doctype html><script><!--<script></script><p>still a script",
    "<!doctype html><p>x</p><textarea><p>never closed",
    "<!doctype html><p>x</p><style>p { color: red; /* a style that never ends </p>",
    "<!doctype html><title>never closed<p>x",
    "<!doctype html><!-- a comment that never ends --!<p>x",
    "<!doctype html><svg><style><p>x</style><![CDATA[ never closed <p>",
    "<!doctype html><frameset><frame></frameset><noframes><p>x",
    "<!doctype html><select><p>x<select><table><caption>y<select>z",
    "<!doctype html><template><template><p>x",
    "<!doctype html><head><head><body a=1><body b=2><html c=3><p>x",
    "<!doctype html><p \u{b}x=1 \u{1}=2 \"=3 a=1 A=2>\u{fffe}\u{1f5fc}\u{ad}\u{202e}x</p>",
];

async fn broken_pages_are_shown_as_the_parser_would(engine: Engine) {
    on_parts(engine, "broken", PLAIN, "parts", async |parts| {
        for page in BROKEN {
            println!("{page:?}");
            parts.ask("again(1)").await;
            parts.show(page).await;
            parts.assert_shows(page).await;
            assert_eq!(parts.ask("return notice(1)").await, "");
        }
    })
    .await;
}

/// What comes, and what of it is the page.
const AROUND: &[(&str, &str)] = &[
    ("\u{feff}<!doctype html><p>a", "<!doctype html><p>a"),
    ("Sure! Here is <b>it</b>:\n\n```html\n<!doctype html>\n<p>a\n```\n", "<!doctype html>\n<p>a\n"),
    (
        "```html\n<html><body><pre>\n```\nx</pre></body></html>\n```",
        "<html><body><pre>\n```\nx</pre></body></html>\n",
    ),
    ("```\n<p>a fence, and no beginning</p>\n```", "<p>a fence, and no beginning</p>\n"),
    ("\u{feff}\r\n \n```HTML\n<!DocType HTML><p>a", "<!DocType HTML><p>a"),
];

async fn what_stands_around_a_page_is_not_shown_and_stays_in_the_source(engine: Engine) {
    on_parts(engine, "around", PLAIN, "parts", async |parts| {
        for (source, page) in AROUND {
            println!("{source:?}");
            parts.ask("again(1)").await;
            parts.show(source).await;
            parts.assert_is(page, source).await;
        }
    })
    .await;
}

const LINKS: &str =
    "<!doctype html><LINK rel=preconnect href=//x.test><p><link/rel=icon><Link\nrel=x>y</p><linkx>z</linkx>";

async fn a_link_cut_anywhere_is_a_meta(engine: Engine) {
    on_parts(engine, "links-cut", PLAIN, "parts", async |parts| {
        parts.assert_cut_everywhere(LINKS, "<!doctype html>".len()..LINKS.len()).await;
        assert_eq!(parts.ask("return !!found(1, 'link')").await, false);
    })
    .await;
}

async fn ten_thousand_nested_elements_hang_nothing(engine: Engine) {
    on_parts(engine, "nested", PLAIN, "parts", async |parts| {
        for (open, close) in [("<div>", "</div>"), ("<b>", ""), ("<table><tr><td>", ""), ("<svg>", "")] {
            let page = format!("<!doctype html>{}x{}<p>end", open.repeat(10_000), close.repeat(10_000));
            parts.ask("again(1)").await;
            parts.show(&page).await;
            parts.assert_shows(&page).await;
        }
    })
    .await;
}

/// As much as is shown of a page.
const CAP: usize = 2 << 20;

/// Remembers the file that is saved, and lets no download happen.
const CATCH_FILE: &str = "window.__saved = null; const make = URL.createObjectURL; \
    URL.createObjectURL = (blob) => { blob.text().then((text) => { window.__saved = text; }); return make.call(URL, blob); }; \
    document.addEventListener('click', (event) => { if (event.target.download) event.preventDefault(); }, true); \
    HTMLAnchorElement.prototype.click = () => {};";

async fn a_page_over_the_cap_is_cut_with_a_notice_and_its_source_and_download_are_whole(engine: Engine) {
    on_parts(engine, "cap", PLAIN, "parts", async |parts| {
        let fill = "window.__page = '<!doctype html><p>begin</p>' + `<p>${'Tower é 🗼 '.repeat(400)}</p>\\n`.repeat(400) + '<p>end</p>'; \
            parts[0].push(window.__page); parts[0].finish(); return new TextEncoder().encode(window.__page).length";
        let len = parts.ask(fill).await.as_u64().unwrap_or_default();
        assert!(len > CAP as u64, "{len} bytes are not over the cap");
        let said = parts.until("the notice says so", "return notice(1)").await;
        assert!(said.as_str().is_some_and(|said| said.contains("preview stops here")), "{said}");
        parts.until_whole(1).await;
        assert_eq!(parts.ask("return [text(1).includes('begin'), text(1).includes('end')]").await, json!([true, false]));
        parts.until("the source is whole", "return sourceOf(1) === window.__page").await;
        parts.ask(CATCH_FILE).await;
        parts.page.press("download").await;
        parts.until("the file is the page", "return window.__saved === window.__page").await;
        // The notice goes in the same turn in which these scripts are written.
        parts.ask("again(1)").await;
        let next = "<!doctype html><p>next</p><script>1</script><script>2</script>";
        parts.show(next).await;
        parts.assert_shows(next).await;
        parts.until("the notice is gone", "return notice(1) === ''").await;
    })
    .await;
}

async fn a_page_that_stopped_is_kept_and_said_to_be_a_part(engine: Engine) {
    on_parts(engine, "partial", PLAIN, "parts", async |parts| {
        let page = "<!doctype html><h1>Tower</h1><p>half a sen";
        parts.push(page).await;
        parts.ask("parts[0].partial(true); parts[0].finish()").await;
        parts.until_whole(1).await;
        parts.assert_shows(page).await;
        let said = parts.until("it is said", "return notice(1)").await;
        assert!(said.as_str().is_some_and(|said| said.contains("before it was whole")), "{said}");
        assert_nothing_waits(parts).await;
    })
    .await;
}

/// The document is closed: nothing in the window waits for more of it.
async fn assert_nothing_waits(parts: &Parts<'_>) {
    assert_eq!(parts.ask("return document.readyState").await, "complete");
}
