//! Pages of hosts in which the preview stands: beside another one, before they have loaded, from right to left, and taken
//! away in mid-stream.

use harness::{Engine, Host};
use serde_json::json;

use crate::parts::{PLAIN, Parts, on_parts};

in_each_engine!(
    two_on_one_page_do_not_see_each_other,
    a_page_that_comes_before_the_host_has_loaded_does_not_hold_that_up,
    a_host_from_right_to_left_mirrors_its_own_and_leaves_the_page_alone,
    a_part_that_is_taken_away_in_mid_stream_leaves_nothing_and_can_come_back,
);

async fn two_on_one_page_do_not_see_each_other(engine: Engine) {
    on_parts(engine, "two", PLAIN, "parts=2", async |parts| {
        let page = |n: usize| {
            let lines: String =
                (0..20).map(|at| format!("<p style=\"height: 100px\">{n} {at}</p>")).collect();
            format!("<!doctype html><style>p {{ color: rgb({n}, 0, 0) }}</style><h1>Page {n}</h1>{lines}")
        };
        for n in [1, 2] {
            parts.with(&format!("feed({n}, arguments[0], 100)"), vec![json!(page(n))]).await;
        }
        for n in [1, 2] {
            parts.until_whole(n).await;
            let differs =
                parts.with(&format!("return difference({n}, arguments[0])"), vec![json!(page(n))]).await;
            assert_eq!(differs, json!(null), "part {n}");
            assert_eq!(parts.ask(&format!("return style({n}, 'p').color")).await, format!("rgb({n}, 0, 0)"));
            assert_eq!(parts.ask(&format!("return sourceOf({n})")).await, json!(page(n)));
        }
        parts.ask("box(1).querySelector('[data-part=preview-frame]').focus(); root(1).scrollTop = 500").await;
        let second = parts.ask("return root(2).scrollTop").await;
        parts.page.press_key('\u{e011}').await;
        parts.until("the first is at its beginning", "return root(1).scrollTop === 0").await;
        assert_eq!(parts.ask("return root(2).scrollTop").await, second, "the second has moved");
        parts.ask("parts[0].mount(false)").await;
        parts.until("the first is gone", "return !element(1)").await;
        assert!(parts.ask("return text(2).includes('Page 2')").await == json!(true));
    })
    .await;
}

async fn a_page_that_comes_before_the_host_has_loaded_does_not_hold_that_up(engine: Engine) {
    let slow = Host { slow: true, ..PLAIN };
    on_parts(engine, "before-load", slow, "parts", async |parts| {
        let page = "<!doctype html><h1>early</h1><p>more is to come";
        parts.push(page).await;
        parts.until("the source shows it", "return sourceOf(1).length > 10").await;
        parts.settle().await;
        assert_ne!(
            parts.ask("return document.readyState").await,
            "complete",
            "the host has loaded too early for this test"
        );
        parts.site.let_load();
        parts.until("the host has loaded", "return document.readyState === 'complete'").await;
        parts
            .until(
                "the preview shows it, and waits for more",
                "return text(1).includes('early') && !isWhole(1)",
            )
            .await;
        parts.ask("parts[0].finish()").await;
        parts.until_whole(1).await;
        parts.assert_shows(page).await;
    })
    .await;
}

const FITS: &str = "const own = document.documentElement; const outer = box(1).querySelector('[data-part=preview-frame]').getBoundingClientRect(); \
    const inner = element(1).getBoundingClientRect(); \
    return { over: own.scrollWidth - own.clientWidth, before: Math.round(inner.left - outer.left), after: Math.round(outer.right - inner.right) }";

async fn a_host_from_right_to_left_mirrors_its_own_and_leaves_the_page_alone(engine: Engine) {
    on_parts(engine, "rtl", PLAIN, "parts&dir=rtl", async |parts| {
        for (page, direction) in [
            ("<!doctype html><html lang=en><p>left to right</p>", "ltr"),
            ("<!doctype html><html lang=ar dir=rtl><p>من اليمين إلى اليسار</p>", "rtl"),
        ] {
            parts.ask("again(1)").await;
            parts.show(page).await;
            parts.assert_shows(page).await;
            assert_eq!(parts.ask("return style(1, 'p').direction").await, direction);
        }
        assert_eq!(parts.ask(FITS).await, json!({ "over": 0, "before": 0, "after": 0 }));
        parts.page.press("width-phone").await;
        parts.until("it is as wide as a phone", "return Math.round(element(1).getBoundingClientRect().width) === 390").await;
        let fits = parts.ask(FITS).await;
        let off_centre = fits["before"].as_f64().unwrap_or(f64::NAN) - fits["after"].as_f64().unwrap_or(f64::NAN);
        assert!(fits["over"] == 0 && off_centre.abs() <= 1.0, "{fits}");
        let mirrored = "const at = (name) => box(1).querySelector(`[data-action=${name}]`).getBoundingClientRect().left; \
            return at('width-fit') > at('width-desktop')";
        assert_eq!(parts.ask(mirrored).await, json!(true), "the host's own is mirrored");
    })
    .await;
}

async fn a_part_that_is_taken_away_in_mid_stream_leaves_nothing_and_can_come_back(engine: Engine) {
    on_parts(engine, "unmount", PLAIN, "parts", async |parts| {
        parts.push("<!doctype html><h1>one</h1>").await;
        parts.until("it is there", "return text(1).includes('one')").await;
        parts
            .ask("parts[0].push('<p>at the same time'); parts[0].mount(false); parts[0].push(' and after')")
            .await;
        parts.until("it is gone", "return !document.querySelector('iframe')").await;
        parts.settle().await;
        parts.ask("parts[0].mount(true)").await;
        parts.until("it is there again", "return !!element(1) && text(1).includes('and after')").await;
        parts.ask("parts[0].finish()").await;
        parts.until_whole(1).await;
        parts.assert_shows("<!doctype html><h1>one</h1><p>at the same time and after").await;
        assert_quiet(parts).await;
    })
    .await;
}

/// Nothing was reported: by the driver's log, where there is one, and by the page's own hooks.
async fn assert_quiet(parts: &Parts<'_>) {
    assert_eq!(parts.page.complaints().await, Vec::<String>::new());
}
