//! Tokens that are taken away, expire, or cannot stand in a header.

use harness::{Setup, Which};

use super::gallery::{play, play_on, setup};

const SPEED: f64 = 10.0;

/// The answer to a token that is not taken.
pub(super) const REFUSED: &str = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\n\
    Content-Type: application/problem+json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

/// The gallery asks for one to begin the work, the session for one to follow it.
const TOKENS_AT_START: usize = 2;

#[tokio::test]
async fn expired_token_one_that_is_refused_in_the_middle_is_renewed_once_and_the_stream_resumed() {
    play("expired-token", SPEED, 60.0, async |gallery| {
        gallery.start("expired-token", 1).await;
        gallery.assert_complete().await;
        let tokens = gallery.stage.proxy.count("POST", "/api/session");
        assert_eq!(tokens, TOKENS_AT_START + 1, "one refresh, and no more");
        let requests = gallery.requests(&gallery.id(1).await);
        let last = requests.iter().rfind(|request| request.is_stream()).expect("there was a stream");
        assert!(last.header("last-event-id").is_some(), "it was not resumed");
    })
    .await;
}

#[tokio::test]
async fn expired_token_a_job_that_outlives_several_tokens_gets_each_of_them_in_time() {
    // A token lives for 50 s, is renewed 30 s before its end, and the job takes 110 s.
    let speed = 5.0;
    let setup = Setup { token_seconds: 10, ..setup(speed, 110.0) };
    play_on("tokens-expire", speed, setup, async |gallery| {
        gallery.start("honest", 1).await;
        gallery.assert_complete().await;
        let tokens = gallery.stage.proxy.count("POST", "/api/session") - TOKENS_AT_START;
        // Every 20 s, and what an answer takes.
        assert!((4..=6).contains(&tokens), "{tokens} renewals in 110 s");
        let rows = gallery.rows(1).await;
        let lost: Vec<_> =
            rows.iter().filter(|row| row.name == "stream-lost" || row.name == "read-failed").collect();
        assert!(lost.is_empty(), "a token that is renewed in time is never refused: {lost:?}");
        let requests = gallery.requests(&gallery.id(1).await);
        let streams = requests.iter().filter(|request| request.is_stream()).count();
        assert_eq!(streams, tokens + 1, "each token opens the stream once");
    })
    .await;
}

#[tokio::test]
async fn signed_out_who_is_refused_with_a_new_token_is_told_so_and_nothing_more_is_sent() {
    play("signed-out", SPEED, 60.0, async |gallery| {
        gallery.start("signed-out", 1).await;
        gallery
            .until(
                "signed out is said",
                "return shown(1).connection === 'signed-out' && told(1, 'alert').includes('signed out')",
            )
            .await;
        let (sent, since) = (gallery.stage.proxy.api_requests().len(), gallery.now_unix_ms().await);
        let kept = gallery.ask("return html(1).length").await.as_u64();
        assert!(kept > Some(0), "what had arrived is gone");
        gallery.stage.page.until_true("nothing is open", || gallery.stage.proxy.open() == 0).await;
        // The server takes new tokens again after 20 s. Nobody asks before the user does.
        gallery.until_passed(since, 30.0).await;
        assert_eq!(
            gallery.stage.proxy.api_requests().len(),
            sent,
            "something was sent by one who is signed out"
        );
        gallery.press(1, "sign-in").await;
        gallery.assert_complete().await;
    })
    .await;
}

#[tokio::test]
async fn foreign_id_a_token_with_a_line_end_is_a_failure_of_the_provider_and_no_panic() {
    play("token-newline", SPEED, 60.0, async |gallery| {
        gallery.start("honest", 1).await;
        gallery.until_html(500).await;
        let body = r#"{"access_token": "a\nb", "expires_in": 900}"#;
        let odd = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        gallery.stage.proxy.answer_instead(move |request| match request.path.as_str() {
            "/api/session" => Some(odd.clone()),
            path => path.starts_with("/api/generations").then(|| REFUSED.to_owned()),
        });
        gallery.stage.proxy.cut(Which::All);
        gallery.until_row("token-failed", "").await;
        let is_part = |token: &str| !token.starts_with("Bearer ") || token.len() < 20;
        let requests = gallery.stage.proxy.api_requests();
        let carried = requests.iter().filter_map(|request| request.header("authorization")).any(is_part);
        assert!(!carried, "part of it was sent");
        gallery.stage.proxy.heal();
        gallery.assert_complete().await;
    })
    .await;
}
