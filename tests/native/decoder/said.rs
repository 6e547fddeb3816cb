//! What the decoder says, written as the oracle writes it.

use generation_screen::engine::sse::{Decoder, Item, LimitExceeded};

/// What one chunk says, an item a line.
pub(super) fn drain(decoder: &mut Decoder, chunk: &[u8], out: &mut Vec<String>) -> Result<(), LimitExceeded> {
    let mut items = decoder.feed(chunk);
    while let Some(item) = items.next()? {
        out.push(match item {
            Item::Event(event) => format!("{}|{}|{}", event.kind, event.id, event.data),
            Item::Retry(after) => format!("retry {}", after.as_millis()),
            Item::Comment => "comment".to_owned(),
        });
    }
    Ok(())
}
