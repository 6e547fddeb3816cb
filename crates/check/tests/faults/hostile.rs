//! Servers that are none: nobody there, nothing said, garbage, no end. The check ends, and says what was seen.

use std::time::Duration;

use contract_check::{Options, Point, Report, Verdict, check};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// What is said to whoever connects.
#[derive(Clone, Copy)]
enum Says {
    Nothing,
    /// These bytes, and then nothing.
    Once(&'static str),
    /// The first once, and the second for ever.
    Endless(&'static str, &'static str),
}

/// A listener that says always the same.
async fn listening(says: Says) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let Ok((mut socket, _)) = listener.accept().await else { return };
            tokio::spawn(async move {
                let _ = socket.read(&mut [0; 4096]).await;
                let (once, ever) = match says {
                    Says::Nothing => ("", ""),
                    Says::Once(once) => (once, ""),
                    Says::Endless(once, ever) => (once, ever),
                };
                let _ = socket.write_all(once.as_bytes()).await;
                while !ever.is_empty() && socket.write_all(ever.as_bytes()).await.is_ok() {}
                // Held open until the other side is tired of it.
                let _ = socket.read(&mut [0; 1]).await;
            });
        }
    });
    url
}

async fn checked(url: String) -> Report {
    let limits = Duration::from_millis(300);
    let options = Options { request_limit: limits, within: limits, ..Options::new(url) };
    check(&options).await.unwrap()
}

fn seen(report: &Report, point: Point) -> String {
    match report.verdict(point) {
        Verdict::Broken(seen) => seen,
        other => panic!("{point:?}: {other:?}\n{report}"),
    }
}

#[tokio::test]
async fn nobody_is_there() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let report = checked(url).await;
    assert!(seen(&report, Point::Reach).contains("no connection to 127.0.0.1:"), "{report}");
    assert_eq!(report.level(), 0);
}

#[tokio::test]
async fn nothing_is_said() {
    let report = checked(listening(Says::Nothing).await).await;
    assert!(seen(&report, Point::Reach).contains("no answer within"), "{report}");
}

#[tokio::test]
async fn garbage_is_said() {
    let report = checked(listening(Says::Once("SSH-2.0-OpenSSH_9.2\r\n\r\n")).await).await;
    assert!(seen(&report, Point::Reach).contains("no HTTP answer"), "{report}");
}

#[tokio::test]
async fn an_answer_has_no_end() {
    let endless = Says::Endless("HTTP/1.1 200 OK\r\n\r\n", "{\"access_token\": \"");
    let report = checked(listening(endless).await).await;
    let seen = seen(&report, Point::Token);
    assert!(seen.contains("the answer had no end") || seen.contains("limit exceeded"), "{seen}");
}

#[tokio::test]
async fn a_plain_server_is_asked_for_https() {
    let url = listening(Says::Once("HTTP/1.1 400 Bad Request\r\n\r\n")).await;
    let report = checked(url.replace("http:", "https:")).await;
    assert!(seen(&report, Point::Reach).contains("no connection"), "{report}");
}

#[tokio::test]
async fn one_answer_fits_all() {
    // The same 200 for everything: a page of some single-page application.
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>";
    let report = checked(listening(Says::Once(page)).await).await;
    assert!(seen(&report, Point::Token).contains("is not {access_token, expires_in}"), "{report}");
}

#[tokio::test]
async fn everything_is_the_same_json() {
    // Session, generation, state and stream at once: it ends, and reaches nothing.
    let json = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: 70\r\n\r\n\
                {\"access_token\": \"abcdefgh\", \"id\": \"a\", \"seq\": 1, \"status\": \"running\"}";
    let report = checked(listening(Says::Once(json)).await).await;
    assert!(seen(&report, Point::StreamType).contains("application/json"), "{report}");
    assert_eq!(report.level(), 0);
    assert!(!report.to_string().contains("abcdefgh"));
}

#[tokio::test]
async fn a_path_that_is_none_is_refused_before_anything_is_sent() {
    for (path, body, said) in
        [("jobs", "{}", "begins with a slash"), ("/jobs", "url=geo:1,2", "the body is no JSON")]
    {
        let mut options = Options::new("http://127.0.0.1:1");
        (options.path, options.body) = (path.to_owned(), body.to_owned());
        let error = check(&options).await.unwrap_err();
        assert!(error.contains(said), "{error}");
    }
}
