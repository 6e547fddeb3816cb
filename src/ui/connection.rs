//! What the connection is doing, in plain words, and quiet remarks beside it. Says nothing once it is over.

use leptos::prelude::*;

use super::dom::{Root, Word};
use super::hooks::Generation;
use super::labels::Labels;
use super::names;
use crate::engine::{Connection, Moment, Phase};

const REMARKS: [Word; 4] = [
    (".gs-remark-stalled", |l| l.stalled),
    (".gs-remark-cancelling", |l| l.cancelling),
    (".gs-remark-resumed", |l| l.resumed),
    (".gs-remark-unconfirmed", |l| l.unconfirmed),
];

/// The connection's state in a few words, with the countdown if there is one.
pub(crate) fn connection_word(labels: &Labels, connection: Connection, now: Moment) -> String {
    let word = match connection {
        Connection::Opening => labels.opening,
        Connection::Live => labels.live,
        Connection::Reconnecting { at, .. } => {
            let left = at - now;
            // Rounded up: 0 means now.
            return (labels.reconnecting)(left.as_micros().div_ceil(1_000_000));
        }
        Connection::Polling { .. } => labels.polling,
        Connection::Offline => labels.offline,
        Connection::SignedOut => labels.signed_out,
    };
    word.to_owned()
}

/// Why it is so, or what it means.
fn meaning(labels: &Labels, connection: Connection) -> &'static str {
    match connection {
        Connection::Live => labels.live_means,
        Connection::Offline => labels.offline_means,
        Connection::Reconnecting { why, .. } | Connection::Polling { why } => (labels.why)(why),
        Connection::Opening | Connection::SignedOut => "",
    }
}

/// Keeps both right.
pub(crate) fn paint(root: Root, generation: Generation, labels: Signal<Labels>) {
    root.paint(move |dom| {
        let (words, connection) = (labels.get(), generation.connection().get());
        let is_quiet = matches!(generation.phase().get(), Phase::Idle | Phase::Ended(_));
        dom.attr(".gs-connection", "data-state", Some(names::connection(connection)));
        dom.show(".gs-connection", !is_quiet);
        dom.text(".gs-connection-word", &connection_word(&words, connection, generation.now().get()));
        dom.text(".gs-connection-why", meaning(&words, connection));
    });
    root.paint(move |dom| {
        let (words, marks, run) = (labels.get(), generation.marks().get(), generation.run().get());
        let is_going = !matches!(generation.phase().get(), Phase::Ended(_));
        dom.words(&words, &REMARKS);
        dom.show(".gs-remark-stalled", marks.stalled && is_going);
        dom.show(".gs-remark-cancelling", marks.cancelling && is_going);
        dom.show(".gs-remark-resumed", marks.resumed && is_going);
        dom.show(".gs-remark-unconfirmed", marks.unconfirmed);
        let again = (run > 1).then(|| (words.run)(run));
        dom.text_if(".gs-remark-run", again.as_deref());
        dom.show(
            ".gs-remarks",
            again.is_some()
                || marks.unconfirmed
                || is_going && (marks.stalled || marks.cancelling || marks.resumed),
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Span, Why};

    #[test]
    fn the_countdown_rounds_up_and_ends_with_now() {
        let words = Labels::default();
        let at = Moment::from_ms(10_000.0);
        let said = |ms: f64| {
            connection_word(&words, Connection::Reconnecting { at, why: Why::Broken }, Moment::from_ms(ms))
        };
        assert_eq!(
            [said(8_999.0), said(9_000.0), said(9_900.0)].map(|s| s),
            ["Reconnecting in 2 s", "Reconnecting in 1 s", "Reconnecting in 1 s"]
        );
        assert_eq!(said(10_000.0), "Reconnecting now");
        assert_eq!(at - Moment::from_ms(12_000.0), Span::ZERO);
    }
}
