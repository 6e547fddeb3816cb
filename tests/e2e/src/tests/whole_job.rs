//! The main job: paste a place, watch its page being written, open it.

use super::{EIFFEL_TOWER, assert_complete_and_exact};
use crate::harness::{Setup, on_stage};

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
