//! The example backends in Python and JavaScript, and what holds for each by itself: that it keeps the contract. It
//! knows nothing of the page.

mod prepared;

use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::command::Cmd;
use crate::fail::Fail;
use crate::group::Group;
use crate::ports;

/// How long one may take from its start until it listens.
const START: Duration = Duration::from_secs(30);
/// How often we look whether it does.
const LOOK: Duration = Duration::from_millis(50);
/// How long its work takes while the contract is checked.
const SECONDS: &str = "3";

/// For each a program that starts it.
pub(crate) struct Backends {
    fastapi: PathBuf,
    express: PathBuf,
}

impl Backends {
    /// With all that they need, installed if it is not there yet.
    pub(crate) fn prepared() -> Result<Self, Fail> {
        Ok(Self { fastapi: prepared::fastapi()?, express: prepared::express()? })
    }

    /// The command, told what starts them.
    pub(crate) fn for_command(&self, cmd: Cmd) -> Cmd {
        cmd.env("BACKEND_FASTAPI", &self.fastapi).env("BACKEND_EXPRESS", &self.express)
    }

    /// Each keeps the whole contract, whoever asks.
    pub(crate) fn check_contract(&self) -> Result<(), Fail> {
        for (name, program) in [("backend-fastapi", &self.fastapi), ("backend-express", &self.express)] {
            let port = ports::free()?;
            let start = Cmd::new(program.display().to_string())
                .env("HOST", Ipv4Addr::LOCALHOST.to_string())
                .env("PORT", port.to_string())
                .env("SECONDS", SECONDS);
            let mut backend = Group::start(name, &start, |_| {})?;
            until_listening(&mut backend, port)?;
            Cmd::words("cargo run --quiet -p contract-check --")
                .args([&format!("http://127.0.0.1:{port}"), "--level", "3"])
                .run(format!("examples/{name} does not keep the contract, see above"))?;
        }
        Ok(())
    }
}

fn until_listening(backend: &mut Group, port: u16) -> Result<(), Fail> {
    let started = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        let name = backend.name();
        if let Some(status) = backend.ended() {
            return Err(Fail::task(format!("{name} ended at once ({status}), see above")));
        }
        if started.elapsed() > START {
            return Err(Fail::task(format!("{name} did not listen on port {port} within {START:?}")));
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_are_told_of_both() {
        let backends = Backends { fastapi: "/f".into(), express: "/e".into() };
        assert_eq!(backends.for_command(Cmd::new("x")).line(), "BACKEND_FASTAPI=/f BACKEND_EXPRESS=/e x");
    }
}
