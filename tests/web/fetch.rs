//! One request and its answer.

use generation_screen::browser::{Aborting, InFlight, Live, Outgoing, Unanswered, live};
use gloo_net::http::Method;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fake::Fake;
use crate::settle;

fn get(token: &str) -> Outgoing {
    Outgoing::new(Method::GET, "/api/generations/abc", token, false)
}

fn send(request: Outgoing) -> (Aborting, InFlight) {
    match request.send() {
        Ok(sent) => sent,
        Err(Unanswered) => panic!("it can be sent"),
    }
}

#[wasm_bindgen_test]
async fn a_token_stands_in_its_header_and_nowhere_else() {
    let fake = Fake::install();
    let _sent = send(get("s3cret"));
    let call = fake.last();
    assert_eq!(call.header("authorization").as_deref(), Some("Bearer s3cret"));
    assert!(call.url().ends_with("/api/generations/abc") && !call.url().contains("s3cret"));
    assert_eq!(call.settings(), "omit error no-store no-referrer");
    let _sent = send(Outgoing::new(Method::POST, "/x", "t", true));
    assert_eq!(fake.last().settings(), "same-origin error no-store no-referrer");
    assert_eq!(fake.last().method(), "POST");
}

#[wasm_bindgen_test]
async fn what_cannot_stand_in_a_header_sends_nothing() {
    let fake = Fake::install();
    for request in [
        get("a\nb"),
        get(""),
        get("é"),
        get("a b"),
        get("t").header("x", "a\r\nb"),
        get("t").header("x", "🗼"),
    ] {
        assert!(request.send().is_err());
    }
    assert!(get("t").last_event_id("a\0b").send().is_err());
    assert_eq!(fake.count(), 0);
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn a_last_event_id_travels_as_its_utf8_bytes() {
    let fake = Fake::install();
    let _sent = send(get("t").last_event_id("1 7 🗼 é"));
    let sent: Vec<u8> = fake.last().header("last-event-id").unwrap().chars().map(|c| c as u8).collect();
    assert_eq!(sent, "1 7 🗼 é".as_bytes());
}

#[wasm_bindgen_test]
async fn bytes_arrive_in_order_and_only_when_they_are_asked_for() {
    let fake = Fake::install();
    let (_aborting, answer) = send(get("t"));
    let call = fake.last();
    call.answer(200, &[("content-type", "text/event-stream"), ("etag", "\"1-2\""), ("retry-after", "3")]);
    let (head, mut body) = answer.answer().await.unwrap();
    assert_eq!((head.status, head.etag.as_deref()), (200, Some("\"1-2\"")));
    assert_eq!(head.content_type.as_deref(), Some("text/event-stream"));
    assert_eq!(head.retry_after.as_deref(), Some("3"));
    settle().await;
    assert_eq!(call.pulls(), 0, "nothing is read ahead");
    for (at, piece) in ["one", "", "z", "three"].into_iter().enumerate() {
        call.push(piece.as_bytes());
        if !piece.is_empty() {
            assert_eq!(body.next().await, Ok(Some(piece.as_bytes())), "{at}");
        }
    }
    call.end();
    assert_eq!(body.next().await, Ok(None));
    assert_eq!(body.next().await, Ok(None));
}

#[wasm_bindgen_test]
async fn a_large_chunk_is_taken_in_parts() {
    let fake = Fake::install();
    let (_aborting, answer) = send(get("t"));
    fake.last().answer_stream();
    let (_, mut body) = answer.answer().await.unwrap();
    let chunk: Vec<u8> = (0..20_000_u32).map(|at| (at % 251) as u8).collect();
    fake.last().push(&chunk);
    fake.last().push(b"next");
    fake.last().end();
    let (mut read, mut parts) = (Vec::new(), Vec::new());
    while let Some(bytes) = body.next().await.unwrap() {
        read.extend_from_slice(bytes);
        parts.push(bytes.len());
    }
    assert_eq!(parts, [8192, 8192, 3616, 4]);
    assert!(read == [&chunk[..], b"next"].concat());
}

#[wasm_bindgen_test]
async fn a_cut_body_is_told_from_an_ended_one() {
    let fake = Fake::install();
    let (_aborting, answer) = send(get("t"));
    fake.last().answer_stream();
    let (_, mut body) = answer.answer().await.unwrap();
    fake.last().cut();
    assert_eq!(body.next().await, Err(Unanswered));
}

#[wasm_bindgen_test]
async fn dropping_the_guard_aborts_whatever_the_request_is_doing() {
    let fake = Fake::install();
    let (aborting, answer) = send(get("t"));
    assert_eq!(live().requests, 1);
    drop(aborting);
    assert!(fake.last().is_aborted(), "before the head");
    assert!(answer.answer().await.is_err());

    let (aborting, answer) = send(get("t"));
    fake.last().answer_stream();
    let (_, mut body) = answer.answer().await.unwrap();
    fake.last().push(b"x");
    assert_eq!(body.next().await, Ok(Some(&b"x"[..])));
    drop(aborting);
    assert!(fake.last().is_aborted(), "in the body");
    assert_eq!(body.next().await, Err(Unanswered));
    assert_eq!(live(), Live::default());
}

#[wasm_bindgen_test]
async fn dropping_a_body_cancels_the_rest() {
    let fake = Fake::install();
    let (_aborting, answer) = send(get("t"));
    fake.last().answer_stream();
    let (_, body) = answer.answer().await.unwrap();
    drop(body);
    settle().await;
    assert!(fake.last().is_cancelled());
}

#[wasm_bindgen_test]
async fn an_answer_longer_than_its_limit_is_none() {
    let fake = Fake::install();
    for (bytes_max, whole) in [(6, Ok(b"123456".to_vec())), (5, Err(Unanswered)), (0, Err(Unanswered))] {
        let (_aborting, answer) = send(get("t"));
        fake.last().answer_stream();
        fake.last().push(b"123");
        fake.last().push(b"456");
        if whole.is_ok() {
            fake.last().end();
        }
        let (_, body) = answer.answer().await.unwrap();
        assert_eq!(body.whole(bytes_max).await, whole);
    }
}

#[wasm_bindgen_test]
async fn whatever_is_thrown_is_no_answer() {
    let fake = Fake::install();
    for thrown in [JsValue::from_str("a text"), JsValue::UNDEFINED, js_sys::TypeError::new("Failed").into()] {
        let (_aborting, answer) = send(get("t"));
        fake.last().refuse(&thrown);
        assert!(answer.answer().await.is_err());
    }
}

#[wasm_bindgen_test]
async fn an_answer_without_a_body_is_empty() {
    let fake = Fake::install();
    let (_aborting, answer) = send(get("t"));
    fake.last().answer(304, &[]);
    let (head, body) = answer.answer().await.unwrap();
    assert_eq!((head.status, body.whole(10).await), (304, Ok(Vec::new())));
}
