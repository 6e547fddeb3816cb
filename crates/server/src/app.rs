//! What all requests share. It holds the parts together and decides nothing.

use std::io;
use std::sync::Arc;

use tokio::sync::watch;

use crate::config::Config;
use crate::gazetteer::Gazetteer;
use crate::memory::MemoryStore;
use crate::problem::Refusal;
use crate::store::{Store, StoreError};
use crate::token::Signer;

/// One server's parts. Clones share them.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) signer: Arc<Signer>,
    pub(crate) gazetteer: Arc<Gazetteer>,
    /// True once the server stops: whatever waits, answers now.
    pub(crate) closing: watch::Receiver<bool>,
}

impl App {
    /// # Errors
    /// If the operating system gives no random bytes.
    pub(crate) fn new(config: Config, closing: watch::Receiver<bool>) -> io::Result<Self> {
        Ok(Self {
            store: Arc::new(MemoryStore::new(config.generations_max)),
            signer: Arc::new(Signer::new()?),
            gazetteer: Arc::default(),
            config: Arc::new(config),
            closing,
        })
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
        eprintln!("{error}");
        Refusal::unavailable("store_failed", "The server cannot reach its store. Try again soon.", 2)
    }
}
