//! What stands in for wasm-opt where there is none: it drops the sections that a browser does not run, the names of
//! functions above all, which make up a tenth of what is sent. It optimises nothing.

use std::fs;
use std::path::Path;

use crate::fail::Fail;
use crate::place;

/// What the script below calls us with.
pub(crate) const COMMAND: &str = "wasm-opt-stand-in";

const HEADER: usize = 8;

/// Writes a program `wasm-opt` that calls us, and returns the directory that it is in. Trunk has no switch that leaves
/// wasm-opt out, and would go to the network for one.
pub(crate) fn program() -> std::io::Result<std::path::PathBuf> {
    let dir = place::target().join("xtask/no-wasm-opt");
    fs::create_dir_all(&dir)?;
    let us = std::env::current_exe()?;
    let file = dir.join("wasm-opt");
    fs::write(&file, format!("#!/bin/sh\nexec '{}' {COMMAND} \"$@\"\n", us.display()))?;
    #[cfg(unix)]
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
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
    let stripped = stripped(&bytes).ok_or_else(|| std::io::Error::other("it is no WebAssembly module"))?;
    fs::write(output, stripped)
}

/// The module without its custom sections; nothing if it is no module.
/// <https://webassembly.github.io/spec/core/binary/modules.html#sections>
fn stripped(module: &[u8]) -> Option<Vec<u8>> {
    let mut kept = module.get(..HEADER).filter(|header| header.starts_with(b"\0asm"))?.to_vec();
    let mut rest = &module[HEADER..];
    while let Some((&id, after_id)) = rest.split_first() {
        let (length, length_bytes) = number(after_id)?;
        let end = 1 + length_bytes + length;
        let section = rest.get(..end)?;
        if id != 0 {
            kept.extend(section);
        }
        rest = &rest[end..];
    }
    Some(kept)
}

/// An unsigned LEB128 number, and how many bytes it takes.
fn number(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_sections_go_and_all_others_stay() {
        let type_section = [1, 4, 1, 0x60, 0, 0];
        let mut long_custom = vec![0, 0x80 | 2, 1];
        long_custom.extend([7; 130]);
        let module = [b"\0asm\x01\0\0\0".as_slice(), &[0, 2, 1, b'n'], &type_section, &long_custom].concat();
        assert_eq!(stripped(&module).unwrap(), [b"\0asm\x01\0\0\0".as_slice(), &type_section].concat());
    }

    #[test]
    fn what_is_no_module_or_is_cut_short_is_refused() {
        for bytes in [b"".as_slice(), b"<html>..", b"\0asm\x01\0\0\0\x01\x04\x01"] {
            assert_eq!(stripped(bytes), None);
        }
    }

    #[test]
    fn it_answers_as_trunk_calls_it() {
        let dir = place::target().join("xtask/tests");
        fs::create_dir_all(&dir).unwrap();
        let (input, output) = (dir.join("in.wasm"), dir.join("out.wasm"));
        fs::write(&input, b"\0asm\x01\0\0\0\0\x02\x01n").unwrap();
        run(&[format!("--output={}", output.display()), "-Oz".into(), input.display().to_string()]).unwrap();
        assert_eq!(fs::read(output).unwrap(), b"\0asm\x01\0\0\0");
    }
}
