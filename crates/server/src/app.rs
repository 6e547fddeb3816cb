//! What all requests share. It holds the parts together and decides nothing.

use std::io;
use std::sync::Arc;

use axum::http::StatusCode;
use generation_screen::contract::EventBody;
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use crate::config::Config;
use crate::gazetteer::Gazetteer;
use crate::generator;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::problem::Refusal;
use crate::store::{Appended, Durability, Room, Store, StoreError};
use crate::token::Signer;

/// One server's parts. Clones share them.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) store: Arc<Store>,
    pub(crate) signer: Arc<Signer>,
    pub(crate) gazetteer: Arc<Gazetteer>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) metrics: Arc<Metrics>,
    /// True once the server stops: whatever waits, answers now.
    pub(crate) closing: watch::Receiver<bool>,
}

impl App {
    /// Opens the store; work that was under way when the last process ended begins again.
    ///
    /// # Errors
    /// If the store cannot be opened, or the operating system gives no random bytes.
    pub(crate) async fn open(config: Config, closing: watch::Receiver<bool>) -> io::Result<Self> {
        let room = Room { generations: config.generations_max, running: config.running_max };
        let durability = if config.survives_power_loss { Durability::Machine } else { Durability::Process };
        let path = config.data.clone();
        let store = spawn_blocking(move || Store::open(path.as_deref(), durability, room)).await?;
        let store = store.map_err(io::Error::other)?;
        let secret = store.secret().await.map_err(|error| io::Error::other(error.to_string()))?;
        let app = Self {
            store: Arc::new(store),
            signer: Arc::new(Signer::new(&secret)?),
            gazetteer: Arc::default(),
            limits: Arc::new(Limits::new(&config)),
            metrics: Arc::default(),
            config: Arc::new(config),
            closing,
        };
        generator::resume(&app).await;
        Ok(app)
    }

    /// Writes an event into the log, and counts it.
    ///
    /// # Errors
    /// Those of the store. Then it is not in the log.
    pub(crate) async fn append(&self, id: &str, run: u64, body: EventBody) -> Result<Appended, StoreError> {
        let appended = self.store.append(id, run, body).await?;
        if matches!(appended, Appended::At(_)) {
            self.metrics.events.inc();
        }
        Ok(appended)
    }

    /// Ends when the server stops.
    pub(crate) async fn closed(&self) {
        let mut closing = self.closing.clone();
        // An error means that the sender is gone: the server with it.
        let _ = closing.wait_for(|closing| *closing).await;
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a change could not be kept");
        match error {
            StoreError::Full => Refusal::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "disk_full",
                "The server's disk is full: nothing new can be kept. What is there can be read.",
            )
            .retry_after(60),
            StoreError::Failed(_) => {
                Refusal::unavailable("store_failed", "The server cannot reach its store. Try again soon.", 2)
            }
        }
    }
}
