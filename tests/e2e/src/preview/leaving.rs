//! A page cannot lead its reader away: what is pressed in it does nothing, and where its frame is led away all the same
//! it is back within a second.

use harness::{Engine, Sink};
use serde_json::{Value, json};

use crate::parts::{PLAIN, Parts, on_parts};

in_each_engine!(
    a_press_on_a_link_or_a_form_leads_nowhere,
    a_frame_that_was_led_away_is_back_within_a_second_and_goes_on,
);

/// Each lies in a box of its own, and has the id `hit`.
const PRESSED: &[&str] = &[
    "<a id=hit href=\"@URL@/a\">x</a>",
    "<a id=hit target=_self href=\"@URL@/a\">x</a>",
    "<a id=hit target=_top href=\"@URL@/a\">x</a>",
    "<a id=hit target=_parent href=\"@URL@/a\">x</a>",
    "<a id=hit target=_blank href=\"@URL@/a\">x</a>",
    "<a id=hit target=named rel=opener href=\"@URL@/a\">x</a>",
    "<a id=hit target=_self href=\"javascript:top.ran=1\">x</a>",
    "<a id=hit target=_top href=\"javascript:top.ran=1\">x</a>",
    "<a id=hit href=\"data:text/html,<script>top.ran=1</script>\" target=_self>x</a>",
    "<a id=hit download href=\"@URL@/a\">x</a>",
    "<a id=hit ping=\"@URL@/a\" href=\"#top\" target=_self>x</a>",
    "<a id=hit href=\"mailto:a@example.test\" target=_self>x</a>",
    "<form action=\"@URL@/a\"><button id=hit>x</button></form>",
    "<form action=\"@URL@/a\" method=post target=_top><button id=hit>x</button></form>",
    "<form action=\"javascript:top.ran=1\" target=_self><input type=submit id=hit value=x></form>",
    "<form action=\"@URL@/a\" target=_self><input type=image id=hit alt=x></form>",
    "<button id=hit onclick=\"top.ran=1\">x</button>",
    "<p id=hit onmousedown=\"top.ran=1\" onpointerover=\"top.ran=1\">x</p>",
    "<svg id=hit width=90 height=40><a href=\"@URL@/a\" target=_self><rect width=90 height=40 /></a></svg>",
    "<img id=hit usemap=#m width=90 height=40 alt=x><map name=m><area shape=default href=\"@URL@/a\" target=_self></map>",
    "<label id=hit for=file>x</label><input type=file id=file>",
    "<details id=hit ontoggle=\"top.ran=1\"><summary>x</summary></details>",
];

const LOOKS: &str = "<style>#hit { position: fixed; top: 20px; left: 20px; display: block; width: 90px; height: 40px; \
    background: gold }</style>";

async fn a_press_on_a_link_or_a_form_leads_nowhere(engine: Engine) {
    on_parts(engine, "presses", PLAIN, "parts", async |parts| {
        let sink = Sink::listen().await;
        let windows = parts.page.driver().windows().await.expect("windows can be listed");
        parts.ask("window.__same = 'the same'").await;
        for pressed in PRESSED {
            println!("{pressed}");
            let html = pressed.replace("@URL@", sink.origin());
            let page = format!("<!doctype html>{LOOKS}{html}<p>stays</p>");
            parts.ask("again(1)").await;
            parts.show(&page).await;
            let (x, y) = parts.place_of_hit().await;
            parts.page.click_at(x, y).await;
            parts.settle().await;
            assert_eq!(
                parts.ask("return [window.__same, window.ran ?? 0]").await,
                json!(["the same", 0]),
                "{pressed}"
            );
            parts.assert_shows(&page).await;
        }
        assert_eq!(
            parts.page.driver().windows().await.expect("windows can be listed"),
            windows,
            "a window opened"
        );
        assert_eq!(sink.connections(), 0, "something was sent");
    })
    .await;
}

impl Parts<'_> {
    /// The middle of what is to be pressed, in the window.
    async fn place_of_hit(&self) -> (f64, f64) {
        let script = "const outer = element(1).getBoundingClientRect(); const hit = found(1, '#hit').getBoundingClientRect(); \
            return [outer.x + hit.x + 20, outer.y + hit.y + hit.height / 2]";
        let place = self.ask(script).await;
        (place[0].as_f64().unwrap_or_default(), place[1].as_f64().unwrap_or_default())
    }
}

/// Leads the frame away, and notes how long it takes until the page is there again in a document of its own.
const LEAD: &str = "const [how, url] = arguments; const from = performance.now(); const before = inFrame(1); window.__back = null; \
    const look = () => { \
      if (inFrame(1) && inFrame(1) !== before && text(1).includes('stays')) window.__back = { ms: performance.now() - from }; \
      else setTimeout(look, 5); }; \
    if (how === 'location') element(1).contentWindow.location.href = url; else element(1).src = url; \
    look();";

async fn a_frame_that_was_led_away_is_back_within_a_second_and_goes_on(engine: Engine) {
    on_parts(engine, "led-away", PLAIN, "parts", async |parts| {
        let page = "<!doctype html><h1>stays</h1><p>";
        parts.push(page).await;
        parts.until("the page is there", "return text(1).includes('stays')").await;
        let ways = [
            ("location", "/elsewhere"),
            ("location", "data:text/html,elsewhere"),
            ("src", "/elsewhere"),
            ("src", "about:blank"),
        ];
        for (how, url) in ways {
            parts.with(LEAD, vec![json!(how), json!(url)]).await;
            let back = parts.until("it is back", "return window.__back").await;
            let ms = back["ms"].as_f64().unwrap_or(f64::NAN);
            println!("{}: back from {how} {url} after {ms:.0} ms", engine.name());
            assert!(ms < 1000.0, "back from {how} {url} after {ms} ms");
        }
        parts.push("goes on").await;
        parts.ask("parts[0].finish()").await;
        parts.until_whole(1).await;
        parts.assert_shows(&format!("{page}goes on")).await;
        assert_eq!(parts.ask("return notice(1)").await, Value::from(""));
    })
    .await;
}
