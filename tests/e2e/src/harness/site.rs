//! A host as it may be in the world, for a page that needs no API: a small server of files that adds what policy a test
//! wants, holds an image back as long as the test likes, and has a shell for the preview. It never explains itself.

use std::path::{Component, Path};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::engine::{Engine, Wishes};
use crate::http::{Request, read_head};
use crate::page::Page;
use crate::stage::{SEATS, caught};
use crate::watched::watched;

/// Tells hosts how to serve the preview's shell: here it is served just so.
const DOCS: &str = include_str!("../../../../docs/preview.md");
/// Marks the host's own scripts as its own.
const NONCE: &str = "dGhlIGhvc3Q";
/// A host's default policy for Trusted Types.
const TRUSTS: &str =
    "<script>window.trustedTypes?.createPolicy('default', { createHTML: (html) => html })</script>";
/// What a page waits for that has this in it.
const SLOW_IMAGE: &str = "<img src=\"/slow.svg\" width=\"1\" height=\"1\" alt=\"\">";
const IMAGE: &str = "<svg xmlns='http://www.w3.org/2000/svg'/>";

/// How the host serves its page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Host {
    /// Its Content-Security-Policy, with `NONCE` for the nonce that its scripts have. None.
    pub policy: Option<&'static str>,
    /// Whether the page has an image that comes when [`Site::let_load`] is called. No.
    pub slow: bool,
    /// Whether it lets its own scripts write HTML where Trusted Types are required, as the page's own framework wants to:
    /// by a default policy, which holds for its own document only. No.
    pub trusts: bool,
}

/// The server. Dropping it ends its connections.
pub struct Site {
    origin: String,
    lets_load: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Site {
    async fn serve(host: Host) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let origin = format!("http://{}", listener.local_addr().expect("it listens"));
        let lets_load = watch::Sender::new(false);
        let task = tokio::spawn(accept(listener, host, lets_load.clone()));
        Site { origin, lets_load, task }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The slow image comes: the page can finish loading.
    pub fn let_load(&self) {
        self.lets_load.send_replace(true);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How long a test may take: some go through all states of the screen, which axe-core takes over a second each for.
const SITE_WITHIN: Duration = Duration::from_secs(240);

/// Runs `test` on a page of such a host. When it fails, what the page held is kept; when it passes, the host's own
/// document may not have reported an error.
pub async fn on_site(engine: Engine, name: &str, host: Host, test: impl AsyncFnOnce(&Page, &Site)) {
    let _seat = SEATS.acquire().await.expect("it is never closed");
    let name = format!("{}-{name}", engine.name());
    let site = Site::serve(host).await;
    let page = Page::open(&name, site.origin(), engine, Wishes { hasty: true, ..Wishes::default() }).await;
    let all = async {
        let whole = async {
            test(&page, &site).await;
            let reported = page.ask("return [...__seen.errors, ...__seen.dialogs]").await;
            assert_eq!(reported, serde_json::json!([]), "{name}: reported in the page");
        };
        let in_time = tokio::time::timeout(SITE_WITHIN, whole).await;
        assert!(in_time.is_ok(), "{name} took more than {SITE_WITHIN:?}");
    };
    let result = caught(all).await;
    if result.is_err() {
        page.report().await;
    }
    page.close().await;
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}

async fn accept(listener: TcpListener, host: Host, lets_load: watch::Sender<bool>) {
    let lets_load = Arc::new(lets_load);
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        let lets_load = lets_load.clone();
        connections.spawn(async move {
            // A browser that goes away is its own business.
            let _ended = answer(socket, host, &lets_load).await;
        });
    }
}

/// One connection: one request, one answer.
async fn answer(mut socket: TcpStream, host: Host, lets_load: &watch::Sender<bool>) -> Option<()> {
    let (head, _) = read_head(&mut socket).await?;
    let request = Request::parse(&head)?;
    let path = request.path.split('?').next().unwrap_or_default();
    let policy = host.policy.map(|policy| policy.replace("NONCE", &format!("nonce-{NONCE}")));
    let policy = policy.map_or_else(String::new, |policy| format!("Content-Security-Policy: {policy}\n"));
    let (headers, body) = match path {
        "/" => ([of_kind("text/html"), policy].concat(), index(host)?.into_bytes()),
        "/shell.html" => (documented("http").to_owned(), documented("html").as_bytes().to_vec()),
        "/elsewhere" => {
            (of_kind("text/html"), b"<!doctype html><title>Elsewhere</title><p>Elsewhere".to_vec())
        }
        "/slow.svg" => {
            let _ = lets_load.subscribe().wait_for(|lets| *lets).await;
            (of_kind("image/svg+xml"), IMAGE.into())
        }
        path => (of_kind(kind(path)?), file(path)?),
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        headers.replace('\n', "\r\n"),
        body.len()
    );
    socket.write_all(head.as_bytes()).await.ok()?;
    socket.write_all(&body).await.ok()?;
    socket.shutdown().await.ok()
}

fn of_kind(kind: &str) -> String {
    format!("Content-Type: {kind};charset=utf-8\n")
}

/// The first block of this language behind the words about strict hosts.
fn documented(language: &str) -> &'static str {
    let (_, strict) =
        DOCS.split_once("## Hosts with a strict policy").expect("docs/preview.md has such hosts");
    let block =
        strict.split_once(&format!("```{language}\n")).and_then(|(_, behind)| behind.split_once("```"));
    block.expect("docs/preview.md shows the shell and its headers").0
}

/// The page, with what the host adds.
fn index(host: Host) -> Option<String> {
    let index = String::from_utf8(file("/index.html")?).ok()?;
    let index = if host.trusts { index.replacen("<head>", &format!("<head>{TRUSTS}"), 1) } else { index };
    let index = index.replace("<script", &format!("<script nonce=\"{NONCE}\""));
    Some(if host.slow { index.replace("<body>", &format!("<body>{SLOW_IMAGE}")) } else { index })
}

fn file(path: &str) -> Option<Vec<u8>> {
    let below = Path::new(path.strip_prefix('/')?);
    let stays_below = below.components().all(|part| matches!(part, Component::Normal(_)));
    if stays_below { std::fs::read(watched().join(below)).ok() } else { None }
}

fn kind(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    let kinds = [
        ("css", "text/css"),
        ("js", "text/javascript"),
        ("json", "application/json"),
        ("wasm", "application/wasm"),
    ];
    kinds.iter().find(|(have, _)| *have == ending).map(|(_, kind)| *kind)
}
