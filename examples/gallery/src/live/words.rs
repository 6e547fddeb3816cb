//! The words of the timeline: what a note says in plain English, and its short stable name. Never a token, never a
//! query: notes hold none.

use generation_screen::Note;
use generation_screen::engine::{Span, Why};

/// A note in words.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Said {
    /// Short and stable, for style sheets and tests.
    pub(crate) name: &'static str,
    /// The reason, the status or the number, short and stable; empty if there is none.
    pub(crate) detail: String,
    /// For people.
    pub(crate) text: String,
}

/// Says a note.
pub(crate) fn note(note: &Note) -> Said {
    let said = |name, detail: String, text: String| Said { name, detail, text };
    match *note {
        Note::StreamLost { why, retry_in } => {
            let next = match retry_in {
                Some(wait) => format!("Next try in {}.", seconds(wait)),
                None => "It is not tried again.".to_owned(),
            };
            let (name, reason) = why_of(why);
            said("stream-lost", name.to_owned(), format!("Left the stream: {reason}. {next}"))
        }
        Note::StreamLive => said("stream-live", String::new(), "The stream has proven itself.".to_owned()),
        Note::Polling { why } => {
            let (name, reason) = why_of(why);
            said("polling", name.to_owned(), format!("The state is read from now on: {reason}."))
        }
        Note::ReadFailed { status: 0 } => {
            said("read-failed", "0".to_owned(), "A read of the state was not answered.".to_owned())
        }
        Note::ReadFailed { status } => {
            said("read-failed", status.to_string(), format!("A read of the state failed: status {status}."))
        }
        Note::Dropped { seq } => {
            said("dropped", seq.to_string(), format!("Dropped number {seq}: not new, or of another run."))
        }
        Note::NewRun { run } => {
            said("new-run", run.to_string(), format!("Run {run} began; what came before is let go."))
        }
        Note::TokenAsked => said("token-asked", String::new(), "A token is asked for.".to_owned()),
        Note::TokenFailed => {
            said("token-failed", String::new(), "No token came that can be used.".to_owned())
        }
        Note::CancelFailed { status: 0 } => {
            said("cancel-failed", "0".to_owned(), "The cancel was not answered.".to_owned())
        }
        Note::CancelFailed { status } => {
            said("cancel-failed", status.to_string(), format!("The cancel was refused: status {status}."))
        }
    }
}

/// A reason: its name, and what completes “Left the stream: …”.
fn why_of(why: Why) -> (&'static str, &'static str) {
    match why {
        Why::Unproven => ("unproven", "it has yet to prove itself"),
        Why::Mute => ("mute", "no byte of it came"),
        Why::Idle => ("idle", "it went silent"),
        Why::Behind => ("behind", "something on the way holds it back"),
        Why::Closed => ("closed", "it was closed before the end"),
        Why::Broken => ("broken", "it was cut, or could not be opened"),
        Why::Malformed => ("malformed", "it brought a gap, or something damaged"),
        Why::Limit => ("limit", "it brought something too large"),
        Why::Trouble => ("trouble", "the server is busy or in trouble"),
        Why::WrongType => ("wrong-type", "something else answered in the server’s place"),
        Why::NotOffered => ("not-offered", "there is none here"),
        Why::Token => ("token", "the token has to be renewed first"),
        Why::Crowded => ("crowded", "other screens have the streams that there may be"),
    }
}

/// Seconds with one decimal, rounded up: a wait is never said to be shorter than it is.
fn seconds(span: Span) -> String {
    let tenths = span.as_millis().div_ceil(100);
    format!("{}.{} s", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_stream_says_why_and_when_it_is_tried_again() {
        let retry_in = Some(Span::from_millis(2_310));
        let lost = note(&Note::StreamLost { why: Why::Mute, retry_in });
        assert_eq!(lost.text, "Left the stream: no byte of it came. Next try in 2.4 s.");
        assert_eq!((lost.name, lost.detail.as_str()), ("stream-lost", "mute"));
        let gone = note(&Note::StreamLost { why: Why::NotOffered, retry_in: None });
        assert_eq!(gone.text, "Left the stream: there is none here. It is not tried again.");
    }

    #[test]
    fn a_read_without_an_answer_has_no_status() {
        assert_eq!(note(&Note::ReadFailed { status: 0 }).text, "A read of the state was not answered.");
        assert_eq!(note(&Note::ReadFailed { status: 503 }).detail, "503");
    }
}
