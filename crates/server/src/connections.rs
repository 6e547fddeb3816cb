//! Connections: takes them in, gives each a task, and bounds what one may cost. A peer that sends its headers slowly, or takes
//! nothing of what it is sent, is dropped; it loses nothing, because a viewer's place is in the log and not here. It never knows
//! what is asked.

use std::error::Error as _;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_io_timeout::TimeoutWriter;
use tower::ServiceExt as _;

use crate::metrics::Metrics;

/// A request's headers, at most, and what is read or written at a time.
const BUFFER_MAX: usize = 16 * 1024;

/// For all of a request's headers, from the end of the one before. Browsers keep a connection for later as long as they may.
const HEADERS_WITHIN: Duration = Duration::from_secs(75);

/// Before the next try, where the system has no room for one more connection.
const FULL_PAUSE: Duration = Duration::from_millis(200);

/// How long is waited for whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For a peer to take anything of what waits for it.
    pub(crate) taken_within: Duration,
    /// For those that are there, once nobody new is let in.
    pub(crate) grace: Duration,
    /// Connections at the same time; whoever comes then waits at the door.
    pub(crate) connections_max: usize,
}

/// Serves whoever comes, until `stop` is over; then nobody new, and those that are there come to their end.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    metrics: Arc<Metrics>,
    stop: impl Future<Output = ()>,
    patience: Patience,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).max_buf_size(BUFFER_MAX);
    let those_there = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(patience.connections_max));
    let mut tasks = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut stop => break,
        };
        let (socket, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    refused(&error).await;
                    continue;
                }
            },
            // Nothing is kept of those that have gone.
            Some(_) = tasks.join_next() => continue,
            () = &mut stop => break,
        };
        let from = move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            request
        };
        let service = TowerToHyperService::new(router.clone().map_request(from));
        let connection = those_there
            .watch(http.serve_connection(TokioIo::new(patient(socket, patience.taken_within)), service));
        let metrics = Arc::clone(&metrics);
        tasks.spawn(async move {
            if let Err(error) = connection.await
                && is_stuck(&error)
            {
                metrics.slow_peers.inc();
            }
            drop(place);
        });
    }
    drop(listener);
    let until = Instant::now() + patience.grace;
    // Those that are late are cut off: the tasks end with the set.
    let _ = tokio::time::timeout_at(until, those_there.shutdown()).await;
}

/// A connection that has gone again is no matter; where there is no room for one, time may help.
async fn refused(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "a connection could not be taken");
        sleep(FULL_PAUSE).await;
    }
}

fn patient(socket: TcpStream, taken_within: Duration) -> Pin<Box<TimeoutWriter<TcpStream>>> {
    // Without Nagle's delay: a frame is small, and the next one may be a second away.
    let _ = socket.set_nodelay(true);
    let mut socket = TimeoutWriter::new(socket);
    socket.set_timeout(Some(taken_within));
    Box::pin(socket)
}

fn is_stuck(error: &hyper::Error) -> bool {
    let io = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    io.is_some_and(|io| io.kind() == io::ErrorKind::TimedOut)
}
