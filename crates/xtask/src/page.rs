//! Builds the page: the compilation alone, or the whole of it with trunk. It never serves it.

use std::path::PathBuf;

use crate::command::Cmd;
use crate::fail::Fail;
use crate::place;
use crate::tools::{Tools, WASM};

/// The binary that index.html names to trunk. A test holds the two together.
const BINARY: &str = "generation-screen-demo";
/// The features that index.html names to trunk.
const FEATURES: &str = "demo";

/// Compiles what trunk is going to compile, so that an error is seen before anything is served.
pub(crate) fn compile(release: bool) -> Result<(), Fail> {
    let build = Cmd::words(&format!("cargo build --target {WASM} --bin {BINARY} --features {FEATURES}"));
    let build = if release { build.arg("--release") } else { build };
    build.run("the page does not compile: put right what cargo says above, and start again")
}

/// Builds the release page, and tells where it is.
pub(crate) fn build_release(tools: &Tools) -> Result<PathBuf, Fail> {
    tools
        .trunk()
        .args(["build", "--release"])
        .run("the page was not built: put right what trunk says above, and start again")?;
    Ok(dist())
}

/// Where `trunk build` puts the page.
pub(crate) fn dist() -> PathBuf {
    place::root().join("dist")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_is_what_index_html_names() {
        let html = std::fs::read_to_string(place::root().join("index.html")).expect("index.html is there");
        assert!(html.contains(&format!("data-bin=\"{BINARY}\"")), "index.html: data-bin=\"{BINARY}\"");
        assert!(
            html.contains(&format!("data-cargo-features=\"{FEATURES}\"")),
            "index.html: data-cargo-features=\"{FEATURES}\""
        );
    }
}
