//! Bytes of JSON to contract types: frames of the stream, states of a read. Knows nothing of what came before.

use crate::contract::{Frame, State, UnreadFrame};

/// The frame in an event's `data`; `None` if it is malformed. `event_name` counts where the JSON has no `type`.
pub(super) fn read_frame(data: &str, event_name: &str) -> Option<Frame> {
    UnreadFrame::from_json(data)?.read(event_name).ok()
}

/// The state in an answer's body; `None` if it is no JSON, or contradicts itself.
pub(super) fn read_state(body: &[u8]) -> Option<State> {
    // By way of `str`: one reader in the program instead of two.
    let state = State::from_json(str::from_utf8(body).ok()?)?;
    let html = &state.html;
    let end = html.from.checked_add(html.text.len() as u64)?;
    (state.run > 0 && end == html.len).then_some(state)
}

/// True if a `Content-Type` names `essence`, whatever its parameters.
pub(super) fn is_type(content_type: Option<&str>, essence: &str) -> bool {
    let named = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    named.trim().eq_ignore_ascii_case(essence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::EventBody;

    #[test]
    fn a_type_from_a_later_version_counts_even_if_its_fields_mean_something_else() {
        let Some(Frame::Event(event)) = read_frame(r#"{"seq": 3, "type": "image", "text": 5}"#, "message")
        else {
            panic!("an event")
        };
        assert_eq!((event.seq, event.body), (3, EventBody::Unknown));
        assert_eq!(read_frame(r#"{"seq": 3, "type": "html", "offset": 0, "text": 5}"#, "message"), None);
        assert_eq!(read_frame("{", "message"), None);
    }

    #[test]
    fn without_a_type_the_event_name_counts() {
        let Some(Frame::Event(event)) = read_frame(r#"{"seq": 1}"#, "cancelled") else { panic!("an event") };
        assert_eq!(event.body, EventBody::Cancelled);
    }

    #[test]
    fn a_state_that_contradicts_itself_is_none() {
        let state = |html: &str| {
            read_state(format!(r#"{{"seq": 1, "status": "running", "html": {html}}}"#).as_bytes())
        };
        assert!(state(r#"{"from": 1, "len": 4, "text": "abc"}"#).is_some());
        assert!(state(r#"{"from": 1, "len": 5, "text": "abc"}"#).is_none());
        assert!(state(r#"{"from": 18446744073709551615, "len": 5, "text": "abc"}"#).is_none());
    }

    #[test]
    fn a_content_type_is_its_essence() {
        assert!(is_type(Some("Text/Event-Stream; charset=utf-8"), "text/event-stream"));
        assert!(!is_type(Some("text/event-streams"), "text/event-stream"));
        assert!(!is_type(None, "text/event-stream"));
    }
}
