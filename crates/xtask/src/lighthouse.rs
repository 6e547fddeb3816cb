//! `cargo xtask lighthouse`: what Lighthouse says of the release page, as the reference server serves it. Fails for what the
//! page is (accessibility, best practices); how quick it is depends on the machine too, and is only printed.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::args::Args;
use crate::browser::Browser;
use crate::command::Cmd;
use crate::fail::Fail;
use crate::server::Server;
use crate::tools::Tools;
use crate::{page, place};

/// The package of npm.
const PACKAGE: &str = "lighthouse@12.8.2";
/// A category, its goal, and whether the command fails below it.
const GOALS: [(&str, u64, bool); 3] =
    [("accessibility", 100, true), ("best-practices", 100, true), ("performance", 95, false)];
/// What Lighthouse pretends to be.
const DEVICES: [(&str, &[&str]); 2] = [("phone", &[]), ("desktop", &["--preset=desktop"])];

/// Builds the page, serves it, and prints a table.
pub(crate) fn run(args: &mut Args) -> Result<(), Fail> {
    let builds = !args.flag("--no-build");
    args.finish()?;
    if builds {
        page::build_release(&Tools::for_page()?)?;
    }
    let server = Server::start(&["--static", &page::dist().display().to_string()])?;
    let (lighthouse, browser) = (installed()?, Browser::find()?);
    let mut missed = Vec::new();
    for (device, options) in DEVICES {
        let report = place::target().join(format!("lighthouse-{device}.json"));
        let look = Cmd::new(lighthouse.display().to_string())
            .args([
                server.address(),
                "--quiet",
                "--output=json",
                "--chrome-flags=--headless=new --no-sandbox",
            ])
            .args(["--only-categories=accessibility,best-practices,performance"])
            .arg(format!("--output-path={}", report.display()))
            .args(options.iter().copied());
        browser.for_lighthouse(look).run("Lighthouse failed, see above")?;
        missed.extend(judged(device, &read(&report)?));
    }
    if missed.is_empty() { Ok(()) } else { Err(Fail::task(missed.join("\n"))) }
}

/// Prints what a report says, and gives what is below a goal that has to be met.
fn judged(device: &str, report: &Value) -> Vec<String> {
    let mut missed = Vec::new();
    for (category, goal, is_must) in GOALS {
        let score = &report["categories"][category]["score"];
        let score = score.as_f64().map(|score| (score * 100.0).round());
        let is_met = score.is_some_and(|score| score >= goal as f64);
        let verdict = if is_met { "kept" } else { "MISSED" };
        let shown = score.map_or("nothing".to_owned(), |score| score.to_string());
        println!("{device}: {category} {shown} of {goal}: {verdict}");
        if is_must && !is_met {
            missed.push(format!("{device}: {category} is {shown}, and has to be {goal}"));
        }
        let audits = report["categories"][category]["auditRefs"].as_array().map(Vec::as_slice);
        for audit in audits.unwrap_or_default() {
            let audit = &report["audits"][audit["id"].as_str().unwrap_or_default()];
            if is_must && audit["score"].as_f64().is_some_and(|score| score < 1.0) {
                println!("  {}", audit["title"].as_str().unwrap_or_default());
            }
        }
    }
    missed
}

fn read(report: &Path) -> Result<Value, Fail> {
    let text = std::fs::read_to_string(report).unwrap_or_default();
    serde_json::from_str(&text)
        .map_err(|error| Fail::task(format!("{} is no report ({error})", report.display())))
}

/// Where its program is.
fn installed() -> Result<PathBuf, Fail> {
    let folder = place::target().join("e2e").join(PACKAGE);
    let program = folder.join("node_modules/.bin/lighthouse");
    if !program.exists() {
        Cmd::words("npm install --no-fund --no-audit --no-save --loglevel=error --prefix")
            .args([folder.display().to_string(), PACKAGE.to_owned()])
            .run("npm could not install Lighthouse: it needs npm and its registry")?;
    }
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_page_is_has_to_be_right_and_how_quick_it_is_is_only_told() {
        let report = |accessibility: f64, performance: f64| {
            json!({ "categories": { "accessibility": { "score": accessibility }, "best-practices": { "score": 1 },
                                    "performance": { "score": performance } } })
        };
        assert_eq!(judged("phone", &report(1.0, 0.5)), [""; 0]);
        assert_eq!(judged("phone", &report(0.99, 1.0)), ["phone: accessibility is 99, and has to be 100"]);
        assert_eq!(judged("phone", &json!({})).len(), 2, "what is missing is not kept");
    }
}
