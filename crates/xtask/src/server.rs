//! The reference server as a process of its own: as plain `cargo build` makes it, on a free port, keeping nothing. It
//! knows no option but these.

use std::io::{BufRead as _, BufReader};
use std::process::{ChildStdout, Stdio};

use crate::command::Cmd;
use crate::fail::Fail;
use crate::group::Group;
use crate::place;

/// A running server. Dropping it ends it.
pub(crate) struct Server {
    address: String,
    _group: Group,
    /// Kept open: whoever prints into a closed one panics.
    _out: BufReader<ChildStdout>,
}

impl Server {
    /// Builds it, starts it with more options, and waits until it listens.
    pub(crate) fn start(options: &[&str]) -> Result<Self, Fail> {
        Cmd::words("cargo build -p server").run("the server does not compile, see above")?;
        let program = place::target().join("debug").join(format!("server{}", std::env::consts::EXE_SUFFIX));
        let serve = Cmd::new(program.display().to_string())
            .args(["--listen", "127.0.0.1:0", "--data", "none"])
            .args(options.iter().copied());
        let mut group = Group::start("the server", &serve, |command| {
            command.stdout(Stdio::piped());
        })?;
        let silent = || Fail::task("the server said no address");
        let mut out = BufReader::new(group.child().stdout.take().ok_or_else(silent)?);
        let mut line = String::new();
        out.read_line(&mut line).map_err(|_| silent())?;
        let address = line.trim().strip_prefix("listening on ").ok_or_else(silent)?.to_owned();
        Ok(Self { address, _group: group, _out: out })
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}
