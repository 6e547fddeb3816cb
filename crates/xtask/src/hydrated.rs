//! `cargo xtask hydrated`: builds examples/hydrated for the browser and for the server, and starts it. It knows how the
//! two belong together, and nothing of what they show.

use std::path::PathBuf;

use crate::args::Args;
use crate::command::Cmd;
use crate::fail::Fail;
use crate::tools::{Tools, WASM};
use crate::{place, ports};

/// Where it listens, unless told otherwise.
const PORT: u16 = 8083;

/// What was built.
pub(crate) struct Built {
    /// The program that serves the page.
    pub(crate) server: PathBuf,
    /// What the browser runs, which it serves.
    pub(crate) dist: PathBuf,
}

/// Builds both halves of the example.
pub(crate) fn build(tools: &Tools) -> Result<Built, Fail> {
    let otherwise = "the example does not compile, see above";
    Cmd::words(&format!("cargo build --target {WASM} -p hydrated --lib --features hydrate"))
        .run(otherwise)?;
    Cmd::words("cargo build -p hydrated --bin hydrated --features ssr").run(otherwise)?;
    let (target, dist) = (place::target(), place::target().join("hydrated-dist"));
    // Names of functions are most of a program that is not optimised.
    let bind =
        "wasm-bindgen --target web --no-typescript --remove-name-section --out-name hydrated --out-dir";
    let module = target.join(WASM).join("debug/hydrated.wasm");
    let bind = Cmd::words(bind).args([dist.display().to_string(), module.display().to_string()]);
    tools.for_command(bind).run("wasm-bindgen failed, see above")?;
    let server = target.join("debug").join(format!("hydrated{}", std::env::consts::EXE_SUFFIX));
    Ok(Built { server, dist })
}

/// Builds it, and serves it until Ctrl-C.
pub(crate) fn run(args: &mut Args) -> Result<(), Fail> {
    let port = args.value("--port")?.unwrap_or(PORT);
    args.finish()?;
    ports::check_free(port, "--port")?;
    let built = build(&Tools::for_wasm()?)?;
    let listen = format!("127.0.0.1:{port}");
    let dist = built.dist.display().to_string();
    Cmd::new(built.server.display().to_string())
        .args(["--data", "none", "--listen", &listen, "--static", &dist])
        .run("the server ended with an error, see above")
}
