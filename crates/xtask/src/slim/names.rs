//! Short names for what the program and its script know each other by. wasm-bindgen names each function with a hash
//! of its own, once in either file: chance, which no compression shortens. Only names that stand where nothing but
//! the other file can mean them are changed; all others stay.

use std::collections::BTreeMap;

use super::js::Token;
use super::script::Script;
use crate::wasm_module::{self, Change, Names};

/// One letter, or two: enough for all, and no word that a browser gives a meaning, as `then` has.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$";

/// What to call imports and exports in the module, and in the tokens of its script; nothing if the module is not of the
/// form that wasm-bindgen writes.
pub(crate) fn shortened<'a>(
    module: &'a [u8],
    script: &[Token<'_>],
) -> Option<(Change<'a>, BTreeMap<String, String>)> {
    let outline = wasm_module::outline(module)?;
    let script = Script::new(script);
    let (of_module, _) = *outline.imports.first()?;
    if outline.imports.iter().any(|(module, _)| *module != of_module) {
        return None;
    }
    let quoted = format!("\"{of_module}\"");
    let modules: Names<'_> =
        script.is_key_once(&quoted).then(|| (of_module, "a".to_owned())).into_iter().collect();
    let names: Vec<&str> = outline.imports.iter().map(|(_, name)| *name).collect();
    let imports = short_names(&names, |name| script.is_key_once(name));
    let exports = short_names(&outline.exports, |name| script.is_only_exported(name));

    let in_script = imports.iter().chain(&exports).map(|(old, new)| ((*old).to_owned(), new.clone()));
    let renamed = in_script.chain(modules.values().map(|new| (quoted.clone(), new.clone()))).collect();
    Some((Change { modules, imports, exports, ..Change::default() }, renamed))
}

/// Exports that the script does not name in any way: nobody can reach them. None if it hands all of them on.
pub(crate) fn unreachable<'a>(exports: &[&'a str], script: &[Token<'_>]) -> Vec<&'a str> {
    let script = Script::new(script);
    let is_named =
        |name: &str| script.hands_exports_on() || !script.places(name).is_empty() || script.is_in_text(name);
    exports.iter().copied().filter(|name| !is_named(name)).collect()
}

/// A short name for each that may have one, and that no other has.
fn short_names<'a>(all: &[&'a str], may: impl Fn(&str) -> bool) -> Names<'a> {
    let mut free = letters().filter(|short| all.iter().all(|name| name != short));
    let mut names = Names::new();
    for &name in all {
        if name.len() > 2 && !names.contains_key(name) && may(name) {
            let Some(short) = free.next() else { break };
            names.insert(name, short);
        }
    }
    names
}

/// All short names, the shortest first.
pub(crate) fn letters() -> impl Iterator<Item = String> {
    let letter = |at: &u8| char::from(*at).to_string();
    let two = move |first: &'static u8| LETTERS.iter().map(move |second| letter(first) + &letter(second));
    LETTERS.iter().map(letter).chain(LETTERS.iter().flat_map(two))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slim::js;

    type Pairs = Vec<(String, String)>;

    fn module(imports: &[(&str, &str)], exports: &[&str]) -> Vec<u8> {
        let exports: Vec<_> = exports.iter().map(|name| (*name, 0)).collect();
        wasm_module::sample(imports, &exports, &[])
    }

    fn renamed(module: &[u8], script: &str) -> Option<(Vec<u8>, Pairs)> {
        let (change, names) = shortened(module, &js::tokens(script).unwrap())?;
        Some((wasm_module::changed(module, &change)?, names.into_iter().collect()))
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

    #[test]
    fn only_what_the_script_names_can_be_reached() {
        let script = js::tokens("wasm.memory; wasm['by_text']").unwrap();
        assert_eq!(unreachable(&["memory", "by_text", "nobody"], &script), ["nobody"]);
        for hands_on in ["const ret = wasm; return ret;", "export { wasm as __wasm }"] {
            let script = js::tokens(hands_on).unwrap();
            assert_eq!(unreachable(&["nobody"], &script), [""; 0], "{hands_on}");
        }
    }
}
