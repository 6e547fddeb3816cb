//! The three engines: what drives each, and what it is asked for. Knows no test and no page.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};

use crate::given::given;
use crate::port::{free_port, is_listening};
use crate::process::Process;

/// What the web tests start Chromium with: what it needs anywhere, as root and without a display too, and what keeps it
/// off the network.
const CAPABILITIES: &str = include_str!("../../../../webdriver.json");
/// And what these tests want beside it.
const ARGUMENTS: &[&str] = &["--no-proxy-server", "--window-size=1200,900"];

/// How long a driver may take to listen.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// Chromedriver serves all sessions at once, so there is one for all; the others have one session each.
static CHROMEDRIVER: OnceLock<Arc<Driver>> = OnceLock::new();

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, by chromedriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
    /// WebKit's MiniBrowser, by `WebKitWebDriver`.
    WebKit,
}

/// A running driver. It ends with the last who uses it.
pub(crate) struct Driver {
    pub(crate) address: String,
    _process: Process,
}

/// What a test wants of a browser beside the ordinary.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes {
    /// Takes certificates that nobody has signed.
    pub trusting: bool,
    /// Says that an address is open before it has loaded.
    pub hasty: bool,
}

impl Engine {
    /// For file names.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::WebKit => "webkit",
        }
    }

    /// A driver that can take one more session.
    pub(crate) fn driver(self) -> Arc<Driver> {
        match self {
            Engine::Chromium => CHROMEDRIVER.get_or_init(|| Arc::new(chromedriver())).clone(),
            Engine::Firefox => Arc::new(geckodriver()),
            Engine::WebKit => Arc::new(webkit_driver()),
        }
    }

    /// What is asked of the driver. Chromium keeps its profile in that folder.
    pub(crate) fn capabilities(self, profile: &Path, wishes: Wishes) -> Value {
        let mut wanted = match self {
            Engine::Chromium => chromium(profile, wishes),
            Engine::Firefox => firefox(),
            // Its own MiniBrowser, with `--automation`, is what it starts unasked.
            Engine::WebKit => json!({ "browserName": "MiniBrowser" }),
        };
        if wishes.hasty {
            wanted["pageLoadStrategy"] = json!("none");
        }
        wanted
    }
}

fn chromium(profile: &Path, wishes: Wishes) -> Value {
    let mut options: Value = serde_json::from_str(CAPABILITIES).expect("it is JSON");
    let options = &mut options["goog:chromeOptions"];
    let arguments = options["args"].as_array_mut().expect("it lists the arguments");
    arguments.extend(ARGUMENTS.iter().map(|argument| json!(argument)));
    if wishes.trusting {
        arguments.push(json!("--ignore-certificate-errors"));
    }
    arguments.push(json!(format!("--user-data-dir={}", profile.display())));
    options["binary"] = json!(given("CHROMIUM"));
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}

fn firefox() -> Value {
    json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {
            "binary": given("FIREFOX"),
            "args": ["-headless", "--width=1200", "--height=900"],
            // No proxy, whatever the machine has. The other preferences for tests are geckodriver's own.
            "prefs": { "network.proxy.type": 0 },
        },
    })
}

fn chromedriver() -> Driver {
    let mut command = Command::new(given("CHROMEDRIVER"));
    command.args(["--port=0", "--log-level=SEVERE"]);
    let (process, address) = Process::start(&command, READY_WITHIN, |line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        Some(format!("http://127.0.0.1:{}", port.trim().trim_end_matches('.')))
    });
    Driver { address, _process: process }
}

fn geckodriver() -> Driver {
    let mut command = Command::new(given("GECKODRIVER"));
    // Its second port is always the same one, unless told otherwise: and here several run at a time.
    command.args(["--port=0", "--websocket-port=0"]);
    let (process, address) = Process::start(&command, READY_WITHIN, |line| {
        let (_, address) = line.split_once("Listening on ")?;
        Some(format!("http://{}", address.trim()))
    });
    Driver { address, _process: process }
}

fn webkit_driver() -> Driver {
    // It says nothing, so it has to be given a port.
    let (port, program): (u16, PathBuf) = (free_port(), given("WEBKIT_DRIVER"));
    let mut command = Command::new(program);
    command.arg(format!("--port={port}"));
    let process = Process::start_until(&command, READY_WITHIN, || is_listening(port));
    Driver { address: format!("http://127.0.0.1:{port}"), _process: process }
}
