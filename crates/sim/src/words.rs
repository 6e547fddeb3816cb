//! What happens, in words, for who reads a timeline. Decides nothing.

use std::time::Duration;

use generation_screen::engine::{Command, Connection, Input, Note, Picture, Span, Update};

fn seconds(span: Span) -> f64 {
    Duration::from(span).as_secs_f64()
}

/// A fact that is handed in; nothing for a wake-up, which says nothing of itself.
pub(crate) fn input(input: &Input<'_>) -> Option<String> {
    Some(match input {
        Input::Wake => return None,
        Input::StreamHead { id, head } => format!("stream {} answers {}", id.0, head.status),
        Input::StreamBytes { id, bytes } => format!("stream {} brings {} bytes", id.0, bytes.len()),
        Input::StreamEnded { id, how } => format!("stream {} ends: {how:?}", id.0),
        Input::Answer { id, head, body } => {
            format!("request {} is answered {} with {} bytes", id.0, head.status, body.len())
        }
        Input::NoAnswer { id } => format!("request {} is not answered", id.0),
        Input::Token { ticket, answer } => format!("token {ticket}: {answer:?}"),
        Input::Seat => "a seat".to_owned(),
        Input::Page(event) => format!("the page: {event:?}"),
        other => format!("{other:?}"),
    })
}

/// Work that is asked for.
pub(crate) fn command(command: &Command) -> String {
    match command {
        Command::OpenStream { id, last_event_id: None } => format!("open stream {}", id.0),
        Command::OpenStream { id, last_event_id: Some(last) } => {
            format!("open stream {} after {}", id.0, last.chars().take(20).collect::<String>())
        }
        Command::Read { id, if_none_match, html_from, wait, alone, .. } => {
            let condition = if_none_match.as_ref().map(|etag| format!(" if not {etag}")).unwrap_or_default();
            let held = wait.map(|wait| format!(", held {} s", seconds(wait))).unwrap_or_default();
            let alone = if *alone { ", in turn" } else { "" };
            format!("read {} from byte {html_from}{condition}{held}{alone}", id.0)
        }
        Command::PostCancel { id, .. } => format!("cancel, request {}", id.0),
        Command::Abort { id } => format!("drop {}", id.0),
        Command::AskSeat => "ask for a seat".to_owned(),
        Command::LeaveSeat => "leave the seat".to_owned(),
        Command::AskToken { ticket, reason } => format!("ask for token {ticket}: {reason:?}"),
    }
}

/// News for the screen; nothing for a piece of the page.
pub(crate) fn update(update: &Update) -> Option<String> {
    Some(match update {
        Update::Html(_) => return None,
        Update::HtmlReset => "the page begins anew".to_owned(),
        Update::Picture(picture) => shown(picture),
        Update::Note(Note::StreamLost { why, retry_in }) => match retry_in {
            Some(wait) => format!("left the stream ({why:?}), again in {:.1} s", seconds(*wait)),
            None => format!("left the stream for good ({why:?})"),
        },
        Update::Note(note) => format!("{note:?}"),
    })
}

fn shown(picture: &Picture) -> String {
    let connection = match picture.connection {
        Connection::Reconnecting { at, why } => {
            format!("Reconnecting at {:.1} ({why:?})", seconds(at.since_origin()))
        }
        Connection::Polling { why } => format!("Polling ({why:?})"),
        other => format!("{other:?}"),
    };
    format!("{:?}, {connection}", picture.phase)
}
