//! The main job: paste a place, watch its page being written, open it.

use harness::{EIFFEL_TOWER, Front, Setup, assert_complete_and_exact, on_stage};

#[tokio::test]
async fn a_place_is_pasted_and_its_page_is_watched_to_the_end_byte_by_byte() {
    on_stage("whole-job", Setup::default(), async |stage| {
        let page = &stage.page;
        let id = page.start(EIFFEL_TOWER).await;
        assert!(id.len() >= 22, "{id} cannot hold 128 bits");
        page.until(
            "three steps are shown, and one of them runs",
            "const steps = [...document.querySelectorAll('[data-step]')]; \
            return steps.length === 3 && steps.some((s) => s.dataset.state === 'running')",
        )
        .await;
        page.until(
            "the card says which place it is",
            "return part('card').dataset.state === 'filled' && said('card').includes('Eiffel Tower')",
        )
        .await;
        page.until(
            "the connection is live",
            "return screen.connection === 'live' && said('connection').includes('Live')",
        )
        .await;
        let source =
            page.until("the source grows", "return screen.phase === 'running' && source().length").await;
        let preview = page.until("the preview grows", "return frame()?.body?.textContent.length").await;
        page.until("the source has grown", &format!("return source().length > {source}")).await;
        page.until("the preview has grown", &format!("return frame().body.textContent.length > {preview}"))
            .await;
        assert_complete_and_exact(stage).await;

        assert_eq!(
            page.ask(
                "return [...document.querySelectorAll('[data-step]')].map((s) => s.dataset.state).join()"
            )
            .await,
            "done,done,done"
        );
        assert_eq!(page.ask("return part('progress').getAttribute('aria-valuenow')").await, "100");
        assert_eq!(stage.proxy.count("POST", "/api/generations"), 1);
        assert_eq!(stage.proxy.count("GET", "/events"), 1, "one stream was enough");
        page.picture("whole-job-end").await;
    })
    .await;
}

#[tokio::test]
async fn the_finished_page_opens_from_its_link_and_can_do_nothing() {
    on_stage("finished-page", Setup::default(), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        assert_eq!(page.until_ended().await, "complete");
        let link = page.text("return action('open').href").await;
        assert!(link.starts_with(&format!("{}/pages/", stage.proxy.origin())), "{link}");
        assert_eq!(page.text("return action('open').rel").await, "noopener noreferrer");
        page.press("open").await;
        page.follow_to_new_window().await;
        page.until(
            "it shows the place",
            "return document.title.includes('Eiffel Tower') && document.body.innerText.length > 500",
        )
        .await;
        assert_eq!(page.text("return location.href").await, link);
        assert_eq!(page.ask("return window.origin").await, "null", "it lies in a sandbox");
    })
    .await;
}

#[tokio::test]
async fn a_link_from_openstreetmap_and_bare_coordinates_do_as_well() {
    on_stage("other-places", Setup::taking(1.5), async |stage| {
        for place in [
            "https://www.openstreetmap.org/?mlat=-34.3568&mlon=18.4740#map=14/-34.3568/18.4740",
            "27.1751, 78.0421",
        ] {
            stage.page.start(place).await;
            assert_complete_and_exact(stage).await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_page_works_through_the_development_server_too() {
    let setup = Setup { front: Front::Trunk, ..Setup::default() };
    on_stage("through-trunk", setup, async |stage| {
        stage.page.start(EIFFEL_TOWER).await;
        stage.page.until("the connection is live", "return screen.connection === 'live'").await;
        assert_complete_and_exact(stage).await;
    })
    .await;
}
