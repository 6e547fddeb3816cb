//! Which browser and driver the tests use, and how they come to a machine that has none. It starts neither.

use std::path::{Path, PathBuf};

use crate::command::Cmd;
use crate::fail::Fail;
use crate::{debian, place};

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
        println!("Chromium or its driver is missing: installing them, if this is Debian and you are root");
        debian::install("chromium chromium-driver fonts-dejavu-core", MISSING)?;
        Self::there().ok_or_else(|| Fail::task(MISSING))
    }

    fn there() -> Option<Self> {
        Some(Self { chromium: named_or("CHROMIUM", BROWSERS)?, driver: named_or("CHROMEDRIVER", DRIVERS)? })
    }

    /// A Chromium without a window that opens this address, with a profile of its own in this folder.
    pub(crate) fn open(&self, address: &str, profile: &Path) -> Cmd {
        Cmd::new(self.chromium.display().to_string())
            .args(headless_flags())
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(address)
    }

    /// The command, told in Lighthouse's way.
    pub(crate) fn for_lighthouse(&self, cmd: Cmd) -> Cmd {
        cmd.env("CHROME_PATH", &self.chromium)
    }

    /// The command, told where both are.
    pub(crate) fn for_command(&self, cmd: Cmd) -> Cmd {
        cmd.env("CHROMIUM", &self.chromium).env("CHROMEDRIVER", &self.driver)
    }
}

/// What the web tests start Chromium with: a browser that nobody looks at, as root too, and off the network.
fn headless_flags() -> Vec<String> {
    let file = include_str!("../../../webdriver.json");
    let capabilities: serde_json::Value = serde_json::from_str(file).unwrap_or_default();
    let flags = capabilities["goog:chromeOptions"]["args"].as_array().map(Vec::as_slice).unwrap_or_default();
    flags.iter().filter_map(|flag| flag.as_str().map(str::to_owned)).collect()
}

const MISSING: &str = "no Chromium with its driver: install both (Debian: apt-get install chromium chromium-driver), \
    or name them: CHROMIUM=/path/to/chromium CHROMEDRIVER=/path/to/chromedriver cargo xtask test";

/// The program that the environment names, or the first of these in PATH.
pub(crate) fn named_or(variable: &str, names: &[&str]) -> Option<PathBuf> {
    match std::env::var_os(variable) {
        Some(path) if !path.is_empty() => Some(PathBuf::from(path)).filter(|path| path.is_file()),
        _ => place::in_path(names),
    }
}
