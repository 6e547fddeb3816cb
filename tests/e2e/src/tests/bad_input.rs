//! What people paste that is no place, and what hostile people paste that is one.

use harness::{EIFFEL_TOWER, Page, Setup, assert_complete_and_exact, on_stage};

/// Sends it, and gives what stands at the field then.
async fn said_of(page: &Page, pasted: &str) -> String {
    page.submit(pasted).await;
    let script = "return part('form-said').dataset.state === 'bad' && said('form-said')";
    let what = format!("{:?} is answered", &pasted[..pasted.len().min(60)]);
    let said = page.until(&what, script).await;
    assert_eq!(
        page.ask("return document.querySelector('input[name=place]').getAttribute('aria-invalid')").await,
        "true"
    );
    assert_eq!(page.text("return location.hash").await, "");
    said.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_cannot_be_a_place_is_answered_at_the_field_and_nothing_is_sent() {
    on_stage("bad-input", Setup::default(), async |stage| {
        let page = &stage.page;
        page.visit("").await;
        let large = "x".repeat(100_000);
        for (pasted, word) in [
            ("", "first"),
            ("   ", "first"),
            ("hello", "does not look like"),
            ("javascript:alert(1)", "does not look like"),
            ("file:///etc/passwd", "does not look like"),
            ("91, 0", "nowhere on earth"),
            ("48.85, 181", "nowhere on earth"),
            ("geo:here", "two numbers"),
            (&large, "too long"),
        ] {
            let said = said_of(page, pasted).await;
            assert!(said.contains(word), "{said}");
        }
        assert!(
            stage.proxy.api_requests().is_empty(),
            "something was sent: {:?}",
            stage.proxy.api_requests()
        );
    })
    .await;
}

#[tokio::test]
async fn what_only_the_server_can_know_is_answered_at_the_field_in_its_words() {
    on_stage("bad-input-server", Setup::default(), async |stage| {
        let page = &stage.page;
        page.visit("").await;
        for (pasted, word) in [
            ("https://example.org/", "map"),
            ("https://www.google.com/maps/@91.5,2.2,17z", "Earth"),
            ("https://www.openstreetmap.org/?mlat=0&mlon=181", "Earth"),
            ("https://maps.app.goo.gl/abcDEF123", "copy the long address"),
            ("https://goo.gl/maps/abcDEF123", "copy the long address"),
        ] {
            let said = said_of(page, pasted).await;
            assert!(said.to_lowercase().contains(&word.to_lowercase()), "{pasted}: {said}");
        }
        // A refusal is no dead end.
        page.submit(EIFFEL_TOWER).await;
        page.until("the screen of the new generation shows", "return screen.phase && id").await;
        assert_complete_and_exact(stage).await;
    })
    .await;
}

#[tokio::test]
async fn a_hostile_name_is_text_and_never_runs() {
    on_stage("hostile-name", Setup::default(), async |stage| {
        let page = &stage.page;
        page.start(
            "https://www.google.com/maps/place/%3Cscript%3Etop.hit=1;alert(1)%3C%2Fscript%3E%3Cimg+src=%2Fhit+onerror=top.hit=2%3E\
             +%7B%7B7*7%7D%7D+%3C%2Ftitle%3E/@48.8583701,2.2944813,17z",
        )
        .await;
        assert_complete_and_exact(stage).await;
        for place in ["said('card')", "frame().body.textContent"] {
            for name in ["<script>top.hit=1;alert(1)", "onerror=top.hit=2>", "{{7*7}}"] {
                let is_there = page.ask(&format!("return {place}.includes({name:?})")).await;
                assert!(is_there == true, "{place} does not show {name} as text: {}", page.text(&format!("return {place}")).await);
            }
        }
        assert_eq!(page.ask("return frame().querySelectorAll('script, img[src=\"/hit\"]').length").await, 0);
        assert_eq!(page.ask("return document.querySelectorAll('body script, img[src]').length").await, 0);
        assert_eq!(page.ask("return window.hit ?? null").await, serde_json::Value::Null);
        let hits = stage.proxy.all_requests().into_iter().filter(|request| request.path.contains("hit"));
        assert_eq!(hits.count(), 0, "a picture of the name was asked for");
    })
    .await;
}
