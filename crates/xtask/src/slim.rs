//! Makes the built page smaller on the wire: no comments, no indentation, short names between program and script. It
//! needs no tool, changes nothing of what the page does, and leaves alone what it does not understand.

mod html;
mod js;
mod names;

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::Path;

const WASM: &str = "_bg.wasm";
/// The length of the hash that trunk puts into names of files.
const HASH: usize = 16;

/// Works on the folder that trunk has written.
pub(crate) fn page(dist: &Path) -> io::Result<()> {
    let mut renamed = None;
    for name in names(dist)? {
        if let Some(stem) = name.strip_suffix(WASM) {
            renamed = program(dist, stem)?;
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
        Some(slimmed) => fs::write(index, slimmed),
        None => {
            left_alone("index.html");
            fs::write(index, text)
        }
    }
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

fn script(path: &Path) -> io::Result<()> {
    let text = fs::read_to_string(path)?;
    match js::tokens(&text) {
        Some(tokens) => fs::write(path, js::written(&tokens)),
        None => {
            left_alone(&path.display().to_string());
            Ok(())
        }
    }
}

/// Gives the program and its script short names for each other, and both files a name that fits their new contents:
/// a copy of the one in a cache must not meet a new one of the other.
fn program(dist: &Path, stem: &str) -> io::Result<Option<(String, String)>> {
    let (wasm, js) = (dist.join(format!("{stem}{WASM}")), dist.join(format!("{stem}.js")));
    let (module, text) = (fs::read(&wasm)?, fs::read_to_string(&js)?);
    let Some(tokens) = js::tokens(&text) else { return Ok(None) };
    let Some((module, renamed)) = names::shortened(&module, &tokens) else {
        left_alone(stem);
        return Ok(None);
    };
    let renamed: BTreeMap<&str, &str> = renamed.iter().map(|name| (&*name.old, &*name.new)).collect();
    let with_names = tokens.iter().map(|token| js::Token {
        text: renamed.get(token.text).filter(|_| token.kind != js::Kind::Gap).unwrap_or(&token.text),
        ..*token
    });
    let text = js::written(&with_names.collect::<Vec<_>>());
    let new_stem = with_hash(stem, &[&module, text.as_bytes()]);
    fs::remove_file(wasm)?;
    fs::remove_file(js)?;
    fs::write(dist.join(format!("{new_stem}{WASM}")), module)?;
    fs::write(dist.join(format!("{new_stem}.js")), text)?;
    Ok(Some((stem.to_owned(), new_stem)))
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
    fn what_starts_the_page_is_understood() {
        for (file, is_understood) in [
            ("index.html", (|text| html::slim(text).is_some()) as fn(&str) -> bool),
            ("src/demo/boot.js", |text| js::tokens(text).is_some()),
        ] {
            let text = fs::read_to_string(crate::place::root().join(file)).unwrap();
            assert!(is_understood(&text), "{file}");
        }
    }
}
