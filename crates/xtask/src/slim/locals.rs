//! Short names for what the script calls its own functions and variables: one new name for all places of an old one,
//! so that no scope has to be known. Only words that can mean nothing else, a property or an export say, are changed.
//! A host's own global that ends in a digit could be mistaken for a variable: the script of a page imports none.

use std::collections::{BTreeMap, BTreeSet};

use super::js::{Kind, Token};
use super::names;
use super::script::Script;

/// What wasm-bindgen calls variables inside functions, beside names that end in a digit. No browser knows them.
const INNER: &[&str] = &["ret", "obj"];
/// Words of two letters that the language keeps for itself.
const KEPT: &[&str] = &["as", "do", "if", "in", "is", "of"];

/// What to put in place of each name. Empty for a script with a class: what is called there cannot be told from what
/// is declared.
pub(crate) fn shortened<'a>(tokens: &[Token<'a>]) -> BTreeMap<&'a str, String> {
    let script = Script::new(tokens);
    if !script.places("class").is_empty() {
        return BTreeMap::new();
    }
    let mut old: Vec<(&str, usize)> = Vec::new();
    for (word, places) in script.words() {
        let is_word = places.iter().all(|at| script.kind(*at) == Kind::Word) && !starts_with_digit(word);
        let is_declared = places.iter().any(|at| declares(&script, *at));
        let is_ours = is_declared && places.iter().all(|at| is_variable(&script, *at));
        if is_word && is_ours && word.len() > 1 && !script.is_in_text(word) {
            old.push((word, places.len()));
        }
    }
    old.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let taken: BTreeSet<&str> = script.words().flat_map(|(text, _)| text.split(|c| !is_of_word(c))).collect();
    let free = names::letters().filter(|name| !taken.contains(&**name) && !KEPT.contains(&&**name));
    old.into_iter().map(|(word, _)| word).zip(free).filter(|(word, short)| short.len() < word.len()).collect()
}

/// Names of their own for functions of the script that are called what an export is called, by where they stand among all
/// tokens: `function name(…)` and `wasm.name` are two things, and each can have its short name.
pub(crate) fn of_their_own(tokens: &[Token<'_>]) -> BTreeMap<usize, String> {
    let script = Script::new(tokens);
    let mut renamed = BTreeMap::new();
    for (word, places) in script.words() {
        let (exports, own): (Vec<usize>, Vec<usize>) = places.iter().partition(|at| script.is_export(**at));
        let is_function = |at: &usize| {
            script.near(*at, -1) == "function" && script.around(*at).is_empty() && !is_exported(&script, *at)
        };
        let is_ours = own.iter().any(is_function) && own.iter().all(|at| is_variable(&script, *at));
        let name = format!("{word}_0");
        if !exports.is_empty() && is_ours && !script.is_in_text(word) && script.places(&name).is_empty() {
            renamed.extend(own.iter().map(|at| (script.origin(*at), name.clone())));
        }
    }
    renamed
}

/// Whether the word is declared there, in a way that leaves no other meaning to it in the whole script.
fn declares(script: &Script<'_>, at: usize) -> bool {
    let word = script.near(at, 0);
    let declared =
        matches!(script.near(at, -1), "const" | "let" | "var" | "function") && !is_exported(script, at);
    let inner = INNER.contains(&word) || word.ends_with(|c: char| c.is_ascii_digit());
    (declared && (inner || script.around(at).is_empty())) || (inner && is_parameter(script, at))
}

/// Whether it is declared for others: `export const name`, `export async function name`.
fn is_exported(script: &Script<'_>, at: usize) -> bool {
    script.near(at, -2) == "export" || (script.near(at, -2) == "async" && script.near(at, -3) == "export")
}

fn is_parameter(script: &Script<'_>, at: usize) -> bool {
    let list = (0..at).rev().find(|place| script.near(*place, 0) == "(");
    let before = list.map(|list| (script.near(list, -1), script.near(list, -2)));
    script.around(at) == "(" && matches!(before, Some(("function", _) | (_, "function")))
}

/// Whether the word stands there for a variable: not for a property, a key, or a name outside.
fn is_variable(script: &Script<'_>, at: usize) -> bool {
    let (before, after) = (script.near(at, -1), script.near(at, 1));
    let in_row = script.around(at) == "{" && matches!(before, "{" | ",");
    let is_outside =
        before == "." || matches!(before, "get" | "set" | "async" | "static" | "as" | "*") || after == "as";
    let is_key = in_row && matches!(after, ":" | "," | "}" | "=" | "(");
    !is_outside && !is_key
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '#') || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::super::js;
    use super::*;

    fn renamed(source: &str) -> Vec<(String, String)> {
        let names = shortened(&js::tokens(source).unwrap());
        names.into_iter().map(|(old, new)| (old.to_owned(), new)).collect()
    }

    fn old(source: &str) -> Vec<String> {
        renamed(source).into_iter().map(|(old, _)| old).collect()
    }

    #[test]
    fn functions_variables_and_parameters_get_short_names() {
        let source = "let cached = null; function isLike(x){return x===null;} ({f:function(arg0,arg1){const ret=\
                      isLike(arg0)?cached:arg1;return ret;}})";
        assert_eq!(old(source), ["arg0", "arg1", "cached", "isLike", "ret"]);
    }

    #[test]
    fn a_new_name_is_none_that_is_there() {
        let source = "let long = a + `${b}`; c.d;";
        assert_eq!(renamed(source), [("long".to_owned(), "e".to_owned())]);
    }

    #[test]
    fn what_could_mean_something_else_stays() {
        for source in [
            "let size = 1; a.size",
            "let size = 1; ({ size: 2 })",
            "let size = 1; f({ size })",
            "let size = 1; f({ a, size, b })",
            "let size = 1; ({ size } = x)",
            "let size = 1; ({ a: 1, size() {} })",
            "let size = 1; ({ get size() {} })",
            "let size = 1; export { size, size as b }",
            "let size = 1; `${size}`",
            "export const size = 1",
            "export async function size() {}",
            "export { _x as size1 }; function f(size1) {}",
            "let size = 1; ({ *size() {} })",
            "function f() { const event = 1; } g(event)",
            "f(name1)",
        ] {
            assert_eq!(old(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn a_function_that_is_called_as_an_export_gets_a_name_of_its_own() {
        let own = |source: &str| {
            let tokens = js::tokens(source).unwrap();
            let renamed = of_their_own(&tokens);
            let text = |(at, token): (usize, &js::Token<'_>)| {
                renamed.get(&at).cloned().unwrap_or(token.text.to_owned())
            };
            tokens.iter().enumerate().map(text).collect::<String>()
        };
        assert_eq!(
            own("function f(a){return wasm.f(a);} g(f);"),
            "function f_0(a){return wasm.f(a);} g(f_0);"
        );
        for same in [
            "function f(a){return a;} g(f);",
            "wasm.f(1);",
            "function f(a){return wasm.f(a);} x.f();",
            "function f(a){return wasm.f(a);} ({ f: 1 });",
            "function f(a){return wasm.f(a);} wasm['f']();",
            "export function f(a){return wasm.f(a);}",
            "function f(a){return wasm.f(a);} let f_0;",
        ] {
            assert_eq!(own(same), same);
        }
    }

    #[test]
    fn a_script_with_a_class_is_left_alone() {
        assert_eq!(old("let size1 = 1; class A { x() {} size1() {} }"), [""; 0]);
    }
}
