//! How states are laid out: nothing is cut off where there is little room or text is large, everything that is pressed is
//! large enough, and nothing moves when something is said.

use serde_json::json;

use crate::shown::{Look, on_states};

const PHONE: Look = Look { lang: "", theme: "light", width: 320, height: 900 };

/// The widest element that is wider than the window, if there is one.
const TOO_WIDE: &str = "const width = document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll('.gs-screen *')].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      const hides = element.closest('.gs-unseen, [hidden], .gs-source-text, .gs-preview-frame, [data-folded=true], [data-state=hidden]');
      return !hides && (left < -0.5 || right > width + 0.5);
    });
    return [document.documentElement.scrollWidth > width ? 'the page scrolls' : '', ...wide.map((element) => element.className)].filter(Boolean);";

#[tokio::test]
async fn every_state_fits_a_window_of_320_pixels_in_english() {
    fits("fits-en", PHONE, "").await;
}

#[tokio::test]
async fn every_state_fits_a_window_of_320_pixels_in_german() {
    fits("fits-de", Look { lang: "de", ..PHONE }, "").await;
}

#[tokio::test]
async fn every_state_fits_a_window_of_320_pixels_in_arabic() {
    fits("fits-ar", Look { lang: "ar", ..PHONE }, "").await;
}

#[tokio::test]
async fn every_state_fits_with_text_twice_as_large() {
    let large = "document.documentElement.style.fontSize = '200%';";
    fits("fits-large", Look { lang: "de", width: 640, ..PHONE }, large).await;
}

async fn fits(name: &str, look: Look, before: &str) {
    on_states(name, look, async |states| {
        for state in states.names().await {
            states.show(&state).await;
            // Folded away, details could not be too wide.
            let unfold = "document.querySelector('[data-action=details]').click();";
            states.ask(&format!("{before}{unfold}")).await;
            states
                .until("the details are shown", "return !document.querySelector('[data-folded=true]')")
                .await;
            assert_eq!(states.ask(TOO_WIDE).await, json!([]), "{state}");
        }
    })
    .await;
}

#[tokio::test]
async fn everything_that_is_pressed_is_at_least_24_pixels_large() {
    let look = Look { width: 390, ..PHONE };
    on_states("targets", look, async |states| {
        for state in states.names().await {
            states.show(&state).await;
            let small = states
                .ask(
                    "return [...document.querySelectorAll('.gs-screen :is(a, button, summary)')].filter((target) => {
                       const { width, height } = target.getBoundingClientRect();
                       return target.checkVisibility({ visibilityProperty: true }) && (width < 24 || height < 24);
                     }).map((target) => target.outerHTML)",
                )
                .await;
            assert_eq!(small, json!([]), "{state}");
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_moves_when_the_connection_changes() {
    on_states("still", Look { width: 1280, ..PHONE }, async |states| {
        let place = "return Object.fromEntries(['.gs-title', '.gs-progress', '.gs-steps', '.gs-card', '.gs-connection', '.gs-actions', '.gs-page'].map((part) => {
              const { x, y, width } = document.querySelector(part).getBoundingClientRect();
              return [part, [x, y, width].map(Math.round)];
            }))";
        states.show("running-live").await;
        let live = states.ask(place).await;
        let names = states.names().await;
        let going = |name: &&String| name.starts_with("polling") || ["offline", "opening", "reconnecting", "reconnecting-now"].contains(&name.as_str());
        let going: Vec<_> = names.iter().filter(going).collect();
        assert!(going.len() > 12, "{going:?}");
        for state in going {
            states.show(state).await;
            assert_eq!(states.ask(place).await, live, "{state}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_end_says_what_happened_and_what_to_do() {
    on_states("ends", PHONE, async |states| {
        let mut ends = 0;
        for state in states.names().await {
            states.show(&state).await;
            let said = states
                .ask(
                    "const shown = [...document.querySelectorAll('.gs-outcome:not([hidden])')].filter((notice) => notice.checkVisibility());
                     return { phase: document.querySelector('.gs-screen').dataset.phase, title: document.querySelector('.gs-title').textContent,
                              texts: shown.map((notice) => notice.querySelector('.gs-outcome-text')?.textContent ?? '') }",
                )
                .await;
            let title = said["title"].as_str().unwrap_or_default();
            assert!(!title.is_empty(), "{state} has no headline");
            if said["phase"] == "ended" {
                ends += 1;
                let texts = said["texts"].as_array().cloned().unwrap_or_default();
                assert!(texts.iter().any(|text| text.as_str().is_some_and(|text| text.len() > 20)), "{state}: {said}");
            }
        }
        assert!(ends >= 14, "{ends} states are ends");
    })
    .await;
}
