//! What the tests of the whole need: the release page, the server, a browser. Prepared once, whatever runs with it. It
//! never decides which tests run.

use std::path::PathBuf;

use crate::browser::Browser;
use crate::command::Cmd;
use crate::fail::Fail;
use crate::page::{self, Built};
use crate::place;
use crate::suite::{FAILED, with_runner_args};
use crate::tools::Tools;

/// How many tests run at a time.
const THREADS: &str = "RUST_TEST_THREADS";

/// Everything that the test programs of `tests/e2e` are told of.
pub(crate) struct InBrowser {
    tools: Tools,
    browser: Browser,
    page: Built,
    server: PathBuf,
}

impl InBrowser {
    /// What was prepared before, or else is now.
    pub(crate) fn prepared(before: &mut Option<Self>) -> Result<&Self, Fail> {
        match before {
            Some(prepared) => Ok(prepared),
            None => Ok(before.insert(Self::prepare()?)),
        }
    }

    fn prepare() -> Result<Self, Fail> {
        let tools = Tools::for_page()?;
        let browser = Browser::find()?;
        let page = page::build_release(&tools)?;
        Cmd::words("cargo build -p server").run("the server does not compile, see above")?;
        let server = place::target().join("debug").join(format!("server{}", std::env::consts::EXE_SUFFIX));
        Ok(Self { tools, browser, page, server })
    }

    /// Runs one test program, with what `told` adds to its environment.
    pub(crate) fn run(
        &self,
        program: &str,
        for_runner: &[String],
        told: impl FnOnce(Cmd) -> Cmd,
    ) -> Result<(), Fail> {
        let test = with_runner_args(&format!("cargo test -p e2e --test {program}"), for_runner)
            .env("GENERATION_SCREEN_DIST", &self.page.dist)
            .env("GENERATION_SCREEN_SERVER", &self.server)
            // A proxy variable must not send the tests' own requests away.
            .env("NO_PROXY", "127.0.0.1,localhost");
        // Each test starts a browser: with more at a time than this, waits for it run out.
        let test = if std::env::var_os(THREADS).is_some() { test } else { test.env(THREADS, "3") };
        // With trunk in PATH, and in the way the page was built: one smoke test goes through `trunk serve`.
        let trunk = self.page.way.trunk_dir(&self.tools);
        let trunk =
            trunk.map_err(|error| Fail::task(format!("no script could be written for trunk ({error})")))?;
        let test = trunk.iter().fold(told(test), Cmd::path_first);
        self.browser.for_command(self.tools.for_command(test)).run(FAILED)
    }
}
