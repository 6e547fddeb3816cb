//! What the tests of the whole need: pages, the server, a browser. Each is prepared once, when the first part wants it,
//! whatever runs with it. It knows what each test program is told of, and never decides which run.

use std::path::{Path, PathBuf};

use crate::backends::Backends;
use crate::browser::Browser;
use crate::command::Cmd;
use crate::engines::Engines;
use crate::fail::Fail;
use crate::hydrated;
use crate::page::{self, Built};
use crate::place;
use crate::proxies::Proxies;
use crate::site::{GALLERY, OWN_LOOK};
use crate::suite::{FAILED, with_runner_args};
use crate::tools::Tools;

/// Names the server that the tests start.
const SERVER: &str = "GENERATION_SCREEN_SERVER";
/// How many tests run at a time.
const THREADS: &str = "RUST_TEST_THREADS";
/// Each test starts a browser: with more at a time than this, waits for it run out.
const BROWSERS: &str = "3";
/// With all times divided, a browser that waits for a processor looks like a slow network sooner.
const BROWSERS_IN_A_HURRY: &str = "2";

/// Everything that the test programs of `tests/e2e` are told of.
pub(crate) struct InBrowser {
    tools: Tools,
    browser: Browser,
    server: PathBuf,
    /// The release page, once it was wanted.
    page: Option<Built>,
    /// The gallery, likewise.
    gallery: Option<PathBuf>,
}

impl InBrowser {
    /// What was prepared before, or else is now.
    pub(crate) fn prepared(before: &mut Option<Self>) -> Result<&mut Self, Fail> {
        match before {
            Some(prepared) => Ok(prepared),
            None => Ok(before.insert(Self::prepare()?)),
        }
    }

    fn prepare() -> Result<Self, Fail> {
        let tools = Tools::for_page()?;
        let browser = Browser::find()?;
        Cmd::words("cargo build -p server").run("the server does not compile, see above")?;
        let server = place::target().join("debug").join(format!("server{}", std::env::consts::EXE_SUFFIX));
        Ok(Self { tools, browser, server, page: None, gallery: None })
    }

    /// The release page.
    pub(crate) fn end_to_end(&mut self, for_runner: &[String]) -> Result<(), Fail> {
        let dist = self.page()?.dist.clone();
        let test = self.with_trunk(program("e2e", for_runner))?;
        self.run(test, &dist, BROWSERS)
    }

    /// The gallery.
    pub(crate) fn scenarios(&mut self, for_runner: &[String]) -> Result<(), Fail> {
        let dist = self.gallery()?;
        self.run(program("scenarios", &with_figures(for_runner)), &dist, BROWSERS_IN_A_HURRY)
    }

    /// The release page, behind these.
    pub(crate) fn proxies(&mut self, for_runner: &[String], proxies: &Proxies) -> Result<(), Fail> {
        let dist = self.page()?.dist.clone();
        let test = proxies.for_command(program("proxies", &with_figures(for_runner)));
        self.run(test, &dist, BROWSERS)
    }

    /// The release page, served by these.
    pub(crate) fn backends(&mut self, for_runner: &[String], backends: &Backends) -> Result<(), Fail> {
        let dist = self.page()?.dist.clone();
        let test = backends.for_command(program("backends", for_runner));
        self.run(test, &dist, BROWSERS)
    }

    /// The gallery's parts, in Chromium.
    pub(crate) fn preview(&mut self, for_runner: &[String]) -> Result<(), Fail> {
        let dist = self.gallery()?;
        self.run(program("preview", &without(&["firefox::", "webkit::"], for_runner)), &dist, BROWSERS)
    }

    /// The gallery's states.
    pub(crate) fn states(&mut self, for_runner: &[String]) -> Result<(), Fail> {
        let axe = axe()?;
        let dist = self.gallery()?;
        self.run(program("states", for_runner).env("AXE", axe), &dist, BROWSERS)
    }

    /// The other examples, each with what serves it.
    pub(crate) fn examples(&mut self, for_runner: &[String]) -> Result<(), Fail> {
        let own_look = page::build_example(&self.tools, &OWN_LOOK)?;
        self.run(program("examples", &without(&["hydrated::"], for_runner)), &own_look, BROWSERS)?;
        let hydrated = hydrated::build(&self.tools)?;
        let test = program("examples", &without(&["own_look::"], for_runner));
        self.told(test, &hydrated.dist).env(SERVER, &hydrated.server).run(FAILED)
    }

    /// Pictures of the gallery's states, in docs.
    pub(crate) fn pictures(&mut self) -> Result<(), Fail> {
        let dist = self.gallery()?;
        let take = Cmd::words("cargo run --quiet -p e2e --bin pictures")
            .env("PICTURES", place::root().join("docs/pictures"));
        self.told(take, &dist).run("not all pictures were taken, see above")
    }

    /// The gallery's parts, in the other engines.
    pub(crate) fn preview_elsewhere(&mut self, for_runner: &[String], engines: &Engines) -> Result<(), Fail> {
        let dist = self.gallery()?;
        let test = engines.for_command(program("preview", &without(&["chromium::"], for_runner)));
        self.run(test, &dist, BROWSERS_IN_A_HURRY)
    }

    fn gallery(&mut self) -> Result<PathBuf, Fail> {
        match &self.gallery {
            Some(built) => Ok(built.clone()),
            None => Ok(self.gallery.insert(page::build_example(&self.tools, &GALLERY)?).clone()),
        }
    }

    fn page(&mut self) -> Result<&Built, Fail> {
        match &mut self.page {
            Some(built) => Ok(built),
            none => Ok(none.insert(page::build_release(&self.tools)?)),
        }
    }

    /// With trunk in PATH, and in the way the page was built: one smoke test goes through `trunk serve`.
    fn with_trunk(&mut self, test: Cmd) -> Result<Cmd, Fail> {
        let way = self.page()?.way.clone();
        let trunk = way.trunk_dir(&self.tools);
        let trunk =
            trunk.map_err(|error| Fail::task(format!("no script could be written for trunk ({error})")))?;
        Ok(trunk.iter().fold(test, Cmd::path_first))
    }

    /// Runs a program against the reference server with this page, so many tests at a time.
    fn run(&self, test: Cmd, dist: &Path, threads: &str) -> Result<(), Fail> {
        let test = if std::env::var_os(THREADS).is_some() { test } else { test.env(THREADS, threads) };
        self.told(test, dist).run(FAILED)
    }

    /// The program, with all that it has to be told of.
    fn told(&self, program: Cmd, dist: &Path) -> Cmd {
        let program = program
            .env("GENERATION_SCREEN_DIST", dist)
            .env(SERVER, &self.server)
            // A proxy variable must not send the tests' own requests away.
            .env("NO_PROXY", "127.0.0.1,localhost");
        self.browser.for_command(self.tools.for_command(program))
    }
}

/// The package of npm that looks at states, and where its script is then.
const AXE: &str = "axe-core@4.14.1";

fn axe() -> Result<PathBuf, Fail> {
    let folder = place::target().join("e2e").join(AXE);
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if script.is_file() {
        return Ok(script);
    }
    Cmd::words("npm install --no-fund --no-audit --no-save --loglevel=error --prefix")
        .args([folder.display().to_string(), AXE.to_owned()])
        .run("npm could not install axe-core, which looks at the states: it needs npm and its registry")?;
    Ok(script)
}

fn program(name: &str, for_runner: &[String]) -> Cmd {
    with_runner_args(&format!("cargo test -p e2e --test {name}"), for_runner)
}

/// All tests but those whose names hold one of these.
fn without(names: &[&str], for_runner: &[String]) -> Vec<String> {
    let skips = names.iter().flat_map(|name| ["--skip".to_owned(), (*name).to_owned()]);
    skips.chain(for_runner.iter().cloned()).collect()
}

/// What something costs is said by tests that pass, too.
fn with_figures(for_runner: &[String]) -> Vec<String> {
    [&["--show-output".to_owned()], for_runner].concat()
}
