//! Behind nginx: out of the box, buffering, as README.md recommends it, with HTTP/2, and started anew in the middle.

use std::time::Duration;

use harness::{EIFFEL_TOWER, Front, Real, Setup, Stage, assert_complete_and_exact, on_stage};
use serde_json::json;

use super::figures::{assert_never_live, figures, start, until_live};

/// How long somebody waits for content behind the worst of proxies.
const CONTENT_WITHIN: Duration = Duration::from_secs(3);

fn behind(real: Real, seconds: f64) -> Setup {
    Setup { front: Front::Real(real), ..Setup::taking(seconds) }
}

/// From the start to the end it is live, by one stream: one read comes before it, and one after.
async fn assert_live_by_one_stream(way: &str, stage: &Stage) {
    start(&stage.page, EIFFEL_TOWER).await;
    until_live(&stage.page).await;
    assert_complete_and_exact(stage).await;
    let figures = figures(way, stage).await;
    assert_eq!(figures.streams, 1, "one stream is enough");
    assert!(figures.reads <= 2, "{} reads: it was polled beside the stream", figures.reads);
}

#[tokio::test]
async fn behind_nginx_that_buffers_there_is_content_within_three_seconds_and_the_right_end() {
    let setup = Setup { alone: true, ..behind(Real::NginxBuffering, 10.0) };
    on_stage("nginx-buffering", setup, async |stage| {
        start(&stage.page, EIFFEL_TOWER).await;
        assert_complete_and_exact(stage).await;
        let figures = figures("nginx with buffering", stage).await;
        assert!(figures.content_after < CONTENT_WITHIN, "content after {:?}", figures.content_after);
        assert_never_live(&stage.page).await;
    })
    .await;
}

#[tokio::test]
async fn behind_nginx_as_recommended_it_is_live_by_one_stream() {
    on_stage("nginx-recommended", behind(Real::NginxRecommended, 8.0), async |stage| {
        assert_live_by_one_stream("nginx as recommended", stage).await;
    })
    .await;
}

#[tokio::test]
async fn behind_nginx_out_of_the_box_it_is_live_since_nginx_obeys_the_servers_header() {
    on_stage("nginx-plain", behind(Real::NginxPlain, 8.0), async |stage| {
        assert_live_by_one_stream("nginx out of the box", stage).await;
    })
    .await;
}

#[tokio::test]
async fn behind_http_2_it_is_live_by_one_stream() {
    on_stage("nginx-h2", behind(Real::NginxHttp2, 8.0), async |stage| {
        assert_live_by_one_stream("HTTP/2", stage).await;
        // The protocol of the stream itself, and of whatever else was asked of the API.
        let script = "const entries = performance.getEntriesByType('resource'); \
            const api = entries.filter((e) => new URL(e.name).pathname.startsWith('/api/')); \
            return api.some((e) => e.name.endsWith('/events')) && [...new Set(api.map((e) => e.nextHopProtocol))]";
        let protocols = stage.page.until("the browser tells of the stream", script).await;
        assert_eq!(protocols, json!(["h2"]));
    })
    .await;
}

#[tokio::test]
async fn a_proxy_that_is_started_anew_in_the_middle_costs_nothing_but_the_moment() {
    on_stage("nginx-restarts", behind(Real::NginxRecommended, 10.0), async |stage| {
        let page = &stage.page;
        start(page, EIFFEL_TOWER).await;
        until_live(page).await;
        page.until_source(2_000).await;
        stage.real().stop().await;
        let reconnecting = "return screen.phase === 'running' && screen.connection === 'reconnecting'";
        page.until("reconnecting is said", reconnecting).await;
        stage.real().go_on().await;
        until_live(page).await;
        assert_complete_and_exact(stage).await;
        let figures = figures("nginx that is started anew", stage).await;
        assert!(figures.streams >= 2, "it was not opened again");
    })
    .await;
}
