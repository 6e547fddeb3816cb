//! `cargo xtask bench screen`: builds the release page and the program that measures it, and starts that. It neither
//! drives the browser nor reads a figure.

use crate::args::Args;
use crate::browser::Browser;
use crate::command::Cmd;
use crate::fail::Fail;
use crate::tools::Tools;
use crate::{page, place};

/// Of each measurement, unless told otherwise. The large pages are measured once.
const ROUNDS: u32 = 3;

/// Measures what the command line names, on the page that is there with `--no-build`.
pub(super) fn run(args: &mut Args) -> Result<(), Fail> {
    let only: String = args.value("--only")?.unwrap_or_default();
    let rounds = args.value("--rounds")?.unwrap_or(ROUNDS).max(1);
    let is_built = args.flag("--no-build");
    args.finish()?;
    let browser = Browser::find()?;
    let dist = if is_built { page::dist() } else { page::build_release(&Tools::for_page()?)?.dist };
    if !dist.join("index.html").is_file() {
        return Err(Fail::task(format!("there is no page in {}: leave out --no-build", dist.display())));
    }
    let peers = super::peers()?;
    println!(
        "measuring; three rounds of all take some fifteen minutes; whatever else this machine does shows"
    );
    let to = super::dir().join("screen.json");
    let paths = [dist, peers, place::root().join("crates/bench/page/screen"), to];
    let measure = Cmd::words("cargo run --quiet -p bench --bin screen --")
        .args(paths.map(|path| path.display().to_string()))
        .arg(rounds.to_string())
        .arg(only);
    browser.for_command(measure).run("the screen could not be measured, see above")
}
