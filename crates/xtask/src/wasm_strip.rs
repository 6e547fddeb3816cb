//! What stands in for wasm-opt where there is none: it drops the sections that a browser does not run, the names of
//! functions above all, which make up a tenth of what is sent. It optimises nothing.

use std::fs;
use std::path::Path;

use crate::fail::Fail;
use crate::{place, wasm_module};

/// What the script below calls us with.
pub(crate) const COMMAND: &str = "wasm-opt-stand-in";

/// Writes a program `wasm-opt` that calls us, and returns the directory that it is in. Trunk has no switch that leaves
/// wasm-opt out, and would go to the network for one.
pub(crate) fn program() -> std::io::Result<std::path::PathBuf> {
    let dir = place::target().join("xtask/no-wasm-opt");
    let us = std::env::current_exe()?;
    let text = format!("#!/bin/sh\nexec '{}' {COMMAND} \"$@\"\n", us.display());
    place::write_program(&dir.join("wasm-opt"), &text)?;
    Ok(dir)
}

/// Answers as trunk calls wasm-opt: `--version`, or `--output=OUT -Oz IN`.
pub(crate) fn run(args: &[String]) -> Result<(), Fail> {
    if args.iter().any(|arg| arg == "--version") {
        println!("wasm-opt version 0 (stand-in)");
        return Ok(());
    }
    let output = args.iter().find_map(|arg| arg.strip_prefix("--output="));
    let (Some(output), Some(input)) = (output, args.last()) else {
        return Err(Fail::usage("the stand-in for wasm-opt knows `--version` and `--output=OUT … IN`"));
    };
    strip_file(Path::new(input), Path::new(output))
        .map_err(|error| Fail::task(format!("{input} could not be written to {output} ({error})")))
}

fn strip_file(input: &Path, output: &Path) -> std::io::Result<()> {
    let bytes = fs::read(input)?;
    // What cannot be read is handed on as it is: a build does not fail for a few bytes.
    fs::write(output, wasm_module::changed(&bytes, &wasm_module::Change::default()).unwrap_or(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_answers_as_trunk_calls_it() {
        let dir = place::target().join("xtask/tests");
        fs::create_dir_all(&dir).unwrap();
        let (input, output) = (dir.join("in.wasm"), dir.join("out.wasm"));
        fs::write(&input, b"\0asm\x01\0\0\0\0\x02\x01n").unwrap();
        run(&[format!("--output={}", output.display()), "-Oz".into(), input.display().to_string()]).unwrap();
        assert_eq!(fs::read(output).unwrap(), b"\0asm\x01\0\0\0");
    }

    #[test]
    fn what_it_cannot_read_it_hands_on() {
        let dir = place::target().join("xtask/tests");
        fs::create_dir_all(&dir).unwrap();
        let (input, output) = (dir.join("odd.wasm"), dir.join("odd-out.wasm"));
        fs::write(&input, b"\0asm\x0d\0\x01\0 of a later kind").unwrap();
        strip_file(&input, &output).unwrap();
        assert_eq!(fs::read(output).unwrap(), fs::read(input).unwrap());
    }
}
