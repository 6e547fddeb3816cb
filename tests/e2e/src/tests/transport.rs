//! Whatever happens to the stream, the screen says so, goes on, and ends on the server's page, byte by byte.

use harness::{EIFFEL_TOWER, Held, Setup, Stage, Which, assert_complete_and_exact, on_stage};

/// The screen says that it polls, in its state and in words, while the page still grows.
async fn until_polling_is_said(stage: &Stage) {
    let polling = "return screen.phase === 'running' && screen.connection === 'polling' \
                   && said('connection').includes('Checking every few seconds')";
    stage.page.until("polling is said", polling).await;
}

/// The server's event ids are `run-seq`; none stands for the start.
fn seq_of(event_id: Option<&str>) -> u64 {
    event_id.and_then(|id| id.split_once('-')?.1.parse().ok()).unwrap_or(0)
}

#[tokio::test]
async fn a_stream_that_is_cut_in_the_middle_is_resumed_after_the_last_event() {
    on_stage("stream-cut", Setup::taking(6.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.until("the connection is live", "return screen.connection === 'live'").await;
        page.until_source(4_000).await;
        stage.proxy.cut(Which::Streams);
        page.until("the screen says that the stream is gone", "return screen.connection !== 'live'").await;
        assert_complete_and_exact(stage).await;
        let requests = stage.proxy.api_requests();
        let streams: Vec<_> = requests.iter().filter(|request| request.is_stream()).collect();
        assert!(streams.len() >= 2, "it was not opened again");
        let after: Vec<u64> = streams.iter().map(|stream| seq_of(stream.header("last-event-id"))).collect();
        assert!(after[1] > after[0] + 5, "opened after event {after:?}: not after the last that had come");
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_is_killed_for_good_moves_the_screen_to_polling() {
    on_stage("stream-killed", Setup::taking(10.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.until("the connection is live", "return screen.connection === 'live'").await;
        page.until_source(1_000).await;
        stage.proxy.refuse(Which::Streams);
        stage.proxy.cut(Which::Streams);
        until_polling_is_said(stage).await;
        let source = page.ask("return source().length").await;
        page.until(
            "the page grows by polling",
            &format!("return screen.phase === 'running' && source().length > {source}"),
        )
        .await;
        assert_complete_and_exact(stage).await;
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_falls_silent_with_its_socket_open_is_polled_beside() {
    // Half of the idle time, which is at least ten seconds, is how long silence is believed.
    let setup = Setup { heartbeat_ms: 2_000, ..Setup::taking(11.0) };
    on_stage("stream-silent", setup, async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.until("the connection is live", "return screen.connection === 'live'").await;
        stage.proxy.hold(Which::Streams, Held::Body);
        until_polling_is_said(stage).await;
        assert_complete_and_exact(stage).await;
    })
    .await;
}

#[tokio::test]
async fn without_a_stream_at_all_the_whole_page_comes_by_polling() {
    on_stage("no-stream", Setup::taking(4.0), async |stage| {
        let page = &stage.page;
        stage.proxy.answer_instead(|request| {
            let none = "HTTP/1.1 404 Not Found\r\nContent-Type: application/problem+json\r\nContent-Length: 2\r\n\
                        Connection: close\r\n\r\n{}";
            request.is_stream().then(|| none.to_owned())
        });
        page.start(EIFFEL_TOWER).await;
        until_polling_is_said(stage).await;
        page.until("the reason is said", "return said('connection').includes('no live connection here')").await;
        assert_complete_and_exact(stage).await;
        assert_eq!(stage.proxy.count("GET", "/events"), 1, "no means no");
        let connections = page.connections().await;
        assert!(!connections.contains(&"live".to_owned()), "{connections:?}");
    })
    .await;
}

#[tokio::test]
async fn a_stream_whose_body_is_held_back_is_polled_beside_and_never_called_live() {
    on_stage("body-held", Setup::taking(6.0), async |stage| {
        stage.proxy.hold(Which::Streams, Held::Body);
        stage.page.start(EIFFEL_TOWER).await;
        until_polling_is_said(stage).await;
        assert_complete_and_exact(stage).await;
        let connections = stage.page.connections().await;
        assert!(!connections.contains(&"live".to_owned()), "{connections:?}");
    })
    .await;
}

#[tokio::test]
async fn a_stream_whose_headers_never_come_does_not_hold_the_screen() {
    on_stage("headers-never", Setup::taking(6.0), async |stage| {
        stage.proxy.hold(Which::Streams, Held::Answer);
        stage.page.start(EIFFEL_TOWER).await;
        until_polling_is_said(stage).await;
        assert_complete_and_exact(stage).await;
    })
    .await;
}

#[tokio::test]
async fn a_path_that_lets_the_stream_through_again_makes_it_live_and_polling_stops() {
    on_stage("heals", Setup::taking(9.0), async |stage| {
        let page = &stage.page;
        stage.proxy.hold(Which::Streams, Held::Body);
        page.start(EIFFEL_TOWER).await;
        until_polling_is_said(stage).await;
        stage.proxy.heal();
        page.until(
            "the connection is live",
            "return screen.phase === 'running' && screen.connection === 'live'",
        )
        .await;
        let reads = |stage: &Stage| {
            let requests = stage.proxy.api_requests();
            requests.iter().filter(|request| request.method == "GET" && !request.is_stream()).count()
        };
        let before = reads(stage);
        assert_complete_and_exact(stage).await;
        let after = reads(stage) - before;
        assert!(after <= 1, "{after} reads while live: one is for the end, the others for nothing");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_away_for_a_moment_costs_nothing_but_the_moment() {
    on_stage("server-away", Setup::taking(8.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.until_source(2_000).await;
        stage.proxy.refuse(Which::All);
        stage.proxy.cut(Which::All);
        let waiting =
            "return screen.phase === 'running' && screen.connection === 'reconnecting' && said('connection')";
        let said = page.until("reconnecting is said", waiting).await;
        assert!(said.as_str().is_some_and(|said| said.contains("Reconnecting")), "{said}");
        stage.proxy.heal();
        assert_complete_and_exact(stage).await;
    })
    .await;
}

#[tokio::test]
async fn scripted_faults_of_the_server_end_on_its_page_as_well() {
    on_stage("scripted", Setup::default(), async |stage| {
        for scenario in ["clean-eof", "cut-mid-event", "missing-one", "split-anywhere", "restarted"] {
            stage.page.start(&format!("{EIFFEL_TOWER}#scenario={scenario}")).await;
            println!("{scenario}:");
            assert_complete_and_exact(stage).await;
        }
    })
    .await;
}
