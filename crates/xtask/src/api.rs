//! `cargo xtask test api`: how schemathesis comes to the machine, and to a server that it may ask anything. What it asks and
//! checks stands in `docs/openapi.json` and `tests/api`.

use std::path::{Path, PathBuf};

use crate::command::Cmd;
use crate::fail::Fail;
use crate::server::Server;
use crate::{debian, place};

/// What is installed, each in its version.
const REQUIREMENTS: &str = "tests/api/requirements.txt";
const SETTINGS: &str = "tests/api/schemathesis.toml";
const DESCRIPTION: &str = "docs/openapi.json";

/// Short work, so that streams end, and no limit that this could reach.
const SERVER_OPTIONS: &[&str] = &[
    "--seconds=0.3",
    "--running-max=1000000",
    "--generations-max=100000",
    "--open-max-per-user=1000",
    "--requests-per-minute=0",
    "--newcomers-per-minute=0",
    "--reads-per-second=0",
];

/// Runs it with more options, if there are any.
pub(crate) fn run(options: &[String]) -> Result<(), Fail> {
    let program = installed()?;
    let server = Server::start(SERVER_OPTIONS)?;
    Cmd::new(program.display().to_string())
        .args(["--config-file", SETTINGS, "run", DESCRIPTION, "--url", server.address()])
        .args(options.to_vec())
        .run("the server and docs/openapi.json disagree, see above; the curl lines show how to see it again")
}

/// Where its program is, in a Python environment of its own.
fn installed() -> Result<PathBuf, Fail> {
    let wanted = std::fs::read_to_string(place::root().join(REQUIREMENTS)).unwrap_or_default();
    let version = version_in(&wanted)
        .ok_or_else(|| Fail::task(format!("{REQUIREMENTS} names no version of schemathesis")))?;
    let root = place::tool("schemathesis", version);
    let program = root.join("bin/schemathesis");
    // Written last: what is there is whole.
    let list = root.join("requirements.txt");
    if program.is_file() && std::fs::read_to_string(&list).is_ok_and(|there| there == wanted) {
        return Ok(program);
    }
    println!("schemathesis {version} is missing: installing it, once for all clones (half a minute)");
    install(&root)?;
    std::fs::write(&list, wanted)
        .map_err(|error| Fail::task(format!("{} cannot be written ({error})", list.display())))?;
    Ok(program)
}

fn install(root: &Path) -> Result<(), Fail> {
    let missing = "schemathesis wants Python 3.10 or newer with venv: install it (Debian: apt-get install python3-venv); \
                   `cargo xtask test`, without `all`, does without";
    if Cmd::words("python3 -c").arg("import ensurepip").asked().is_none() {
        println!("python3 with venv is missing: installing it, if this is Debian and you are root");
        debian::install("python3-venv", missing)?;
    }
    Cmd::words("python3 -m venv").arg(root.display().to_string()).run(missing)?;
    Cmd::new(root.join("bin/python").display().to_string())
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS])
        .run("pip could not install schemathesis, see above: it wants Python 3.10 or newer, and its registry")
}

fn version_in(requirements: &str) -> Option<&str> {
    requirements.lines().find_map(|line| line.strip_prefix("schemathesis=="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_installed_in_one_version() {
        let wanted = std::fs::read_to_string(place::root().join(REQUIREMENTS)).unwrap();
        assert!(version_in(&wanted).unwrap().starts_with("4."));
        for line in wanted.lines().filter(|line| !line.starts_with('#')) {
            assert!(line.contains("=="), "{line}");
        }
    }

    #[test]
    fn only_the_package_itself_tells_its_version() {
        assert_eq!(
            version_in("pytest==9.2.0\nhypothesis-graphql==0.13.5\nschemathesis==4.1.0\n"),
            Some("4.1.0")
        );
        assert_eq!(version_in("not-schemathesis==1\n"), None);
    }
}
