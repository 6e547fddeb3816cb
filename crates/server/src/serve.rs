//! Runs the server: on a listener of the caller's, or on a free port inside a test. It ends when it is told to, and ends
//! its streams with it.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::app::App;
use crate::clock::now_unix_ms;
use crate::config::{Config, DRAIN_MAX};
use crate::connections::{self, Patience};
use crate::{api, metrics, site, trace};

/// How often it is looked for what was kept long enough.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Connections that have not ended this long after they should have are cut.
const GRACE: Duration = Duration::from_secs(2);

/// Connections at the same time beside those that stay open.
const SHORT_MAX: usize = 4096;

/// For the store to be closed.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// Serves on `listener` until `shutdown` is over.
///
/// # Errors
/// If `static_dir` or what was kept cannot be read, or the address for the metrics is taken.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    Server::open(config, Router::new(), listener).await?.run(shutdown).await;
    Ok(())
}

/// A server that could run: all that could fail has gone well.
pub(crate) struct Server {
    app: App,
    router: Router,
    listener: TcpListener,
    metrics: Option<TcpListener>,
    close: watch::Sender<bool>,
}

impl Server {
    /// Opens all that it needs. `more` are routes whose answers get the headers that keep a page safe where they do not say
    /// them themselves.
    ///
    /// # Errors
    /// If `static_dir` or what was kept cannot be read, or the address for the metrics is taken.
    pub(crate) async fn open(config: Config, more: Router, listener: TcpListener) -> io::Result<Self> {
        let metrics = match config.metrics {
            Some(address) => Some(TcpListener::bind(address).await.map_err(|error| {
                let said =
                    format!("cannot listen on {address} for metrics ({error}): choose another address");
                io::Error::new(error.kind(), said)
            })?),
            None => None,
        };
        let (close, closing) = watch::channel(false);
        let app = App::open(config, closing).await?;
        let more = more.layer(axum::middleware::map_response(site::guard));
        let router = router(&app).await?.merge(more);
        let router = router.layer(axum::middleware::from_fn_with_state(app.clone(), trace::request));
        Ok(Self { app, router, listener, metrics, close })
    }

    /// Runs it until `shutdown` is over and all have come to their end; then nothing more is kept.
    pub(crate) async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) {
        let Self { app, router, listener, metrics, close } = self;
        let mut tasks = JoinSet::new();
        tasks.spawn(sweep(app.clone()));
        if let Some(listener) = metrics {
            let routes = metrics::routes(app.clone());
            // It never ends by itself.
            tasks.spawn(async move { axum::serve(listener, routes).await.unwrap_or_default() });
        }
        let grace = app.config.drain.min(DRAIN_MAX) + GRACE;
        let connections_max = app.config.open_max.saturating_add(SHORT_MAX).min(Semaphore::MAX_PERMITS);
        let patience = Patience { taken_within: app.config.taken_within, grace, connections_max };
        let stop = async move {
            shutdown.await;
            close.send_replace(true);
        };
        connections::serve(listener, router, Arc::clone(&app.metrics), stop, patience).await;
        // A disk that does not answer is not waited for.
        let _ = tokio::time::timeout(CLOSE_WITHIN, app.store.close()).await;
    }
}

/// Lets go of what was kept long enough, until the server stops.
async fn sweep(app: App) {
    let kept_ms = u64::try_from(app.config.retention.as_millis()).unwrap_or(u64::MAX);
    loop {
        if let Err(error) = app.store.sweep(now_unix_ms().saturating_sub(kept_ms)).await {
            tracing::error!(%error, "what is old could not be let go of");
        }
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            () = app.closed() => return,
        }
    }
}

async fn router(app: &App) -> io::Result<Router> {
    let site = site::routes(app).await?;
    Ok(api::routes(app).merge(site).with_state(app.clone()))
}

/// A server on a free port of this machine. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its metrics are, if they were asked for.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it, its streams and its connections, and waits for that.
    ///
    /// # Errors
    /// If it has panicked.
    pub async fn stop(mut self) -> io::Result<()> {
        drop(self.stop.take());
        self.task.await.map_err(io::Error::other)
    }
}

/// Starts a server on a free port, as a task of the current runtime.
///
/// # Errors
/// If no port is free, or `static_dir` or what was kept cannot be read.
pub async fn start(config: Config) -> io::Result<Running> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let server = Server::open(config, Router::new(), listener).await?;
    let metrics_address = server.metrics.as_ref().map(TcpListener::local_addr).transpose()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(server.run(async {
        // Sent or dropped: both mean stop.
        let _ = stopped.await;
    }));
    Ok(Running { address, metrics_address, stop: Some(stop), task })
}
