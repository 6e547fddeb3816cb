//! Where a token may go.

use generation_screen::browser::{Target, TargetError};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_generation_on_the_api_origin_is_a_target_and_nothing_else() {
    use TargetError::{Foreign, NotAGeneration};
    let page = web_sys::window().unwrap().location().origin().unwrap();
    let api = Some("https://api.example.org");
    let own = [&page, "/api/generations/abc"].concat();
    let long = ["/api/generations/", &"a".repeat(65)].concat();
    for (src, origin, error) in [
        ("/api/generations/abc", None, None),
        (own.as_str(), None, None),
        ("/v2/jobs/q7Zp_-0", None, None),
        ("/api/generations/abc", api, None),
        ("https://api.example.org/api/generations/abc", api, None),
        (own.as_str(), api, Some(Foreign)),
        ("https://api.example.org.evil.example/api/generations/abc", api, Some(Foreign)),
        ("https://evil.example/api/generations/abc", None, Some(Foreign)),
        ("//evil.example/api/generations/abc", None, Some(Foreign)),
        ("/\\evil.example/api/generations/abc", None, Some(Foreign)),
        ("javascript:alert(1)/abc", None, Some(Foreign)),
        ("https://", None, Some(Foreign)),
        ("https://user:pw@api.example.org/api/generations/abc", api, Some(NotAGeneration)),
        ("/api/generations/../session", None, Some(NotAGeneration)),
        ("/api/generations/%2e%2e/session", None, Some(NotAGeneration)),
        ("/api/generations/abc?token=1", None, Some(NotAGeneration)),
        ("/api/generations/abc#x", None, Some(NotAGeneration)),
        ("/api/generations/", None, Some(NotAGeneration)),
        ("/api/generations/a b", None, Some(NotAGeneration)),
        ("/api/generations/a\nb", None, Some(NotAGeneration)),
        ("abc", None, Some(NotAGeneration)),
        ("", None, Some(NotAGeneration)),
        (long.as_str(), None, Some(NotAGeneration)),
    ] {
        assert_eq!(Target::resolve(src, origin).err(), error, "{src:?}");
    }
    assert_eq!(Target::resolve("/x/abc", Some("no origin")).err(), Some(Foreign));
}
