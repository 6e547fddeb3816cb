//! The page as it comes: live to its end, by a stream that is resumed, and without any stream.

use harness::{Backend, EIFFEL_TOWER, Page, Which, assert_complete_as_stated, on_stage};

use super::on;

in_each_backend!(
    a_place_is_pasted_and_its_page_is_followed_live_to_the_end,
    a_stream_that_is_cut_is_resumed_after_the_last_event,
    a_stream_that_is_gone_for_good_leaves_the_rest_to_polling,
);

async fn until_live(page: &Page) {
    let live = "return screen.phase === 'running' && screen.connection === 'live'";
    page.until("the connection is live", live).await;
}

async fn a_place_is_pasted_and_its_page_is_followed_live_to_the_end(backend: Backend) {
    on_stage("live", on(backend, 4.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        let steps = "const steps = [...document.querySelectorAll('[data-step]')].map((s) => s.dataset); \
            return steps.some((s) => s.state === 'running') && steps.map((s) => s.step).join()";
        assert_eq!(page.until("a step runs", steps).await, "place,brief,page");
        page.until(
            "the card says which place it is",
            "return part('card').dataset.state === 'filled' && said('card').includes('Eiffel Tower')",
        )
        .await;
        until_live(page).await;
        assert_complete_as_stated(stage).await;
        let said = "return source().includes('<h1>📍 Eiffel Tower</h1>') && source().includes('東京')";
        assert_eq!(page.ask(said).await, true, "characters of several bytes came whole");
        let ended = "return [...document.querySelectorAll('[data-step]')].map((s) => s.dataset.state).join()";
        assert_eq!(page.ask(ended).await, "done,done,done");
        assert_eq!(page.ask("return part('progress').getAttribute('aria-valuenow')").await, "100");
        assert_eq!(stage.proxy.count("POST", "/api/generations"), 1);
        assert_eq!(stage.proxy.count("GET", "/events"), 1, "one stream was enough");
    })
    .await;
}

async fn a_stream_that_is_cut_is_resumed_after_the_last_event(backend: Backend) {
    on_stage("cut", on(backend, 6.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        until_live(page).await;
        page.until_source(2_000).await;
        stage.proxy.cut(Which::Streams);
        page.until("the screen says that the stream is gone", "return screen.connection !== 'live'").await;
        assert_complete_as_stated(stage).await;
        let requests = stage.proxy.api_requests();
        let streams = requests.iter().filter(|request| request.is_stream());
        let after: Vec<u64> = streams.map(|stream| seq_of(stream.header("last-event-id"))).collect();
        assert!(after.len() >= 2 && after[1] > after[0] + 5, "opened after the events {after:?}");
    })
    .await;
}

/// Event ids are `run-seq`; none stands for the start.
fn seq_of(event_id: Option<&str>) -> u64 {
    event_id.and_then(|id| id.split_once('-')?.1.parse().ok()).unwrap_or(0)
}

async fn a_stream_that_is_gone_for_good_leaves_the_rest_to_polling(backend: Backend) {
    on_stage("polled", on(backend, 8.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        until_live(page).await;
        page.until_source(1_000).await;
        stage.proxy.refuse(Which::Streams);
        stage.proxy.cut(Which::Streams);
        let polling =
            "return screen.phase === 'running' && screen.connection === 'polling' && source().length";
        let source = page.until("polling is said", polling).await;
        let grown = format!("return screen.phase === 'running' && source().length > {source}");
        page.until("the page grows by polling", &grown).await;
        assert_complete_as_stated(stage).await;
        let requests = stage.proxy.api_requests();
        let is_held = |header: Option<&str>| header.is_some_and(|wish| wish.starts_with("wait="));
        assert!(requests.iter().any(|request| is_held(request.header("prefer"))), "no read was held");
    })
    .await;
}
