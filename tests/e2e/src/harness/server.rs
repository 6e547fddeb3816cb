//! Reference servers: one for each setup, shared by all tests that ask for it, started when the first one does.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use crate::engine::Engine;
use crate::given::given;
use crate::process::Process;
use crate::real_proxy::Real;
use crate::watched::watched;

/// How long a server may take to listen: it compresses the page first.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// How a server is set up.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// How long a generation takes. 3.
    pub seconds: f64,
    /// How long a token lives. 900.
    pub token_seconds: u64,
    /// Time between a stream's heartbeats. 15,000.
    pub heartbeat_ms: u64,
    /// What the times of scripted faults are divided by. 1.
    pub script_speed: f64,
    /// A port of this machine whose web origin may call the API from elsewhere. None.
    pub allowed_port: Option<u16>,
    /// What stands between the browser and the server, besides the proxy that writes down. Nothing.
    pub front: Front,
    /// Which browser looks at it. Chromium.
    pub engine: Engine,
    /// No other test runs at the same time: for one that measures. No.
    pub alone: bool,
}

/// Where the page comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// The server itself.
    Nothing,
    /// `trunk serve`, with its proxy to the server.
    Trunk,
    /// The server, by way of such a proxy.
    Real(Real),
}

impl Setup {
    /// One in which a generation takes so long.
    pub fn taking(seconds: f64) -> Setup {
        Setup { seconds, ..Setup::default() }
    }
}

impl Default for Setup {
    fn default() -> Self {
        Setup {
            seconds: 3.0,
            token_seconds: 900,
            heartbeat_ms: 15_000,
            script_speed: 1.0,
            allowed_port: None,
            front: Front::Nothing,
            engine: Engine::Chromium,
            alone: false,
        }
    }
}

/// Statics are never dropped; the process ends when this program does.
type Shared = Arc<OnceLock<(Process, SocketAddr)>>;
static SERVERS: Mutex<Option<HashMap<Vec<String>, Shared>>> = Mutex::new(None);

/// Where a server of this setup listens.
pub(crate) fn server(setup: Setup) -> SocketAddr {
    let arguments = arguments(setup);
    let shared = {
        let mut servers = SERVERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        servers.get_or_insert_default().entry(arguments.clone()).or_default().clone()
    };
    shared.get_or_init(|| start(&arguments)).1
}

fn arguments(setup: Setup) -> Vec<String> {
    let dist = if setup.engine == Engine::Chromium { given("GENERATION_SCREEN_DIST") } else { watched() };
    let mut arguments: Vec<String> =
        ["--data", "none", "--newcomers-per-minute", "0", "--listen", "127.0.0.1:0", "--scripted"]
            .map(str::to_owned)
            .into();
    arguments.extend(["--static".to_owned(), dist.display().to_string()]);
    arguments.extend(["--seconds".to_owned(), setup.seconds.to_string()]);
    arguments.extend(["--token-seconds".to_owned(), setup.token_seconds.to_string()]);
    arguments.extend(["--heartbeat-ms".to_owned(), setup.heartbeat_ms.to_string()]);
    arguments.extend(["--script-speed".to_owned(), setup.script_speed.to_string()]);
    if let Some(port) = setup.allowed_port {
        arguments.extend(["--allow-origin".to_owned(), format!("http://127.0.0.1:{port}")]);
    }
    arguments
}

fn start(arguments: &[String]) -> (Process, SocketAddr) {
    let mut command = Command::new(given("GENERATION_SCREEN_SERVER"));
    command.args(arguments);
    Process::start(&command, READY_WITHIN, |line| {
        line.strip_prefix("listening on http://")?.trim().parse().ok()
    })
}
