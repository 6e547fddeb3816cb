//! Ends that are none of the page's: cancelled and tried again, and somebody else's.

use harness::{Backend, EIFFEL_TOWER, assert_complete_as_stated, assert_same, on_stage};

use super::on;

in_each_backend!(what_is_cancelled_is_kept_and_tried_again_to_the_end, somebody_elses_page_is_not_found,);

async fn what_is_cancelled_is_kept_and_tried_again_to_the_end(backend: Backend) {
    on_stage("cancelled", on(backend, 6.0), async |stage| {
        let page = &stage.page;
        let id = page.start(EIFFEL_TOWER).await;
        page.until_source(1_500).await;
        page.press("cancel").await;
        assert_eq!(page.until_ended().await, "cancelled");
        let (kept, truth) = (page.text("return source()").await, page.truth().await);
        assert_eq!(truth.state["status"], "cancelled");
        assert_same("what is kept and what the backend wrote", &kept, &truth.html);
        page.press("retry").await;
        page.until("the second run is shown", "return screen.run === '2' && screen.phase === 'running'")
            .await;
        let truth = assert_complete_as_stated(stage).await;
        assert_eq!((&truth.state["run"], &truth.state["id"]), (&2.into(), &id.into()));
        assert_eq!((stage.proxy.count("POST", "/cancel"), stage.proxy.count("POST", "/retry")), (1, 1));
    })
    .await;
}

async fn somebody_elses_page_is_not_found(backend: Backend) {
    on_stage("foreign", on(backend, 4.0), async |stage| {
        let page = &stage.page;
        let id = page.start(EIFFEL_TOWER).await;
        page.until_source(500).await;
        // Without the cookie one is somebody else.
        page.devtools("Network.clearBrowserCookies", serde_json::json!({})).await;
        page.visit(&format!("#/g/{id}")).await;
        assert_eq!(page.until_ended().await, "not-found");
        assert_eq!(page.text("return source()").await, "");
    })
    .await;
}
