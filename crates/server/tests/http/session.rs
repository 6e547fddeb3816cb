//! Who somebody is: tokens, the cookie, and what a request without either gets.

use std::time::Duration;

use server::Config;

use crate::client::{Client, TOWER, server, start};

#[tokio::test]
async fn the_cookie_names_the_user_and_stays_on_its_path() {
    let server = server(60.0).await;
    let nobody = Client::nobody(&server);
    let first = nobody.post("/api/session", &[("sec-fetch-site", "same-origin")], "").await;
    let cookie = first.header("set-cookie").unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/session"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(first.header("cache-control"), Some("no-store"));
    assert_eq!(first.json()["expires_in"], 900);

    let mut me = nobody.clone();
    me.set_token(&first);
    let path = me.begin(TOWER).await;
    // The cookie alone opens nothing else …
    let name_and_value = cookie.split(';').next().unwrap();
    assert_eq!(nobody.get(&path, &[("cookie", name_and_value)]).await.status, 401);
    // … but names the same user in the next session.
    me.set_token(&nobody.post("/api/session", &[("cookie", name_and_value)], "").await);
    assert_eq!(me.get(&path, &[]).await.status, 200);
    let forged = format!("{name_and_value}x");
    me.set_token(&nobody.post("/api/session", &[("cookie", &forged)], "").await);
    assert_eq!(me.get(&path, &[]).await.status, 404);
}

#[tokio::test]
async fn a_session_is_not_given_across_sites() {
    let server = server(60.0).await;
    let nobody = Client::nobody(&server);
    let status = async |headers: &[(&str, &str)]| nobody.post("/api/session", headers, "").await.status;
    let own = server.origin();
    assert_eq!(status(&[("sec-fetch-site", "cross-site")]).await, 403);
    assert_eq!(status(&[("sec-fetch-site", "same-site")]).await, 403);
    assert_eq!(status(&[("origin", "https://evil.example")]).await, 403);
    assert_eq!(status(&[("origin", "null")]).await, 403);
    assert_eq!(status(&[("origin", &own)]).await, 200);
    // Through a development proxy the host is another one; the browser's word counts.
    assert_eq!(status(&[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:8080")]).await, 200);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(nobody.post("/api/session", &form, "a=b").await.problem(), "not_json");
    assert_eq!(nobody.get("/api/session", &[]).await.problem(), "method_not_allowed");
}

#[tokio::test]
async fn without_a_valid_token_every_generation_address_says_401() {
    let server = server(60.0).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let forged = me.token().replace('.', "x.");
    for token in ["", "x", "a.b.c", &forged] {
        let client = me.with_token(token);
        for address in [path.clone(), format!("{path}/events"), "/api/generations/missing".to_owned()] {
            let answer = client.get(&address, &[]).await;
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (401, "invalid_token"));
            assert_eq!(answer.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
        }
        assert_eq!(client.post(&format!("{path}/cancel"), &[], "").await.status, 401);
        assert_eq!(client.ask(TOWER, &[]).await.status, 401);
    }
}

#[tokio::test]
async fn a_token_ends() {
    let server = start(Config { token_lifetime: Duration::ZERO, ..Config::default() }).await;
    let me = Client::new(&server).await;
    assert_eq!(me.ask(TOWER, &[]).await.problem(), "invalid_token");
}
