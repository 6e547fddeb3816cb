//! Which wasm-opt a release build uses: one in PATH that is new enough, or npm's, or a stand-in. It never makes a build
//! fail: what wasm-opt saves is a few kilobytes.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::Cmd;
use crate::fail::Fail;
use crate::tools::Tools;
use crate::{place, wasm_strip};

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
    // Asking npm's for its version starts Node: only once, when it is installed.
    let is_there = bin.join("wasm-opt").is_file() && place::in_path(&["node"]).is_some();
    if is_there || install(&root, &bin) {
        return Ok(Some(bin));
    }
    println!(
        "no wasm-opt from {OLDEST} on and no npm to fetch one: release pages are some 4 % larger, nothing else"
    );
    wasm_strip::program().map(Some).map_err(|error| Fail::task(format!("no stand-in for wasm-opt ({error})")))
}

/// What trunk does not ask it for. Flattened code lets it see more that can go; it never takes a check away.
const PASSES: &[&str] = &["--flatten", "--rereloop", "-Os", "-Os", "--converge"];
/// What the compiler and wasm-bindgen make use of. All browsers that have SIMD have the others.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// The module after another round, in which all goes that its exports no longer reach. As it is, if that fails; the
/// file beside `at` is used on the way.
pub(crate) fn again(tools: &Tools, at: &Path, module: &[u8]) -> Vec<u8> {
    let (from, to) = (at.with_extension("before"), at.with_extension("after"));
    let file = |path: &Path| path.display().to_string();
    let opt = tools.for_command(Cmd::new("wasm-opt")).args(FEATURES.iter().chain(PASSES).copied());
    let opt = opt.args([format!("--output={}", file(&to)), file(&from)]);
    let worked = fs::write(&from, module).is_ok() && opt.run("").is_ok();
    let after = fs::read(&to).ok().filter(|_| worked);
    if after.is_none() {
        println!("that failed: the page is some 3 % larger than need be");
    }
    for file in [from, to] {
        let _ = fs::remove_file(file);
    }
    after.unwrap_or_else(|| module.to_vec())
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
    let program = bin.join("wasm-opt").display().to_string();
    Cmd::new(program).arg("--version").asked().as_deref().and_then(major).is_some()
}

/// The number in `wasm-opt version 132 (version_132)`.
fn major(said: &str) -> Option<u32> {
    said.split_whitespace().find_map(|word| word.parse().ok())
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
}
