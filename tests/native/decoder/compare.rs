//! The decoder beside the oracle: on all small streams of the parts that matter, and on random ones at random cuts.

use generation_screen::engine::sse::{Decoder, Limits};
use proptest::prelude::*;

use super::decode;
use super::oracle::interpret;
use super::said::drain;

/// The oracle has no limit that a random id could exceed.
const WIDE: Limits = Limits { line_bytes_max: 1 << 20, event_bytes_max: 1 << 20, id_bytes_max: 1 << 20 };

/// What the decoder says to these chunks, on a first connection and after one that was lost.
#[track_caller]
fn same(stream: &[u8], chunks: &[&[u8]]) {
    for last_event_id in ["", "before"] {
        let (says, last_id) = interpret(stream, last_event_id);
        let mut decoder = Decoder::resuming(WIDE, last_event_id);
        let mut got = Vec::new();
        for chunk in chunks {
            drain(&mut decoder, chunk, &mut got).unwrap();
        }
        let how = || format!("{:?} in {chunks:?}", String::from_utf8_lossy(stream));
        assert_eq!(got, says, "{}", how());
        assert_eq!(decoder.last_event_id(), last_id, "{}", how());
    }
}

/// Every row of up to `most` of these parts.
fn every_row(parts: &[&[u8]], most: usize, check: &mut impl FnMut(&[u8])) {
    fn further(parts: &[&[u8]], left: usize, stream: &mut Vec<u8>, check: &mut impl FnMut(&[u8])) {
        check(stream);
        if left == 0 {
            return;
        }
        for part in parts {
            stream.extend_from_slice(part);
            further(parts, left - 1, stream, check);
            stream.truncate(stream.len() - part.len());
        }
    }
    further(parts, most, &mut Vec::new(), check);
}

#[test]
fn every_small_stream_of_data_lines_is_read_as_the_standard_reads_it() {
    let parts: [&[u8]; 8] = [b"data", b":", b" ", b"\r", b"\n", b"\xEF\xBB\xBF", b"\0", "é".as_bytes()];
    let mut streams = 0;
    every_row(&parts, 5, &mut |stream| {
        streams += 1;
        // Two ends behind, so that what is in the block is seen.
        let stream = [stream, b"\n\n"].concat();
        same(&stream, &[&stream]);
        same(&stream, &stream.chunks(1).collect::<Vec<_>>());
    });
    assert_eq!(streams, (0..=5).map(|n| 8_usize.pow(n)).sum::<usize>());
}

#[test]
fn every_small_stream_of_all_fields_is_read_as_the_standard_reads_it_at_every_cut() {
    let parts: [&[u8]; 9] =
        [b"data:a", b"id", b"id:", b"event:e", b"retry:1", b":", b"\r", b"\n", b"\xEF\xBB\xBF"];
    every_row(&parts, 4, &mut |stream| {
        let stream = [stream, b"\r\r\ndata\n\n"].concat();
        for cut in 0..=stream.len() {
            same(&stream, &[&stream[..cut], &stream[cut..]]);
        }
    });
}

/// Bytes as they come in event streams, good and bad ones.
fn part() -> impl Strategy<Value = Vec<u8>> {
    let known: [&[u8]; 26] = [
        b"data",
        b"data: ",
        b"data:",
        b"event",
        b"event: x",
        b"id",
        b"id: 7",
        b"id: \0",
        b"retry: 5",
        b"retry:",
        b":",
        b" ",
        b"\n",
        b"\n",
        b"\n\n",
        b"\r",
        b"\r\n",
        b"\r\n\r\n",
        b"\xEF\xBB\xBF",
        b"\xEF\xBB",
        b"\0",
        b"\xFF",
        b"\xE2\x82",
        "€".as_bytes(),
        "😀".as_bytes(),
        b"<p>x</p>",
    ];
    prop_oneof![
        8 => proptest::sample::select(known.map(<[u8]>::to_vec).to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 1..20),
        1 => proptest::collection::vec(proptest::sample::select(b"abcdefgh \xC3\xA9".to_vec()), 30..300),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 3000 } else { 100_000 }))]

    #[test]
    fn a_random_stream_at_random_cuts_is_read_as_the_standard_reads_it(
        parts in proptest::collection::vec(part(), 0..40),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..12),
    ) {
        let stream = parts.concat();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let chunks: Vec<&[u8]> = cuts.windows(2).map(|cut| &stream[cut[0]..cut[1]]).collect();
        same(&stream, &chunks);
    }

    #[test]
    fn limits_are_exceeded_at_every_cut_or_at_none(
        parts in proptest::collection::vec(part(), 0..20),
        size in 1_usize..50,
        line_bytes_max in 1_usize..40,
        event_bytes_max in 1_usize..40,
        id_bytes_max in 1_usize..4,
    ) {
        let limits = Limits { line_bytes_max, event_bytes_max, id_bytes_max };
        // An end behind it: a line that never ends is given up when it is too long, whole or not.
        let stream = [parts.concat(), b"\n\n".to_vec()].concat();
        let whole = decode(limits, [&*stream]);
        prop_assert_eq!(decode(limits, stream.chunks(size)), whole);
    }
}
