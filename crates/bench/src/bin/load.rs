//! Loads the reference server, and its peer, prints a table and writes all figures. `cargo xtask bench server` builds what it
//! needs and starts it; it fails where something cannot be measured, and never because something is slow.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    match linux::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("error: {failed}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("error: what a server uses is read from Linux's /proc: run this benchmark on Linux");
    ExitCode::FAILURE
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::PathBuf;

    use bench::load::child::Server;
    use bench::load::{self, Plan};
    use bench::screen::devtools::Failed;
    use serde_json::json;

    const USAGE: &str =
        "load SERVER DATABASE PEER TO SECONDS RATE|best VIEWERS…: start it by `cargo xtask bench server`";

    pub(super) fn run() -> Result<(), Failed> {
        let mut args = std::env::args().skip(1);
        let mut path = || args.next().map(PathBuf::from).ok_or(USAGE);
        let (server, data, peer, to) = (path()?, path()?, path()?, path()?);
        let seconds = args.next().and_then(|seconds| seconds.parse().ok()).ok_or(USAGE)?;
        let rate = args.next().ok_or(USAGE)?;
        let rate = if rate == "best" { None } else { Some(rate.parse().map_err(|_| USAGE)?) };
        let viewers =
            args.map(|viewers| viewers.parse()).collect::<Result<Vec<usize>, _>>().map_err(|_| USAGE)?;
        // As people run it, and as it compares with a peer that keeps nothing.
        let kept = [("ours", Some(data)), ("ours, in memory", None)];
        let ours = kept.map(|(name, data)| Server { name, command: vec![server.clone()], data }).into();
        let peer = Server { name: "better-sse", command: vec!["node".into(), peer], data: None };
        let plan = Plan { ours, peer, viewers, seconds, rate };
        let before = busy();
        let figures = load::run(&plan)?;
        let processors = std::thread::available_parallelism()?.get();
        let report = json!({ "processors": processors, "load": before, "seconds": seconds, "figures": figures.json() });
        std::fs::write(&to, serde_json::to_vec_pretty(&report)?)?;
        println!("{}", figures.table());
        println!("{processors} processors, for the server and its viewers together");
        if let Some(before) = before {
            println!("load of the machine before: {before}");
        }
        println!("all figures: {}", to.display());
        Ok(())
    }

    /// How many programs want a processor.
    fn busy() -> Option<f64> {
        std::fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
    }
}
