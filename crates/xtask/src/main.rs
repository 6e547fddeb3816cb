//! The project's own tasks, one command each: this file knows which commands there are and hands over to them.
//! It never does the work itself.

mod api;
mod args;
mod backends;
mod bench;
mod browser;
mod command;
mod contract_check;
mod css;
mod debian;
mod deny;
mod dev;
mod engines;
mod fail;
mod group;
mod hydrated;
mod in_browser;
mod lighthouse;
mod linker;
mod lint;
mod lock;
mod page;
mod place;
mod ports;
mod proxies;
mod server;
mod sim;
mod site;
mod size;
mod slim;
mod small;
mod suite;
mod tools;
mod trunk_config;
mod walls;
mod wasm_module;
mod wasm_opt;
mod wasm_strip;

use std::process::ExitCode;

use args::Args;
use fail::Fail;
use in_browser::InBrowser;

const HELP: &str = "\
cargo xtask <command>, the tasks of this repository

  dev [--port 8080] [--api-port 8787] [--release]
                     set up what is missing, start the reference server and `trunk serve`; Ctrl-C ends both
  gallery [the same] the same for examples/gallery, on 8081 and 8788: screens beside the timelines of their connections,
                     and a server that plays what can go wrong
  own-look [the same] the same for examples/own-look, on 8082 and 8789: another screen from the same hook
  hydrated [--port 8083]
                     examples/hydrated: a page that its server renders first, and that comes alive in the browser
  test [part] [-- <filter and options of the test runner>]
                     the quick set, or a part of it:
                       native   engine, contract and their doc tests; server; xtask (no browser)
                       web      wasm-bindgen-test in headless Chromium
                       e2e      the release page and the server in a real browser
                       preview  the live preview and the source, fed by hand, in Chromium
                       states   everything that the screen can show, by axe-core and by its layout, in Chromium
                       examples  examples/own-look and examples/hydrated, in Chromium
                       engines  the preview's tests and the web tests in Firefox and WebKit, which it installs (slow)
                       scenarios  what can go wrong, by name, in a real browser, with all times divided (slow)
                       proxies  the page behind nginx and haproxy, which it installs (slow)
                       api      schemathesis, which it installs, asks the server whatever docs/openapi.json allows, and
                                more (slow)
                       backends  examples/backend-fastapi and examples/backend-express: the contract, and the page that
                                they serve in a real browser; needs python3, node and npm (slow)
                       sim      what `cargo xtask sim` runs (slow)
                       all      everything, slow sets included
  lint [part]        everything that has to be clean, or a part of it: fmt, clippy, deny, walls
  walls              who may import whom, and the tidy rules; needs nothing but this
  build              the release page in dist/, as small as it can be had
  size [--no-build]  raw, gzip and brotli bytes of what the page loads; fails over the budget
  bench decoder [--only <text in the traffic's name>]
                     how fast the decoder is: in headless Chromium beside npm's, in one run; writes target/bench/decoder.json
  bench screen [--only <text in the measurement's name>] [--rounds 3] [--no-build]
                     what the whole release page costs headless Chromium, beside plain JavaScript, against its goals; writes
                     target/bench/screen.json; never fails because something is slow
  bench server [--viewers 1000,10000] [--seconds 60] [--rate <deliveries a second>]
                     how many deliveries the reference server holds, or what so many cost it, beside npm's better-sse;
                     Linux, with Node; writes target/bench/server.json; never fails because something is slow
  lighthouse [--no-build]
                     what Lighthouse says of the release page; it is installed by npm
  sim [options]      the session in a simulated world: every scenario, 10,000 random runs, the herd; `sim --help` has more
  contract-check URL [options]
                     any server against the contract, point by point, and the level it reaches; `contract-check --help`
                     has more
  pictures           take the pictures of docs/pictures anew, of the gallery's states in Chromium
  css                write the stylesheet as one file, target/generation-screen.css
  help               this text

Every command prints the plain commands that it runs, after `$ `. Tools that are missing are installed for the
user, not for the system: in ${XDG_CACHE_HOME:-~/.cache}/generation-screen/tools, shared by all clones.

Environment: CHROMIUM and CHROMEDRIVER, FIREFOX, WEBKIT_DRIVER and XVFB_RUN name browsers and what drives them, where
they are not in PATH.";

fn main() -> ExitCode {
    let mut args = Args::new(std::env::args().skip(1));
    match run(&mut args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fail) => {
            eprintln!("error: {fail}");
            ExitCode::from(fail.exit_code())
        }
    }
}

fn run(args: &mut Args) -> Result<(), Fail> {
    if args.is_next(wasm_strip::COMMAND) {
        return wasm_strip::run(&args.rest());
    }
    if args.is_next(linker::COMMAND) {
        return linker::run(&args.rest());
    }
    if args.is_next("sim") {
        return sim::run(&args.rest());
    }
    if args.is_next("contract-check") {
        return contract_check::run(&args.rest());
    }
    if args.flag("--help") || args.flag("-h") {
        println!("{HELP}");
        return Ok(());
    }
    match args.next().as_deref() {
        None | Some("help") => {
            println!("{HELP}");
            Ok(())
        }
        Some("dev") => dev::run(&dev::Options::read(site::DEMO, args)?),
        Some("gallery") => dev::run(&dev::Options::read(site::GALLERY, args)?),
        Some("own-look") => dev::run(&dev::Options::read(site::OWN_LOOK, args)?),
        Some("hydrated") => hydrated::run(args),
        Some("test") => suite::run(args),
        Some("lint") => lint::run(args),
        Some("walls") => args.finish().and_then(|()| lint::walls()),
        Some("build") => page::build(args),
        Some("size") => size::run(args),
        Some("bench") => bench::run(args),
        Some("lighthouse") => lighthouse::run(args),
        Some("pictures") => args.finish().and_then(|()| InBrowser::prepared(&mut None)?.pictures()),
        Some("css") => args.finish().and_then(|()| css::run()),
        Some(other) => {
            Err(Fail::usage(format!("there is no command `{other}`; `cargo xtask help` lists them")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Fail {
        run(&mut Args::new(line.split_whitespace().map(String::from))).expect_err("a usage error")
    }

    #[test]
    fn an_unknown_command_is_named_in_one_line_and_exits_with_2() {
        let fail = said("tset");
        assert_eq!(fail.to_string(), "there is no command `tset`; `cargo xtask help` lists them");
        assert_eq!(fail.exit_code(), 2);
    }

    #[test]
    fn an_unknown_part_of_the_tests_is_named_with_those_that_exist() {
        let fail = said("test everything");
        assert_eq!(
            fail.to_string(),
            "there is no part `everything` of test: native, web, e2e, preview, states, examples, engines, scenarios, proxies, api, backends, sim, all"
        );
        assert_eq!(fail.exit_code(), 2);
    }

    #[test]
    fn an_unknown_option_is_refused_before_anything_runs() {
        let fail = said("dev --prot 9000");
        assert_eq!(fail.to_string(), "`--prot` is not understood here; `cargo xtask help` says what is");
        assert_eq!(fail.exit_code(), 2);
    }

    #[test]
    fn help_names_every_command() {
        for command in [
            "dev",
            "gallery",
            "own-look",
            "hydrated",
            "test",
            "lint",
            "walls",
            "build",
            "size",
            "bench",
            "lighthouse",
            "sim",
            "contract-check",
            "pictures",
            "css",
        ] {
            assert!(HELP.contains(&format!("\n  {command} ")), "{command}");
        }
    }
}
