//! `cargo xtask lint`: everything that has to be clean besides the tests, part by part. It changes no file, and goes
//! on after a part that fails, so that one run tells all.

use std::time::Instant;

use crate::args::Args;
use crate::command::Cmd;
use crate::fail::Fail;
use crate::tools::{self, Tools, WASM};
use crate::{deny, walls};

type Part = (&'static str, fn() -> Result<(), Fail>);

/// Quick ones first.
const PARTS: &[Part] = &[("fmt", fmt), ("walls", walls), ("clippy", clippy), ("deny", deny::run)];

/// Runs the part that the command line names, or all.
pub(crate) fn run(args: &mut Args) -> Result<(), Fail> {
    let named = args.next();
    args.finish()?;
    let parts: Vec<&Part> =
        PARTS.iter().filter(|(name, _)| named.as_deref().is_none_or(|named| named == *name)).collect();
    if let (Some(named), true) = (&named, parts.is_empty()) {
        return Err(Fail::usage(format!("there is no part `{named}` of lint: fmt, walls, clippy, deny")));
    }
    let (mut times, mut failed) = (Vec::new(), Vec::new());
    for (name, part) in parts {
        let started = Instant::now();
        println!("\n== {name} ==");
        if let Err(fail) = part() {
            eprintln!("{fail}");
            failed.push(*name);
        }
        times.push(format!("{name} {:.0} s", started.elapsed().as_secs_f64()));
    }
    println!("\n{}", times.join(", "));
    if failed.is_empty() {
        println!("all clean");
        return Ok(());
    }
    Err(Fail::task(format!("not clean: {}; `cargo xtask lint {}` repeats it", failed.join(", "), failed[0])))
}

fn fmt() -> Result<(), Fail> {
    tools::add_component("rustfmt", "fmt")?;
    Cmd::words("cargo fmt --all --check").run("some files are not formatted: `cargo fmt --all` does it")
}

fn clippy() -> Result<(), Fail> {
    tools::add_component("clippy", "clippy")?;
    // For the target alone; the tools that come with it are in the cache, or the tests have put them there.
    Tools::for_wasm()?;
    let found = "clippy found something, see above";
    for what in [
        // One package set and one target at a time: together their features would be unified.
        "--no-default-features --all-targets".to_owned(),
        format!("--target {WASM} --features demo --lib --bins --examples --test web"),
        format!("--target {WASM} -p gallery -p own-look -p demo-api --all-targets"),
        format!("--target {WASM} -p hydrated --lib --features hydrate"),
        "-p hydrated --features ssr --bins".to_owned(),
        "-p server -p contract-check -p xtask -p e2e -p bench --features bench/load --all-targets".to_owned(),
        format!("--target {WASM} -p bench --lib"),
        format!("--target {WASM} -p bench --lib --no-default-features --features decoder"),
    ] {
        Cmd::words(&format!("cargo clippy {what} -- -D warnings")).run(found)?;
    }
    Ok(())
}

/// The walls between the layers, the tidy rules, and what the packages link.
pub(crate) fn walls() -> Result<(), Fail> {
    let mut wrong = walls::of_sources()?;
    wrong.extend(walls::of_trees()?);
    for line in &wrong {
        eprintln!("{line}");
    }
    match wrong.len() {
        0 => Ok(()),
        1 => Err(Fail::task("one line above breaks a rule of this repository")),
        count => Err(Fail::task(format!("{count} lines above break rules of this repository"))),
    }
}
