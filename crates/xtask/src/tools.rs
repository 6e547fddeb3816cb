//! The tools that a task needs: which, in which version, where they are, and how they are installed when they are
//! missing. It takes what is in PATH in the right version, and never touches the user's own cargo bin.

use std::path::{Path, PathBuf};

use crate::command::Cmd;
use crate::fail::Fail;
use crate::{lock, place, wasm_opt};

/// The target that the page is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// 0.22 wants a newer compiler than this project does.
const TRUNK: &str = "0.21.14";
/// Any that speaks to the browser that is there would do: one, so that all machines test the same.
const GECKODRIVER: &str = "0.37.1";
/// Needs no newer compiler than the project does.
const CARGO_DENY: &str = "0.20.2";

/// A tool that `cargo install` builds.
struct CargoTool {
    package: &'static str,
    version: String,
    /// What has to be there afterwards; the first one tells its version.
    programs: &'static [&'static str],
    /// How long the build takes on two cores, for the person who waits.
    patience: &'static str,
}

/// Directories to put in front of PATH, so that a command finds its tools.
#[derive(Default)]
pub(crate) struct Tools {
    dirs: Vec<PathBuf>,
}

impl Tools {
    /// What compiles and runs wasm in tests: the target and the wasm-bindgen command line, test runner included.
    pub(crate) fn for_wasm() -> Result<Self, Fail> {
        add_wasm_target()?;
        let mut tools = Self::default();
        tools.add(&CargoTool {
            package: "wasm-bindgen-cli",
            // The two halves speak a private format: only the very version of the library will do.
            version: lock::version("wasm-bindgen")?,
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            patience: "2 to 3 minutes",
        })?;
        Ok(tools)
    }

    /// What builds and serves the page.
    pub(crate) fn for_page() -> Result<Self, Fail> {
        let mut tools = Self::for_wasm()?;
        tools.add(&CargoTool {
            package: "trunk",
            version: TRUNK.to_owned(),
            programs: &["trunk"],
            patience: "4 to 10 minutes",
        })?;
        tools.dirs.extend(wasm_opt::dir()?);
        Ok(tools)
    }

    /// What drives Firefox.
    pub(crate) fn for_firefox() -> Result<Self, Fail> {
        let mut tools = Self::default();
        tools.add(&CargoTool {
            package: "geckodriver",
            version: GECKODRIVER.to_owned(),
            programs: &["geckodriver"],
            patience: "2 to 3 minutes",
        })?;
        Ok(tools)
    }

    /// What checks licences, sources and advisories.
    pub(crate) fn for_deny() -> Result<Self, Fail> {
        let mut tools = Self::default();
        tools.add(&CargoTool {
            package: "cargo-deny",
            version: CARGO_DENY.to_owned(),
            programs: &["cargo-deny"],
            patience: "3 to 5 minutes",
        })?;
        Ok(tools)
    }

    /// The command, with these tools in its PATH.
    pub(crate) fn for_command(&self, cmd: Cmd) -> Cmd {
        self.dirs.iter().fold(cmd, Cmd::path_first)
    }

    /// The command `trunk`, with these tools in its PATH.
    pub(crate) fn trunk(&self) -> Cmd {
        // Unasked, it would look on the network for a newer version of itself.
        self.for_command(Cmd::new("trunk")).env("TRUNK_SKIP_VERSION_CHECK", "true")
    }

    /// Where the program is that a command with these tools starts.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let own = self.dirs.iter().map(|dir| dir.join(&file)).find(|file| file.is_file());
        own.or_else(|| place::in_path(&[name]))
    }

    fn add(&mut self, tool: &CargoTool) -> Result<(), Fail> {
        let root = place::tool(tool.package, &tool.version);
        if !has(&root, tool.programs) {
            if tool.is_in_path() {
                return Ok(());
            }
            tool.install(&root)?;
        }
        self.dirs.push(root.join("bin"));
        Ok(())
    }
}

impl CargoTool {
    fn is_in_path(&self) -> bool {
        self.programs.iter().all(|program| {
            place::in_path(&[program]).is_some()
                && Cmd::new(*program).arg("--version").asked().is_some_and(|said| names(&said, &self.version))
        })
    }

    fn install(&self, root: &Path) -> Result<(), Fail> {
        let Self { package, version, patience, .. } = self;
        println!(
            "{package} {version} is missing: building it, once for all clones ({patience} on two cores)"
        );
        let install = Cmd::words(&format!("cargo install {package} --version {version}"))
            .args(["--root".to_owned(), root.display().to_string()])
            // Linking whole programs at once saves nothing here, and takes as long as all the rest.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        let by_hand = format!(
            "{package} {version} could not be installed, see above; once this works, start again: \
             cargo install {package} --version {version} --locked"
        );
        install.clone().arg("--locked").run(by_hand.clone()).or_else(|_| {
            println!("that failed; trying without the tool's own lock file");
            install.run(by_hand)
        })
    }
}

/// Whether all programs stand in `bin`. The folder's name holds the version, so that nothing has to be asked.
fn has(root: &Path, programs: &[&str]) -> bool {
    let suffix = std::env::consts::EXE_SUFFIX;
    programs.iter().all(|program| root.join("bin").join(format!("{program}{suffix}")).is_file())
}

/// Whether the answer to `--version` names this version as a word.
fn names(said: &str, version: &str) -> bool {
    said.split_whitespace().any(|word| word == version)
}

fn add_wasm_target() -> Result<(), Fail> {
    let there = Cmd::words(&format!("rustc --print target-libdir --target {WASM}"))
        .asked()
        .is_some_and(|dir| Path::new(dir.trim()).is_dir());
    if there {
        return Ok(());
    }
    println!("the target {WASM} is missing: adding it");
    Cmd::words(&format!("rustup target add {WASM}")).run(format!(
        "the Rust toolchain has no target {WASM}: install rustup (https://rustup.rs) or add the target"
    ))
}

/// Adds a component of the toolchain whose program does not answer.
pub(crate) fn add_component(component: &str, program: &str) -> Result<(), Fail> {
    if Cmd::words(&format!("cargo {program} --version")).asked().is_some() {
        return Ok(());
    }
    println!("the component {component} is missing: adding it");
    Cmd::words(&format!("rustup component add {component}")).run(format!(
        "the Rust toolchain has no {component}: install rustup (https://rustup.rs) or the component"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_version_counts() {
        assert!(names("wasm-bindgen 0.2.130\n", "0.2.130"));
        assert!(names("trunk 0.21.14 (abc)\n", "0.21.14"));
        assert!(!names("wasm-bindgen 0.2.130\n", "0.2.13"));
        assert!(!names("trunk 0.21.14-beta.1\n", "0.21.14"));
    }

    #[test]
    fn a_folder_without_its_programs_is_no_tool() {
        assert!(!has(&place::root(), &["trunk"]));
    }
}
