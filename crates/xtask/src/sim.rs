//! `cargo xtask sim`: how the simulation is built and run. What it runs, and what its options mean, is its own affair.

use crate::command::Cmd;
use crate::fail::Fail;

/// Built to be quick, unlike the tests.
const RUN: &str = "cargo run --quiet --profile sim -p sim --";

/// Hands the options on.
pub(crate) fn run(options: &[String]) -> Result<(), Fail> {
    Cmd::words(RUN).args(options.to_vec()).run("the simulation found something, see above")
}
