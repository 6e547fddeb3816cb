//! `cargo xtask test`: which tests make up a part, and what has to be there before it runs. It never runs a test
//! itself, and never counts a part as passed that has no tests.

use std::fs;
use std::path::Path;
use std::time::Instant;

use crate::args::Args;
use crate::browser::Browser;
use crate::command::Cmd;
use crate::engines::Engines;
use crate::fail::Fail;
use crate::in_browser::InBrowser;
use crate::proxies::Proxies;
use crate::tools::{Tools, WASM};
use crate::{api, place, sim};

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Native,
    Web,
    EndToEnd,
    /// The live preview and the source, fed by hand.
    Preview,
    /// Every state of the screen, by axe-core and by its layout.
    States,
    /// The examples besides the gallery.
    Examples,
    /// Slow: the preview, and the web tests, in Firefox and WebKit.
    Engines,
    /// Slow: what can go wrong, by name, on the gallery's page.
    Scenarios,
    /// Slow: the page behind real proxies.
    Proxies,
    /// Slow: the server's API, by its description.
    Api,
    /// Slow: the session in a simulated world.
    Sim,
}

/// The set that runs without a name.
const QUICK: &[Part] =
    &[Part::Native, Part::Web, Part::EndToEnd, Part::Preview, Part::States, Part::Examples];
/// The quick set and the slow ones.
const ALL: &[Part] = &[
    Part::Native,
    Part::Web,
    Part::EndToEnd,
    Part::Preview,
    Part::States,
    Part::Examples,
    Part::Engines,
    Part::Scenarios,
    Part::Proxies,
    Part::Api,
    Part::Sim,
];

/// Runs what the command line names.
pub(crate) fn run(args: &mut Args) -> Result<(), Fail> {
    let for_runner = args.behind_dashes();
    let parts = match args.next().as_deref() {
        None => QUICK,
        Some("all") => ALL,
        Some("native") => &[Part::Native],
        Some("web") => &[Part::Web],
        Some("e2e") => &[Part::EndToEnd],
        Some("preview") => &[Part::Preview],
        Some("states") => &[Part::States],
        Some("examples") => &[Part::Examples],
        Some("engines") => &[Part::Engines],
        Some("scenarios") => &[Part::Scenarios],
        Some("proxies") => &[Part::Proxies],
        Some("api") => &[Part::Api],
        Some("sim") => &[Part::Sim],
        Some(other) => {
            return Err(Fail::usage(format!(
                "there is no part `{other}` of test: native, web, e2e, preview, states, examples, engines, scenarios, proxies, api, sim, all"
            )));
        }
    };
    args.finish()?;
    let (mut times, mut in_browser) = (Vec::new(), None);
    for part in parts {
        let started = Instant::now();
        println!("\n== {} ==", part.name());
        part.run(&for_runner, &mut in_browser)?;
        times.push(format!("{} {:.0} s", part.name(), started.elapsed().as_secs_f64()));
    }
    println!("\nall passed: {}", times.join(", "));
    Ok(())
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Web => "web",
            Self::EndToEnd => "e2e",
            Self::Preview => "preview",
            Self::States => "states",
            Self::Examples => "examples",
            Self::Engines => "engines",
            Self::Scenarios => "scenarios",
            Self::Proxies => "proxies",
            Self::Api => "api",
            Self::Sim => "sim",
        }
    }

    /// The folder that holds its tests, and the attribute that marks one.
    fn tests(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Native => ("tests/native", &["#[test]"]),
            Self::Web => ("tests/web", &["#[wasm_bindgen_test"]),
            Self::EndToEnd => ("tests/e2e/src/tests", &["#[test]", "#[tokio::test"]),
            // Written for an engine, and run in each: both parts have the same.
            Self::Preview | Self::Engines => ("tests/e2e/src/preview", &["in_each_engine!"]),
            Self::States => ("tests/e2e/src/states", &["#[test]", "#[tokio::test"]),
            Self::Examples => ("tests/e2e/src/examples", &["#[test]", "#[tokio::test"]),
            Self::Scenarios => ("tests/e2e/src/scenarios", &["#[test]", "#[tokio::test"]),
            Self::Proxies => ("tests/e2e/src/proxies", &["#[test]", "#[tokio::test"]),
            // One test for each operation, made up from what is said of it.
            Self::Api => ("docs", &["\"operationId\""]),
            Self::Sim => ("crates/sim/src/scenarios", &["Scenario"]),
        }
    }

    fn run(self, for_runner: &[String], in_browser: &mut Option<InBrowser>) -> Result<(), Fail> {
        let (folder, marks) = self.tests();
        if !holds_any(&place::root().join(folder), marks) {
            return Err(Fail::task(format!(
                "{folder} has no tests, so `{}` proves nothing: write one",
                self.name()
            )));
        }
        match self {
            Self::Native => native(for_runner),
            Self::Web => web(for_runner),
            Self::EndToEnd => InBrowser::prepared(in_browser)?.end_to_end(for_runner),
            Self::Preview => InBrowser::prepared(in_browser)?.preview(for_runner),
            Self::States => InBrowser::prepared(in_browser)?.states(for_runner),
            Self::Examples => InBrowser::prepared(in_browser)?.examples(for_runner),
            Self::Engines => {
                let engines = Engines::find()?;
                web_elsewhere(for_runner, &engines)?;
                InBrowser::prepared(in_browser)?.preview_elsewhere(for_runner, &engines)
            }
            Self::Scenarios => InBrowser::prepared(in_browser)?.scenarios(for_runner),
            Self::Proxies => {
                let proxies = Proxies::find()?;
                InBrowser::prepared(in_browser)?.proxies(for_runner, &proxies)
            }
            Self::Api => api::run(for_runner),
            Self::Sim => sim::run(for_runner),
        }
    }
}

pub(crate) const FAILED: &str = "tests failed, see above";

fn native(for_runner: &[String]) -> Result<(), Fail> {
    // Alone first: together with the server its features would be unified with the server's.
    with_runner_args("cargo test --no-default-features", for_runner).run(FAILED)?;
    // What the screen and the demo page decide without a browser: words, addresses, links.
    with_runner_args("cargo test --features demo --lib --bins", for_runner).run(FAILED)?;
    with_runner_args("cargo test --features demo --doc", for_runner).run(FAILED)?;
    // What a server sends.
    with_runner_args("cargo test --features ssr --lib ui::", for_runner).run(FAILED)?;
    with_runner_args("cargo test -p gallery -p own-look", for_runner).run(FAILED)?;
    with_runner_args("cargo test -p server -p xtask -p bench --features bench/load", for_runner).run(FAILED)
}

fn web(for_runner: &[String]) -> Result<(), Fail> {
    let tools = Tools::for_wasm()?;
    let browser = Browser::find()?;
    browser.for_command(tools.for_command(web_tests(for_runner))).run(FAILED)
}

fn web_elsewhere(for_runner: &[String], engines: &Engines) -> Result<(), Fail> {
    let tools = Tools::for_wasm()?;
    engines.web_tests(&tools.for_command(web_tests(for_runner))).iter().try_for_each(|test| test.run(FAILED))
}

fn web_tests(for_runner: &[String]) -> Cmd {
    // The features of the page, so that what it has built serves here too. No `-q`: the wasm runner knows none.
    let test =
        with_runner_args(&format!("cargo test --target {WASM} --features demo --test web"), for_runner);
    // All of them together; its own limit of 20 s is little on a busy machine.
    test.env("WASM_BINDGEN_TEST_TIMEOUT", "120")
}

pub(crate) fn with_runner_args(line: &str, for_runner: &[String]) -> Cmd {
    let cmd = Cmd::words(line);
    if for_runner.is_empty() { cmd } else { cmd.arg("--").args(for_runner.to_vec()) }
}

/// Whether a Rust or JSON file in or below this folder holds one of the marks.
fn holds_any(dir: &Path, marks: &[&str]) -> bool {
    let Ok(entries) = fs::read_dir(dir) else { return false };
    entries.flatten().map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            holds_any(&path, marks)
        } else {
            path.extension().is_some_and(|kind| kind == "rs" || kind == "json")
                && fs::read_to_string(&path).is_ok_and(|text| marks.iter().any(|mark| text.contains(mark)))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_test_is_seen_as_such() {
        let root = place::root();
        assert!(holds_any(&root.join("crates/xtask"), &["#[test]"]));
        assert!(!holds_any(&root.join("crates/xtask"), &[concat!("#[no_such", "_mark]")]));
        assert!(!holds_any(&root.join("no/such/folder"), &["#[test]"]));
    }

    #[test]
    fn what_stands_behind_dashes_goes_to_the_runner() {
        let cmd = with_runner_args("cargo test -p e2e", &["a_name".into(), "--nocapture".into()]);
        assert_eq!(cmd.line(), "cargo test -p e2e -- a_name --nocapture");
    }

    #[test]
    fn the_quick_set_holds_nothing_slow_and_all_holds_everything() {
        let quick = [Part::Native, Part::Web, Part::EndToEnd, Part::Preview, Part::States, Part::Examples];
        assert_eq!(QUICK, quick);
        assert_eq!(
            ALL,
            [QUICK, &[Part::Engines, Part::Scenarios, Part::Proxies, Part::Api, Part::Sim]].concat()
        );
    }

    #[test]
    fn every_part_has_tests() {
        for part in ALL {
            let (folder, marks) = part.tests();
            assert!(holds_any(&place::root().join(folder), marks), "{folder}");
        }
    }
}
