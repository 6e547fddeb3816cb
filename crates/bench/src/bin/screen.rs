//! Measures the whole screen, prints a table and writes all figures. `cargo xtask bench screen` builds what it needs and
//! starts it; it fails where something cannot be measured, and never because something is slow.

use std::path::PathBuf;
use std::process::ExitCode;

use bench::screen::Report;
use bench::screen::devtools::Failed;
use bench::screen::stage::Places;
use serde_json::json;

const USAGE: &str =
    "CHROMIUM=… screen DIST PEERS PAGES TO ROUNDS [ONLY]: start it by `cargo xtask bench screen`";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("error: {failed}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failed> {
    let mut args = std::env::args().skip(1);
    let mut path = || args.next().map(PathBuf::from).ok_or(USAGE);
    let (dist, peers, pages, to) = (path()?, path()?, path()?, path()?);
    let chromium = std::env::var_os("CHROMIUM").map(PathBuf::from).ok_or(USAGE)?;
    let rounds = args.next().and_then(|rounds| rounds.parse().ok()).ok_or(USAGE)?;
    let only = args.next().unwrap_or_default();
    let profile = to.with_extension("profile");
    let places = Places { dist, peers, pages, chromium, profile };
    let Report { figures, browser, load } = bench::screen::run(&places, &only, rounds)?;
    let report = json!({ "browser": browser, "load": load, "rounds": rounds, "figures": figures.json() });
    std::fs::write(&to, serde_json::to_vec_pretty(&report)?)?;
    println!("\n{browser}; medians of {rounds} rounds (least … most)");
    if let [Some(before), Some(after)] = load {
        println!("load of the machine: {before} before, {after} after");
    }
    println!("{}\nall figures: {}", figures.table(), to.display());
    Ok(())
}
