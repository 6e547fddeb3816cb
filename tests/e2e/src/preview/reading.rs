//! How a page is read while it grows: by the wheel, the keys and the end that is followed; and what it may not do to who
//! reads: catch the keyboard, or move what they look at.

use harness::Engine;
use serde_json::json;

use crate::parts::{PLAIN, Parts, on_parts};

in_each_engine!(
    the_tab_key_goes_past_the_page_forwards_and_back,
    the_wheel_scrolls_the_page,
    keys_scroll_the_page_from_the_box_around_it,
    the_end_is_followed_until_its_reader_scrolls_up_and_again_when_they_ask_for_it,
    a_page_that_is_paused_stays_as_it_is_and_goes_on_afterwards,
    a_source_that_is_slow_to_show_is_exact_all_the_same_and_holds_when_it_is_paused,
);

const TAB: char = '\u{e004}';
const SHIFT: char = '\u{e008}';
const PAGE_DOWN: char = '\u{e00f}';
const END: char = '\u{e010}';
const HOME: char = '\u{e011}';

const GRABBY: &str = "<!doctype html><input autofocus><button>x</button><a href=#>x</a><textarea></textarea><p tabindex=1 contenteditable>x\
    <select><option>x</select><details><summary>x</summary></details><video controls></video><iframe></iframe><dialog open><input autofocus>";

async fn the_tab_key_goes_past_the_page_forwards_and_back(engine: Engine) {
    on_parts(engine, "tab", PLAIN, "parts", async |parts| {
        parts.show(GRABBY).await;
        parts.ask("document.querySelector('[data-gallery=before]').focus()").await;
        let forwards = parts.walk(&[TAB], "after").await;
        assert!(forwards.contains(&"preview-frame".to_owned()), "{forwards:?}");
        let back = parts.walk(&[SHIFT, TAB], "before").await;
        assert!(back.contains(&"preview-frame".to_owned()), "{back:?}");
        assert_eq!(
            parts.ask("return ask(Document, inFrame(1), 'activeElement') === found(1, 'body')").await,
            json!(true)
        );
    })
    .await;
}

const WHERE: &str = "const it = document.activeElement; return it.dataset.gallery ?? it.dataset.part ?? it.dataset.action ?? it.tagName";

impl Parts<'_> {
    /// Presses these keys again and again until the host's button of this name has the focus; gives who had it meanwhile.
    async fn walk(&self, keys: &[char], until: &str) -> Vec<String> {
        let mut seen = Vec::new();
        while seen.len() < 40 {
            self.page.press_together(keys).await;
            let at = self.ask(WHERE).await.as_str().unwrap_or_default().to_owned();
            assert_ne!(at, "IFRAME", "the frame has the focus, after {seen:?}");
            if at == until {
                return seen;
            }
            seen.push(at);
        }
        panic!("{until} was never reached: {seen:?}");
    }

    /// The middle of the frame, in the window.
    async fn middle(&self) -> (f64, f64) {
        let script = "const at = element(1).getBoundingClientRect(); return [at.x + at.width / 2, at.y + at.height / 2]";
        let place = self.ask(script).await;
        (place[0].as_f64().unwrap_or_default(), place[1].as_f64().unwrap_or_default())
    }

    async fn top(&self) -> f64 {
        self.ask("return root(1).scrollTop").await.as_f64().unwrap_or(f64::NAN)
    }
}

/// So many screens of text.
fn tall(from: usize, to: usize) -> String {
    (from..to).map(|at| format!("<p style=\"height: 200px\">{at}</p>")).collect()
}

async fn the_wheel_scrolls_the_page(engine: Engine) {
    on_parts(engine, "wheel", PLAIN, "parts", async |parts| {
        parts.show(&format!("<!doctype html>{}", tall(0, 20))).await;
        parts.ask("root(1).scrollTop = 0").await;
        let (x, y) = parts.middle().await;
        parts.page.wheel_at(x, y, 300).await;
        parts.until("the page has moved", "return root(1).scrollTop >= 200").await;
        assert_eq!(parts.ask("return document.documentElement.scrollTop").await, 0, "the host has moved");
    })
    .await;
}

async fn keys_scroll_the_page_from_the_box_around_it(engine: Engine) {
    on_parts(engine, "keys", PLAIN, "parts", async |parts| {
        parts.show(&format!("<!doctype html>{}", tall(0, 20))).await;
        parts.ask("box(1).querySelector('[data-part=preview-frame]').focus()").await;
        parts.page.press_key(HOME).await;
        parts.until("it is at its beginning", "return root(1).scrollTop === 0").await;
        parts.page.press_key(PAGE_DOWN).await;
        parts.until("it is a page further", "return root(1).scrollTop > 100").await;
        parts.page.press_key(END).await;
        let at_end = "return root(1).scrollTop + root(1).clientHeight >= root(1).scrollHeight - 1";
        parts.until("it is at its end", at_end).await;
    })
    .await;
}

const AT_END: &str = "return root(1).scrollTop + root(1).clientHeight >= root(1).scrollHeight - 48";

async fn the_end_is_followed_until_its_reader_scrolls_up_and_again_when_they_ask_for_it(engine: Engine) {
    on_parts(engine, "follow", PLAIN, "parts", async |parts| {
        let mut len = 0;
        parts.push("<!doctype html><style>html { scroll-behavior: smooth }</style>").await;
        for more in [3, 9, 20] {
            parts.push(&tall(len, more)).await;
            len = more;
            let followed = format!("return text(1).includes('{}') && (() => {{ {AT_END} }})()", len - 1);
            parts.until("the end is followed", &followed).await;
        }
        let (x, y) = parts.middle().await;
        let before = parts.top().await;
        parts.page.wheel_at(x, y, -700).await;
        parts.until("the page has moved up", &format!("return root(1).scrollTop <= {before} - 600")).await;
        parts.ask("root(1).scrollTo({ top: 1000, behavior: 'instant' })").await;
        parts.push(&tall(20, 30)).await;
        parts.until("more is there", "return text(1).includes('29')").await;
        parts.push(&tall(30, 40)).await;
        parts.until("and more", "return text(1).includes('39')").await;
        assert_eq!(parts.top().await, 1000.0, "a reader who scrolled up was moved");
        parts.page.press("follow").await;
        parts.until("the end is there", AT_END).await;
        parts.push(&tall(40, 50)).await;
        let followed = format!("return text(1).includes('49') && (() => {{ {AT_END} }})()");
        parts.until("the end is followed again", &followed).await;
    })
    .await;
}

async fn a_page_that_is_paused_stays_as_it_is_and_goes_on_afterwards(engine: Engine) {
    on_parts(engine, "pause", PLAIN, "parts", async |parts| {
        parts.push("<!doctype html><p>one</p>").await;
        parts.until("the first is there", "return text(1).includes('one')").await;
        parts.ask("parts[0].pause(true)").await;
        parts.push("<p>two</p>").await;
        parts.settle().await;
        assert_eq!(
            parts.ask("return [text(1).includes('two'), sourceOf(1).includes('two')]").await,
            json!([false, false])
        );
        parts.ask("parts[0].pause(false); parts[0].finish()").await;
        parts.until_whole(1).await;
        parts.assert_shows("<!doctype html><p>one</p><p>two</p>").await;
    })
    .await;
}

/// The page's clock goes on by 5 ms with each look: whatever is measured seems slow, and showing the source does.
const SLOW_CLOCK: &str = "const began = Performance.prototype.now.call(performance); let looks = 0;
    Performance.prototype.now = () => began + 5 * (looks += 1);";

async fn a_source_that_is_slow_to_show_is_exact_all_the_same_and_holds_when_it_is_paused(engine: Engine) {
    on_parts(engine, "slow-source", PLAIN, "parts", async |parts| {
        parts.ask(SLOW_CLOCK).await;
        // Some blocks at once, and then one more with each frame.
        parts.ask("window.__start = '<p>début</p>\\n'.repeat(2_000); parts[0].push(window.__start)").await;
        parts.until("it is shown", "return sourceOf(1).length > 0").await;
        let grow = "window.__pushed = ''; window.__frames = 0; window.__grows = true;
            const grow = () => {
              if (!window.__grows) return;
              const lines = `<p>${window.__pushed.length}</p>\n`.repeat(500);
              window.__pushed += lines;
              window.__frames += 1;
              parts[0].push(lines);
              requestAnimationFrame(grow);
            };
            grow()";
        parts.ask(grow).await;
        parts.until("it grows", "return sourceOf(1).includes('<p>0</p>')").await;
        parts.ask("parts[0].pause(true); window.__held = sourceOf(1)").await;
        // Longer than two showings are apart, by that clock.
        let later = "return window.__frames > 60 + (window.__at ??= window.__frames)";
        parts.until("more has come", later).await;
        assert_eq!(parts.ask("return sourceOf(1) === window.__held").await, json!(true), "it is paused");
        parts.ask("window.__grows = false; parts[0].pause(false); parts[0].finish()").await;
        parts.until("all is there", "return sourceOf(1) === window.__start + window.__pushed").await;
        parts.ask("parts[0].reset(); parts[0].push('another'); parts[0].finish()").await;
        parts.until("nothing of the first is left", "return sourceOf(1) === 'another'").await;
    })
    .await;
}
