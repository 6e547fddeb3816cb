//! Making a generation and reading its state: ownership, idempotency, entity tags, held reads, bad input.

use generation_screen::contract::RunStatus;
use hyper::Method;

use crate::client::{Client, TOWER, server, soon};

#[tokio::test]
async fn a_new_generation_is_accepted_and_says_where_it_is() {
    let server = server(60.0).await;
    let me = Client::new(&server).await;
    let answer = me.ask(TOWER, &[]).await;
    let state = answer.state();
    assert_eq!((answer.status.as_u16(), state.run, state.status), (202, 1, RunStatus::Queued));
    assert_eq!(answer.header("location").unwrap(), format!("/api/generations/{}", state.id));
    assert_eq!(state.id.len(), 22);
    assert_eq!(
        state.steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(),
        ["place", "brief", "page"]
    );
    assert!(state.steps.iter().all(|step| step.label.is_some()));
}

#[tokio::test]
async fn somebody_elses_generation_looks_exactly_like_a_missing_one() {
    let server = server(60.0).await;
    let (me, you) = (Client::new(&server).await, Client::new(&server).await);
    let path = me.begin(TOWER).await;
    let missing = "/api/generations/AAAAAAAAAAAAAAAAAAAAAA";
    for (method, ending) in
        [(Method::GET, ""), (Method::GET, "/events"), (Method::POST, "/cancel"), (Method::POST, "/retry")]
    {
        let foreign = you.send(method.clone(), &format!("{path}{ending}"), &[], "").await;
        let absent = you.send(method.clone(), &format!("{missing}{ending}"), &[], "").await;
        assert_eq!((foreign.status.as_u16(), foreign.problem().as_str()), (404, "not_found"));
        assert_eq!(foreign.body, absent.body);
        assert_eq!(foreign.headers.keys().collect::<Vec<_>>(), absent.headers.keys().collect::<Vec<_>>());
    }
    assert!(!me.state(&path).await.status.is_terminal());
}

#[tokio::test]
async fn a_hostile_id_is_a_missing_one() {
    let server = server(60.0).await;
    let me = Client::new(&server).await;
    let long = "a".repeat(65);
    for id in ["..%2f..%2fetc", "%00", "%ff", "a%20b", "%F0%9F%97%BC", "a.b", long.as_str(), "%3Cscript%3E"] {
        let answer = me.get(&format!("/api/generations/{id}"), &[]).await;
        assert_eq!(answer.problem(), "not_found", "{id}");
    }
    assert_eq!(me.get("/api/generations/", &[]).await.problem(), "not_found");
    assert_eq!(me.get("/api/other", &[]).await.problem(), "not_found");
    assert_eq!(me.get("/api/generations", &[]).await.problem(), "method_not_allowed");
    assert_eq!(me.send(Method::DELETE, "/api/generations/x", &[], "").await.problem(), "method_not_allowed");
}

#[tokio::test]
async fn the_same_key_never_makes_two() {
    let server = server(60.0).await;
    let (me, you) = (Client::new(&server).await, Client::new(&server).await);
    let key = [("idempotency-key", "5d2e")];
    let first = me.begin_with(TOWER, &key).await;
    assert_eq!(me.begin_with(TOWER, &key).await, first);
    assert_ne!(me.begin(TOWER).await, first);
    assert_ne!(you.begin_with(TOWER, &key).await, first);
    let other = me.ask("geo:1,2", &key).await;
    assert_eq!((other.status.as_u16(), other.problem().as_str()), (422, "key_reused"));
    assert_eq!(me.ask(TOWER, &[("idempotency-key", "")]).await.problem(), "bad_idempotency_key");
}

#[tokio::test]
async fn bad_input_is_refused_for_its_own_reason() {
    let server = server(60.0).await;
    let me = Client::new(&server).await;
    for (url, code) in [
        ("", "empty"),
        ("hello", "not_a_url"),
        ("https://example.org/", "not_a_place"),
        ("91, 0", "out_of_range"),
        ("https://maps.app.goo.gl/abc", "short_link"),
        (&"x".repeat(5000), "too_long"),
    ] {
        let answer = me.ask(url, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, code));
    }
    assert_eq!(me.ask(&"x".repeat(100_000), &[]).await.problem(), "too_large");
    let json = [("content-type", "application/json; charset=utf-8")];
    assert_eq!(me.post("/api/generations", &json, "{").await.problem(), "bad_json");
    assert_eq!(me.post("/api/generations", &json, "{}").await.problem(), "wrong_fields");
    assert_eq!(me.post("/api/generations", &json, "{\"url\": 7}").await.problem(), "wrong_fields");
    assert_eq!(me.post("/api/generations", &[], "{}").await.problem(), "not_json");
}

#[tokio::test]
async fn an_unchanged_state_is_not_sent_again() {
    let server = server(0.5).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    me.until(&path, |state| state.status == RunStatus::Done).await;
    let answer = me.get(&path, &[]).await;
    let tag = answer.header("etag").unwrap();
    assert_eq!(tag, format!("\"1-{}\"", answer.state().seq));
    let again = me.get(&path, &[("if-none-match", tag)]).await;
    assert_eq!((again.status.as_u16(), again.header("etag"), again.body.len()), (304, Some(tag), 0));
    let older = me.get(&path, &[("if-none-match", "\"1-1\"")]).await;
    assert_eq!(older.status, 200);
}

#[tokio::test]
async fn a_held_read_answers_when_the_state_changes() {
    let server = server(60.0).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    me.until(&path, |state| state.seq == 1).await;
    let headers = [("if-none-match", "\"1-1\""), ("prefer", "wait=25")];
    let held = me.get(&path, &headers);
    let cancel = format!("{path}/cancel");
    let (held, _) = tokio::join!(held, me.post(&cancel, &[], ""));
    assert_eq!(held.header("preference-applied"), Some("wait=25"));
    assert_eq!(held.state().status, RunStatus::Cancelled);
}

#[tokio::test]
async fn a_held_read_ends_unchanged_when_its_wait_is_over_or_the_server_stops() {
    let server = server(3600.0).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    me.until(&path, |state| state.seq == 1).await;
    let unchanged = me.get(&path, &[("if-none-match", "\"1-1\""), ("prefer", "wait=1")]).await;
    assert_eq!((unchanged.status.as_u16(), unchanged.header("preference-applied")), (304, Some("wait=1")));
    let stopping = me.clone();
    let held = tokio::spawn(async move {
        stopping.get(&path, &[("if-none-match", "\"1-1\""), ("prefer", "wait=600")]).await
    });
    tokio::task::yield_now().await;
    drop(soon(server.stop()).await);
    // Either it was held and answered, or the server was gone before it came.
    if let Ok(answer) = soon(held).await {
        assert_eq!(answer.header("preference-applied"), Some("wait=30"));
    }
}

#[tokio::test]
async fn the_page_is_sent_from_the_byte_that_was_asked_for() {
    let server = server(0.5).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let whole = me.until(&path, |state| state.status == RunStatus::Done).await.html;
    let from = async |header: Option<&str>, query: &str| {
        let headers: Vec<_> = header.map(|from| ("html-from", from)).into_iter().collect();
        me.get(&format!("{path}{query}"), &headers).await.state().html
    };
    let inside = whole.text.find('°').unwrap() + 1;
    let part = from(Some(&inside.to_string()), "").await;
    assert_eq!((part.from, part.text.as_str()), (inside as u64 - 1, &whole.text[inside - 1..]));
    assert_eq!(from(None, "?html_from=100").await.text, whole.text[100..]);
    assert_eq!(from(Some("7"), "?html_from=100").await.from, 7);
    for nonsense in ["99999999", "-1", "x", ""] {
        assert_eq!(from(Some(nonsense), "").await, whole, "{nonsense}");
    }
    let end = whole.len.to_string();
    assert_eq!((from(Some(&end), "").await.from, from(Some(&end), "").await.text.as_str()), (whole.len, ""));
}
