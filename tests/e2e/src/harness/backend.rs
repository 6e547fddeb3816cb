//! Which program serves: the reference server, or an example backend in another language. It knows how one of those is
//! started, and nothing of what it does.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::given::given;
use crate::port::{free_port, is_listening};
use crate::process::Process;

/// How long one may take to listen.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// A program that serves API and page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// `crates/server`.
    Reference,
    /// `examples/backend-fastapi`.
    FastApi,
    /// `examples/backend-express`.
    Express,
}

impl Backend {
    /// For file names.
    pub fn name(self) -> &'static str {
        match self {
            Backend::Reference => "reference",
            Backend::FastApi => "fastapi",
            Backend::Express => "express",
        }
    }

    /// What starts it; none for the reference server, which can be told more (`server.rs`).
    pub(crate) fn program(self) -> Option<PathBuf> {
        match self {
            Backend::Reference => None,
            Backend::FastApi => Some(given("BACKEND_FASTAPI")),
            Backend::Express => Some(given("BACKEND_EXPRESS")),
        }
    }
}

/// Starts an example backend whose work takes so long, with the page.
pub(crate) fn start(program: &Path, seconds: f64) -> (Process, SocketAddr) {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
    let mut command = Command::new(program);
    command.env("HOST", address.ip().to_string()).env("PORT", address.port().to_string());
    command.env("SECONDS", seconds.to_string()).env("STATIC_DIR", given("GENERATION_SCREEN_DIST"));
    let process = Process::start_until(&command, READY_WITHIN, || is_listening(address.port()));
    (process, address)
}
