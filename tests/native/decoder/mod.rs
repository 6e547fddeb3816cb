//! The event stream decoder against sentences of the standard, each at every cut.

mod compare;
mod oracle;
mod said;

use generation_screen::engine::sse::{Decoder, Item, LimitExceeded, Limits};
use said::drain;

/// What `chunks` say, an item a line.
fn decode<'a>(
    limits: Limits,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<String>, LimitExceeded> {
    let mut decoder = Decoder::new(limits);
    let mut out = Vec::new();
    for chunk in chunks {
        drain(&mut decoder, chunk, &mut out)?;
    }
    Ok(out)
}

/// Whole, byte by byte, and cut in two and in three at every place.
fn at_every_cut(stream: &[u8], check: impl Fn(Result<Vec<String>, LimitExceeded>, &str)) {
    let limits = Limits::default();
    check(decode(limits, [stream]), "whole");
    check(decode(limits, stream.chunks(1)), "byte by byte");
    for first in 0..=stream.len() {
        for second in first..=stream.len() {
            let chunks = [&stream[..first], &stream[first..second], &stream[second..]];
            check(decode(limits, chunks), &format!("cut at {first} and {second}"));
        }
    }
}

macro_rules! cases {
    ($($name:ident: $stream:expr => [$($item:expr),* $(,)?];)+) => {$(
        #[test]
        fn $name() {
            let stream: &[u8] = $stream.as_ref();
            at_every_cut(stream, |got, how| assert_eq!(got, Ok(Vec::<String>::from([$($item.to_owned()),*])), "{how}"));
        }
    )+};
}

cases! {
    a_blank_line_dispatches_the_event: "data: a\n\n" => ["message||a"];
    lines_end_with_lf_crlf_or_cr: "data: a\n\ndata: b\r\n\r\ndata: c\r\r" => ["message||a", "message||b", "message||c"];
    line_ends_may_be_mixed: "data: a\rdata: b\r\ndata: c\n\r\n" => ["message||a\nb\nc"];
    a_lone_cr_ends_its_line_at_once: "data: a\r\r" => ["message||a"];
    one_byte_order_mark_at_the_start_is_ignored: "\u{feff}data: a\n\n" => ["message||a"];
    a_second_byte_order_mark_is_part_of_the_line: "\u{feff}\u{feff}data: a\n\ndata: b\n\n" => ["message||b"];
    a_byte_order_mark_later_is_kept: "data: \u{feff}a\n\n" => ["message||\u{feff}a"];
    part_of_a_byte_order_mark_is_a_line: b"\xEF\xBBdata: a\ndata: b\n\n" => ["message||b"];
    a_line_that_starts_with_a_colon_is_a_comment: ": hi\n\n:\n" => ["comment", "comment"];
    one_leading_space_only_is_removed: "data:  <p>\ndata:x\n\n" => ["message|| <p>\nx"];
    a_tab_is_not_a_space: "data:\ta\n\n" => ["message||\ta"];
    a_colon_in_the_value_stays: "data: a: b\n\n" => ["message||a: b"];
    a_field_without_a_colon_has_an_empty_value: "data\n\n" => ["message||"];
    two_empty_data_lines_are_one_line_feed: "data\ndata:\n\n" => ["message||\n"];
    leading_empty_data_lines_stay: "data\ndata\ndata: a\n\n" => ["message||\n\na"];
    field_names_are_compared_as_they_are: "Data: a\ndata : b\n data: c\ndata: d\n\n" => ["message||d"];
    the_event_field_names_the_type: "event: x\ndata: a\n\ndata: b\n\n" => ["x||a", "message||b"];
    an_empty_event_field_resets_the_type: "event: x\nevent\ndata: a\n\n" => ["message||a"];
    a_block_without_data_gives_no_event_and_forgets_its_type: "event: x\n\ndata: a\n\n" => ["message||a"];
    the_id_stays_until_another_comes: "id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n"
        => ["message|1|a", "message|1|b", "message|2|c"];
    an_id_without_data_is_remembered: "id: 1\n\ndata: a\n\n" => ["message|1|a"];
    an_empty_id_clears_it: "id: 1\ndata: a\n\nid\ndata: b\n\n" => ["message|1|a", "message||b"];
    an_id_with_nul_is_ignored: b"id: 1\nid: 2\x003\ndata: a\n\n" => ["message|1|a"];
    retry_is_digits_only: "retry: 3000\nretry: +5\nretry: 3x\nretry:\nretry: 1.5\nretry:-1\nretry: 07\n"
        => ["retry 3000", "retry 7"];
    retry_without_data_is_not_lost: "retry: 10\n\n" => ["retry 10"];
    an_endless_retry_saturates: "retry: 99999999999999999999999\n" => ["retry 18446744073709551615"];
    a_block_cut_off_by_the_end_is_dropped: "data: a\n\nid: 9\ndata: b\n" => ["message||a"];
    invalid_utf_8_becomes_the_replacement_character: b"data: \xF0\x9F\x98a\xFF\xC3\n\ndata: \xE2\x82\xAC\n\n"
        => ["message||\u{fffd}a\u{fffd}\u{fffd}", "message||\u{20ac}"];
    an_id_that_is_mended_takes_the_place_of_one_that_is_not: b"id: 1\ndata: a\n\nid: \xFF\n\ndata: b\n\n"
        => ["message|1|a", "message|\u{fffd}|b"];
    invalid_utf_8_in_type_and_id: b"event: \xFF\nid: \xC3\ndata: a\n\n" => ["\u{fffd}|\u{fffd}|a"];
    unknown_fields_are_ignored: "datum: a\n\ndata: b\nfoo\n\n" => ["message||b"];
    blank_lines_give_nothing: "\n\r\n\r\n\n" => [];
}

#[test]
fn after_the_caller_stops_nothing_more_comes() {
    let mut decoder = Decoder::default();
    let mut items = decoder.feed(b"data: a\n\ndata: b\n\n");
    assert!(matches!(items.next(), Ok(Some(Item::Event(event))) if event.data == "a"));
    drop(items);
    assert_eq!(decoder.feed(b"data: c\n\n").next(), Ok(None));
}

#[test]
fn an_event_in_one_piece_is_borrowed_from_the_chunk() {
    let chunk = b"id: 1\ndata: in place\n\n";
    let mut decoder = Decoder::default();
    let mut items = decoder.feed(chunk);
    let Ok(Some(Item::Event(event))) = items.next() else { panic!("an event") };
    assert!(chunk.as_ptr_range().contains(&event.data.as_ptr()));
}

#[test]
fn limits_end_the_attempt_with_a_clear_error_at_every_chunk_size() {
    let limits = Limits { line_bytes_max: 20, event_bytes_max: 30, id_bytes_max: 4 };
    // To the byte: a line of 20, an event of 30, an id of 4; and no limit is one for all events together.
    let fits = "id: 1234\ndata: 12345678901234\ndata: 12345678901234\ndata\n\n".repeat(5);
    let long_line = "data: 123456789012345\n\n";
    let long_event = "data: 12345678901234\ndata: 12345678901234\ndata: 1\n\n";
    let long_id = "id: 12345\n\n";
    for size in 1..60 {
        let run = |stream: &str| decode(limits, stream.as_bytes().chunks(size)).map(|items| items.len());
        assert_eq!(run(&fits), Ok(5), "{size}");
        assert_eq!(run(long_line), Err(LimitExceeded::Line), "{size}");
        assert_eq!(run(long_event), Err(LimitExceeded::Event), "{size}");
        assert_eq!(run(long_id), Err(LimitExceeded::Id), "{size}");
    }
}

#[test]
fn behind_an_error_nothing_comes() {
    let limits = Limits { line_bytes_max: 20, event_bytes_max: 30, id_bytes_max: 4 };
    for stream in
        ["data: 123456789012345\n", "data: 1234567890\ndata: 1234567890\ndata: 1234567890\n", "id: 12345\n"]
    {
        let mut decoder = Decoder::new(limits);
        let mut items = decoder.feed(stream.as_bytes());
        assert!(items.next().is_err(), "{stream}");
        assert_eq!(items.next(), Ok(None), "{stream}");
        drop(items);
        assert_eq!(decoder.feed(b"\n\ndata: a\n\n").next(), Ok(None), "{stream}");
        assert_eq!(decoder.last_event_id(), "", "{stream}");
    }
}

#[test]
fn after_a_stop_the_last_event_id_is_that_of_the_last_event_that_was_seen() {
    for (stop_after, id) in [(0, "before"), (1, "1"), (2, "2")] {
        let mut decoder = Decoder::resuming(Limits::default(), "before");
        let mut items = decoder.feed(b"id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n");
        for _ in 0..stop_after {
            assert!(matches!(items.next(), Ok(Some(Item::Event(_)))));
        }
        drop(items);
        assert_eq!(decoder.last_event_id(), id);
    }
}

#[test]
fn a_line_without_end_is_given_up_before_its_end() {
    let mut decoder = Decoder::default();
    let endless = vec![b'x'; 300 << 10];
    let errors = (0..10).filter(|_| decoder.feed(&endless).next() == Err(LimitExceeded::Line)).count();
    assert_eq!(errors, 1, "the error comes once, then nothing");
}
