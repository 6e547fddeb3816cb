//! What the server counts, and how an operator's Prometheus reads it. It decides nothing, and knows nobody's name.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::app::App;

/// Events that a viewer had before it, each time it was looked for more.
const BEHIND: [f64; 8] = [0.0, 1.0, 2.0, 8.0, 32.0, 128.0, 512.0, 2048.0];

/// A request as it is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Asked {
    /// The route's pattern, never the address itself.
    pub(crate) route: String,
    pub(crate) status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct How {
    pub(crate) how: Why,
}

/// What became of a state read, or of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Why {
    /// Read: at once. Stream: the run has ended, and the viewer has all of it.
    Whole,
    /// Read: after it was held.
    Held,
    /// Read: nothing new.
    Unchanged,
    /// Stream: the viewer went away, or was dropped.
    Left,
    /// Stream: the token has ended.
    Expired,
    /// Stream: the server stops.
    Drained,
    /// Stream: another run has begun.
    Superseded,
}

impl EncodeLabelValue for Why {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        let name = match self {
            Why::Whole => "whole",
            Why::Held => "held",
            Why::Unchanged => "unchanged",
            Why::Left => "left",
            Why::Expired => "expired",
            Why::Drained => "drained",
            Why::Superseded => "superseded",
        };
        name.encode(encoder)
    }
}

/// Shared by all that count.
#[derive(Default)]
pub(crate) struct Metrics {
    pub(crate) requests: Family<Asked, Counter>,
    pub(crate) reads: Family<How, Counter>,
    pub(crate) viewers: Gauge,
    pub(crate) streams_ended: Family<How, Counter>,
    pub(crate) events: Counter,
    pub(crate) deliveries: Counter,
    pub(crate) behind: Behind,
    pub(crate) slow_peers: Counter,
    running: Gauge,
}

/// A histogram with this server's buckets.
#[derive(Clone)]
pub(crate) struct Behind(pub(crate) Histogram);

impl Default for Behind {
    fn default() -> Self {
        Self(Histogram::new(BEHIND))
    }
}

impl Metrics {
    /// One stream more; less again when what is returned is dropped.
    pub(crate) fn viewer(self: &Arc<Self>) -> ViewerCount {
        self.viewers.inc();
        ViewerCount { metrics: Arc::clone(self), why: Why::Left }
    }

    pub(crate) fn read(&self, how: Why) {
        self.reads.get_or_create(&How { how }).inc();
    }

    fn registry(&self) -> Registry {
        let mut all = Registry::with_prefix("generation");
        all.register("requests", "Requests answered, by route and status", self.requests.clone());
        all.register("reads", "State reads, by what became of them", self.reads.clone());
        all.register("viewers", "Streams that are open", self.viewers.clone());
        all.register("streams_ended", "Streams that have ended, by why", self.streams_ended.clone());
        all.register("events", "Events that were written", self.events.clone());
        all.register("deliveries", "Events that were handed to viewers", self.deliveries.clone());
        let help = "Events that were waiting for a viewer when it was looked";
        all.register("viewer_behind_events", help, self.behind.0.clone());
        let help = "Connections dropped because the peer took nothing";
        all.register("slow_peers", help, self.slow_peers.clone());
        all.register("running", "Generations at work", self.running.clone());
        all
    }
}

/// One viewer, until it is dropped.
pub(crate) struct ViewerCount {
    metrics: Arc<Metrics>,
    /// Why its stream ends, if it does so by itself.
    pub(crate) why: Why,
}

impl Drop for ViewerCount {
    fn drop(&mut self) {
        self.metrics.viewers.dec();
        self.metrics.streams_ended.get_or_create(&How { how: self.why }).inc();
    }
}

/// `GET /metrics`, for a listener of its own: it is the operator's business, and not the public's.
pub(crate) fn routes(app: App) -> Router {
    let registry = Arc::new(app.metrics.registry());
    Router::new().route("/metrics", get(metrics)).with_state((app, registry))
}

async fn metrics(State((app, registry)): State<(App, Arc<Registry>)>) -> Response {
    app.metrics.running.set(i64::try_from(app.store.unfinished().len()).unwrap_or(i64::MAX));
    let mut text = String::new();
    if text::encode(&mut text, &registry).is_err() {
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
}
