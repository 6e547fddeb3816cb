//! Behind haproxy whose server timeout is shorter than a heartbeat and than a held read: what is silent is cut.

use harness::{Backend, EIFFEL_TOWER, Engine, Front, Real, Setup, assert_complete_and_exact, on_stage};

use super::figures::{figures, start, until_live};

/// The work falls silent for 7.5 s in its middle, which are 300 s of the script; the next heartbeat is 15 s away.
const SILENT: Setup = Setup {
    backend: Backend::Reference,
    seconds: 8.0,
    token_seconds: 900,
    heartbeat_ms: 15_000,
    script_speed: 40.0,
    allowed_port: None,
    front: Front::Real(Real::HaproxyShort),
    engine: Engine::Chromium,
    alone: false,
};

fn silent_in_the_middle() -> String {
    format!("{EIFFEL_TOWER}#scenario=only-heartbeats")
}

#[tokio::test]
async fn silent_streams_that_haproxy_cuts_are_resumed_and_end_right() {
    on_stage("haproxy-streams", SILENT, async |stage| {
        start(&stage.page, &silent_in_the_middle()).await;
        until_live(&stage.page).await;
        assert_complete_and_exact(stage).await;
        let figures = figures("haproxy that cuts silent streams", stage).await;
        assert!(figures.streams >= 2, "nothing was cut, so nothing was shown");
    })
    .await;
}

/// What the browser got for its reads of the state.
const STATUSES: &str = "return performance.getEntriesByType('resource') \
    .filter((e) => new URL(e.name).pathname.endsWith(id)).map((e) => e.responseStatus).join()";

#[tokio::test]
async fn held_reads_that_haproxy_cuts_become_shorter_and_end_right() {
    on_stage("haproxy-reads", SILENT, async |stage| {
        stage.proxy.answer_instead(|request| {
            let none = "HTTP/1.1 404 Not Found\r\nContent-Type: application/problem+json\r\nContent-Length: 2\r\n\
                        Connection: close\r\n\r\n{}";
            request.is_stream().then(|| none.to_owned())
        });
        start(&stage.page, &silent_in_the_middle()).await;
        assert_complete_and_exact(stage).await;
        let statuses = stage.page.text(STATUSES).await;
        println!("haproxy that cuts held reads: {statuses}");
        assert!(statuses.contains("504"), "nothing was cut, so nothing was shown: {statuses}");
        let figures = figures("haproxy that cuts held reads", stage).await;
        assert_eq!(figures.streams, 1, "no means no");
    })
    .await;
}
