//! Which wasm-opt a release build uses: one in PATH that is new enough, or npm's, or none. It never makes a build
//! fail: what wasm-opt saves is a kilobyte.

use std::path::{Path, PathBuf};

use crate::command::Cmd;
use crate::fail::Fail;
use crate::place;

/// Older ones build a page that stays blank: they lose what wasm-bindgen's tables need (108, Debian 12's, does).
const OLDEST: u32 = 116;
/// The package of npm that has been tried.
const NPM: &str = "132.0.0";

/// The directory to put in front of PATH so that trunk finds the right wasm-opt; none if PATH is right already.
///
/// # Errors
/// Only if the stand-in cannot be written.
pub(crate) fn dir() -> Result<Option<PathBuf>, Fail> {
    let said = Cmd::words("wasm-opt --version").asked();
    if said.as_deref().and_then(major).is_some_and(|major| major >= OLDEST) {
        return Ok(None);
    }
    let root = place::tool("binaryen", NPM);
    let bin = root.join("node_modules/.bin");
    if answers(&bin) || install(&root, &bin) {
        return Ok(Some(bin));
    }
    println!(
        "no wasm-opt from {OLDEST} on and no npm to fetch one: release pages are about 1 % larger, nothing else"
    );
    stand_in().map(Some)
}

fn install(root: &Path, bin: &Path) -> bool {
    if place::in_path(&["npm"]).is_none() {
        return false;
    }
    println!("wasm-opt is missing: fetching npm's binaryen {NPM}, once for all clones");
    let folder = root.display().to_string();
    Cmd::words("npm install --no-fund --no-audit --no-save --loglevel=error --prefix")
        .args([folder, format!("binaryen@{NPM}")])
        .run("npm could not install binaryen")
        .is_ok()
        && answers(bin)
}

/// Whether the wasm-opt in this directory runs at all; npm's needs Node.
fn answers(bin: &Path) -> bool {
    let program = bin.join("wasm-opt");
    program.is_file()
        && Cmd::new(program.display().to_string())
            .arg("--version")
            .asked()
            .as_deref()
            .and_then(major)
            .is_some()
}

/// The number in `wasm-opt version 132 (version_132)`.
fn major(said: &str) -> Option<u32> {
    said.split_whitespace().find_map(|word| word.parse().ok())
}

/// A wasm-opt that copies its input: trunk has no switch that leaves it out, and would go to the network for one.
fn stand_in() -> Result<PathBuf, Fail> {
    let dir = place::target().join("xtask/no-wasm-opt");
    let file = dir.join("wasm-opt");
    let script = "#!/bin/sh\n\
        # Stands in for wasm-opt where there is none: `wasm-opt --output=OUT -Oz IN` copies IN to OUT.\n\
        case \"$1\" in\n\
        --version) echo 'wasm-opt version 0 (copies only)' ;;\n\
        --output=*) for in; do :; done; cp \"$in\" \"${1#--output=}\" ;;\n\
        esac\n";
    let written = std::fs::create_dir_all(&dir).and_then(|()| std::fs::write(&file, script)).and_then(|()| {
        #[cfg(unix)]
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(())
    });
    match written {
        Ok(()) => Ok(dir),
        Err(error) => Err(Fail::task(format!("{} could not be written ({error})", file.display()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_first_number() {
        assert_eq!(major("wasm-opt version 132 (version_132)\n"), Some(132));
        assert_eq!(major("wasm-opt version 108\n"), Some(108));
        assert_eq!(major("wasm-opt: not found"), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_stand_in_tells_a_version_and_copies_the_last_argument() {
        let dir = stand_in().unwrap();
        let run =
            |args: &[&str]| Cmd::new(dir.join("wasm-opt").display().to_string()).args(args.to_vec()).asked();
        assert_eq!(run(&["--version"]).as_deref().and_then(major), Some(0));
        let (input, output) = (dir.join("in"), dir.join("out"));
        std::fs::write(&input, "wasm").unwrap();
        run(&[&format!("--output={}", output.display()), "-Oz", &input.display().to_string()]).unwrap();
        assert_eq!(std::fs::read_to_string(output).unwrap(), "wasm");
    }
}
