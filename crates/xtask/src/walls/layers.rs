//! Who may import whom: the layers of the root package, and which layers, crates and parts of std each may name. It
//! judges names only; what the compiler resolves is left to features, clippy.toml and the dependency trees.

use std::fs;

use super::paths::{self, Named};
use super::source::Source;
use crate::fail::Fail;
use crate::place;

/// A layer, and what it may name besides itself.
struct Layer {
    name: &'static str,
    /// The files of the layer: those whose path begins so. The first layer that fits counts.
    files: &'static [&'static str],
    layers: &'static [&'static str],
    crates: &'static [&'static str],
    std_not: &'static [&'static str],
    /// What to do instead, for the person whose build fails.
    instead: &'static str,
}

/// For an application: whatever it has in its manifest.
const ANY: &[&str] = &["every crate"];
const STD: &[&str] = &["std", "core", "alloc"];

/// What would give the engine a clock, a socket, a thread, or an order that differs from run to run.
const PURE: &[&str] = &[
    "env",
    "fs",
    "io",
    "net",
    "os",
    "process",
    "thread",
    "time::Instant",
    "time::SystemTime",
    "collections::HashMap",
    "collections::HashSet",
    "hash::RandomState",
];
/// For a layer that makes do with core and alloc.
const NO_STD: &[&str] = &["std"];
/// What wasm in a browser does not have: it compiles, and panics.
const NOT_IN_A_BROWSER: &[&str] =
    &["env", "fs", "net", "os", "process", "thread", "time::Instant", "time::SystemTime"];

const LAYERS: &[Layer] = &[
    Layer {
        name: "contract",
        files: &["src/contract"],
        layers: &[],
        crates: &["serde", "serde_json"],
        std_not: PURE,
        instead: "the contract is wire types alone; what is decided about them belongs to engine",
    },
    Layer {
        name: "decoder",
        files: &["src/engine/sse"],
        layers: &[],
        crates: &["memchr"],
        std_not: NO_STD,
        instead: "the decoder serves by itself: what an event's data means belongs to the rest of engine",
    },
    Layer {
        name: "engine",
        files: &["src/engine"],
        layers: &["decoder", "contract"],
        crates: &["serde", "memchr"],
        std_not: PURE,
        instead: "the engine decides and touches nothing: time, randomness and input are arguments, work is a Command",
    },
    Layer {
        name: "browser",
        files: &["src/browser"],
        layers: &["engine", "contract"],
        crates: &[
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "wasm_bindgen_futures",
            "gloo_net",
            "gloo_timers",
            "wasm_streams",
            "futures_channel",
            "futures_util",
        ],
        std_not: NOT_IN_A_BROWSER,
        instead: "the shell translates between browser and engine, and knows neither screen nor framework",
    },
    Layer {
        name: "hooks",
        files: &["src/ui/hooks"],
        layers: &["ui", "engine", "contract", "browser"],
        crates: &["leptos"],
        std_not: NOT_IN_A_BROWSER,
        instead: "a hook joins the shell to signals: what touches the page itself is a value in browser",
    },
    Layer {
        name: "ui",
        files: &["src/ui"],
        layers: &["hooks", "engine"],
        crates: &["leptos"],
        std_not: NOT_IN_A_BROWSER,
        instead: "a part of the screen takes signals and callbacks: what it shows is re-exported by engine, what \
                  touches the page is a hook's, and hooks re-export what a part hands on",
    },
    Layer {
        name: "the demo page",
        files: &["src/main.rs", "src/demo"],
        layers: &[],
        crates: ANY,
        std_not: NOT_IN_A_BROWSER,
        instead: "the demo page is an application like any other: it uses what the crate's root and contract offer",
    },
];

/// Files that may name what their layer may not, and why.
const EXCEPTIONS: &[(&str, &[&str], &str)] = &[
    (
        "src/ui/element.rs",
        &["web_sys", "wasm_bindgen"],
        "painters write texts and attributes of elements that are there already: this one file of ui touches them",
    ),
    (
        "src/ui/dom.rs",
        &["web_sys", "wasm_bindgen"],
        "what painters write to is named here, and this file hands on the types that other parts need",
    ),
];

/// The crates that the root package can name: std and everything in its manifest.
pub(crate) fn externals() -> Result<Vec<String>, Fail> {
    let manifest = fs::read_to_string(place::root().join("Cargo.toml"))
        .map_err(|error| Fail::task(format!("Cargo.toml could not be read ({error})")))?;
    Ok(dependencies(&manifest).chain(STD.iter().map(ToString::to_string)).collect())
}

/// The names in every `[…dependencies]` of a manifest, as code writes them, and the package's own.
fn dependencies(manifest: &str) -> impl Iterator<Item = String> {
    let mut inside = false;
    let names: Vec<String> = manifest
        .lines()
        .filter_map(|line| {
            if line.starts_with('[') {
                inside = line.ends_with("dependencies]") && !line.starts_with("[workspace");
            }
            let name = line.split([' ', '=', '.']).next().filter(|name| inside && !name.is_empty())?;
            name.starts_with(char::is_alphabetic).then(|| name.replace('-', "_"))
        })
        .collect();
    names.into_iter().chain(std::iter::once("generation_screen".to_owned()))
}

/// What a file names that its layer may not.
pub(crate) fn violations(source: &Source, externals: &[String]) -> Vec<String> {
    let Some(layer) = layer_of(&source.path) else { return Vec::new() };
    let named = paths::named(&source.code(), &module_of(&source.path));
    // One line for one import: a tree of names from one crate is one mistake.
    let mut told = Vec::new();
    let judged = named.iter().filter_map(|named| {
        let what = layer.breach(named, externals).filter(|what| !is_exception(&source.path, what))?;
        let key = (named.line, what.clone());
        (!told.contains(&key)).then(|| told.push(key))?;
        Some(layer.tell(source, named, &what))
    });
    judged.collect()
}

fn layer_of(path: &str) -> Option<&'static Layer> {
    LAYERS.iter().find(|layer| layer.files.iter().any(|files| path.starts_with(files)))
}

fn is_exception(path: &str, what: &str) -> bool {
    EXCEPTIONS.iter().any(|(file, crates, _)| *file == path && crates.contains(&what))
}

/// `src/engine/session/mod.rs` and `src/engine/session.rs` are `engine::session`.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    let segments = inside.split('/').filter(|name| !["mod", "lib", "main"].contains(name));
    segments.map(String::from).collect()
}

impl Layer {
    /// What this path leads to, if the layer must not name it.
    fn breach(&self, named: &Named, externals: &[String]) -> Option<String> {
        let (first, rest) = named.segments.split_first()?;
        let second = rest.first().map(String::as_str);
        match first.as_str() {
            "crate" => self.foreign_layer(rest),
            // Tests run natively, with the crates that tests have.
            _ if named.is_in_tests => None,
            "std" if self.std_not == NO_STD => Some("std".to_owned()),
            first if STD.contains(&first) => self.part_of_std(rest),
            // Leptos hands the browser's crates on; they are no less the browser's for it.
            "leptos" if self.crates != ANY && matches!(second, Some("web_sys" | "wasm_bindgen")) => {
                second.map(String::from)
            }
            "generation_screen" if matches!(second, Some("browser" | "engine" | "ui")) => {
                second.map(|part| format!("generation_screen's {part}"))
            }
            _ if self.crates == ANY || self.crates.contains(&first.as_str()) => None,
            first => externals.iter().any(|name| name == first).then(|| first.to_owned()),
        }
    }

    fn tell(&self, source: &Source, named: &Named, what: &str) -> String {
        format!(
            "{}:{}: {} must not import {what} (`{}`): {}. It may import {}",
            source.path,
            named.line,
            self.name,
            named.segments.join("::"),
            self.instead,
            self.may(),
        )
    }

    /// The layer that a path from the crate's root leads to, if it is none of ours to name.
    fn foreign_layer(&self, segments: &[String]) -> Option<String> {
        let path = format!("src/{}", segments.join("/"));
        let target = layer_of(&path);
        match target {
            Some(target) if target.name == self.name || self.layers.contains(&target.name) => None,
            Some(target) => Some(target.name.to_owned()),
            None if segments.first().is_none_or(|first| first == "*") => Some("the whole crate".to_owned()),
            None => Some("what the crate re-exports".to_owned()),
        }
    }

    fn part_of_std(&self, segments: &[String]) -> Option<String> {
        let path = segments.join("::");
        let hit =
            self.std_not.iter().find(|part| path == **part || path.starts_with(&format!("{part}::")))?;
        Some(format!("std::{hit}"))
    }

    fn may(&self) -> String {
        let own = std::iter::once(&self.name);
        let all: Vec<&str> = own.chain(self.layers).chain(self.crates).copied().collect();
        let std = if self.std_not == NO_STD { "core and alloc" } else { "std" };
        format!("{} and {std}", all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(path: &str, text: &str) -> Vec<String> {
        let externals = externals().unwrap();
        violations(&Source { path: path.to_owned(), text: text.to_owned() }, &externals)
    }

    #[test]
    fn a_layer_that_imports_what_it_must_not_is_told_where_what_and_what_instead() {
        assert_eq!(
            judged("src/engine/session/legs.rs", "//! x\nuse crate::browser::Fetch;"),
            [
                "src/engine/session/legs.rs:2: engine must not import browser (`crate::browser::Fetch`): the engine \
             decides and touches nothing: time, randomness and input are arguments, work is a Command. It may import \
             engine, decoder, contract, serde, memchr and std"
            ]
        );
    }

    #[test]
    fn every_wall_holds() {
        for (path, text) in [
            ("src/contract/state.rs", "use crate::engine::Input;"),
            ("src/contract.rs", "use memchr::memchr;"),
            ("src/engine/ledger.rs", "fn f() { web_sys::window(); }"),
            ("src/engine/ledger.rs", "use super::super::ui::Labels;"),
            ("src/engine/ledger.rs", "use std::{fmt, time::{Duration, Instant}};"),
            ("src/engine/ledger.rs", "let now = std::time::SystemTime::now();"),
            ("src/engine/ledger.rs", "use std::collections::HashMap;"),
            ("src/engine/ledger.rs", "use crate::GenerationScreen;"),
            ("src/engine/sse/line.rs", "use crate::contract::State;"),
            ("src/engine/sse/line.rs", "use crate::engine::Span;"),
            ("src/engine/sse/line.rs", "use serde_json::Value;"),
            ("src/engine/sse/line.rs", "use std::fmt;"),
            ("src/browser/fetch.rs", "use leptos::prelude::*;"),
            ("src/browser/fetch.rs", "use crate::ui::Labels;"),
            ("src/ui/steps.rs", "use crate::browser::Fetch;"),
            ("src/ui/steps.rs", "use web_sys::Window;"),
            ("src/ui/steps.rs", "use leptos::web_sys::Window;"),
            ("src/ui/steps.rs", "use crate::contract::State;"),
            ("src/ui/dom.rs", "use gloo_net::http::Request;"),
            ("src/ui/hooks/generation.rs", "use gloo_net::http::Request;"),
            ("src/demo/api.rs", "use generation_screen::engine::Input;"),
            ("src/engine/ledger.rs", "mod tests { use crate::browser::Fetch; }"),
        ] {
            assert_eq!(judged(path, text).len(), 1, "{path}: {text}");
        }
    }

    #[test]
    fn what_a_layer_may_import_passes() {
        for (path, text) in [
            (
                "src/engine/ledger.rs",
                "use crate::contract::{State, *}; use super::sse::Decoder; use std::time::Duration;",
            ),
            (
                "src/engine/sse/line.rs",
                "use super::Item; use memchr::memchr2; use core::time::Duration; use alloc::vec::Vec;",
            ),
            ("src/engine/session/mod.rs", "mod legs; use legs::Leg; use super::Input;"),
            ("src/browser/fetch.rs", "use crate::engine::Command; use web_sys::AbortController;"),
            ("src/ui/hooks/generation.rs", "use crate::browser::driver; use leptos::prelude::*;"),
            (
                "src/ui/steps.rs",
                "use crate::ui::hooks::use_generation; use super::words::Labels; use leptos::html;",
            ),
            ("src/engine/ledger.rs", "// use crate::browser;\nconst A: &str = \"crate::browser::x\";"),
            (
                "src/engine/ledger.rs",
                "mod tests { use proptest::prelude::*; use std::{collections::HashMap, fs}; }",
            ),
            (
                "src/demo/api.rs",
                "use gloo_net::http::Request; use generation_screen::{Token, contract::Problem};",
            ),
            ("src/ui/dom.rs", "use leptos::web_sys::Element; use leptos::wasm_bindgen::JsCast;"),
            ("src/lib.rs", "pub use browser::TokenProvider;"),
            ("crates/server/src/main.rs", "use std::net::TcpListener;"),
        ] {
            assert_eq!(judged(path, text), Vec::<String>::new(), "{path}: {text}");
        }
    }

    #[test]
    fn dependencies_are_read_from_every_table_of_the_manifest() {
        let manifest = "[workspace.dependencies]\nhidden = \"1\"\n[dependencies]\n# why\nweb-sys = \"1\"\n\
            [target.'cfg(x)'.dev-dependencies]\nwasm-bindgen-test = \"1\"\n[[bin]]\nname = \"x\"\n";
        let names: Vec<_> = dependencies(manifest).collect();
        assert_eq!(names, ["web_sys", "wasm_bindgen_test", "generation_screen"]);
    }
}
