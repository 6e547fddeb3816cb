//! What stands in for the linker when the release page is built: it hands all on to the real one, but for exports that the
//! page never calls. Without its export the linker drops a function, and with it what only that needs, to the last
//! table entry; from a linked program that can no longer be told.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::Cmd;
use crate::fail::Fail;
use crate::place;

/// What the script below calls us with.
pub(crate) const COMMAND: &str = "linker-stand-in";

/// Classes of wasm-streams for streams that a program *writes*: `IntoUnderlyingSource` and its like. The page reads only,
/// and they weigh 3 KB.
const UNUSED: &str = "intounderlying";

/// Writes a program that calls us, under the name by which the compiler knows how to talk to it. None where there is no
/// shell, or no such linker in the toolchain: then the page links as it comes.
pub(crate) fn program() -> Option<PathBuf> {
    real().filter(|_| cfg!(unix))?;
    let us = std::env::current_exe().ok()?;
    let program = place::target().join("xtask/linker/rust-lld");
    let text = format!("#!/bin/sh\nexec '{}' {COMMAND} \"$@\"\n", us.display());
    // Written only if it is another one: the compiler builds anew for a linker that has changed.
    if fs::read_to_string(&program).ok().as_deref() != Some(&*text) {
        place::write_program(&program, &text).ok()?;
    }
    Some(program)
}

/// The toolchain's own.
fn real() -> Option<PathBuf> {
    let libraries = Cmd::words("rustc --print target-libdir").asked()?;
    let linker = Path::new(libraries.trim()).parent()?.join("bin").join("rust-lld");
    linker.is_file().then_some(linker)
}

/// Links what the compiler hands over.
pub(crate) fn run(args: &[String]) -> Result<(), Fail> {
    let linker = real().ok_or_else(|| Fail::task("the toolchain has no rust-lld"))?;
    let status = Command::new(linker).args(without_unused(args)).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Fail::task("linking failed, see above")),
        Err(error) => Err(Fail::task(format!("the linker could not be started ({error})"))),
    }
}

/// All arguments but the exports that nobody calls: `--export NAME` or `--export=NAME`.
fn without_unused(args: &[String]) -> Vec<&String> {
    let is_unused = |name: &str| name.contains(UNUSED);
    let mut kept: Vec<&String> = Vec::new();
    let mut rest = args.iter().peekable();
    while let Some(arg) = rest.next() {
        if arg == "--export" && rest.next_if(|name| is_unused(name)).is_some() {
            continue;
        }
        if !arg.strip_prefix("--export=").is_some_and(is_unused) {
            kept.push(arg);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(line: &str) -> String {
        let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
        without_unused(&args).into_iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_exports_that_the_page_never_calls_are_left_out() {
        assert_eq!(
            kept(
                "-flavor wasm --export main --export intounderlyingsink_write_58 --export=__wbg_intounderlyingsink_free -o x"
            ),
            "-flavor wasm --export main -o x"
        );
        let line = "--export __externref_alloc libintounderlying.rlib --export=memory --export";
        assert_eq!(kept(line), line);
    }
}
