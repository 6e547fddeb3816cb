//! Leaving, coming back, cancelling, trying again; and whose page it is.

use harness::{EIFFEL_TOWER, Page, Setup, assert_complete_and_exact, assert_same, on_stage};

/// Cancels, and sees what that leaves.
async fn cancel_and_see(page: &Page) {
    page.press("cancel").await;
    assert_eq!(page.until_ended().await, "cancelled");
    let kept = page.text("return source()").await;
    assert!(!kept.is_empty(), "what had arrived is gone");
    page.until("it is said that a part is kept", "return said('outcome').includes('that arrived are kept')")
        .await;
    assert!(page.ask("return screen.marks.split(' ').includes('partial')").await == true);
    assert_same("what is kept and what the server wrote", &kept, &page.truth().await.html);
}

#[tokio::test]
async fn a_reload_in_the_middle_comes_back_to_the_same_page_and_goes_on() {
    on_stage("reload", Setup::taking(6.0), async |stage| {
        let page = &stage.page;
        let id = page.start(EIFFEL_TOWER).await;
        page.until_source(3_000).await;
        let address = page.text("return location.href").await;
        assert!(address.ends_with(&format!("/#/g/{id}")), "{address}");
        let before = page.ask("return source().length").await;
        page.reload().await;
        assert_eq!(page.text("return location.href").await, address);
        page.until("what was there is there again", &format!("return source().length >= {before}")).await;
        page.until(
            "it is said that one came back",
            "return said('remarks').includes('came back in the middle')",
        )
        .await;
        assert_complete_and_exact(stage).await;
        assert_eq!(stage.proxy.count("POST", "/api/generations"), 1, "coming back starts nothing");
    })
    .await;
}

#[tokio::test]
async fn a_generation_is_cancelled_once_and_what_had_arrived_is_kept_and_labelled() {
    on_stage("cancel", Setup::taking(8.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.until_source(3_000).await;
        cancel_and_see(page).await;
        assert_eq!(stage.proxy.count("POST", "/cancel"), 1);
        assert_eq!(page.truth().await.state["status"], "cancelled");
    })
    .await;
}

#[tokio::test]
async fn after_a_reload_it_can_still_be_cancelled_and_then_tried_again() {
    on_stage("reload-cancel-retry", Setup::taking(12.0), async |stage| {
        let page = &stage.page;
        let id = page.start(EIFFEL_TOWER).await;
        page.until_source(1_500).await;
        page.reload().await;
        page.until_source(1_500).await;
        cancel_and_see(page).await;
        page.press("retry").await;
        page.until("the second run is shown", "return screen.run === '2' && screen.phase === 'running'")
            .await;
        assert_complete_and_exact(stage).await;
        assert_eq!(page.text("return id").await, id, "it is the same generation");
        assert_eq!(stage.proxy.count("POST", "/retry"), 1);
    })
    .await;
}

#[tokio::test]
async fn a_failure_says_why_keeps_what_had_arrived_and_can_be_tried_again() {
    on_stage("failure-retry", Setup::taking(2.0), async |stage| {
        let page = &stage.page;
        page.start(&format!("{EIFFEL_TOWER}#scenario=job-fails")).await;
        assert_eq!(page.until_ended().await, "failed");
        page.until(
            "the server's words are shown",
            "return said('alert').includes('The writer lost its thread')",
        )
        .await;
        assert!(page.ask("return source().length").await.as_u64() > Some(0), "what had arrived is gone");
        page.press("retry").await;
        page.until("the second run is shown", "return screen.run === '2'").await;
        assert_complete_and_exact(stage).await;
        assert_eq!(stage.proxy.count("POST", "/retry"), 1);
    })
    .await;
}

#[tokio::test]
async fn back_and_forward_change_between_the_form_and_the_screen() {
    on_stage("history", Setup::taking(4.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.driver().back().await.expect("there is a page before");
        page.until(
            "the form is there",
            "return part('form-said').checkVisibility() && !document.querySelector('.demo-screen').checkVisibility()",
        )
        .await;
        page.driver().forward().await.expect("there is a page after");
        assert_complete_and_exact(stage).await;
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_generation_and_one_that_never_was_look_the_same() {
    on_stage("not-yours", Setup::default(), async |stage| {
        let page = &stage.page;
        let id = page.start(EIFFEL_TOWER).await;
        assert_eq!(page.until_ended().await, "complete");
        let mut said = Vec::new();
        // Without the cookie one is somebody else.
        page.devtools("Network.clearBrowserCookies", serde_json::json!({})).await;
        for id in [id.as_str(), "AAAAAAAAAAAAAAAAAAAAAA"] {
            let before = stage.proxy.api_requests().len();
            page.visit(&format!("#/g/{id}")).await;
            assert_eq!(page.until_ended().await, "not-found");
            assert_eq!(page.text("return source()").await, "");
            said.push(page.text("return said('screen')").await.replace(id, ""));
            let sent = stage.proxy.api_requests().len() - before;
            assert!(sent <= 6, "{sent} requests to find out, with the one for a token");
        }
        assert!(said[0].contains("Not found, or not yours"), "{}", said[0]);
        assert_eq!(said[0], said[1]);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_can_name_nothing_is_answered_without_asking_anybody() {
    on_stage("hostile-address", Setup::default(), async |stage| {
        let page = &stage.page;
        let long = format!("#/g/{}", "x".repeat(65));
        for fragment in [
            "#/g/<script>window.hit=1</script>",
            "#/g/../../api/session",
            "#/g/..%2f..%2fapi%2fsession",
            "#/g/a?b",
            "#/g/javascript:alert(1)",
            "#/g//evil.example/x",
            "#/elsewhere",
            &long,
        ] {
            page.visit(fragment).await;
            let said = page
                .until(
                    &format!("{fragment} is answered"),
                    "return part('nowhere').checkVisibility() && said('nowhere')",
                )
                .await;
            assert!(
                said.as_str().is_some_and(|said| said.contains("Not found, or not yours")),
                "{fragment}: {said}"
            );
        }
        assert_eq!(page.ask("return window.hit ?? null").await, serde_json::Value::Null);
        assert!(
            stage.proxy.api_requests().is_empty(),
            "something was sent: {:?}",
            stage.proxy.api_requests()
        );
    })
    .await;
}
