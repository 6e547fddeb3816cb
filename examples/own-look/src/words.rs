//! The board's words. A host's own: nothing here comes from the screen's `Labels`.

use generation_screen::ActionError;
use generation_screen::contract::StepState;
use generation_screen::engine::{Connection, Outcome, Phase};

/// For the style sheet.
pub(crate) fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Idle => "idle",
        Phase::Ended(Outcome::Complete) => "arrived",
        Phase::Ended(_) => "ended",
        _ => "under-way",
    }
}

/// What a step does, and what stands there for its time until it has one.
pub(crate) fn step_state(state: StepState) -> (&'static str, &'static str) {
    match state {
        StepState::Pending => ("scheduled", "–"),
        StepState::Running => ("boarding", "now"),
        StepState::Done => ("departed", "–"),
        StepState::Failed => ("cancelled", "–"),
    }
}

/// One line under the rows.
pub(crate) fn remark(phase: Phase, connection: Connection) -> &'static str {
    match (phase, connection) {
        (Phase::Idle, _) => "Nothing is under way.",
        (Phase::Ended(Outcome::Complete), _) => "Arrived.",
        (Phase::Ended(_), _) => "The service has ended.",
        (_, Connection::Opening) => "Calling the control room …",
        (_, Connection::Live) => "Live from the control room.",
        (_, Connection::Reconnecting { .. }) => "The line is down. Calling again …",
        (_, Connection::Polling { .. }) => "By messenger: news come a little late.",
        (_, Connection::Offline) => "You are offline. The train goes on.",
        (_, Connection::SignedOut) => "You are signed out.",
    }
}

/// Bad ends, where the server has no words for them.
pub(crate) fn end(phase: Phase) -> Option<&'static str> {
    match phase {
        Phase::Ended(Outcome::Complete) => None,
        Phase::Ended(Outcome::Cancelled) => Some("Cancelled. What was written stays below."),
        Phase::Ended(Outcome::Incomplete) => Some("The page could not be had whole."),
        Phase::Ended(Outcome::TooLarge) => Some("The page is larger than this board shows."),
        Phase::Ended(_) => Some("There is nothing to be seen at this platform."),
        _ => None,
    }
}

/// A button that did nothing.
pub(crate) fn action_failed(error: ActionError) -> String {
    match error {
        ActionError::Retry { .. } => "The control room did not take the order. Try again.".to_owned(),
        ActionError::Cancel { .. } => "The control room did not stop the train. Try again.".to_owned(),
    }
}

/// `1:05`.
pub(crate) fn minutes(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_minutes_and_two_digits() {
        assert_eq!([0, 65, 3600].map(minutes), ["0:00", "1:05", "60:00"]);
    }
}
