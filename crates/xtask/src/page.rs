//! Builds the page: the compilation alone, or the whole of it with trunk. It never serves it.

use std::path::PathBuf;

use crate::args::Args;
use crate::command::Cmd;
use crate::fail::Fail;
use crate::site::{DEMO, Site};
use crate::small::Way;
use crate::tools::{Tools, WASM};
use crate::{place, slim};

/// Compiles what trunk is going to compile, so that an error is seen before anything is served.
pub(crate) fn compile(site: &Site, release: bool) -> Result<(), Fail> {
    let build = Cmd::words(&format!("cargo build --target {WASM} {}", site.compiled));
    let build = if release { build.arg("--release") } else { build };
    build.run("the page does not compile: put right what cargo says above, and start again")
}

/// The release page as it was built.
pub(crate) struct Built {
    pub(crate) dist: PathBuf,
    pub(crate) way: Way,
}

/// Builds the release page, as small as it can be had here.
pub(crate) fn build_release(tools: &Tools) -> Result<Built, Fail> {
    let way = trunk_build(tools, &DEMO, &[])?;
    let dist = dist();
    slim::page(&dist, tools)
        .map_err(|error| Fail::task(format!("what trunk built could not be made smaller ({error})")))?;
    Ok(Built { dist, way })
}

/// Builds an example in the same way, so that all but its own code is compiled once for all; and says where it is.
pub(crate) fn build_example(tools: &Tools, site: &Site) -> Result<PathBuf, Fail> {
    let dist = place::target().join(format!("{}-dist", site.name));
    trunk_build(tools, site, &["--dist".to_owned(), dist.display().to_string()])?;
    Ok(dist)
}

fn trunk_build(tools: &Tools, site: &Site, more: &[String]) -> Result<Way, Fail> {
    let build = site.trunk(tools.trunk()).args(["build", "--release"]).args(more.to_vec());
    if let Some(way) = Way::small() {
        if way.for_command(build.clone()).run("").is_ok() {
            return Ok(way);
        }
        println!("that failed: trying with the standard library as it comes");
    }
    let way = Way::plain();
    way.for_command(build).run("the page was not built: put right what trunk says above, and start again")?;
    Ok(way)
}

/// `cargo xtask build`: the release page, and where it is.
pub(crate) fn build(args: &Args) -> Result<(), Fail> {
    args.finish()?;
    let built = build_release(&Tools::for_page()?)?;
    println!("the page is in {}", built.dist.display());
    Ok(())
}

/// Where `trunk build` puts the page.
pub(crate) fn dist() -> PathBuf {
    place::root().join("dist")
}
