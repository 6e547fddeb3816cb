//! What was asked through the proxy, and from when until when each connection was open. It judges nothing.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::http::{Request, unix_ms};

/// A request, and how long its connection was open.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was asked, and when.
    pub request: Request,
    /// When the answer was whole or somebody gave it up, in milliseconds since 1970; `None`: it is open.
    pub until_unix_ms: Option<u128>,
}

impl Exchange {
    /// Whether its connection was open at that moment.
    pub fn is_open_at(&self, unix_ms: u128) -> bool {
        self.request.at_unix_ms <= unix_ms && self.until_unix_ms.is_none_or(|until| unix_ms < until)
    }
}

/// All exchanges, in the order of their beginning.
#[derive(Default)]
pub(crate) struct Log(Mutex<Vec<Exchange>>);

impl Log {
    /// Writes down a request, and that it is open for as long as what is returned lives.
    pub(crate) fn begin(&self, request: Request) -> Open<'_> {
        let mut exchanges = self.locked();
        exchanges.push(Exchange { request, until_unix_ms: None });
        Open { log: self, number: exchanges.len() - 1 }
    }

    pub(crate) fn all(&self) -> Vec<Exchange> {
        self.locked().clone()
    }

    fn locked(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An exchange that goes on.
pub(crate) struct Open<'a> {
    log: &'a Log,
    number: usize,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.log.locked()[self.number].until_unix_ms = Some(unix_ms());
    }
}
