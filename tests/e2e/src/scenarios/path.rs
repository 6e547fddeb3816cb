//! The path between browser and server: cut off by the browser itself, or across two origins.

use harness::{Proxy, Setup, Which, on_stage_at};
use serde_json::json;
use tokio::net::TcpListener;

use super::figures::Figures;
use super::gallery::{Gallery, play, requests_of, setup};

/// Counts what the page tries to send: what a browser that is offline never sends, no proxy sees.
const COUNT: &str = "const send = window.fetch; window.__sent = []; \
    window.fetch = (...what) => { window.__sent.push(Date.now()); return send.apply(window, what); }";

async fn be_offline(gallery: &Gallery<'_>, offline: bool) {
    let conditions =
        json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    gallery.stage.page.devtools("Network.enable", json!({})).await;
    gallery.stage.page.devtools("Network.emulateNetworkConditions", conditions).await;
}

#[tokio::test]
async fn offline_the_screen_says_so_sends_nothing_and_goes_on_as_soon_as_it_may() {
    let speed = 4.0;
    play("offline", speed, 70.0, async |gallery| {
        gallery.start("honest", 1).await;
        gallery.until_connection("live").await;
        gallery.until_html(500).await;
        gallery.ask(COUNT).await;
        // A browser that is told to be offline keeps its open streams, and a byte of one says that it is wrong.
        gallery.stage.proxy.refuse(Which::All);
        gallery.stage.proxy.cut(Which::All);
        gallery.until("the stream is gone", "return shown(1).connection !== 'live'").await;
        be_offline(gallery, true).await;
        gallery
            .until(
                "offline is said",
                "return shown(1).connection === 'offline' && told(1, 'connection').includes('Offline')",
            )
            .await;
        let since = gallery.ask("window.__sent = []; return Date.now()").await.as_f64().unwrap_or(f64::NAN);
        gallery.until_passed(since, 29.0).await;
        let tried = gallery.ask("return window.__sent.length").await.as_u64();
        assert_eq!(tried, Some(0), "something was sent within 29 s of being offline");
        assert_eq!(gallery.text("return shown(1).connection").await, "offline");
        gallery.stage.proxy.heal();
        let before = gallery.now_unix_ms().await;
        be_offline(gallery, false).await;
        let first =
            gallery.until("it is tried again", "return window.__sent[0]").await.as_f64().unwrap_or(f64::NAN);
        let after = gallery.seconds(before, first);
        println!("figures: offline: tried again {after:.1} s after the network was back");
        assert!(after <= 1.5 + 0.3 * speed, "tried again {after:.1} s after the network was back");
        gallery.until_connection("live").await;
        gallery.assert_complete().await;
        let connections = gallery.connections(1).await;
        assert!(connections.contains(&"offline".to_owned()), "{connections:?}");
    })
    .await;
}

#[tokio::test]
async fn cors_blind_across_origins_and_with_every_header_hidden_it_ends_right() {
    let speed = 5.0;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let port = listener.local_addr().expect("it listens").port();
    let setup = Setup { allowed_port: Some(port), ..setup(speed, 40.0) };
    on_stage_at(listener, "cors-blind", setup, async |stage| {
        let api = Proxy::before(stage.proxy.server()).await;
        let origin = api.origin().to_owned();
        // The page's own policy has to let it go there.
        stage.proxy.edit_answers(move |_, head| {
            head.replace("connect-src 'self'", &format!("connect-src 'self' {origin}"))
        });
        api.edit_answers(|_, head| {
            let lines = head
                .split("\r\n")
                .filter(|line| !line.to_ascii_lowercase().starts_with("access-control-expose-headers:"));
            lines.collect::<Vec<_>>().join("\r\n")
        });
        let gallery = Gallery { name: "cors-blind", stage, speed };
        gallery.visit(&format!("scenario=clean-eof&api={}", api.origin())).await;
        assert_eq!(gallery.until_ended(1).await, "complete");
        let id = gallery.id(1).await;
        let requests = requests_of(&api.api_requests(), &id);
        assert!(
            requests_of(&stage.proxy.api_requests(), &id).is_empty(),
            "all of it went to the other origin"
        );
        assert!(
            requests.iter().all(|request| request.header("cookie").is_none()),
            "a cookie went there, too"
        );
        assert_eq!(gallery.assert_exact(1, api.origin()).await["status"], "done");
        stage.page.until_true("nothing is open", || api.open() == 0).await;
        let figures = Figures::of(&gallery, &requests, &gallery.rows(1).await);
        figures.assert_within_limits();
        figures.print(gallery.name);
    })
    .await;
}
