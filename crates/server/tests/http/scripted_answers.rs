//! What scripts answer instead of the honest server: refusals, other people's pages, old states, nothing.

use generation_screen::contract::RunStatus;

use crate::client::{Client, TOWER, scripted, server, soon};
use crate::scripted::{
    AT_ONCE, MIDDLE, SLOWLY, first_stream, joins, log, meet, meet_at, numbers, stream_status,
};

#[tokio::test]
async fn a_scenario_is_chosen_by_header_or_fragment_and_only_where_scripts_are_on() {
    let scripted = scripted(1.5, 1.0).await;
    let me = Client::new(&scripted).await;
    let path = me.begin("geo:48.85,2.29#scenario=no-stream").await;
    assert_eq!(stream_status(&me, &path).await, 404);
    assert_eq!(stream_status(&me, &me.begin("geo:48.85,2.29").await).await, 200);
    let unknown = me.ask(TOWER, &[("scenario", "nonsense")]).await;
    assert_eq!(unknown.problem(), "unknown_scenario");
    assert!(unknown.text().contains("clean-eof"));
    let log = log(&me, &path).await;
    assert_eq!(
        (&log["scenario"], &log["streams"], &log["requests"][0]["status"]),
        (&"no-stream".into(), &1.into(), &404.into())
    );

    let plain = server(3600.0).await;
    let me = Client::new(&plain).await;
    let path = me.begin_with(TOWER, &[("scenario", "no-stream")]).await;
    assert_eq!(stream_status(&me, &path).await, 200);
    assert_eq!(me.get(&format!("/api/scripted{}/log", &path[4..]), &[]).await.problem(), "not_found");
}

#[tokio::test]
async fn busy_answers_say_when_to_come_back() {
    let (_server, me, path) = meet_at("retry-after", 1.5, SLOWLY).await;
    let read = me.get(&path, &[]).await;
    assert_eq!((read.status.as_u16(), read.header("retry-after")), (503, Some("200")));
    assert_eq!(read.problem(), "busy");
    assert_eq!(stream_status(&me, &path).await, 503);

    let (_server, me, path) = meet_at("stream-429", 1.5, SLOWLY).await;
    let stream = me.stream(&path, None).await;
    assert_eq!((stream.status.as_u16(), stream.headers["retry-after"].to_str().unwrap()), (429, "200"));
    assert_eq!(me.get(&path, &[]).await.status, 200);

    for scenario in ["retry-after", "stream-429"] {
        let (_server, me, path) = meet_at(scenario, 1.5, AT_ONCE).await;
        soon(async { while stream_status(&me, &path).await != 200 {} }).await;
    }
}

#[tokio::test]
async fn wrong_answers_on_the_stream_leave_the_reads_alone() {
    for (scenario, status, kind) in [
        ("bad-gateway", 502, "text/html; charset=utf-8"),
        ("not-a-stream", 200, "application/json"),
        ("no-stream", 404, "application/problem+json"),
        ("no-stream-405", 405, "application/problem+json"),
        ("no-stream-406", 406, "application/problem+json"),
        ("no-stream-501", 501, "application/problem+json"),
    ] {
        let (_server, me, path) = meet(scenario).await;
        let stream = me.stream(&path, None).await;
        assert_eq!(
            (stream.status.as_u16(), stream.headers["content-type"].to_str().unwrap()),
            (status, kind)
        );
        assert_eq!(me.until(&path, |state| state.status.is_terminal()).await.status, RunStatus::Done);
    }
    let (_server, me, path) = meet("stream-204").await;
    assert_eq!(stream_status(&me, &path).await, 204);
}

#[tokio::test]
async fn a_captive_portal_answers_everything_with_a_page_for_a_while() {
    let (_server, me, path) = meet_at("captive-portal", 1.5, SLOWLY).await;
    let read = me.get(&path, &[]).await;
    assert_eq!((read.status.as_u16(), read.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert_eq!(me.stream(&path, None).await.headers["content-type"], "text/html; charset=utf-8");
    let (_server, me, path) = meet_at("captive-portal", 1.5, AT_ONCE).await;
    soon(async { while me.get(&path, &[]).await.header("content-type") != Some("application/json") {} })
        .await;
    assert_eq!(me.stream(&path, None).await.headers["content-type"], "text/event-stream");
}

#[tokio::test]
async fn an_expired_token_is_refused_and_a_new_one_goes_on() {
    let (_server, me, path, first) = first_stream("expired-token").await;
    assert_eq!(first.seqs(), numbers(1..MIDDLE));
    assert_eq!(me.get(&path, &[]).await.problem(), "invalid_token");
    assert_eq!(stream_status(&me, &path).await, 401);
    // The same user, by the cookie.
    let me = me.renewed().await;
    joins(&me, &path, &first).await;
}

#[tokio::test]
async fn signed_out_refuses_new_tokens_too_until_later() {
    for speed in [SLOWLY, AT_ONCE] {
        let (_server, me, path) = meet_at("signed-out", 1.5, speed).await;
        me.stream(&path, None).await.whole().await;
        let me = me.renewed().await;
        if speed == SLOWLY {
            assert_eq!(me.get(&path, &[]).await.problem(), "invalid_token");
        } else {
            soon(async { while me.get(&path, &[]).await.status != 200 {} }).await;
        }
    }
}

#[tokio::test]
async fn two_401s_meet_both_requests_of_the_first_token() {
    let (_server, me, path) = meet("two-401s").await;
    assert_eq!(stream_status(&me, &path).await, 401);
    assert_eq!(me.get(&path, &[]).await.status, 401);
    let me = me.renewed().await;
    assert_eq!(stream_status(&me, &path).await, 200);
}

#[tokio::test]
async fn refusals_hold_for_stream_and_reads() {
    for (scenario, status) in [("forbidden", 403), ("not-found", 404)] {
        let (_server, me, path) = meet(scenario).await;
        assert_eq!(stream_status(&me, &path).await, status);
        assert_eq!(me.get(&path, &[]).await.status, status);
    }
    let (_server, me, path) = meet_at("not-yet", 1.5, SLOWLY).await;
    assert_eq!(me.get(&path, &[]).await.problem(), "not_found");
    let (_server, me, path) = meet_at("not-yet", 1.5, AT_ONCE).await;
    soon(async { while me.get(&path, &[]).await.status != 200 {} }).await;
}

#[tokio::test]
async fn an_older_state_is_answered_every_other_time() {
    let (_server, me, path) = meet("stale-state").await;
    let first = me.state(&path).await.seq;
    assert_eq!(stream_status(&me, &path).await, 404);
    soon(async {
        // Odd reads are honest, even ones the first one again.
        while {
            me.state(&path).await;
            me.state(&path).await.status
        } != RunStatus::Done
        {}
    })
    .await;
    assert_eq!(me.state(&path).await.seq, first);

    let (_server, me, path) = meet_at("stale-old-run", 6.0, 1.0).await;
    assert_eq!(me.state(&path).await.run, 1);
    soon(async { while me.state(&path).await.run != 2 {} }).await;
    let runs = [me.state(&path).await.run, me.state(&path).await.run];
    assert!(runs.contains(&1) && runs.contains(&2), "{runs:?}");
}

#[tokio::test]
async fn held_reads_are_answered_empty_or_cut_by_a_proxy() {
    let (_server, me, path) = meet("empty-polls").await;
    let tag = me.get(&path, &[]).await.header("etag").unwrap().to_owned();
    let held = me.get(&path, &[("if-none-match", &tag), ("prefer", "wait=25")]).await;
    assert_eq!((held.status.as_u16(), held.body.len()), (204, 0));

    let (_server, me, path) = meet("proxy-cuts-holds").await;
    let held = me.get(&path, &[("if-none-match", "\"1-0\""), ("prefer", "wait=25")]).await;
    assert_eq!(held.status, 504);
}

#[tokio::test]
async fn reads_hang_while_the_stream_may_be_tried() {
    let (_server, me, path) = meet_at("poll-hangs", 1.5, SLOWLY).await;
    tokio::select! {
        biased;
        _ = me.get(&path, &[]) => panic!("reads never answer"),
        status = stream_status(&me, &path) => assert_eq!(status, 503),
    }

    let (_server, me, path, whole) = first_stream("final-read-hangs").await;
    assert_eq!(whole.frames.last().unwrap().kind(), "done");
    tokio::select! {
        biased;
        _ = me.get(&path, &[]) => panic!("the final read never answers"),
        status = stream_status(&me, &path) => assert_eq!(status, 200),
    }
}

#[tokio::test]
async fn what_heals_streams_in_the_end() {
    let (_server, me, path) = meet_at("heals", 1.5, SLOWLY).await;
    assert_eq!(stream_status(&me, &path).await, 503);
    let (_server, me, path) = meet_at("heals", 1.5, AT_ONCE).await;
    soon(async { while stream_status(&me, &path).await != 200 {} }).await;
}
