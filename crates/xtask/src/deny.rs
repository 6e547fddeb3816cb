//! Licences, sources, bans and advisories, by cargo-deny and deny.toml. It never says that advisories were checked
//! when the database of advisories could not be fetched.

use crate::command::Cmd;
use crate::fail::Fail;
use crate::tools::Tools;

const FAILED: &str = "cargo deny found something, see above; deny.toml holds the rules";

/// Checks everything that can be checked from here.
pub(crate) fn run() -> Result<(), Fail> {
    let tools = Tools::for_deny()?;
    let deny = |line: &str| tools.for_command(Cmd::words(line));
    // Without a terminal git must not wait for a password that nobody types.
    let fetch = deny("cargo deny fetch db").env("GIT_TERMINAL_PROMPT", "0");
    if fetch.run("the database of advisories could not be fetched").is_ok() {
        return deny("cargo deny check --hide-inclusion-graph").run(FAILED);
    }
    println!(
        "advisories: NOT checked, because their database on github.com cannot be fetched from here; \
         `cargo deny check advisories` does it where it can. Everything else is checked:"
    );
    deny("cargo deny check --hide-inclusion-graph bans licenses sources").run(FAILED)
}
