//! No connection comes out of a page, whatever it names: what is counted is accepted sockets, not requests. Each
//! vector is beside it once more, without protection, where it does connect.

use harness::{Engine, Sink};
use serde_json::json;

use crate::control::{Sinks, Vector};
use crate::parts::{PLAIN, on_parts};

in_each_engine!(
    a_link_of_any_kind_opens_no_connection,
    images_fonts_and_styles_open_no_connection,
    media_objects_frames_and_scripts_open_no_connection,
    a_page_that_sends_its_reader_elsewhere_opens_no_connection,
    a_link_that_comes_in_single_characters_opens_no_connection,
    a_page_with_a_policy_or_a_base_of_its_own_loosens_nothing,
    images_and_fonts_come_from_the_hosts_that_were_named_for_them_and_from_no_other,
);

const fn vector(works: &'static str, html: &'static str) -> Vector {
    Vector { html, works }
}

const LINKS: &[Vector] = &[
    vector("cfw", "<link rel=stylesheet href=\"@URL@/a.css\">"),
    vector("cfw", "<LINK REL=\"alternate stylesheet\" TITLE=x HREF=\"@URL@/a.css\">"),
    vector("cfw", "<link\nrel=preload as=image href=\"@URL@/a.png\">"),
    vector("cfw", "<link\trel=preload as=style href=\"@URL@/a.css\">"),
    vector("cfw", "<link/rel=preload as=script href=\"@URL@/a.js\">"),
    vector("cfw", "<link rel=preload as=font crossorigin href=\"@URL@/a.woff2\">"),
    vector("cfw", "<link rel=preload as=fetch crossorigin href=\"@URL@/a.json\">"),
    vector("cfw", "<link rel=preload as=image imagesrcset=\"@URL@/a.png 1x, @URL@/b.png 2x\">"),
    vector("cfw", "<link rel=modulepreload href=\"@URL@/a.js\">"),
    vector("cf", "<link rel=prefetch href=\"@URL@/a.html\">"),
    vector("cfw", "<link rel=preconnect href=\"@URL@\">"),
    vector("cfw", "<link rel=preconnect crossorigin href=\"@URL@\">"),
    vector("cfw", "<body><p>x<link rel=\"preconnect stylesheet\" href=\"@URL@\">"),
    vector("", "<link rel=dns-prefetch href=\"@URL@\">"),
    vector("", "<link rel=prerender href=\"@URL@/a.html\">"),
    vector("", "<link rel=icon href=\"@URL@/a.ico\">"),
    vector("", "<link rel=apple-touch-icon href=\"@URL@/a.png\">"),
    vector("", "<link rel=manifest href=\"@URL@/a.json\">"),
    vector(
        "",
        "<link rel=pingback href=\"@URL@\"><link rel=search type=application/opensearchdescription+xml href=\"@URL@\">",
    ),
    vector(
        "",
        "<link rel=expect href=\"#x\" blocking=render><link rel=compression-dictionary href=\"@URL@/d\">",
    ),
    vector("cfw", "<svg><foreignObject><link rel=stylesheet href=\"@URL@/a.css\"></foreignObject></svg>"),
    vector(
        "cfw",
        "<svg><link xmlns=\"http://www.w3.org/1999/xhtml\" rel=preconnect href=\"@URL@\"></svg><link rel=stylesheet href=\"@URL@\">",
    ),
    vector("", "<meta http-equiv=Link content=\"<@URL@>; rel=preconnect\">"),
    vector("", "<meta http-equiv=x-dns-prefetch-control content=on><a href=\"@URL@\">x</a>"),
];

const LOOKS: &[Vector] = &[
    vector("cfw", "<img src=\"@URL@/a.png\">"),
    vector("cfw", "<img srcset=\"@URL@/a.png 1x\">"),
    vector("cfw", "<img loading=eager fetchpriority=high src=\"@URL@/a.png\">"),
    vector("cfw", "<picture><source srcset=\"@URL@/a.png\"><img></picture>"),
    vector("cfw", "<input type=image src=\"@URL@/a.png\">"),
    vector("cfw", "<body background=\"@URL@/a.png\">"),
    vector("cfw", "<table background=\"@URL@/a.png\"><tr><td>x</table>"),
    vector("cfw", "<video poster=\"@URL@/a.png\"></video>"),
    vector("cfw", "<p style=\"background: url(@URL@/a.png)\">x"),
    vector("cfw", "<p style=\"list-style: url(@URL@/a.png); display: list-item\">x"),
    vector("cfw", "<p style=\"border: 9px solid; border-image: url(@URL@/a.png) 9\">x"),
    vector("cfw", "<style>p::after { content: url(@URL@/a.png) }</style><p>x"),
    vector("cfw", "<p style=\"background: image-set(url(@URL@/a.png) 1x)\">x"),
    vector("cfw", "<p style=\"mask: url(@URL@/a.svg#m)\">x"),
    vector("cfw", "<style>@import url(@URL@/a.css);</style>"),
    vector("cfw", "<style>@import '@URL@/a.css' layer(x) screen;</style>"),
    vector("cfw", "<svg><style>@import '@URL@/a.css';</style></svg>"),
    vector(
        "cfw",
        "<style>@font-face { font-family: x; src: url(@URL@/a.woff2) } p { font: 20px x }</style><p>x",
    ),
    vector("cfw", "<svg><image href=\"@URL@/a.png\" width=9 height=9 /></svg>"),
    vector("cfw", "<svg><image xlink:href=\"@URL@/a.png\" width=9 height=9 /></svg>"),
    vector(
        "cfw",
        "<svg width=9 height=9><filter id=f><feImage href=\"@URL@/a.png\"/></filter><rect filter=\"url(#f)\" width=9 height=9 /></svg>",
    ),
    vector("", "<svg><use href=\"@URL@/a.svg#x\"/></svg>"),
    vector("", "<p style=\"filter: url(@URL@/a.svg#f); clip-path: url(@URL@/a.svg#c)\">x"),
    vector("", "<p style=\"cursor: url(@URL@/a.cur), auto\">x"),
    vector("", "<p style=\"shape-outside: url(@URL@/a.png); float: left\">x"),
    vector("", "<?xml-stylesheet href=\"@URL@/a.css\"?><style>@namespace url(@URL@);</style>"),
];

const THINGS: &[Vector] = &[
    vector("cfw", "<script src=\"@URL@/a.js\"></script>"),
    vector("cfw", "<script type=module src=\"@URL@/a.js\"></script>"),
    vector("cfw", "<svg><script href=\"@URL@/a.js\"></script></svg>"),
    vector("cfw", "<video src=\"@URL@/a.mp4\" preload=auto></video>"),
    vector("cfw", "<video autoplay muted><source src=\"@URL@/a.mp4\"></video>"),
    vector("cfw", "<audio src=\"@URL@/a.mp3\" preload=auto></audio>"),
    vector("", "<video><track default src=\"@URL@/a.vtt\"></video>"),
    vector("cfw", "<object data=\"@URL@/a.html\"></object>"),
    vector("cfw", "<object type=image/svg+xml data=\"@URL@/a.svg\"></object>"),
    vector("cfw", "<embed src=\"@URL@/a.html\">"),
    vector("cfw", "<embed type=image/svg+xml src=\"@URL@/a.svg\">"),
    vector("cfw", "<iframe src=\"@URL@/a.html\"></iframe>"),
    vector("cfw", "<IFRAME\nSRC=\"@URL@/a.html\" sandbox loading=eager></IFRAME>"),
    vector("cfw", "<iframe srcdoc=\"<img src=@URL@/a.png>\"></iframe>"),
    vector("cfw", "<iframe srcdoc=\"&lt;link rel=preconnect href=@URL@&gt;\"></iframe>"),
    vector("cfw", "<iframe srcdoc=\"&#60;iframe src=@URL@/a.html&gt;\"></iframe>"),
    vector("", "<iframe =@URL@/a.html></iframe><iframe/=@URL@/a.html></iframe>"),
    vector("cfw", "<iframe src=\"data:text/html,<img src=@URL@/a.png>\"></iframe>"),
    vector("cfw", "<frameset><frame src=\"@URL@/a.html\"></frameset>"),
    vector(
        "",
        "<applet code=x codebase=\"@URL@\"></applet><portal src=\"@URL@\"></portal><fencedframe src=\"@URL@\"></fencedframe>",
    ),
    vector(
        "",
        "<script type=speculationrules>{\"prefetch\":[{\"source\":\"list\",\"urls\":[\"@URL@/a\"],\"eagerness\":\"immediate\"}]}</script>",
    ),
    vector(
        "",
        "<html manifest=\"@URL@/a.appcache\"><head profile=\"@URL@\"><body><blockquote cite=\"@URL@\">x</blockquote>",
    ),
    vector("", "<img attributionsrc=\"@URL@\"><a attributionsrc=\"@URL@\" ping=\"@URL@\" href=\"#\">x</a>"),
    vector(
        "",
        "<form action=\"@URL@\" method=post><input name=x value=1><button autofocus>x</button></form>",
    ),
];

/// Each is a whole page: it would leave the others behind.
const ELSEWHERE: &[Vector] = &[
    vector("cfw", "<meta http-equiv=refresh content=\"0; url=@URL@/a\">"),
    vector("cfw", "<META HTTP-EQUIV=Refresh CONTENT='0;@URL@/a'>"),
    vector("cfw", "<p>x<meta http-equiv=refresh content=\"0.1; url=@URL@/a\"><p>y"),
    vector("cfw", "<base href=\"@URL@/x/\"><img src=\"a.png\">"),
    vector("cfw", "<base href=\"@URL@/x/\"><meta http-equiv=refresh content=\"0; url=a\">"),
];

async fn a_link_of_any_kind_opens_no_connection(engine: Engine) {
    assert_silent(engine, "links", LINKS).await;
}

async fn images_fonts_and_styles_open_no_connection(engine: Engine) {
    assert_silent(engine, "looks", LOOKS).await;
}

async fn media_objects_frames_and_scripts_open_no_connection(engine: Engine) {
    assert_silent(engine, "things", THINGS).await;
}

async fn assert_silent(engine: Engine, name: &str, vectors: &[Vector]) {
    on_parts(engine, name, PLAIN, "parts", async |parts| {
        let sinks = Sinks::listen(vectors.len()).await;
        let page = ["<!doctype html>", &sinks.fill(vectors, false).join("\n"), "<p>end"].concat();
        parts.show(&page).await;
        sinks.assert_none_but_the_control(parts, vectors).await;
        parts.assert_shows(&page).await;
    })
    .await;
}

async fn a_page_that_sends_its_reader_elsewhere_opens_no_connection(engine: Engine) {
    on_parts(engine, "elsewhere", PLAIN, "parts=4", async |parts| {
        let sinks = Sinks::listen(ELSEWHERE.len()).await;
        let pages = sinks.fill(ELSEWHERE, false);
        // The last part shows two, one after the other.
        for (at, html) in pages.iter().enumerate() {
            let n = (at + 1).min(4);
            let hand = format!("again({1}); parts[{0}].push(arguments[0]); parts[{0}].finish()", n - 1, n);
            parts.with(&hand, vec![json!(format!("<!doctype html>{html}<p>page {at}"))]).await;
            parts
                .until("it is shown", &format!("return isWhole({n}) && text({n}).includes('page {at}')"))
                .await;
        }
        sinks.assert_none_but_the_control(parts, ELSEWHERE).await;
        for (n, at) in [(1, 0), (2, 1), (3, 2), (4, 4)] {
            let is_there = format!("return text({n}).includes('page {at}')");
            assert_eq!(parts.ask(&is_there).await, json!(true), "page {at} has gone");
        }
    })
    .await;
}

async fn a_link_that_comes_in_single_characters_opens_no_connection(engine: Engine) {
    on_parts(engine, "single", PLAIN, "parts", async |parts| {
        let vectors = &LINKS[10..13];
        let sinks = Sinks::listen(vectors.len()).await;
        let page = ["<!doctype html>", &sinks.fill(vectors, false).join(""), "<p>end"].concat();
        parts.with("feed(1, arguments[0], 1)", vec![json!(page)]).await;
        parts.until_whole(1).await;
        sinks.assert_none_but_the_control(parts, vectors).await;
        parts.assert_shows(&page).await;
    })
    .await;
}

/// What a page may bring to undo the policy that stands before it.
const LOOSE: &str = "<!doctype html><html><head>\
    <meta http-equiv=Content-Security-Policy content=\"default-src * 'unsafe-inline' 'unsafe-eval' data: blob:; script-src * 'unsafe-inline'\">\
    <meta http-equiv=Content-Security-Policy content=\"img-src *; report-uri @URL@/report; report-to x\">\
    <meta http-equiv=Content-Security-Policy-Report-Only content=\"img-src 'none'; report-uri @URL@/report\">\
    <meta http-equiv=x-dns-prefetch-control content=on><meta name=referrer content=unsafe-url>\
    <base href=\"@URL@/\" target=_top><base target=_self></head><body><script>top.ran = 1</script>\
    <img src=\"a.png\"><img src=\"@URL@/b.png\"><p style=\"background: url(c.png)\">x</p><a id=out href=\"d\">out</a><p>end";

async fn a_page_with_a_policy_or_a_base_of_its_own_loosens_nothing(engine: Engine) {
    on_parts(engine, "loose", PLAIN, "parts", async |parts| {
        let (sink, control) = (Sink::listen().await, Sink::listen().await);
        let page = LOOSE.replace("@URL@", sink.origin());
        parts.show(&page).await;
        parts.assert_shows(&page).await;
        parts
            .with(
                "control(arguments[0])",
                vec![json!(LOOSE.replace("@URL@", control.origin()).replace("top.ran", "top.controlRan"))],
            )
            .await;
        parts.page.until_true("without protection it loads", || control.connections() > 2).await;
        parts.until("without protection it runs", "return window.controlRan").await;
        assert_eq!(sink.connections(), 0);
        assert_eq!(parts.ask("return window.ran ?? 0").await, 0);
        let base = parts
            .ask("return [ask(Node, root(1), 'baseURI') === document.baseURI, found(1, 'base').target]")
            .await;
        assert_eq!(base, json!([true, "_blank"]), "the page's own base counts");
    })
    .await;
}

async fn images_and_fonts_come_from_the_hosts_that_were_named_for_them_and_from_no_other(engine: Engine) {
    let (images, fonts, other) = (Sink::listen().await, Sink::listen().await, Sink::listen().await);
    let [image, font, neither] = [&images, &fonts, &other].map(|sink| sink.origin().replace("http://", ""));
    let query = format!("parts&images={image}&fonts={font}");
    on_parts(engine, "named-hosts", PLAIN, &query, async |parts| {
        let face = |name: &str, host: &str| {
            format!("@font-face {{ font-family: {name}; src: url(https://{host}/{name}.woff2) }} .{name} {{ font-family: {name} }}")
        };
        // What must not be asked for stands first.
        let html = format!(
            "<!doctype html><style>{}{}</style><p class=a>x<p class=b>x<img src=https://{neither}/a.png>\
             <img src=http://{neither}/a.png><img src=https://{font}/a.png><img src=https://{image}/a.png>\
             <link rel=stylesheet href=https://{neither}/a.css>",
            face("a", &neither),
            face("b", &font),
        );
        parts.show(&html).await;
        parts.page.until_true("an image is asked for", || images.connections() > 0).await;
        parts.page.until_true("so is a font", || fonts.connections() > 0).await;
        assert_eq!(other.connections(), 0);
    })
    .await;
}
