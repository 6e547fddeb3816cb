//! All states, by name: every phase, connection, outcome and remark, and what goes wrong with an action.

use generation_screen::Outcome;
use generation_screen::engine::{Connection, Marks, Phase, Why};
use generation_screen::ui::hooks::{ActionError, SrcRefused, Still};

use super::moment::{before, complete, ended, long, marked, nothing, polling, running, soon};

/// One of them.
pub(super) struct State {
    /// In addresses and in reports.
    pub(super) name: &'static str,
    /// For people.
    pub(super) shows: &'static str,
    pub(super) moment: fn() -> Still,
}

const fn state(name: &'static str, shows: &'static str, moment: fn() -> Still) -> State {
    State { name, shows, moment }
}

const NO_MARKS: Marks =
    Marks { stalled: false, resumed: false, partial: false, cancelling: false, unconfirmed: false };

/// In the order in which they are shown.
pub(super) const STATES: &[State] = &[
    state("idle", "Nothing was started.", || before(Phase::Idle, Connection::Opening)),
    state("connecting", "The first attempt.", || before(Phase::Connecting, Connection::Opening)),
    state("connecting-offline", "No network from the start.", || {
        before(Phase::Connecting, Connection::Offline)
    }),
    state("connecting-signed-out", "No token to be had.", || {
        before(Phase::Connecting, Connection::SignedOut)
    }),
    state("queued", "The server has it, and has not begun.", || {
        let mut still = before(Phase::Queued, Connection::Live);
        still.picture.run = 1;
        still
    }),
    state("running-live", "At work, every piece as it is written.", || running(Connection::Live)),
    state("running-no-number", "The server says no progress.", || {
        let mut still = running(Connection::Live);
        still.picture.progress = None;
        still
    }),
    state("running-no-steps", "The server names no steps, and there is no card.", || {
        let mut still = running(Connection::Live);
        (still.picture.steps, still.picture.card) = (Vec::new(), None);
        still
    }),
    state("running-first-step", "Before there is a page.", || {
        let mut still = running(Connection::Live);
        still.html.clear();
        (still.picture.card, still.picture.progress) = (None, Some(0.03));
        still
    }),
    state("running-long-words", "Foreign words as long as they may be.", long),
    state("opening", "The stream is tried while the state is known.", || running(Connection::Opening)),
    state("reconnecting", "Nothing arrives; counted down.", || {
        running(Connection::Reconnecting { at: soon(7), why: Why::Broken })
    }),
    state("reconnecting-now", "The attempt is under way.", || {
        running(Connection::Reconnecting { at: soon(0), why: Why::Trouble })
    }),
    state("offline", "The browser has no network.", || running(Connection::Offline)),
    state("signed-out", "In the middle of the work.", || running(Connection::SignedOut)),
    state("polling-unproven", "Read again and again.", || polling(Why::Unproven)),
    state("polling-mute", "Read again and again.", || polling(Why::Mute)),
    state("polling-idle", "Read again and again.", || polling(Why::Idle)),
    state("polling-behind", "Read again and again.", || polling(Why::Behind)),
    state("polling-closed", "Read again and again.", || polling(Why::Closed)),
    state("polling-broken", "Read again and again.", || polling(Why::Broken)),
    state("polling-malformed", "Read again and again.", || polling(Why::Malformed)),
    state("polling-limit", "Read again and again.", || polling(Why::Limit)),
    state("polling-trouble", "Read again and again.", || polling(Why::Trouble)),
    state("polling-wrong-type", "Read again and again.", || polling(Why::WrongType)),
    state("polling-not-offered", "Read again and again.", || polling(Why::NotOffered)),
    state("polling-token", "Read again and again.", || polling(Why::Token)),
    state("polling-crowded", "Read again and again.", || polling(Why::Crowded)),
    state("stalled", "Connected, and no news for a minute.", || marked(Marks { stalled: true, ..NO_MARKS })),
    state("resumed", "Began in the middle.", || marked(Marks { resumed: true, ..NO_MARKS })),
    state("cancelling", "A cancel was sent.", || marked(Marks { cancelling: true, ..NO_MARKS })),
    state("second-run", "A retry runs.", || {
        let mut still = running(Connection::Live);
        still.picture.run = 2;
        still
    }),
    state("cancel-refused", "The server refused to cancel.", || {
        let still = running(Connection::Live);
        Still { action_error: Some(ActionError::Cancel { status: 503 }), ..still }
    }),
    state("finishing", "The end is known; the last state is read.", || {
        let mut still = complete();
        still.picture.phase = Phase::Finishing;
        still
    }),
    state("complete", "The page is whole.", complete),
    state("complete-unconfirmed", "Whole, but the last read failed.", || {
        let mut still = complete();
        still.picture.marks.unconfirmed = true;
        still
    }),
    state("incomplete", "Done, but not all of it came.", || ended(Outcome::Incomplete)),
    state("failed-retryable", "Another run may help.", || ended(Outcome::Failed { retryable: true })),
    state("failed", "Another run will not help.", || ended(Outcome::Failed { retryable: false })),
    state("retrying", "A retry is being sent.", || {
        let still = ended(Outcome::Failed { retryable: true });
        Still { retrying: true, ..still }
    }),
    state("retry-refused", "The server refused the retry.", || {
        let still = ended(Outcome::Failed { retryable: true });
        Still { action_error: Some(ActionError::Retry { status: 429 }), ..still }
    }),
    state("retry-unanswered", "The server did not answer the retry.", || {
        let still = ended(Outcome::Failed { retryable: true });
        Still { action_error: Some(ActionError::Retry { status: 0 }), ..still }
    }),
    state("cancelled", "Somebody cancelled it.", || ended(Outcome::Cancelled)),
    state("not-found", "No such generation, or somebody else's.", || nothing(Outcome::NotFound)),
    state("gone", "It was there once.", || nothing(Outcome::Gone)),
    state("forbidden", "Not for this user.", || nothing(Outcome::Forbidden)),
    state("too-large", "The page is larger than the screen takes.", || ended(Outcome::TooLarge)),
    state("src-foreign", "The address lies elsewhere: nothing is sent.", || {
        let still = nothing(Outcome::NotFound);
        Still { refused: Some(SrcRefused::Foreign), ..still }
    }),
    state("src-invalid", "The address names nothing: nothing is sent.", || {
        let still = nothing(Outcome::NotFound);
        Still { refused: Some(SrcRefused::NotAGeneration), ..still }
    }),
];
