//! The decoder on whatever a fuzzer comes up with: it says the same however the bytes are cut, which is what the oracle
//! says, and it keeps to its limits.
#![no_main]

use generation_screen::engine::sse::{Decoder, LimitExceeded, Limits};
use libfuzzer_sys::fuzz_target;

#[path = "../../native/decoder/oracle.rs"]
mod oracle;
#[path = "../../native/decoder/said.rs"]
mod said;

/// Beyond any input: the oracle has none.
const WIDE: Limits = Limits { line_bytes_max: 1 << 20, event_bytes_max: 1 << 20, id_bytes_max: 1 << 20 };
/// Small, so that they are met.
const TIGHT: Limits = Limits { line_bytes_max: 40, event_bytes_max: 60, id_bytes_max: 6 };

/// The first byte says how the rest is cut.
fuzz_target!(|input: &[u8]| {
    let Some((&cut, stream)) = input.split_first() else { return };
    let chunk_bytes = usize::from(cut % 64) + 1;

    let (whole, id) = says(WIDE, [stream]);
    let (says_whole, last_id) = oracle::interpret(stream, "before");
    assert_eq!((whole.as_ref(), &*id), (Ok(&says_whole), &*last_id), "whole");
    let in_pieces = says(WIDE, stream.chunks(chunk_bytes));
    assert_eq!(in_pieces, (whole, id), "in pieces of {chunk_bytes}");

    // An end behind it, so that the last line's length is settled.
    let ended = [stream, b"\n"].concat();
    let tight = says(TIGHT, [&*ended]).0;
    assert_eq!(says(TIGHT, ended.chunks(chunk_bytes)).0, tight, "in pieces of {chunk_bytes}, with tight limits");
    for item in tight.iter().flatten() {
        // Each byte that is no text becomes three.
        assert!(item.len() < 4 * (TIGHT.line_bytes_max + TIGHT.event_bytes_max + TIGHT.id_bytes_max));
    }
});

type Said = Result<Vec<String>, LimitExceeded>;

fn says<'a>(limits: Limits, chunks: impl IntoIterator<Item = &'a [u8]>) -> (Said, String) {
    let mut decoder = Decoder::resuming(limits, "before");
    let mut out = Vec::new();
    for chunk in chunks {
        if let Err(exceeded) = said::drain(&mut decoder, chunk, &mut out) {
            return (Err(exceeded), String::new());
        }
    }
    (Ok(out), decoder.last_event_id().to_owned())
}
