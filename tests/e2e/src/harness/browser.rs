//! A headless Chromium of one test: one driver for all, a session and a profile for each. Knows nothing of the page.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::json;
use thirtyfour::common::capabilities::desiredcapabilities::Capabilities;
use thirtyfour::prelude::*;

use crate::given::{given, target};
use crate::process::Process;

/// What the web tests start Chromium with: what it needs anywhere, as root and without a display too, and what keeps it
/// off the network.
const CAPABILITIES: &str = include_str!("../../../../webdriver.json");
/// And what these tests want beside it.
const ARGUMENTS: &[&str] = &["--no-proxy-server", "--window-size=1200,900"];

/// How long the driver may take over one command.
const COMMAND_WITHIN: Duration = Duration::from_secs(60);

/// Runs in every document before its own scripts: remembers what would be over when a test looks.
const WATCH: &str = include_str!("watch.js");

static DRIVER: OnceLock<(Process, String)> = OnceLock::new();
static SESSIONS: AtomicU32 = AtomicU32::new(0);

/// The address of the driver, started when the first test needs it.
fn driver_address() -> &'static str {
    let start = || {
        let mut command = Command::new(given("CHROMEDRIVER"));
        command.args(["--port=0", "--log-level=SEVERE"]);
        Process::start(&command, COMMAND_WITHIN, |line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(format!("http://127.0.0.1:{}", port.trim().trim_end_matches('.')))
        })
    };
    &DRIVER.get_or_init(start).1
}

/// An open browser.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    profile: PathBuf,
}

impl Browser {
    /// Opens one. `trusting` takes certificates that nobody has signed.
    pub(crate) async fn open(trusting: bool) -> Browser {
        let number = SESSIONS.fetch_add(1, Ordering::SeqCst);
        let profile = target().join("profiles").join(format!("{}-{number}", std::process::id()));
        let mut options: serde_json::Value = serde_json::from_str(CAPABILITIES).expect("it is JSON");
        let options = &mut options["goog:chromeOptions"];
        let arguments = options["args"].as_array_mut().expect("it lists the arguments");
        arguments.extend(ARGUMENTS.iter().map(|argument| json!(argument)));
        if trusting {
            arguments.push(json!("--ignore-certificate-errors"));
        }
        arguments.push(json!(format!("--user-data-dir={}", profile.display())));
        options["binary"] = json!(given("CHROMIUM"));
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let mut capabilities = Capabilities::new();
        for (name, value) in wanted.as_object().expect("it is one") {
            capabilities.set(name, value).expect("it is JSON");
        }
        // Starting waits for a line of output: not on the thread that others run on.
        let address = tokio::task::spawn_blocking(driver_address).await.expect("the driver starts");
        let driver = WebDriver::builder(address, capabilities)
            .request_timeout(COMMAND_WITHIN)
            .await
            .unwrap_or_else(|error| panic!("Chromium did not open: {error}"));
        let browser = Browser { driver, profile };
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;
        browser
    }

    /// Sends a command of the DevTools protocol.
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
