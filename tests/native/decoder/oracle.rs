//! The standard's algorithm, sentence by sentence, on the whole stream at once: slow and obvious. What the decoder is
//! compared with.
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>

/// What a stream says, an item a line, and the last event ID at its end.
pub(super) fn interpret(stream: &[u8], last_event_id: &str) -> (Vec<String>, String) {
    // "Streams must be decoded using the UTF-8 decode algorithm", which strips one byte order mark.
    let text = String::from_utf8_lossy(stream);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);

    let mut says = Vec::new();
    let (mut data, mut event_type) = (String::new(), String::new());
    // Browsers begin with the last connection's: Chromium's own EventSource does (tried with 156).
    let (mut id_buffer, mut last_id) = (last_event_id.to_owned(), last_event_id.to_owned());
    for line in lines(text) {
        if line.is_empty() {
            // "Dispatch the event": the last event ID is set in any case.
            last_id.clone_from(&id_buffer);
            if !data.is_empty() {
                let kind = if event_type.is_empty() { "message" } else { &event_type };
                // "If the data buffer's last character is a U+000A, remove it."
                says.push(format!("{kind}|{last_id}|{}", data.strip_suffix('\n').unwrap_or(&data)));
            }
            data.clear();
            event_type.clear();
        } else if line.starts_with(':') {
            says.push("comment".to_owned());
        } else if let Some((field, value)) = line.split_once(':') {
            let value = value.strip_prefix(' ').unwrap_or(value);
            process(field, value, &mut data, &mut event_type, &mut id_buffer, &mut says);
        } else {
            process(&line, "", &mut data, &mut event_type, &mut id_buffer, &mut says);
        }
    }
    (says, last_id)
}

fn process(
    field: &str,
    value: &str,
    data: &mut String,
    event_type: &mut String,
    id_buffer: &mut String,
    says: &mut Vec<String>,
) {
    match field {
        "event" => value.clone_into(event_type),
        "data" => {
            data.push_str(value);
            data.push('\n');
        }
        "id" if !value.contains('\0') => value.clone_into(id_buffer),
        "retry" if !value.is_empty() && value.chars().all(|c| c.is_ascii_digit()) => {
            says.push(format!("retry {}", value.parse().unwrap_or(u64::MAX)));
        }
        _ => {}
    }
}

/// Lines end with CRLF, LF or CR. What no line end follows is no line.
fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' | '\n' => {
                if c == '\r' {
                    chars.next_if_eq(&'\n');
                }
                lines.push(std::mem::take(&mut line));
            }
            c => line.push(c),
        }
    }
    lines
}
