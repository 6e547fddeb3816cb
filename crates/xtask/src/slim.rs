//! Makes the built page smaller on the wire: no comments, no indentation, short names in the script and between it
//! and the program, nothing in either that the other cannot reach, and a program in the order in which it compresses
//! best. It changes nothing of what the page does, and leaves alone what it does not understand.

mod html;
mod js;
mod locals;
mod names;
mod order;
mod properties;
mod script;
mod twins;
mod unused;

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::Path;

use crate::size;
use crate::tools::Tools;
use crate::wasm_module::{self, Change};
use crate::wasm_opt;

const WASM: &str = "_bg.wasm";
/// The length of the hash that trunk puts into names of files.
const HASH: usize = 16;

/// Works on the folder that trunk has written.
pub(crate) fn page(dist: &Path, tools: &Tools) -> io::Result<()> {
    let mut renamed = None;
    for name in names(dist)? {
        if let Some(stem) = name.strip_suffix(WASM) {
            renamed = program(dist, stem, tools)?;
        } else if name.ends_with(".js") {
            script(&dist.join(name))?;
        }
    }
    let index = dist.join("index.html");
    let mut text = fs::read_to_string(&index)?;
    if let Some((old, new)) = renamed {
        text = text.replace(&old, &new);
    }
    match html::slim(&text) {
        Some(slimmed) => {
            let others: Vec<Vec<u8>> = programs(dist)?;
            let is_known = |name: &str| others.iter().any(|file| holds(file, name));
            fs::write(index, properties::shortened(&slimmed, is_known))
        }
        None => {
            left_alone("index.html");
            fs::write(index, text)
        }
    }
}

/// The contents of all programs and scripts.
fn programs(dist: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut names = names(dist)?;
    names.retain(|name| name.ends_with(WASM) || name.ends_with(".js"));
    names.iter().map(|name| fs::read(dist.join(name))).collect()
}

fn holds(file: &[u8], name: &str) -> bool {
    file.windows(name.len()).any(|window| window == name.as_bytes())
}

fn left_alone(name: &str) {
    println!("{name} is larger than need be: crates/xtask/src/slim does not understand something in it");
}

fn names(dist: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(dist)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.collect::<io::Result<_>>()?;
    // A script before the program that would give it another name.
    names.sort();
    Ok(names)
}

/// What stands behind this in a script is for `trunk serve` alone.
const DEVELOPING: &str = "// Only while one develops";

fn script(path: &Path) -> io::Result<()> {
    let text = fs::read_to_string(path)?;
    let released = text.split(DEVELOPING).next().unwrap_or_default();
    match js::tokens(released) {
        Some(tokens) => fs::write(path, js::written(&tokens)),
        None => {
            left_alone(&path.display().to_string());
            Ok(())
        }
    }
}

/// Works on the program and its script, which know each other, and gives both files a name that fits their new
/// contents: a copy of the one in a cache must not meet a new one of the other.
fn program(dist: &Path, stem: &str, tools: &Tools) -> io::Result<Option<(String, String)>> {
    let (wasm, js) = (dist.join(format!("{stem}{WASM}")), dist.join(format!("{stem}.js")));
    let (module, text) = (fs::read(&wasm)?, fs::read_to_string(&js)?);
    let Some(tokens) = js::tokens(&text) else { return Ok(None) };
    let optimise = |module: &[u8]| wasm_opt::again(tools, &wasm, module);
    let Some((module, text)) = both(&module, &tokens, optimise) else {
        left_alone(stem);
        return Ok(None);
    };
    let new_stem = with_hash(stem, &[&module, text.as_bytes()]);
    fs::remove_file(wasm)?;
    fs::remove_file(js)?;
    fs::write(dist.join(format!("{new_stem}{WASM}")), module)?;
    fs::write(dist.join(format!("{new_stem}.js")), text)?;
    Ok(Some((stem.to_owned(), new_stem)))
}

/// The program and its script, after all that can be done to them; nothing if one of them is not understood.
fn both(
    module: &[u8],
    script: &[js::Token<'_>],
    optimise: impl Fn(&[u8]) -> Vec<u8>,
) -> Option<(Vec<u8>, String)> {
    let script = unused::without_unmade_classes(script);
    let before = wasm_module::outline(module)?;
    let dropped = names::unreachable(&before.exports, &script);
    let module = wasm_module::changed(module, &Change { dropped, ..Change::default() })?;
    let module = optimise(&module);

    let outline = wasm_module::outline(&module)?;
    let unused: Vec<&str> = before
        .imports
        .iter()
        .filter(|import| !outline.imports.contains(import))
        .map(|import| import.1)
        .collect();
    let script = twins::without_detours(&unused::without_imports(&script, &unused));
    let apart = locals::of_their_own(&script);
    let apart_text = |at: usize, text| apart.get(&at).map_or(text, String::as_str);
    let script = script.into_iter().enumerate();
    let script: Vec<_> =
        script.map(|(at, token)| js::Token { text: apart_text(at, token.text), ..token }).collect();
    let locals = locals::shortened(&script);
    let script: Vec<_> = script.into_iter().map(|token| renamed(&locals, token)).collect();
    let imports: Vec<&str> = outline.imports.iter().map(|import| import.1).collect();
    let twins = twins::twins(&script, &imports);
    let doubled: Vec<&str> = twins.keys().map(String::as_str).collect();
    let script = unused::without_imports(&script, &doubled);
    let (mut change, shared) = names::shortened(&module, &script)?;
    for (twin, one) in &twins {
        let name = change.imports.get(one.as_str()).unwrap_or(one).clone();
        change.imports.insert(twin, name);
    }
    let script: Vec<_> = script.into_iter().map(|token| renamed(&shared, token)).collect();
    let ordered = |way: order::Way| {
        let order = order::by_likeness(&outline.bodies, way);
        wasm_module::changed(&module, &Change { order, ..change.clone() })
    };
    let smallest = order::ways().filter_map(ordered).min_by_key(|module| weight(module))?;
    Some((smallest, js::written(&script)))
}

/// What it weighs on the wire.
fn weight(module: &[u8]) -> usize {
    size::brotli(module).map_or(usize::MAX, |compressed| compressed.len())
}

/// The token, with its new name if it has one.
fn renamed<'a, K: Borrow<str> + Ord>(names: &'a BTreeMap<K, String>, token: js::Token<'a>) -> js::Token<'a> {
    let name = names.get(token.text).filter(|_| token.kind != js::Kind::Gap);
    js::Token { text: name.map_or(token.text, String::as_str), ..token }
}

/// The name with the hash of these contents in place of the one it ends with; without one, as it is.
fn with_hash(stem: &str, contents: &[&[u8]]) -> String {
    let Some((name, _)) = stem.rsplit_once('-').filter(|(_, hash)| is_hash(hash)) else {
        return stem.to_owned();
    };
    let mut hasher = DefaultHasher::new();
    contents.iter().for_each(|bytes| hasher.write(bytes));
    format!("{name}-{:0HASH$x}", hasher.finish())
}

fn is_hash(text: &str) -> bool {
    text.len() >= HASH - 3 && text.chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_its_contents() {
        let named = |bytes: &[u8]| with_hash("a-demo-0123456789abcdef", &[bytes]);
        assert_ne!(named(b"one"), named(b"two"));
        assert_eq!(named(b"one"), named(b"one"));
        assert!(named(b"one").starts_with("a-demo-"));
        assert_eq!(with_hash("a-demo", &[b"one"]), "a-demo");
    }

    #[test]
    fn what_neither_can_reach_goes_from_both_and_their_names_agree() {
        let imports = [("./x_bg.js", "__wbg_needed_1"), ("./x_bg.js", "__wbg_unneeded_2")];
        let module = wasm_module::sample(&imports, &[("start_here", 2), ("sink_free", 3)], &[-1, -2]);
        let script = "export class Sink{free(){wasm.sink_free(this.p);}}\
                      ({ \"./x_bg.js\": { __wbg_needed_1: f, __wbg_unneeded_2: g } });wasm.start_here();";
        // What wasm-opt does once nothing reaches the second function.
        let optimise = |module: &[u8]| {
            assert_eq!(wasm_module::outline(module).unwrap().exports, ["start_here"]);
            wasm_module::sample(&imports[..1], &[("start_here", 1)], &[7])
        };
        let (module, script) = both(&module, &js::tokens(script).unwrap(), optimise).unwrap();
        assert_eq!(script, "({a:{a:f,}});wasm.a();");
        assert_eq!(module, wasm_module::sample(&[("a", "a")], &[("a", 1)], &[7]));
    }

    #[test]
    fn what_starts_the_page_is_understood() {
        for (file, is_understood) in [
            ("index.html", (|text| html::slim(text).is_some()) as fn(&str) -> bool),
            ("src/demo/boot.js", |text| js::tokens(text).is_some()),
        ] {
            let text = fs::read_to_string(crate::place::root().join(file)).unwrap();
            assert!(is_understood(&text), "{file}");
        }
        let boot = fs::read_to_string(crate::place::root().join("src/demo/boot.js")).unwrap();
        let (released, developing) = boot.split_once(DEVELOPING).expect("it says where a release page ends");
        assert!(released.contains("start()") && developing.contains("followDevServer"));
    }
}
