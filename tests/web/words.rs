//! Languages in a browser: plurals by its own rules, and files that are fetched.

use generation_screen::browser::words::{plural_category, text_of};
use generation_screen::{Labels, LabelsError};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fake::Fake;

#[wasm_bindgen_test]
fn plurals_are_the_browsers() {
    let of = |lang: &str| [0, 1, 2, 3, 11, 100].map(|number| plural_category(lang, number));
    assert_eq!(of("en"), ["other", "one", "other", "other", "other", "other"]);
    assert_eq!(of("ar"), ["zero", "one", "two", "few", "many", "other"]);
    // No such language: as without a browser.
    assert_eq!(of("no language"), ["other", "one", "other", "other", "other", "other"]);
    let arabic = Labels::read(include_str!("../../words/ar.json")).unwrap();
    let said = [0, 2, 3, 11].map(|seconds| (arabic.reconnecting)(seconds));
    assert_eq!(said[1], "يُعاد الاتصال بعد ثانيتين");
    assert!(said[2].contains("3 ثوانٍ") && said[3].contains("11 ثانية"), "{said:?}");
}

#[wasm_bindgen_test]
async fn a_file_is_fetched_without_a_cookie_and_read() {
    let fake = Fake::install();
    for (status, text, read) in [
        (200, r#"{"lang": "de", "cancel": "Abbrechen"}"#, Ok("Abbrechen")),
        (404, r#"{"cancel": "x"}"#, Err(LabelsError::Unavailable)),
        (200, "<!doctype html>", Err(LabelsError::NoJson)),
        (200, r#"{"cancel": 1}"#, Err(LabelsError::Entry("cancel".to_owned()))),
        (200, &format!(r#"{{"cancel": "{}"}}"#, "x".repeat(64 << 10)), Err(LabelsError::Unavailable)),
    ] {
        let asked = async {
            crate::settle().await;
            let call = fake.last();
            assert!(call.url().ends_with("/words/de.json") && call.header("authorization").is_none());
            assert!(call.settings().starts_with("omit "), "{}", call.settings());
            call.answer(status, &[("content-type", "application/json")]);
            call.push(text.as_bytes());
            call.end();
        };
        let (labels, ()) = futures_util::join!(Labels::fetch("words/de.json"), asked);
        assert_eq!(labels.map(|labels| labels.cancel), read, "{status} {text:.20}");
    }
}

#[wasm_bindgen_test]
async fn a_byte_order_mark_is_no_part_of_a_file() {
    let text = text_of("data:application/json;charset=utf-8,%EF%BB%BF%7B%7D", 100).await;
    assert_eq!(text.as_deref(), Some("{}"));
    let longer = text_of("data:application/json;charset=utf-8,%EF%BB%BF%7B%7D", 4).await;
    assert_eq!(longer, None, "what is longer than it may be is not read");
}
