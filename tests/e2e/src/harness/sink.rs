//! A listener where nothing may ever arrive: the other origin. Counts connections, since one is too many whatever it
//! brings. It would grant everything that is asked of it, so that nothing but the page's own care keeps a token away.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::http::read_head;

const GRANTED: &str = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: authorization, \
    content-type, idempotency-key, last-event-id, prefer, if-none-match, html-from\r\nAccess-Control-Allow-Methods: *\r\n\
    Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

/// The other origin. Stops listening when it is dropped.
pub struct Sink {
    origin: String,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Sink {
    /// Listens on a free port.
    pub async fn listen() -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let origin = format!("http://{}", listener.local_addr().expect("it listens"));
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = connections.clone();
        let task = tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                // Who opens one to have it ready sends nothing, and holds up nobody.
                tokio::spawn(async move {
                    let _ = read_head(&mut socket).await;
                    let _ = socket.write_all(GRANTED.as_bytes()).await;
                });
            }
        });
        Sink { origin, connections, task }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many connections there have been.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}
