//! Short names for what the program and its script know each other by. wasm-bindgen names each function with a hash
//! of its own, once in either file: chance, which no compression shortens. Only names that stand where nothing but
//! the other file can mean them are changed; all others stay.

use std::collections::BTreeMap;

use super::js::{Kind, Token};
use crate::wasm_module::{self, Reader};

const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
const FUNCTION: u8 = 0;
/// What the script calls the exports of its module.
const EXPORTS_IN_SCRIPT: &str = "wasm";
/// One letter, or two: enough for all, and no word that a browser gives a meaning, as `then` has.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$";

/// Both files with short names; nothing if the module is not of the form that wasm-bindgen writes.
pub(crate) fn shortened(module: &[u8], script: &[Token<'_>]) -> Option<(Vec<u8>, Vec<Renamed>)> {
    let (header, sections) = wasm_module::sections(module)?;
    let body = |id| sections.iter().find(|section| section.id == id).map(|section| section.body);
    let imports = read(body(IMPORTS)?, import)?;
    let exports = read(body(EXPORTS)?, export)?;
    let script = Script::new(script);
    let of_module = imports.first()?.module;
    if imports.iter().any(|import| import.module != of_module) {
        return None;
    }
    let modules = script.is_key_once(&format!("\"{of_module}\"")).then(|| (of_module, "a".to_owned()));
    let modules: Names<'_> = modules.into_iter().collect();
    let import_names = short_names(&imports, |name| script.is_key_once(name));
    let export_names = short_names(&exports, |name| script.is_only_exported(name));

    let mut text = header.to_vec();
    for section in &sections {
        let body = match section.id {
            IMPORTS => written(&imports, &modules, &import_names),
            EXPORTS => written(&exports, &modules, &export_names),
            _ => section.body.to_vec(),
        };
        wasm_module::push_section(&mut text, section.id, &body);
    }
    let quoted = modules.iter().map(|(old, new)| (format!("\"{old}\""), new.clone()));
    let all = import_names.iter().chain(&export_names).map(|(old, new)| ((*old).to_owned(), new.clone()));
    Some((text, quoted.chain(all).map(|(old, new)| Renamed { old, new }).collect()))
}

/// A token of the script, and what stands there from now on.
pub(crate) struct Renamed {
    pub(crate) old: String,
    pub(crate) new: String,
}

type Names<'a> = BTreeMap<&'a str, String>;

/// An import or an export. An export has no module.
struct Entry<'a> {
    module: &'a str,
    name: &'a str,
    /// Its kind and its number, as they stand.
    what: Vec<u8>,
}

fn read<'a>(body: &'a [u8], one: fn(&mut Reader<'a>) -> Option<Entry<'a>>) -> Option<Vec<Entry<'a>>> {
    let mut reader = Reader(body);
    let count = reader.number()?;
    let entries: Option<Vec<_>> = (0..count).map(|_| one(&mut reader)).collect();
    entries.filter(|_| reader.0.is_empty())
}

fn import<'a>(reader: &mut Reader<'a>) -> Option<Entry<'a>> {
    let (module, name) = (reader.name()?, reader.name()?);
    // Memories, tables and globals are described otherwise; wasm-bindgen imports none here.
    let kind = reader.byte().filter(|kind| *kind == FUNCTION)?;
    Some(Entry { module, name, what: numbered(kind, reader)? })
}

fn export<'a>(reader: &mut Reader<'a>) -> Option<Entry<'a>> {
    let name = reader.name()?;
    let kind = reader.byte()?;
    Some(Entry { module: "", name, what: numbered(kind, reader)? })
}

fn numbered(kind: u8, reader: &mut Reader<'_>) -> Option<Vec<u8>> {
    let mut what = vec![kind];
    wasm_module::push_number(&mut what, reader.number()?);
    Some(what)
}

fn written(entries: &[Entry<'_>], modules: &Names<'_>, names: &Names<'_>) -> Vec<u8> {
    let name =
        |names: &Names<'_>, name: &str| names.get(name).map_or(name, String::as_str).as_bytes().to_vec();
    let mut body = Vec::new();
    wasm_module::push_number(&mut body, entries.len());
    for entry in entries {
        if !entry.module.is_empty() {
            wasm_module::push_bytes(&mut body, &name(modules, entry.module));
        }
        wasm_module::push_bytes(&mut body, &name(names, entry.name));
        body.extend(&entry.what);
    }
    body
}

/// A short name for each that may have one, and that no other has.
fn short_names<'a>(entries: &[Entry<'a>], may: impl Fn(&str) -> bool) -> Names<'a> {
    let all = || entries.iter().map(|entry| entry.name);
    let mut free = letters().filter(|short| all().all(|name| name != short));
    let mut names = Names::new();
    for name in all() {
        if name.len() > 2 && !names.contains_key(name) && may(name) {
            let Some(short) = free.next() else { break };
            names.insert(name, short);
        }
    }
    names
}

fn letters() -> impl Iterator<Item = String> {
    let letter = |at: &u8| char::from(*at).to_string();
    let two = move |first: &'static u8| LETTERS.iter().map(move |second| letter(first) + &letter(second));
    LETTERS.iter().map(letter).chain(LETTERS.iter().flat_map(two))
}

/// Where words stand in the script.
struct Script<'a> {
    /// Without gaps.
    tokens: Vec<Token<'a>>,
    places: BTreeMap<&'a str, Vec<usize>>,
    /// All strings and templates in a row: a name in one of them could be looked up by it.
    verbatim: String,
}

impl<'a> Script<'a> {
    fn new(tokens: &[Token<'a>]) -> Self {
        let tokens: Vec<_> = tokens.iter().filter(|token| token.kind != Kind::Gap).copied().collect();
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, token) in tokens.iter().enumerate() {
            places.entry(token.text).or_default().push(at);
        }
        let verbatim =
            tokens.iter().filter(|token| token.kind == Kind::Verbatim).map(|token| token.text).collect();
        Self { tokens, places, verbatim }
    }

    fn places(&self, word: &str) -> &[usize] {
        self.places.get(word).map_or(&[], Vec::as_slice)
    }

    fn text(&self, at: Option<usize>) -> &str {
        at.and_then(|at| self.tokens.get(at)).map_or("", |token| token.text)
    }

    /// Whether the script names it once, as the key of an object.
    fn is_key_once(&self, word: &str) -> bool {
        let [at] = self.places(word) else { return false };
        let is_key = matches!(self.text(at.checked_sub(1)), "{" | ",") && self.text(Some(at + 1)) == ":";
        is_key && (word.starts_with('"') || !self.verbatim.contains(word))
    }

    /// Whether the script names it, and only ever as `wasm.name`.
    fn is_only_exported(&self, word: &str) -> bool {
        let places = self.places(word);
        let is_export = |at: &usize| {
            self.text(at.checked_sub(1)) == "."
                && self.text(at.checked_sub(2)) == EXPORTS_IN_SCRIPT
                && self.text(at.checked_sub(3)) != "."
        };
        !places.is_empty() && places.iter().all(is_export) && !self.verbatim.contains(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slim::js;

    /// Imports and exports by name, as a module with nothing else.
    fn module(imports: &[(&str, &str)], exports: &[&str]) -> Vec<u8> {
        let mut text = b"\0asm\x01\0\0\0".to_vec();
        let mut body = vec![u8::try_from(imports.len()).unwrap()];
        for (module, name) in imports {
            wasm_module::push_bytes(&mut body, module.as_bytes());
            wasm_module::push_bytes(&mut body, name.as_bytes());
            body.extend([FUNCTION, 0]);
        }
        wasm_module::push_section(&mut text, IMPORTS, &body);
        let mut body = vec![u8::try_from(exports.len()).unwrap()];
        for name in exports {
            wasm_module::push_bytes(&mut body, name.as_bytes());
            body.extend([FUNCTION, 0]);
        }
        wasm_module::push_section(&mut text, EXPORTS, &body);
        text
    }

    type Pairs = Vec<(String, String)>;

    fn renamed(module: &[u8], script: &str) -> Option<(Vec<u8>, Pairs)> {
        let (module, names) = shortened(module, &js::tokens(script).unwrap())?;
        Some((module, names.into_iter().map(|name| (name.old, name.new)).collect()))
    }

    #[test]
    fn both_sides_of_an_import_and_of_an_export_get_the_same_short_name() {
        let old = module(&[("./x_bg.js", "__wbg_now_1234")], &["__wbindgen_start", "memory"]);
        let script = r#"({ "./x_bg.js": { __wbg_now_1234: f } }); wasm.__wbindgen_start(wasm.memory)"#;
        let (new, names) = renamed(&old, script).unwrap();
        assert_eq!(new, module(&[("a", "a")], &["a", "b"]));
        let names: Vec<_> = names.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        assert_eq!(
            names,
            [("\"./x_bg.js\"", "a"), ("__wbg_now_1234", "a"), ("__wbindgen_start", "a"), ("memory", "b")]
        );
    }

    #[test]
    fn a_name_that_could_mean_something_else_stays() {
        let old = module(
            &[("./x.js", "twice"), ("./x.js", "in_text"), ("./x.js", "a")],
            &["other", "unused", "text"],
        );
        let script = "({ twice: 1, in_text: 2 }); ({ twice: 1 }); `${in_text}`; a.wasm.other; wasm.other; \
                      wasm.text; wasm['text']";
        let (new, names) = renamed(&old, script).unwrap();
        assert_eq!(new, old);
        assert_eq!(names, []);
    }

    #[test]
    fn a_short_name_is_never_one_that_is_there() {
        let old = module(&[("./x.js", "long"), ("./x.js", "a")], &["a"]);
        let (new, _) = renamed(&old, "({ long: 1, a: 2 })").unwrap();
        assert_eq!(new, module(&[("./x.js", "b"), ("./x.js", "a")], &["a"]));
    }

    #[test]
    fn a_module_of_another_form_is_left_alone() {
        assert!(renamed(b"\0asm\x01\0\0\0", "").is_none());
        assert!(renamed(&module(&[("a", "long"), ("b", "long")], &[]), "").is_none());
    }
}
