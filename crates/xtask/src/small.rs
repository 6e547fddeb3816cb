//! How the release page's program is compiled to be small: with a standard library that is built for size, and with
//! panics that stop at once, without a message that nobody reads there. Both are options of the compiler that are not
//! stable yet, so it looks whether they can be had, and says so where not: the page works the same, and is larger.
//! `trunk build --release` by hand, development and all other tests do without.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::Cmd;
use crate::tools::{Tools, WASM};
use crate::{linker, place};

/// What stops at once at a panic. Nobody reads places then.
const FLAGS: &[&str] = &["-Cpanic=immediate-abort", "-Zunstable-options", "-Zlocation-detail=none"];
/// Lets this compiler take them.
const UNSTABLE: (&str, &str) = ("RUSTC_BOOTSTRAP", "1");
/// Flags that cargo adds to those of .cargo/config.toml. RUSTFLAGS would replace them.
const FLAGS_VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// The linker of this target.
const LINKER_VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER";

/// The environment of one way to build.
#[derive(Clone)]
pub(crate) struct Way {
    env: Vec<(&'static str, String)>,
}

impl Way {
    /// What stable options can do: no path of this machine in what visitors load.
    pub(crate) fn plain() -> Self {
        Self { env: vec![(FLAGS_VARIABLE, flags(&[]))] }
    }

    /// With the standard library built for size. Nothing, after one line that says why, if that cannot be had.
    pub(crate) fn small() -> Option<Self> {
        if let Some(obstacle) = obstacle() {
            println!("{obstacle}: the page takes the standard library as it comes, and is 13 % larger");
            return None;
        }
        println!("the page is built with a standard library for size (unstable options of the compiler)");
        let mut env = vec![
            (UNSTABLE.0, UNSTABLE.1.to_owned()),
            ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".to_owned()),
            ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size".to_owned()),
            (FLAGS_VARIABLE, flags(FLAGS)),
        ];
        env.extend(linker::program().map(|linker| (LINKER_VARIABLE, linker.display().to_string())));
        Some(Self { env })
    }

    /// The command in this environment.
    pub(crate) fn for_command(&self, cmd: Cmd) -> Cmd {
        self.env.iter().fold(cmd, |cmd, (name, value)| cmd.env(name, value))
    }

    /// A directory with a `trunk` that builds in this way, for tests: they are compiled in the way of tests. None
    /// where there is no shell; there trunk builds anew.
    pub(crate) fn trunk_dir(&self, tools: &Tools) -> std::io::Result<Option<PathBuf>> {
        let Some(trunk) = tools.program("trunk").filter(|_| cfg!(unix)) else { return Ok(None) };
        let env = self.env.iter().map(|(name, value)| format!("{name}={value}"));
        let line = Cmd::new("env").args(env).arg(trunk.display().to_string()).line();
        let dir = place::target().join("xtask/trunk-as-built");
        place::write_program(&dir.join("trunk"), &format!("#!/bin/sh\nexec {line} \"$@\"\n"))?;
        Ok(Some(dir))
    }
}

/// These flags, and those that take the folders of this machine out of the places that panics name.
fn flags(first: &[&str]) -> String {
    let home = place::cargo_home().into_iter().flat_map(|home| {
        let registry = home.join("registry/src");
        // Below it stands one folder for each registry.
        let folders = fs::read_dir(&registry).into_iter().flatten().flatten().map(|entry| entry.path());
        folders.chain([registry]).collect::<Vec<_>>()
    });
    let folders = home.chain(library());
    // The last one that fits counts for the compiler; a folder with a space could not be told from two flags.
    let mut folders: Vec<String> =
        folders.map(|folder| folder.display().to_string()).filter(|folder| !folder.contains(' ')).collect();
    folders.sort_by_key(String::len);
    let remaps = folders.iter().map(|folder| format!("--remap-path-prefix={folder}/="));
    first.iter().map(|flag| (*flag).to_owned()).chain(remaps).collect::<Vec<_>>().join(" ")
}

/// The sources of the standard library.
fn library() -> Option<PathBuf> {
    let root = Cmd::words("rustc --print sysroot").asked()?;
    Some(Path::new(root.trim()).join("lib/rustlib/src/rust/library"))
}

/// What stands in the way of building the standard library; nothing, once it can be done.
fn obstacle() -> Option<&'static str> {
    let asks = Cmd::words(&format!("rustc --print cfg --target {WASM}")).args(FLAGS.iter().copied());
    if asks.env(UNSTABLE.0, UNSTABLE.1).asked().is_none() {
        return Some("this compiler does not take the options that make it smaller");
    }
    let Some(library) = library() else { return Some("there is no rustc in PATH") };
    if !library.join("Cargo.lock").is_file() {
        println!("the standard library's sources are missing: adding them");
        if Cmd::words("rustup component add rust-src").run("").is_err() {
            return Some("the component rust-src cannot be had");
        }
    }
    // Its few packages come from the registry, once.
    let manifest = library.join("Cargo.toml").display().to_string();
    let fetch =
        Cmd::words("cargo fetch --quiet --locked --target").args([WASM, "--manifest-path", &*manifest]);
    let fetched = fetch.env(UNSTABLE.0, UNSTABLE.1).asked();
    fetched.is_none().then_some("the packages of the standard library cannot be fetched")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_way_keeps_the_paths_of_this_machine_to_itself() {
        let line = Way::plain().for_command(Cmd::new("trunk")).line();
        assert!(line.contains("lib/rustlib/src/rust/library/="), "{line}");
        assert!(!line.contains("RUSTC_BOOTSTRAP"), "{line}");
    }
}
