//! What browsers load: finished pages, and the built page with its compression, caching and policies.

use std::io::Read as _;
use std::path::PathBuf;

use generation_screen::contract::RunStatus;
use server::{Config, Running};

use crate::client::{Client, server, start};

#[tokio::test]
async fn a_finished_page_is_fenced_in_and_its_hostile_name_is_text() {
    let server = server(0.2).await;
    let me = Client::new(&server).await;
    let path = me
        .begin("https://www.google.com/maps/place/%3Cscript%3Ealert(1)%3C%2Fscript%3E%7B%7B7*7%7D%7D/@1,2,3z")
        .await;
    let state = me.until(&path, |state| state.status == RunStatus::Done).await;
    assert_eq!(state.preview.unwrap().title, "<script>alert(1)</script>{{7*7}}");
    let page = Client::nobody(&server).get(&state.result.unwrap().url.unwrap(), &[]).await;
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex"),
    ] {
        assert_eq!(page.header(name), Some(value));
    }
    assert!(!page.text().contains("<script") && page.text().contains("{{7*7}}"));
}

/// A directory with a page, gone with the test.
struct Dist(PathBuf);

impl Dist {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("generation-screen-{}-{name}", std::process::id()));
        std::fs::create_dir_all(dir.join("snippets")).unwrap();
        std::fs::write(dir.join("index.html"), INDEX).unwrap();
        std::fs::write(dir.join("app-0123456789abcdef_bg.wasm"), WASM.repeat(2000)).unwrap();
        std::fs::write(dir.join("snippets").join("a.js"), "export {}").unwrap();
        Self(dir)
    }

    async fn server(&self) -> Running {
        start(Config { static_dir: Some(self.0.clone()), ..Config::default() }).await
    }
}

impl Drop for Dist {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const INDEX: &str = "<!doctype html><script type=\"module\">alert('Hello, world.');</script>";
const WASM: &str = "(module, sort of)";

#[tokio::test]
async fn the_built_page_is_served_with_its_policy() {
    let dist = Dist::new("policy");
    let server = dist.server().await;
    let nobody = Client::nobody(&server);
    let index = nobody.get("/", &[]).await;
    assert_eq!((index.text(), index.header("cache-control")), (INDEX, Some("no-cache")));
    let policy = index.header("content-security-policy").unwrap();
    assert!(policy.contains(
        "script-src 'self' 'wasm-unsafe-eval' 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
    ));
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"));
    let tag = index.header("etag").unwrap();
    assert_eq!(nobody.get("/", &[("if-none-match", tag)]).await.status, 304);
    let script = nobody.get("/snippets/a.js", &[]).await;
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(nobody.post("/", &[], "").await.problem(), "method_not_allowed");
}

#[tokio::test]
async fn files_are_sent_compressed_to_those_who_take_it() {
    let dist = Dist::new("compressed");
    let server = dist.server().await;
    let nobody = Client::nobody(&server);
    let get = async |offer| nobody.get("/app-0123456789abcdef_bg.wasm", &[("accept-encoding", offer)]).await;

    let plain = get("identity").await;
    assert_eq!((plain.text(), plain.header("content-encoding")), (WASM.repeat(2000).as_str(), None));
    assert_eq!(plain.header("content-type"), Some("application/wasm"));
    assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(plain.header("vary"), Some("accept-encoding"));

    let brotli = get("gzip, deflate, br").await;
    assert_eq!(brotli.header("content-encoding"), Some("br"));
    let mut unpacked = String::new();
    brotli::Decompressor::new(&*brotli.body, 4096).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.text());

    let gzip = get("gzip").await;
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    unpacked.clear();
    flate2::read::GzDecoder::new(&*gzip.body).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.text());
    assert_ne!(gzip.header("etag"), brotli.header("etag"));
}

#[tokio::test]
async fn what_is_not_in_the_directory_does_not_exist() {
    let dist = Dist::new("missing");
    let server = dist.server().await;
    let nobody = Client::nobody(&server);
    for path in [
        "/nope",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/snippets/../index.html",
        "/snippets",
        "//",
        "/index.htm",
    ] {
        let answer = nobody.get(path, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (404, Some("text/html; charset=utf-8"))
        );
    }
    assert_eq!(nobody.get("/api/nope", &[]).await.problem(), "not_found");
}

#[tokio::test]
async fn only_named_origins_may_use_the_api_from_elsewhere() {
    let server =
        start(Config { allowed_origins: vec!["https://app.example".to_owned()], ..Config::default() }).await;
    let me = Client::new(&server).await;
    let preflight = async |origin| {
        let headers = [("origin", origin), ("access-control-request-method", "GET")];
        me.send(hyper::Method::OPTIONS, "/api/generations/x/events", &headers, "").await
    };
    let allowed = preflight("https://app.example").await;
    assert_eq!(
        (allowed.status.as_u16(), allowed.header("access-control-allow-origin")),
        (204, Some("https://app.example"))
    );
    assert!(allowed.header("access-control-allow-headers").unwrap().contains("last-event-id"));
    assert_eq!(preflight("https://evil.example").await.header("access-control-allow-origin"), None);
    let answer = me.get("/api/generations/x", &[("origin", "https://app.example")]).await;
    assert!(answer.header("access-control-expose-headers").unwrap().contains("etag"));
    assert_eq!(answer.header("timing-allow-origin"), answer.header("access-control-allow-origin"));
    assert!(answer.header("timing-allow-origin").is_some());
    assert_eq!(answer.header("access-control-allow-credentials"), None);
}
