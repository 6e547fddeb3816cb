//! Which browser and driver the tests use, and how they come to a machine that has none. It starts neither.

use std::path::PathBuf;

use crate::command::Cmd;
use crate::fail::Fail;
use crate::place;

const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const DRIVERS: &[&str] = &["chromedriver"];

/// A Chromium and the driver that belongs to it.
pub(crate) struct Browser {
    chromium: PathBuf,
    driver: PathBuf,
}

impl Browser {
    /// What the environment names, or what PATH holds, or what apt can install.
    pub(crate) fn find() -> Result<Self, Fail> {
        if let Some(found) = Self::there() {
            return Ok(found);
        }
        if is_debian() && is_root() {
            println!("Chromium or its driver is missing: installing them");
            Cmd::words("apt-get update").run(MISSING)?;
            Cmd::words(
                "apt-get install -y --no-install-recommends chromium chromium-driver fonts-dejavu-core",
            )
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run(MISSING)?;
        }
        Self::there().ok_or_else(|| Fail::task(MISSING))
    }

    fn there() -> Option<Self> {
        Some(Self { chromium: named_or("CHROMIUM", BROWSERS)?, driver: named_or("CHROMEDRIVER", DRIVERS)? })
    }

    /// The command, told where both are.
    pub(crate) fn for_command(&self, cmd: Cmd) -> Cmd {
        cmd.env("CHROMIUM", &self.chromium).env("CHROMEDRIVER", &self.driver)
    }
}

const MISSING: &str = "no Chromium with its driver: install both (Debian: apt-get install chromium chromium-driver), \
    or name them: CHROMIUM=/path/to/chromium CHROMEDRIVER=/path/to/chromedriver cargo xtask test";

fn named_or(variable: &str, names: &[&str]) -> Option<PathBuf> {
    match std::env::var_os(variable) {
        Some(path) if !path.is_empty() => Some(PathBuf::from(path)).filter(|path| path.is_file()),
        _ => place::in_path(names),
    }
}

fn is_debian() -> bool {
    PathBuf::from("/etc/debian_version").is_file()
}

fn is_root() -> bool {
    Cmd::words("id -u").asked().is_some_and(|id| id.trim() == "0")
}
