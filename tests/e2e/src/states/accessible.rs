//! What axe-core says of each state, in light and dark, from left to right and from right to left. It cannot look into
//! the preview's frame, which is nobody's but the page's own, and is hidden from assistive technology.

use std::sync::OnceLock;

use harness::axe;

use crate::shown::{DESK, Look, States, on_states};

static AXE: OnceLock<String> = OnceLock::new();

const LIGHT: Look = DESK;
const DARK: Look = Look { theme: "dark", ..LIGHT };

#[tokio::test]
async fn axe_finds_nothing_in_light_colours() {
    nothing_is_found("axe-light", LIGHT).await;
}

#[tokio::test]
async fn axe_finds_nothing_in_dark_colours_on_a_phone() {
    nothing_is_found("axe-dark", Look { width: 390, ..DARK }).await;
}

#[tokio::test]
async fn axe_finds_nothing_from_right_to_left_in_light_colours_on_a_phone() {
    nothing_is_found("axe-light-rtl", Look { lang: "ar", width: 390, ..LIGHT }).await;
}

#[tokio::test]
async fn axe_finds_nothing_from_right_to_left_in_dark_colours() {
    nothing_is_found("axe-dark-rtl", Look { lang: "ar", ..DARK }).await;
}

#[tokio::test]
async fn axe_finds_what_is_wrong() {
    on_states("axe-control", LIGHT, async |states| {
        states.show("running-live").await;
        assert_eq!(found(states).await, Vec::<String>::new());
        states
            .ask(
                "document.querySelector('[data-action=cancel]').textContent = '';
                 document.querySelector('.gs-title').style.color = '#ddd';
                 document.querySelector('.gs-tabs').removeAttribute('role');",
            )
            .await;
        let found = found(states).await;
        for rule in ["button-name", "color-contrast", "aria-required-parent"] {
            assert!(found.iter().any(|found| found.starts_with(rule)), "{rule}: {found:?}");
        }
    })
    .await;
}

async fn nothing_is_found(name: &str, look: Look) {
    on_states(name, look, async |states| {
        for state in states.names().await {
            states.show(&state).await;
            let found = found(states).await;
            assert!(found.is_empty(), "{state}: {found:#?}");
        }
    })
    .await;
}

/// What is wrong with the page that is shown: the rule, and where.
async fn found(states: &States<'_>) -> Vec<String> {
    states.ask(AXE.get_or_init(axe)).await;
    let run = "window.__found = undefined;
        axe.run(document, { resultTypes: ['violations'] }).then(
          ({ violations }) => { window.__found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`)); },
          (error) => { window.__found = [`axe: ${error}`]; },
        );";
    states.ask(run).await;
    let found = states.until("axe has looked", "return window.__found && { found: window.__found }").await;
    found["found"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|found| found.as_str().unwrap_or_default().to_owned())
        .collect()
}
