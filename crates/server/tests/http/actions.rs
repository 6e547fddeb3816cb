//! Cancel and retry, and what they do to streams.

use generation_screen::contract::RunStatus;

use crate::client::{Client, TOWER, server};

#[tokio::test]
async fn cancel_ends_the_work_and_its_streams_once() {
    let server = server(60.0).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let mut stream = me.stream(&path, None).await;
    assert_eq!(stream.next().await.unwrap().kind(), "hello");
    let cancelled = me.post(&format!("{path}/cancel"), &[], "").await;
    assert_eq!((cancelled.status.as_u16(), cancelled.state().status), (202, RunStatus::Cancelled));
    let whole = stream.whole().await;
    assert!(whole.clean);
    assert_eq!(whole.frames.last().unwrap().kind(), "cancelled");

    let again = me.post(&format!("{path}/cancel"), &[], "").await;
    assert_eq!((again.status.as_u16(), again.problem().as_str()), (409, "already_ended"));
    assert_eq!(again.json()["state"]["status"], "cancelled");
}

#[tokio::test]
async fn retry_begins_the_next_run_and_only_after_a_failure() {
    let server = server(3.0).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let retry = format!("{path}/retry");
    let early = me.post(&retry, &[], "").await;
    assert_eq!((early.status.as_u16(), early.problem().as_str()), (409, "not_failed"));
    me.post(&format!("{path}/cancel"), &[], "").await;

    let retried = me.post(&retry, &[], "").await;
    assert_eq!((retried.status.as_u16(), retried.state().run), (202, 2));
    // What was known of the first run is worth nothing: from the start.
    let whole = me.stream(&path, Some("1-1")).await.whole().await;
    assert_eq!(whole.frames[0].json["run"], 2);
    assert_eq!(whole.seqs()[0], 1);
    assert!(whole.last_id().starts_with("2-"));
    let state = me.state(&path).await;
    assert_eq!((state.run, state.status, state.html.text), (2, RunStatus::Done, whole.html()));
    assert_eq!(me.post(&retry, &[], "").await.json()["state"]["run"], 2);
}

#[tokio::test]
async fn a_cancelled_page_cannot_be_opened() {
    let server = server(60.0).await;
    let me = Client::new(&server).await;
    let path = me.begin(TOWER).await;
    let state = me.post(&format!("{path}/cancel"), &[], "").await.state();
    assert_eq!(state.result, None);
    assert_eq!(me.get("/pages/AAAAAAAAAAAAAAAAAAAAAA", &[]).await.problem(), "not_found");
    assert_eq!(me.get("/pages/%ff", &[]).await.problem(), "not_found");
}
