//! Imports whose functions are the same text are one: wasm-bindgen writes one for each type that has a method of that name.
//! What it does not recognise in full stays.

use std::collections::BTreeMap;

use super::js::{Kind, Token};
use super::script::Script;

/// Of these imports, those that do what an earlier one does, with that one.
pub(crate) fn twins(tokens: &[Token<'_>], imports: &[&str]) -> BTreeMap<String, String> {
    let script = Script::new(tokens);
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut twins = BTreeMap::new();
    for &name in imports {
        let Some(text) = text(&script, name) else { continue };
        match first.get(&text) {
            Some(one) if *one != name => drop(twins.insert(name.to_owned(), (*one).to_owned())),
            _ => drop(first.insert(text, name)),
        }
    }
    twins
}

/// What the script has for an import, if it is a function that knows nothing but its arguments and the script's own.
fn text(script: &Script<'_>, name: &str) -> Option<String> {
    let [at] = script.places(name) else { return None };
    let start = at + 2;
    let is_function = script.is_key_once(name) && script.near(start, 0) == "function";
    let end = script.next(start, &[",", "}"]).filter(|_| is_function)?;
    Some((start..end).map(|at| script.near(at, 0)).collect::<Vec<_>>().join(" "))
}

/// The script with what is returned at once in place of a variable that is made for it: `const ret = f(); return ret;`.
pub(crate) fn without_detours<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let script = Script::new(tokens);
    let (mut cuts, mut returns) = (Vec::new(), Vec::new());
    for &at in script.places("const") {
        let is_made = script.near(at, 1) == "ret" && script.near(at, 2) == "=";
        let Some(end) = script.next(at, &[";"]).filter(|_| is_made) else { continue };
        if (1..5).map(|by| script.near(end, by)).eq(["return", "ret", ";", "}"]) {
            returns.push(script.origin(at));
            cuts.extend([at + 1..at + 3, end + 1..end + 4]);
        }
    }
    let mut tokens = tokens.to_vec();
    for at in returns {
        tokens[at] = Token { kind: Kind::Word, text: "return" };
    }
    script.without(&tokens, &cuts)
}

#[cfg(test)]
mod tests {
    use super::super::js;
    use super::*;

    fn twins_of(source: &str) -> Vec<(String, String)> {
        twins(&js::tokens(source).unwrap(), &["one", "two", "three"]).into_iter().collect()
    }

    #[test]
    fn imports_that_are_the_same_text_are_one() {
        let source =
            "({one:function(a){return a.b;},two:function(b){return b.b;},three: function(a) {return a.b;}})";
        assert_eq!(twins_of(source), [("three".to_owned(), "one".to_owned())]);
    }

    #[test]
    fn what_is_no_function_or_is_named_elsewhere_is_none() {
        assert_eq!(twins_of("({one:f(1),two:f(1)})"), []);
        assert_eq!(twins_of("({one:function(){},two:function(){}});one.two"), []);
    }

    fn without(source: &str) -> String {
        js::written(&without_detours(&js::tokens(source).unwrap()))
    }

    #[test]
    fn what_is_returned_at_once_has_no_name() {
        assert_eq!(
            without("f(function(a){const ret = g(a, {b: 1}); return ret; })"),
            "f(function(a){return g(a,{b:1});})"
        );
        for same in [
            "f(function(){const ret=g();return h(ret);})",
            "f(function(){const ret=g();h();return ret;})",
            "f(function(){const own=g();return own;})",
            "f(function(){let ret=g();return ret;})",
        ] {
            assert_eq!(without(same), same);
        }
    }
}
