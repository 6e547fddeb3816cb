//! Reads the version of a package out of Cargo.lock. It never resolves anything.

use std::fs;

use crate::fail::Fail;
use crate::place;

/// The version that this repository locks.
///
/// # Errors
/// If Cargo.lock cannot be read or does not name the package.
pub(crate) fn version(package: &str) -> Result<String, Fail> {
    let file = place::root().join("Cargo.lock");
    let text = fs::read_to_string(file)
        .map_err(|error| Fail::task(format!("Cargo.lock could not be read ({error})")))?;
    version_in(&text, package).ok_or_else(|| {
        Fail::task(format!("Cargo.lock names no `{package}`; `cargo generate-lockfile` writes it anew"))
    })
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    lock.split("[[package]]").find_map(|entry| {
        let field = |name: &str| {
            let line = entry.lines().find_map(|line| line.strip_prefix(name))?;
            line.strip_prefix(" = \"")?.strip_suffix('"')
        };
        (field("name")? == package).then(|| field("version").map(String::from))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n\
        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"registry+x\"\n\
        dependencies = [\n \"cfg-if\",\n]\n";

    #[test]
    fn the_version_is_that_of_the_package_with_exactly_this_name() {
        assert_eq!(version_in(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(LOCK, "wasm").as_deref(), None);
    }

    #[test]
    fn the_version_of_the_lock_file_itself_is_not_taken_for_one() {
        assert_eq!(version_in("version = 4\n", "wasm-bindgen"), None);
    }

    #[test]
    fn this_repository_locks_wasm_bindgen() {
        assert!(version("wasm-bindgen").unwrap().starts_with("0.2."));
    }
}
