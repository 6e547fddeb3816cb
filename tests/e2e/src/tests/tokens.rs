//! Where a token goes, and where it never goes; what is left of a visit.

use std::sync::Mutex;

use serde_json::json;

use harness::{EIFFEL_TOWER, Request, Setup, Sink, Which, assert_complete_and_exact, on_stage};

const REFUSED: &str = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\n\
    Content-Type: application/problem+json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

fn is_for_generation(request: &Request) -> bool {
    request.path.starts_with("/api/generations") && request.header("x-test").is_none()
}

#[tokio::test]
async fn a_location_on_another_origin_is_refused_and_gets_no_token() {
    on_stage("foreign-location", Setup::default(), async |stage| {
        let page = &stage.page;
        let sink = Sink::listen().await;
        let foreign = sink.origin().to_owned();
        stage.proxy.edit_answers(move |request, head| {
            if request.line() != "POST /api/generations" {
                return head;
            }
            assert!(head.to_lowercase().contains("location: /"), "{head}");
            head.replace("location: /", &format!("location: {foreign}/"))
        });
        page.visit("").await;
        page.submit(EIFFEL_TOWER).await;
        let said = page
            .until("it is refused", "return part('form-said').dataset.state === 'bad' && said('form-said')")
            .await;
        assert!(said.as_str().is_some_and(|said| said.contains("not its own")), "{said}");
        assert_eq!(page.text("return location.hash").await, "");
        assert_eq!(sink.connections(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_redirect_to_another_origin_is_not_followed() {
    on_stage("foreign-redirect", Setup::taking(8.0), async |stage| {
        let page = &stage.page;
        let sink = Sink::listen().await;
        let foreign = sink.origin().to_owned();
        page.start(EIFFEL_TOWER).await;
        page.until_source(1_000).await;
        stage.proxy.answer_instead(move |request| {
            let to = format!(
                "HTTP/1.1 307 Temporary Redirect\r\nLocation: {foreign}{}\r\nAccess-Control-Allow-Origin: *\r\n\
                 Content-Length: 0\r\nConnection: close\r\n\r\n",
                request.path
            );
            is_for_generation(request).then_some(to)
        });
        let sent = stage.proxy.api_requests().len();
        stage.proxy.cut(Which::All);
        page.until_true("stream and state were tried again", || stage.proxy.api_requests().len() >= sent + 4).await;
        page.press("cancel").await;
        page.until_true("cancel was tried", || stage.proxy.count("POST", "/cancel") > 0).await;
        page.until("it is said that cancelling did not work", "return said('alert').includes('did not answer')").await;
        assert_eq!(sink.connections(), 0);
        stage.proxy.heal();
        assert_complete_and_exact(stage).await;
        assert_eq!(sink.connections(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_token_that_is_refused_in_the_middle_is_renewed_once() {
    on_stage("token-refused", Setup::taking(6.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.until_source(2_000).await;
        let old = stage
            .proxy
            .api_requests()
            .iter()
            .rev()
            .find_map(|request| request.header("authorization").map(str::to_owned));
        assert!(old.is_some(), "nothing carried a token");
        let sessions = stage.proxy.count("POST", "/api/session");
        stage.proxy.answer_instead(move |request| {
            (is_for_generation(request) && request.header("authorization") == old.as_deref())
                .then(|| REFUSED.to_owned())
        });
        stage.proxy.cut(Which::All);
        assert_complete_and_exact(stage).await;
        assert_eq!(stage.proxy.count("POST", "/api/session"), sessions + 1);
    })
    .await;
}

#[tokio::test]
async fn tokens_that_live_shorter_than_the_work_are_renewed_on_the_way() {
    let setup = Setup { token_seconds: 3, ..Setup::taking(7.0) };
    on_stage("token-expires", setup, async |stage| {
        stage.page.start(EIFFEL_TOWER).await;
        assert_complete_and_exact(stage).await;
        let sessions = stage.proxy.count("POST", "/api/session");
        assert!((3..=7).contains(&sessions), "{sessions} tokens for seven seconds");
    })
    .await;
}

#[tokio::test]
async fn who_is_signed_out_is_told_so_nothing_more_is_sent_and_signing_in_goes_on() {
    on_stage("signed-out", Setup::taking(5.0), async |stage| {
        let page = &stage.page;
        page.start(EIFFEL_TOWER).await;
        page.until_source(2_000).await;
        stage.proxy.answer_instead(|request| is_for_generation(request).then(|| REFUSED.to_owned()));
        stage.proxy.cut(Which::All);
        page.until(
            "signed out is said",
            "return screen.connection === 'signed-out' && said('alert').includes('signed out')",
        )
        .await;
        let sent = stage.proxy.api_requests().len();
        // That nothing comes can only be seen by looking for a while: longer than any wait for a next try here.
        page.ask("window.__since = performance.now()").await;
        page.until("some time has gone by", "return performance.now() - window.__since > 3000").await;
        assert_eq!(stage.proxy.api_requests().len(), sent, "something was sent by one who is signed out");
        assert!(page.ask("return source().length").await.as_u64() >= Some(2_000), "what had arrived is gone");
        stage.proxy.heal();
        page.press("sign-in").await;
        assert_complete_and_exact(stage).await;
    })
    .await;
}

/// Everything that a page can leave in a browser.
const LEFT: &str = "const done = arguments[arguments.length - 1]; \
    Promise.all([indexedDB.databases(), caches.keys(), navigator.serviceWorker.getRegistrations()]).then(([bases, kept, workers]) => \
      done({ local: localStorage.length, session: sessionStorage.length, cookies: document.cookie, \
             bases: bases.length, caches: kept.length, workers: workers.length, history: JSON.stringify(history.state) }))";

#[tokio::test]
async fn a_visit_leaves_nothing_in_the_browser_and_no_token_in_an_address() {
    on_stage("no-trace", Setup::default(), async |stage| {
        let page = &stage.page;
        let id = page.start(EIFFEL_TOWER).await;
        assert_complete_and_exact(stage).await;
        let left = page.driver().execute_async(LEFT, vec![]).await.expect("the page can be asked");
        let nothing = json!({ "local": 0, "session": 0, "cookies": "", "bases": 0, "caches": 0, "workers": 0, "history": "null" });
        assert_eq!(left.json(), &nothing);
        let address = page.text("return location.href").await;
        assert_eq!(address, format!("{}/#/g/{id}", stage.proxy.origin()));

        let tokens = Mutex::new(Vec::new());
        for request in stage.proxy.api_requests() {
            let line = request.line();
            let is_session = request.path == "/api/session";
            let token = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
            assert_eq!(token.is_some(), !is_session, "{line}");
            assert!(is_session || request.header("cookie").is_none(), "{line} carried the cookie");
            tokens.lock().expect("nobody panicked").extend(token.map(str::to_owned));
        }
        let tokens = tokens.into_inner().expect("nobody panicked");
        assert!(!tokens.is_empty());
        for request in stage.proxy.all_requests() {
            let telling = ["google", "Eiffel", "48.85"].iter().any(|word| request.path.contains(word));
            assert!(!telling, "{} carries what was pasted", request.line());
            assert!(!tokens.iter().any(|token| request.path.contains(token.as_str())), "a token in an address");
            let referrer = request.header("referer").unwrap_or_default();
            assert!(!referrer.contains(&id), "the id in a referrer: {referrer}");
        }
    })
    .await;
}
