//! `cargo xtask bench server`: builds the reference server and the program that loads it, has npm install the peer, and
//! starts that. It neither loads anything nor reads a figure.

use std::fs;
use std::path::PathBuf;

use crate::args::Args;
use crate::command::Cmd;
use crate::fail::Fail;
use crate::place;

/// For so long the best rate has to be held, unless told otherwise.
const SECONDS: u32 = 60;

/// So many viewers, unless told otherwise.
const VIEWERS: &str = "1000,10000";

/// As people build what has to be quick; the release profile is for what has to be small.
const PROFILE: &str = "fast";

/// Measures what the command line names.
pub(super) fn run(args: &mut Args) -> Result<(), Fail> {
    let seconds = args.value("--seconds")?.unwrap_or(SECONDS).max(1);
    let viewers: String = args.value("--viewers")?.unwrap_or_else(|| VIEWERS.to_owned());
    let viewers = counts(&viewers)?;
    let rate = args.value::<f64>("--rate")?.map_or_else(|| "best".to_owned(), |rate| rate.to_string());
    args.finish()?;
    Cmd::words(&format!("cargo build -p bench --features load --bins --profile {PROFILE}"))
        .run("the benchmark does not compile, see above")?;
    let peer = peer()?;
    println!(
        "measuring; all of it takes some twenty minutes; whatever else this machine does shows, and is shown up by it"
    );
    let built = place::target().join(PROFILE);
    let program = |name: &str| built.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let data = super::dir().join("load.db");
    let paths = [program("load-server"), data, peer, super::dir().join("server.json")];
    Cmd::new(program("load").display().to_string())
        .args(paths.map(|path| path.display().to_string()))
        .args([seconds.to_string(), rate])
        .args(viewers.iter().map(ToString::to_string))
        .run("the server could not be measured, see above")
}

/// `1000,10000`.
fn counts(viewers: &str) -> Result<Vec<usize>, Fail> {
    let counts = viewers.split(',').map(|count| count.parse().ok().filter(|count| *count > 0));
    counts.collect::<Option<_>>().ok_or_else(|| {
        Fail::usage(format!("`--viewers {viewers}` is no valid value: numbers, with commas between them"))
    })
}

/// The peer's script, in a folder where npm has installed what it needs, in the versions of its lock file.
fn peer() -> Result<PathBuf, Fail> {
    let (from, to) = (place::root().join("crates/bench/peers/better-sse"), super::dir().join("better-sse"));
    let failed = |error: std::io::Error| Fail::task(format!("{}: {error}", to.display()));
    fs::create_dir_all(&to).map_err(failed)?;
    for file in ["package.json", "package-lock.json", "server.js"] {
        fs::copy(from.join(file), to.join(file)).map_err(failed)?;
    }
    Cmd::words("npm ci --no-fund --no-audit --loglevel=error --prefix")
        .arg(to.display().to_string())
        .run("npm could not install what to compare with: it needs Node, npm and its registry")?;
    Ok(to.join("server.js"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_viewers_are_read_and_nonsense_is_refused() {
        assert_eq!(counts("1000").unwrap(), [1000]);
        assert_eq!(counts(VIEWERS).unwrap(), [1000, 10_000]);
        for nonsense in ["", "0", "many", "1000,", "1,-1"] {
            assert_eq!(counts(nonsense).unwrap_err().exit_code(), 2, "{nonsense}");
        }
    }
}
