//! A server under load: a process of its own, which says where it listens, begins to write when it is told `go`, and ends with
//! this value. What it writes, and how fast, is on its command line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::pace::{Pace, TEXT_BYTES};
use super::process::Process;
use crate::screen::devtools::Failed;

/// A server that can be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// As figures call it.
    pub name: &'static str,
    /// The program, and what comes before the pace.
    pub command: Vec<PathBuf>,
    /// What it leaves behind, and must not find.
    pub data: Option<PathBuf>,
}

/// A running one.
#[derive(Debug)]
pub struct Running {
    child: Child,
    address: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It keeps nothing that anybody needs.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts it, and waits until it listens.
    ///
    /// # Errors
    /// If it cannot be started, or ends before it listens; it has said why on standard error.
    pub fn start(&self, pace: Pace) -> Result<Running, Failed> {
        self.forget();
        let (program, arguments) = self.command.split_first().ok_or("no server was named")?;
        let mut child = Command::new(program)
            .args(arguments)
            .args([pace.per_second, pace.seconds].map(|number| number.to_string()))
            .args([pace.generations, TEXT_BYTES].map(|number| number.to_string()))
            .args(&self.data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} could not be started: {}: {error}", self.name, program.display()))?;
        let mut line = String::new();
        if let Some(said) = child.stdout.take() {
            BufReader::new(said).read_line(&mut line)?;
        }
        let address = line.trim().strip_prefix("listening on ").and_then(|address| address.parse().ok());
        match address {
            Some(address) => Ok(Running { child, address }),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                Err(format!("{} did not say where it listens, see above", self.name).into())
            }
        }
    }

    /// Removes what an earlier one has left.
    pub fn forget(&self) {
        for end in ["", "-wal", "-shm"] {
            let files = self.data.iter().map(|file| format!("{}{end}", file.display()));
            // What is not there is removed already.
            files.for_each(|file| drop(std::fs::remove_file(file)));
        }
    }
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it uses.
    #[must_use]
    pub fn process(&self) -> Process {
        Process(self.child.id())
    }

    /// Lets the events go.
    ///
    /// # Errors
    /// If it has ended.
    pub fn go(&mut self) -> Result<(), Failed> {
        let pipe = self.child.stdin.as_mut().ok_or("the server takes no word")?;
        Ok(pipe.write_all(b"go\n").and_then(|()| pipe.flush())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { per_second: 1.0, seconds: 1.0, generations: 1 };

    fn shell(script: &str) -> Server {
        let command = ["sh", "-c", script].map(PathBuf::from).to_vec();
        Server { name: "a shell", command, data: None }
    }

    #[test]
    fn a_server_that_ends_before_it_listens_is_named() {
        let said = shell("echo oops").start(PACE).unwrap_err().to_string();
        assert_eq!(said, "a shell did not say where it listens, see above");
    }

    #[test]
    fn a_server_ends_with_its_value() {
        let running = shell("echo listening on 127.0.0.1:9; exec sleep 1000").start(PACE).unwrap();
        let process = running.process();
        assert!(process.memory().is_some());
        drop(running);
        assert_eq!(process.memory(), None);
    }
}
