//! The running page reaches what the gallery shows frozen: a server in place of the network brings it there, and both say
//! the same. What other tests reach is named with them.

use std::collections::BTreeSet;
use std::path::Path;

use super::shown::{DESK, States, on_states};

const SERVER: &str = include_str!("server.js");

/// What a page says, for comparison: numbers differ, and so does how much was kept. Whether it began in the middle is compared
/// only where that is the state: most others are reached after a first read, which is one way to begin.
const SAYS: &str = r"
    const lines = [...document.querySelectorAll('.gs-connection-word, .gs-connection-why, .gs-outcome-title, .gs-outcome-text, .gs-action-failed, .gs-remark, .gs-screen h2')]
      .filter((element) => element.checkVisibility() && element.textContent && (isResumed || !element.matches('.gs-remark-resumed')))
      .map((element) => element.textContent.replace(/[0-9]+/g, '#')).sort();
    const { phase, outcome = '' } = screen;
    const shape = [
      document.querySelectorAll('.gs-steps li').length, !!document.querySelector('[role=progressbar][aria-valuenow]'),
      document.querySelector('.gs-card')?.textContent.length > 40, source().length > 0,
    ];
    const says = { phase, outcome, lines, shape };";

/// Brings the running page into the state of this name, pressing what has to be pressed, and waits until it says what the
/// frozen one says, and nothing else.
async fn reach(states: &States<'_>, name: &str, address: &str, press: Option<&str>) {
    states.show(name).await;
    let says = format!("const isResumed = {}; {SAYS}", name == "resumed");
    let frozen = states.ask(&format!("{says} return says")).await;
    let page = states.page();
    page.open_at(address).await;
    if let Some(action) = press {
        page.press(action).await;
    }
    // Only those that are about it are compared by their shape: the made-up page is longer than the other one.
    let has_shape = name.starts_with("running-");
    let same = format!(
        "{says} const frozen = {frozen};
         return says.phase === frozen.phase && says.outcome === frozen.outcome
           && JSON.stringify(says.lines) === JSON.stringify(frozen.lines)
           && (!{has_shape} || JSON.stringify(says.shape) === JSON.stringify(frozen.shape))"
    );
    if page.try_until(&same).await.is_none() {
        let says = states.ask(&format!("{says} return says")).await;
        panic!("the running page does not reach {name}:\n  {says}\nthe frozen one says\n  {frozen}");
    }
}

/// Each of these states, with what is pressed.
async fn reach_all(test: &str, names: &[Pressed]) {
    on_states(test, DESK, async |states| {
        states
            .page()
            .devtools("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": SERVER }))
            .await;
        for (name, press) in names {
            let speed = if UNHURRIED.contains(name) { 1 } else { 20 };
            reach(states, name, &format!("?mount={name}&speed={speed}"), *press).await;
        }
    })
    .await;
}

type Pressed = (&'static str, Option<&'static str>);

const fn alone<const N: usize>(names: [&'static str; N]) -> [Pressed; N] {
    let mut all = [("", None); N];
    let mut at = 0;
    while at < N {
        all[at].0 = names[at];
        at += 1;
    }
    all
}

const RUNNING: &[Pressed] = &alone([
    "connecting",
    "connecting-offline",
    "connecting-signed-out",
    "queued",
    "running-live",
    "running-no-number",
    "running-no-steps",
    "running-first-step",
    "running-long-words",
    "second-run",
    "resumed",
]);
const FIRST: &[Pressed] = &alone(["opening"]);
const CONNECTIONS: &[Pressed] = &alone(["reconnecting", "reconnecting-now", "signed-out"]);
const REASONS: &[Pressed] = &alone([
    "polling-unproven",
    "polling-mute",
    "polling-idle",
    "polling-behind",
    "polling-closed",
    "polling-broken",
    "polling-malformed",
    "polling-limit",
    "polling-trouble",
    "polling-wrong-type",
    "polling-not-offered",
    "polling-token",
    "stalled",
]);
const ACTIONS: &[Pressed] = &[
    ("cancelling", Some("cancel")),
    ("cancel-refused", Some("cancel")),
    ("retrying", Some("retry")),
    ("retry-refused", Some("retry")),
    ("retry-unanswered", Some("retry")),
];
const ENDS: &[Pressed] = &alone([
    "finishing",
    "complete",
    "complete-unconfirmed",
    "incomplete",
    "failed-retryable",
    "failed",
    "cancelled",
    "not-found",
    "gone",
    "forbidden",
    "too-large",
]);
/// Reached by other tests: the file, and the test's name or the beginning of it.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("idle", "tests/e2e/src/examples/hydrated.rs", "what_the_server_has_rendered_comes_alive"),
    ("offline", "tests/e2e/src/scenarios/path.rs", "offline_the_screen_says_so"),
    ("polling-crowded", "tests/e2e/src/scenarios/many.rs", "seven_screens_on_one_page"),
    ("src-foreign", "tests/web/generation.rs", "a_foreign_src_is_refused_before_anything_is_sent"),
    ("src-invalid", "tests/e2e/src/states/reached.rs", "an_address_that_names_nothing"),
];

/// These need seconds as they are: twenty times as fast, they are over before anybody has looked.
const UNHURRIED: &[&str] = &["opening", "finishing", "reconnecting-now"];

#[tokio::test]
async fn before_it_runs_and_while_it_does() {
    reach_all("reached-running", RUNNING).await;
}

#[tokio::test]
async fn the_first_connection() {
    reach_all("reached-first", FIRST).await;
}

#[tokio::test]
async fn connections_that_are_lost() {
    reach_all("reached-connections", CONNECTIONS).await;
}

#[tokio::test]
async fn every_end() {
    reach_all("reached-ends", ENDS).await;
}

#[tokio::test]
async fn reasons_for_reading_and_a_stall() {
    reach_all("reached-reasons", REASONS).await;
}

#[tokio::test]
async fn every_action_and_what_goes_wrong_with_it() {
    reach_all("reached-actions", ACTIONS).await;
}

#[tokio::test]
async fn an_address_that_names_nothing() {
    on_states("reached-invalid", DESK, async |states| {
        reach(states, "src-invalid", "?mount=no%20id&speed=20", None).await;
    })
    .await;
}

#[tokio::test]
async fn no_state_is_left_out_and_each_test_that_is_named_is_there() {
    on_states("reached-all", DESK, async |states| {
        let here =
            [RUNNING, FIRST, CONNECTIONS, REASONS, ACTIONS, ENDS].concat().into_iter().map(|(name, _)| name);
        let reached: BTreeSet<&str> = here.chain(ELSEWHERE.iter().map(|(name, ..)| *name)).collect();
        let names = states.names().await;
        assert_eq!(reached, names.iter().map(String::as_str).collect());
    })
    .await;
    for (name, file, test) in ELSEWHERE {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(&format!("fn {test}")), "{name} is not reached by {file}: there is no {test}");
    }
}
