//! The transition table: every state beside every input, as the session itself answers. It is written by the code, so that
//! it cannot say anything else.

mod inputs;
mod situations;

use std::fmt::Write as _;

use generation_screen::engine::{
    Command, Legs, LifeState, Note, Outcome, Phase, PollState, StreamState, Update,
};

use inputs::{ROWS, Row};
use situations::{Column, LIVES, POLLS, STREAMS, Situation};

const HEAD: &str = "\
# The session: every state beside every input

Written by `cargo xtask sim --table` from the session itself; a test holds it to that. ARCHITECTURE.md says why.

A cell says where the legs stand afterwards, if elsewhere, and what is sent. `–`: nothing happens. *Read* is `GET G`, *hold* the
same with `Prefer: wait`, *open* is `GET G/events`; *drop* ends a request. Where a leg has no request, an answer to one is an
answer that nobody waits for.
";

/// As it stands in docs/session-table.md.
#[must_use]
pub fn markdown() -> String {
    let mut text = HEAD.to_owned();
    let tables = [
        ("The stream leg", "While the state is read beside it, unless the stream is Live.", STREAMS),
        ("The poll leg", "Without a stream, and at last beside one that is Live.", POLLS),
        ("The whole", "Before, between and after.", LIVES),
    ];
    for (title, about, columns) in tables {
        let _ = write!(text, "\n## {title}\n\n{about}\n\n|");
        for Column { name, .. } in columns {
            let _ = write!(text, " | {name}");
        }
        let _ = writeln!(text, " |\n|{}", " --- |".repeat(columns.len() + 1));
        for row in ROWS {
            let _ = write!(text, "| {}", row.name);
            for column in columns {
                let _ = write!(text, " | {}", cell(column, row));
            }
            let _ = writeln!(text, " |");
        }
    }
    text
}

/// What comes of one input in one state.
fn cell(column: &Column, row: &Row) -> String {
    let mut situation = (column.reach)();
    let before = situation.session.legs();
    assert!((column.stands)(before), "the way to {} leads to {before:?}", column.name);
    situation.clear();
    (row.give)(&mut situation);
    let said = said(&situation, before);
    if said.is_empty() { "–".to_owned() } else { said }
}

fn said(situation: &Situation, before: Legs) -> String {
    let after = situation.session.legs();
    let mut parts = Vec::new();
    if after.life != before.life {
        parts.push(match (after.life, situation.session.picture().phase) {
            (LifeState::Ended, Phase::Ended(outcome)) => format!("**{}**", ended(outcome)),
            (life, _) => format!("**{life:?}**"),
        });
    }
    let is_over = matches!(after.life, LifeState::Ended | LifeState::Stopped | LifeState::SignedOut);
    if !is_over && after.stream != before.stream {
        parts.push(stream(after.stream).to_owned());
    }
    if !is_over && after.poll != before.poll && after.poll != PollState::Reading {
        parts.push(poll(after.poll).to_owned());
    }
    parts.extend(situation.commands.iter().filter_map(command).map(str::to_owned));
    parts.extend(situation.updates.iter().filter_map(remark));
    parts.dedup();
    parts.join(", ")
}

fn ended(outcome: Outcome) -> String {
    match outcome {
        Outcome::Failed { .. } => "Failed".to_owned(),
        other => format!("{other:?}"),
    }
}

fn stream(state: StreamState) -> &'static str {
    match state {
        StreamState::Off => "stream Off",
        StreamState::Waiting => "Waiting",
        StreamState::Opening => "Opening",
        StreamState::Trial => "Trial",
        StreamState::Live => "Live",
    }
}

fn poll(state: PollState) -> &'static str {
    match state {
        PollState::Off => "poll Off",
        PollState::Due => "Due",
        PollState::Reading => "Reading",
        PollState::Held => "Held",
    }
}

fn command(command: &Command) -> Option<&'static str> {
    Some(match command {
        Command::OpenStream { .. } => "open",
        Command::Read { wait: Some(_), .. } => "hold",
        Command::Read { html_from: 0, if_none_match: None, .. } => "read all",
        Command::Read { .. } => "read",
        Command::PostCancel { .. } => "cancel",
        Command::Abort { .. } => "drop",
        Command::AskSeat => "ask for a seat",
        Command::LeaveSeat => return None,
        Command::AskToken { .. } => "ask for a token",
    })
}

fn remark(update: &Update) -> Option<String> {
    match update {
        Update::HtmlReset => Some("*reset*".to_owned()),
        Update::Note(Note::StreamLost { why, .. }) => Some(format!("*{why:?}*")),
        _ => None,
    }
}
