//! Chooses what is said about an end or a trouble that the reader has to know of. Shows nothing itself.

use super::hooks::SrcRefused;
use super::labels::{Labels, Said};
use crate::engine::{Connection, Outcome, Phase};

/// How a notice feels. `Bad` ones are alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Calm,
    Caution,
    Bad,
}

impl Tone {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Calm => "calm",
            Tone::Caution => "caution",
            Tone::Bad => "bad",
        }
    }
}

/// What to say now, if there is something.
pub(crate) fn notice(
    labels: &Labels,
    phase: Phase,
    connection: Connection,
    refused: Option<SrcRefused>,
) -> Option<(Tone, Said)> {
    let Phase::Ended(outcome) = phase else {
        let signed_out = connection == Connection::SignedOut && phase != Phase::Idle;
        return signed_out.then_some((Tone::Bad, labels.signed_out_said));
    };
    Some(match (refused, outcome) {
        (Some(SrcRefused::Foreign), _) => (Tone::Bad, labels.src_foreign),
        (Some(SrcRefused::NotAGeneration), _) => (Tone::Bad, labels.src_invalid),
        (None, Outcome::Complete) => (Tone::Good, labels.complete),
        (None, Outcome::Incomplete) => (Tone::Caution, labels.incomplete),
        (None, Outcome::Failed { retryable: true }) => (Tone::Bad, labels.failed_retryable),
        (None, Outcome::Failed { retryable: false }) => (Tone::Bad, labels.failed),
        (None, Outcome::Cancelled) => (Tone::Calm, labels.cancelled),
        (None, Outcome::NotFound) => (Tone::Bad, labels.not_found),
        (None, Outcome::Gone) => (Tone::Bad, labels.gone),
        (None, Outcome::Forbidden) => (Tone::Bad, labels.forbidden),
        (None, Outcome::TooLarge) => (Tone::Bad, labels.too_large),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_while_all_is_well_and_something_at_every_end() {
        let labels = Labels::default();
        let live = |phase| notice(&labels, phase, Connection::Live, None);
        for phase in [Phase::Idle, Phase::Connecting, Phase::Queued, Phase::Running, Phase::Finishing] {
            assert_eq!(live(phase), None);
        }
        let said = live(Phase::Ended(Outcome::NotFound)).map(|(_, said)| said.title);
        assert_eq!(said, Some("Not found, or not yours"));
        let out = notice(&labels, Phase::Running, Connection::SignedOut, None);
        assert_eq!(out.map(|(tone, _)| tone), Some(Tone::Bad));
    }
}
