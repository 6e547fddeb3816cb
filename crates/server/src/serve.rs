//! Runs the server: on a listener of the caller's, or on a free port inside a test. It ends when it is told to, and ends
//! its streams with it.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::app::App;
use crate::clock::now_unix_ms;
use crate::config::Config;
use crate::connections::{self, Patience};
use crate::{api, health, metrics, site, trace};

/// How often it is looked for what was kept long enough.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// However long the streams may take to end: the server is gone within 10 s.
const DRAIN_MAX: Duration = Duration::from_secs(7);

/// Connections that have not ended this long after they should have are cut.
const GRACE: Duration = Duration::from_secs(2);

/// Serves on `listener` until `shutdown` is over.
///
/// # Errors
/// If `static_dir` or what was kept cannot be read, or the address for the metrics is taken.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let listeners = Listeners::with(listener, &config).await?;
    serve_with(config, Router::new(), listeners, shutdown).await
}

/// Where the server listens.
pub(crate) struct Listeners {
    pub(crate) public: TcpListener,
    pub(crate) metrics: Option<TcpListener>,
}

impl Listeners {
    /// # Errors
    /// If the address for the metrics is taken.
    pub(crate) async fn with(public: TcpListener, config: &Config) -> io::Result<Self> {
        let metrics = match config.metrics {
            Some(address) => Some(TcpListener::bind(address).await?),
            None => None,
        };
        Ok(Self { public, metrics })
    }
}

/// The same, with more routes, whose answers get the headers that keep a page safe where they do not say them themselves.
pub(crate) async fn serve_with(
    config: Config,
    more: Router,
    listeners: Listeners,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (close, closing) = watch::channel(false);
    let grace = config.drain.min(DRAIN_MAX) + GRACE;
    let patience = Patience { taken_within: config.taken_within, grace };
    let app = App::open(config, closing).await?;
    let mut tasks = JoinSet::new();
    tasks.spawn(sweep(app.clone()));
    if let Some(listener) = listeners.metrics {
        let routes = metrics::routes(app.clone());
        // It never ends by itself.
        tasks.spawn(async move { axum::serve(listener, routes).await.unwrap_or_default() });
    }
    let more = more.layer(axum::middleware::map_response(site::guard));
    let router = router(&app).await?.merge(more);
    let router = router.layer(axum::middleware::from_fn_with_state(app.clone(), trace::request));
    let stop = async move {
        shutdown.await;
        close.send_replace(true);
    };
    connections::serve(listeners.public, router, Arc::clone(&app.metrics), stop, patience).await;
    Ok(())
}

/// Lets go of what was kept long enough, until the server stops.
async fn sweep(app: App) {
    let kept_ms = u64::try_from(app.config.retention.as_millis()).unwrap_or(u64::MAX);
    loop {
        if let Err(error) = app.store.sweep(now_unix_ms().saturating_sub(kept_ms)).await {
            eprintln!("what is old could not be let go of: {error}");
        }
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            () = app.closed() => return,
        }
    }
}

async fn router(app: &App) -> io::Result<Router> {
    let site = site::routes(app).await?;
    let health = Router::new()
        .route("/healthz", api::only(get(health::healthz)))
        .route("/readyz", api::only(get(health::readyz)));
    Ok(api::routes(app).merge(health).merge(site).with_state(app.clone()))
}

/// A server on a free port of this machine. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<io::Result<()>>,
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
    /// What [`serve`] failed with.
    pub async fn stop(mut self) -> io::Result<()> {
        drop(self.stop.take());
        self.task.await.map_err(io::Error::other)?
    }
}

/// Starts a server on a free port, as a task of the current runtime.
///
/// # Errors
/// If no port is free, or `static_dir` cannot be read.
pub async fn start(config: Config) -> io::Result<Running> {
    if let Some(dir) = &config.static_dir {
        std::fs::read_dir(dir)?;
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let listeners = Listeners::with(listener, &config).await?;
    let metrics_address = listeners.metrics.as_ref().map(TcpListener::local_addr).transpose()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(serve_with(config, Router::new(), listeners, async {
        // Sent or dropped: both mean stop.
        let _ = stopped.await;
    }));
    Ok(Running { address, metrics_address, stop: Some(stop), task })
}
