//! What one user may ask, and all together: refused politely, with a word on when to come back, and never at the expense of
//! somebody else.

use std::time::Duration;

use hyper::Method;
use server::Config;

use crate::client::{Answer, Client, Stream, TOWER, soon, start};

fn slow() -> Config {
    Config { generation_time: Duration::from_secs(60), ..Config::default() }
}

fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code));
    let wait_s: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait_s), "{answer:?}");
}

#[tokio::test]
async fn a_user_who_asks_too_often_is_told_to_wait_and_others_are_not() {
    let server = start(Config { requests_per_minute: 3, ..slow() }).await;
    let (me, you) = (Client::new(&server).await, Client::new(&server).await);
    let path = me.begin(TOWER).await;
    for _ in 0..2 {
        assert_eq!(me.get(&path, &[]).await.status, 200);
    }
    assert_refused(&me.get(&path, &[]).await, 429, "too_many_requests");
    assert_refused(&me.ask(TOWER, &[]).await, 429, "too_many_requests");
    assert_refused(&me.get(&format!("{path}/events"), &[]).await, 429, "too_many_requests");
    assert_eq!(you.ask(TOWER, &[]).await.status, 202);
}

#[tokio::test]
async fn so_many_new_users_come_from_one_address_and_known_ones_always() {
    let server = start(Config { newcomers_per_minute: 2, ..slow() }).await;
    let me = Client::new(&server).await;
    Client::new(&server).await;
    let nobody = Client::nobody(&server);
    assert_refused(&nobody.post("/api/session", &[], "").await, 429, "too_many_requests");
    assert_eq!(me.renewed().await.ask(TOWER, &[]).await.status, 202);
}

#[tokio::test]
async fn a_user_has_so_many_streams_open_and_what_is_closed_counts_no_more() {
    let server = start(Config { open_of_one_max: 1, heartbeat: Duration::from_millis(50), ..slow() }).await;
    let (me, you) = (Client::new(&server).await, Client::new(&server).await);
    let path = me.begin(TOWER).await;
    let events = format!("{path}/events");
    let mut first = me.stream(&path, None).await;
    first.next().await.unwrap();
    assert_refused(&me.get(&events, &[]).await, 429, "too_many_streams");
    assert_eq!(you.stream(&you.begin(TOWER).await, None).await.status, 200);
    drop(first);
    // The server sees that it has gone when it has something to say.
    soon(async {
        loop {
            let stream = me.open(Method::GET, &events, &[], "").await;
            if Stream::of(stream).status == 200 {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_read_is_held_only_while_the_user_may_have_one_more_open() {
    let server =
        start(Config { open_of_one_max: 1, generation_time: Duration::from_secs(600), ..slow() }).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let tag = me.get(&path, &[]).await.header("etag").unwrap().to_owned();
    let held = [("if-none-match", tag.as_str()), ("prefer", "wait=1")];
    assert_eq!(me.get(&path, &held).await.header("preference-applied"), Some("wait=1"));
    let stream = me.stream(&path, None).await;
    let answer = me.get(&path, &held).await;
    assert_eq!(answer.header("preference-applied"), None, "{answer:?}");
    assert!([200, 304].contains(&answer.status.as_u16()), "{answer:?}");
    drop(stream);
}

#[tokio::test]
async fn a_server_that_has_enough_open_says_so() {
    let server = start(Config { open_max: 1, ..slow() }).await;
    let (me, you) = (Client::new(&server).await, Client::new(&server).await);
    let (mine, yours) = (me.begin(TOWER).await, you.begin(TOWER).await);
    let _stream = me.stream(&mine, None).await;
    assert_refused(&you.get(&format!("{yours}/events"), &[]).await, 503, "at_capacity");
    assert_eq!(you.get(&yours, &[]).await.status, 200, "the state can be read");
}

#[tokio::test]
async fn at_capacity_reads_are_refused_before_streams() {
    let server = start(Config { reads_per_second: 1, ..slow() }).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let refused = soon(async {
        loop {
            let answer = me.get(&path, &[]).await;
            if answer.status != 200 {
                break answer;
            }
        }
    })
    .await;
    assert_refused(&refused, 503, "at_capacity");
    assert_eq!(me.stream(&path, None).await.status, 200);
}

#[tokio::test]
async fn a_user_has_so_many_at_work() {
    let server = start(Config { running_max: 1, ..slow() }).await;
    let (me, you) = (Client::new(&server).await, Client::new(&server).await);
    let path = me.begin(TOWER).await;
    assert_refused(&me.ask(TOWER, &[]).await, 429, "too_many_running");
    assert_eq!(you.ask(TOWER, &[]).await.status, 202);
    assert_eq!(me.post(&format!("{path}/cancel"), &[], "").await.status, 202);
    assert_eq!(me.ask(TOWER, &[]).await.status, 202);
}

#[tokio::test]
async fn trying_again_is_work_too() {
    let server = start(Config { running_max: 1, ..slow() }).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    me.post(&format!("{path}/cancel"), &[], "").await;
    me.begin(TOWER).await;
    assert_refused(&me.post(&format!("{path}/retry"), &[], "").await, 429, "too_many_running");
}
