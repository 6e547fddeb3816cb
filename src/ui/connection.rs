//! What the connection is doing, in plain words, and quiet remarks beside it. Says nothing once it is over.

use leptos::prelude::*;

use super::hooks::Generation;
use super::labels::Labels;
use super::names;
use crate::engine::{Connection, Moment, Phase};

/// The connection's state in a few words, with the countdown if there is one.
pub(crate) fn connection_word(labels: &Labels, connection: Connection, now: Moment) -> String {
    match connection {
        Connection::Opening => labels.opening.to_owned(),
        Connection::Live => labels.live.to_owned(),
        Connection::Reconnecting { at, .. } => {
            let left = (at - now).as_millis().div_ceil(1000);
            (labels.reconnecting)(u64::try_from(left).unwrap_or(u64::MAX))
        }
        Connection::Polling { .. } => labels.polling.to_owned(),
        Connection::Offline => labels.offline.to_owned(),
        Connection::SignedOut => labels.signed_out.to_owned(),
    }
}

/// Why it is so, or what it means.
fn meaning(labels: &Labels, connection: Connection) -> Option<&'static str> {
    match connection {
        Connection::Live => Some(labels.live_means),
        Connection::Offline => Some(labels.offline_means),
        Connection::Reconnecting { why, .. } | Connection::Polling { why } => Some((labels.why)(why)),
        Connection::Opening | Connection::SignedOut => None,
    }
}

/// The line of the connection.
#[component]
pub(crate) fn ConnectionLine(
    /// What the connection is doing.
    connection: Signal<Connection>,
    /// The screen's clock.
    now: Signal<Moment>,
    /// The words.
    labels: Signal<Labels>,
    /// Whether there is nothing to say.
    #[prop(into)]
    hidden: Signal<bool>,
) -> impl IntoView {
    let text = Memo::new(move |_| labels.with(|l| connection_word(l, connection.get(), now.get())));
    let why = Memo::new(move |_| labels.with(|l| meaning(l, connection.get())));
    view! {
        <div
            class="gs-connection"
            data-part="connection"
            data-state=move || names::connection(connection.get())
            hidden=hidden
        >
            <span class="gs-connection-mark" aria-hidden="true"></span>
            <p class="gs-connection-word">{text}</p>
            <p class="gs-connection-why">{why}</p>
        </div>
    }
}

/// The quiet remarks: what holds beside the phase.
#[component]
pub(crate) fn Remarks(
    /// What is remarked on.
    generation: Generation,
    /// The words.
    labels: Signal<Labels>,
) -> impl IntoView {
    let remarks = Memo::new(move |_| {
        let (words, marks, run) = (labels.get(), generation.marks.get(), generation.run.get());
        let is_over = matches!(generation.phase.get(), Phase::Ended(_));
        let all = [
            (marks.stalled && !is_over, words.stalled.to_owned()),
            (marks.cancelling && !is_over, words.cancelling.to_owned()),
            (marks.resumed && !is_over, words.resumed.to_owned()),
            (marks.unconfirmed, words.unconfirmed.to_owned()),
            (run > 1, (words.run)(run)),
        ];
        all.into_iter().filter_map(|(holds, text)| holds.then_some(text)).collect::<Vec<_>>()
    });
    let lines = move || {
        let line = |text| view! { <p class="gs-remark">{text}</p> };
        remarks.get().into_iter().map(line).collect::<Vec<_>>()
    };
    view! { <div class="gs-remarks" data-part="remarks">{lines}</div> }
}
