//! `cargo xtask bench`: builds what is measured, starts what measures, and prints what it reports. It times nothing
//! itself.

mod screen;
mod serve;
mod server;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use crate::args::Args;
use crate::browser::Browser;
use crate::command::Cmd;
use crate::fail::Fail;
use crate::group::Group;
use crate::small::Way;
use crate::tools::{Tools, WASM};
use crate::{place, wasm_module, wasm_opt};

/// What web pages use today, in the versions that were compared.
const PEERS: &[&str] =
    &["eventsource-parser@4.1.3", "@microsoft/fetch-event-source@2.0.1", "fetch-event-stream@0.1.6"];

/// Runs what the command line names.
pub(crate) fn run(args: &mut Args) -> Result<(), Fail> {
    match args.next().as_deref() {
        Some("decoder") => {
            let only: String = args.value("--only")?.unwrap_or_default();
            args.finish()?;
            decoder(&only)
        }
        Some("screen") => screen::run(args),
        Some("server") => server::run(args),
        Some(other) => Err(Fail::usage(format!("there is no benchmark `{other}`: decoder, screen, server"))),
        None => Err(Fail::usage("which benchmark? decoder, screen, server")),
    }
}

/// Measures the traffic that has this text in its name.
fn decoder(only: &str) -> Result<(), Fail> {
    let tools = Tools::for_page()?;
    let browser = Browser::find()?;
    let (way, plain) = (Way::small().unwrap_or_else(Way::plain), Way::plain());
    for (profile, way) in [("release", way), ("fast", plain)] {
        let build = Cmd::words(&format!("cargo build -p bench --lib --profile {profile} --target {WASM}"));
        way.for_command(build).run("the benchmark does not compile, see above")?;
        let to = dir().join(profile);
        bind(&tools, profile, &to)?;
        optimise(&tools, &to)?;
    }
    let peers = peers()?;
    let page = place::root().join("crates/bench/page");
    let served = serve::Server::start(&[
        ("/release/", dir().join("release")),
        ("/fast/", dir().join("fast")),
        ("/peers/", peers),
        ("/", page),
    ])?;
    let chromium = browser.open(&served.address(only), &dir().join("profile"));
    let quiet = |command: &mut std::process::Command| {
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    };
    let browser = Group::start("the browser", &chromium, quiet)?;
    println!("measuring; all of it takes some five minutes");
    let report = served.report()?;
    drop(browser);
    let file = dir().join("decoder.json");
    fs::write(&file, &report).map_err(|error| Fail::task(format!("no report could be written ({error})")))?;
    let report = serde_json::from_slice(&report).map_err(|_| Fail::task("the page reported no JSON"))?;
    println!("{}", table::of(&report)?);
    println!("all figures: {}", file.display());
    println!("natively, beside other crates: cargo bench -p bench");
    Ok(())
}

/// What is compared with, once npm has installed it: the folder of its packages.
fn peers() -> Result<PathBuf, Fail> {
    let peers = dir().join("peers");
    Cmd::words("npm install --no-fund --no-audit --no-save --loglevel=error --prefix")
        .arg(peers.display().to_string())
        .args(PEERS.iter().copied())
        .run("npm could not install the decoders to compare with: it needs npm and its registry")?;
    Ok(peers.join("node_modules"))
}

/// What the decoder adds to a program that has an allocator and takes bytes already, built in the way of the release
/// page: the module without it, and the module with it.
pub(crate) fn weighed(tools: &Tools, way: &Way) -> Result<[Vec<u8>; 2], Fail> {
    let module = |name: &str, features: &str| {
        let line =
            format!("cargo build -p bench --lib --release --target {WASM} --no-default-features{features}");
        way.for_command(Cmd::words(&line)).run("what weighs the decoder does not compile, see above")?;
        let to = dir().join(name);
        bind(tools, "release", &to)?;
        optimise(tools, &to)
    };
    Ok([module("bare", "")?, module("with-decoder", " --features decoder")?])
}

/// The program in this folder, after what becomes of the page's.
fn optimise(tools: &Tools, dir: &Path) -> Result<Vec<u8>, Fail> {
    let file = dir.join("bench_bg.wasm");
    let failed = |error: std::io::Error| Fail::task(format!("{}: {error}", file.display()));
    let read = fs::read(&file).map_err(failed)?;
    // Without the section by which wasm-opt would take other features for granted than the page's.
    let read = wasm_module::changed(&read, &wasm_module::Change::default()).unwrap_or(read);
    let module = wasm_opt::again(tools, &file, &read);
    fs::write(&file, &module).map_err(failed)?;
    Ok(module)
}

/// What wasm-bindgen makes of the program that this profile has built.
fn bind(tools: &Tools, profile: &str, to: &Path) -> Result<(), Fail> {
    let program = place::target().join(WASM).join(profile).join("bench.wasm");
    let bind = Cmd::words("wasm-bindgen --target web --no-typescript --out-name bench --out-dir");
    let bind = bind.args([to, &program].map(|path| path.display().to_string()));
    tools.for_command(bind).run("wasm-bindgen failed, see above")
}

fn dir() -> PathBuf {
    place::target().join("bench")
}
