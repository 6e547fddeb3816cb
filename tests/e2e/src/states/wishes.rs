//! What readers ask of every page: their own colours, no motion, and the keyboard alone.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use thirtyfour::Key;

use crate::shown::{DESK, States, on_states};

async fn wish(states: &States<'_>, feature: &str, value: &str) {
    let features = json!({ "features": [{ "name": feature, "value": value }] });
    states.page().devtools("Emulation.setEmulatedMedia", features).await;
}

/// What moves, or would: animations and transitions that take time.
const MOVES: &str = r"
    const moves = [...document.querySelectorAll('.gs-screen, .gs-screen *')].filter((element) => {
      if (!element.checkVisibility()) return false;
      return ['', '::before', '::after'].some((part) => {
        const { animationName, animationDuration, transitionDuration } = getComputedStyle(element, part || null);
        const takes = (times) => times.split(',').some((time) => parseFloat(time) > 0.001);
        return (animationName !== 'none' && takes(animationDuration)) || takes(transitionDuration);
      });
    }).map((element) => element.className);
    return moves";

#[tokio::test]
async fn nothing_moves_for_who_wants_no_motion() {
    on_states("no-motion", DESK, async |states| {
        states.show("running-no-number").await;
        let moving = states.ask(MOVES).await;
        assert_ne!(moving, json!([]), "something moves for those who do not mind, or this test sees nothing");
        wish(states, "prefers-reduced-motion", "reduce").await;
        for state in [
            "running-no-number",
            "running-live",
            "connecting",
            "reconnecting",
            "finishing",
            "complete",
            "retrying",
        ] {
            states.show(state).await;
            assert_eq!(states.ask(MOVES).await, json!([]), "{state}");
        }
    })
    .await;
}

/// With colours of the reader's own, what is only a background is gone: each thing that has to be seen needs a border, a
/// colour of the system, or a text. Gives what was looked at, and what of it has none.
const UNSEEN: &str = r"
    const looked = [];
    const unseen = (selector, part) => [...document.querySelectorAll(selector)].filter((element) => {
      if (!element.checkVisibility()) return false;
      looked.push(selector);
      const style = getComputedStyle(element, part);
      const edges = ['Top', 'Bottom', 'Left', 'Right'].some((side) =>
        parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== 'none');
      return !edges && style.forcedColorAdjust !== 'none';
    }).map(() => `${selector}${part ?? ''}`);
    const found = [...unseen('.gs-button'), ...unseen('.gs-progress'), ...unseen('.gs-progress-fill'),
      ...unseen('.gs-connection-mark'), ...unseen('.gs-tab[aria-selected=true]', '::after')];
    return { looked: [...new Set(looked)], found }";

#[tokio::test]
async fn in_a_readers_own_colours_everything_can_still_be_told_apart() {
    on_states("own-colours", DESK, async |states| {
        wish(states, "forced-colors", "active").await;
        let mut looked = BTreeSet::new();
        for state in
            ["running-live", "polling-closed", "reconnecting", "complete", "failed-retryable", "signed-out"]
        {
            states.show(state).await;
            assert_eq!(states.ask("return matchMedia('(forced-colors: active)').matches").await, true);
            let unseen = states.ask(UNSEEN).await;
            assert_eq!(unseen["found"], json!([]), "{state}");
            looked.extend(unseen["looked"].as_array().into_iter().flatten().map(Value::to_string));
        }
        assert_eq!(looked.len(), 5, "each of them was there at least once: {looked:?}");
    })
    .await;
}

/// The name of what has the focus.
const FOCUSED: &str = "const at = document.activeElement; return at === document.body ? '' \
    : at.dataset.action ?? at.dataset.part ?? (at.className || at.tagName)";

/// What can be reached, in the order of reading. Tabs are one stop: arrows go between them.
const STOPS: &[&str] = &[
    "cancel",
    "tab-preview",
    "pause",
    "width-fit",
    "width-phone",
    "width-tablet",
    "width-desktop",
    "preview-frame",
    "SUMMARY",
];

#[tokio::test]
async fn by_the_keyboard_alone_everything_is_reached_once_in_the_order_of_reading_and_the_focus_is_seen() {
    on_states("keyboard", DESK, async |states| {
        states.show("running-live").await;
        let keys = states.page().driver();
        let mut passed: Vec<String> = Vec::new();
        // One more than there can be: the last step leads out of the page, or round to the first.
        for _ in 0..30 {
            keys.active_element().await.expect("something has the focus").send_keys(Key::Tab + "").await.expect("a key can be pressed");
            let focused: Value = states.ask(FOCUSED).await;
            let name = focused.as_str().unwrap_or_default().to_owned();
            if name.is_empty() || passed.first() == Some(&name) {
                break;
            }
            let is_seen = states
                .ask("const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
                      return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none'")
                .await;
            assert_eq!(is_seen, true, "{name} does not show that it has the focus");
            passed.push(name);
        }
        assert_eq!(passed, STOPS);
    })
    .await;
}
