//! Frames of the event stream, as text ([WHATWG](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream)).
//! JSON never contains a line end, so that `data:` is always one line. It never decides what is sent.

use std::time::Duration;

use generation_screen::contract::{Event, Hello, WireFrame};

/// What clients send as `Last-Event-ID`: opaque to them.
pub(crate) fn event_id(run: u64, seq: u64) -> String {
    format!("{run}-{seq}")
}

/// A frame without an id: it never becomes a `Last-Event-ID`.
pub(crate) fn hello(hello: Hello) -> String {
    frame(None, &hello.into())
}

/// One event of run `run`.
pub(crate) fn event(run: u64, event: Event) -> String {
    let id = event_id(run, event.seq);
    frame(Some(&id), &event.into())
}

/// When to come back, and nothing else.
pub(crate) fn retry(after: Duration) -> String {
    format!("retry: {}\n\n", after.as_millis())
}

fn frame(id: Option<&str>, wire: &WireFrame) -> String {
    // Nothing in a frame can fail to be written; an empty object would be reported as malformed by any client.
    let json = serde_json::to_string(wire).unwrap_or_else(|_| "{}".to_owned());
    match id {
        Some(id) => format!("id: {id}\ndata: {json}\n\n"),
        None => format!("data: {json}\n\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use generation_screen::contract::EventBody;

    #[test]
    fn an_event_is_an_id_one_line_of_data_and_an_empty_line() {
        let text = "line\r\nend \u{2028} 🗼".to_owned();
        let event = Event { seq: 7, at: None, body: EventBody::Html { offset: 3, text } };
        assert_eq!(
            super::event(2, event),
            "id: 2-7\ndata: {\"seq\":7,\"type\":\"html\",\"offset\":3,\"text\":\"line\\r\\nend \u{2028} 🗼\"}\n\n"
        );
    }

    #[test]
    fn a_hello_has_no_id() {
        let text = hello(Hello { run: 1, after: 0, head: 3, now: None, heartbeat_ms: Some(15_000) });
        assert!(text.starts_with("data: {") && text.ends_with("}\n\n") && !text.contains("id:"));
    }
}
