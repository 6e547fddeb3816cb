//! The browser of one test: a session and a profile for each. Knows nothing of the page.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::json;
use thirtyfour::common::capabilities::desiredcapabilities::Capabilities;
use thirtyfour::prelude::*;

use crate::engine::{Driver, Engine, Wishes};
use crate::given::target;

/// How long the driver may take over one command.
const COMMAND_WITHIN: Duration = Duration::from_secs(60);

/// Runs in every document before its own scripts: remembers what would be over when a test looks. Only Chromium's
/// driver can put it there; for the others it is part of the page that is served.
const WATCH: &str = include_str!("watch.js");

static SESSIONS: AtomicU32 = AtomicU32::new(0);

/// An open browser.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    pub(crate) engine: Engine,
    profile: PathBuf,
    _driver: Arc<Driver>,
}

impl Browser {
    /// Opens one.
    pub(crate) async fn open(engine: Engine, wishes: Wishes) -> Browser {
        let number = SESSIONS.fetch_add(1, Ordering::SeqCst);
        let profile = target().join("profiles").join(format!("{}-{number}", std::process::id()));
        let wanted = engine.capabilities(&profile, wishes);
        let mut capabilities = Capabilities::new();
        for (name, value) in wanted.as_object().expect("it is one") {
            capabilities.set(name, value).expect("it is JSON");
        }
        // Starting waits for a line of output: not on the thread that others run on.
        let start = tokio::task::spawn_blocking(move || engine.driver());
        let started = start.await.expect("the driver starts");
        let driver = WebDriver::builder(started.address.as_str(), capabilities)
            .request_timeout(COMMAND_WITHIN)
            .await
            .unwrap_or_else(|error| panic!("{engine:?} did not open: {error}"));
        let browser = Browser { driver, engine, profile, _driver: started };
        if engine == Engine::Chromium {
            browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;
        }
        browser
    }

    /// Sends a command of the DevTools protocol, which only Chromium has.
    pub(crate) async fn devtools(&self, method: &str, parameters: serde_json::Value) {
        let answer = self.driver.cdp().send_raw(method, parameters).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"));
    }

    /// Ends it, and takes its profile away.
    pub(crate) async fn close(self) {
        let _ = self.driver.quit().await;
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}
