//! What wasm-bindgen writes into the script and nothing on this page uses: classes that nobody can make, and imports
//! that the program no longer asks for. What it does not recognise in full stays.

use std::ops::Range;

use super::js::Token;
use super::script::Script;

/// The script without classes of the program's types of which none is ever made. `wasm-streams` brings three, for
/// streams that a program writes; this one reads.
pub(crate) fn without_unmade_classes<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let script = Script::new(tokens);
    let classes = script.places("class").iter().filter_map(|&at| unmade(&script, at));
    let cuts: Vec<_> = classes.flatten().collect();
    script.without(tokens, &cuts)
}

/// All that belongs to the class declared there: itself, its place in explicit resource management, its finalizer.
fn unmade(script: &Script<'_>, class: usize) -> Option<Vec<Range<usize>>> {
    let name = script.near(class, 1);
    let start = class.checked_sub(1).filter(|_| script.near(class, -1) == "export")?;
    let end = script.next(class + 3, &["}"]).filter(|_| script.near(class, 2) == "{")? + 1;
    let can_be_made = ["constructor", "static"]
        .iter()
        .any(|word| script.places(word).iter().any(|place| (start..end).contains(place)));
    if can_be_made {
        return None;
    }
    let mut cuts = Vec::from([Range { start, end }]);
    let finalizer = [name, "Finalization"].concat();
    for &place in script.places(name).iter().chain(script.places(&finalizer)) {
        if cuts.iter().any(|cut| cut.contains(&place)) {
            continue;
        }
        // `const NameFinalization = …;` and `if (Symbol.dispose) Name.prototype[…] = …;`
        let before = if script.near(place, -1) == "const" { 1 } else { 6 };
        let start = place.checked_sub(before)?;
        let is_known =
            before == 1 || (0..6).map(|at| script.near(start, at)).eq("if ( Symbol . dispose )".split(' '));
        cuts.push(start..script.next(place, &[";"]).filter(|_| is_known)? + 1);
    }
    Some(cuts)
}

/// The script without its entries for these imports.
pub(crate) fn without_imports<'a>(tokens: &[Token<'a>], unused: &[&str]) -> Vec<Token<'a>> {
    let script = Script::new(tokens);
    let entries = unused.iter().filter(|name| script.is_key_once(name)).filter_map(|name| {
        let start = *script.places(name).first()?;
        let end = script.next(start, &[",", "}"])?;
        Some(start..if script.near(end, 0) == "," { end + 1 } else { end })
    });
    let cuts: Vec<_> = entries.collect();
    script.without(tokens, &cuts)
}

#[cfg(test)]
mod tests {
    use super::super::js;
    use super::*;

    const UNMADE: &str = "let a = 1;export class Sink{free(){const p = this.p;SinkFinalization.unregister(this);\
                          wasm.sink_free(p);}}if(Symbol.dispose)Sink.prototype[Symbol.dispose] = \
                          Sink.prototype.free;const SinkFinalization = new FinalizationRegistry(p=>{wasm.x(p);});f();";

    fn unmade(source: &str) -> String {
        js::written(&without_unmade_classes(&js::tokens(source).unwrap()))
    }

    #[test]
    fn a_class_that_nobody_can_make_goes_with_all_that_belongs_to_it() {
        assert_eq!(unmade(UNMADE), "let a=1;f();");
    }

    #[test]
    fn a_class_that_can_be_made_or_is_used_stays() {
        for source in [
            UNMADE.replace("free(){", "constructor(){}free(){"),
            UNMADE.replace("free(){", "static __wrap(p){return p}free(){"),
            UNMADE.replace("free(){", "static run(){}free(){"),
            [UNMADE, "new Sink();"].concat(),
            [UNMADE, "export{Sink};"].concat(),
        ] {
            let before = js::written(&js::tokens(&source).unwrap());
            assert_eq!(unmade(&source), before);
        }
    }

    #[test]
    fn imports_that_are_not_asked_for_go() {
        let source = "({one:function(a,b){return{a,b};},two:f(1,2),three:function(){}})";
        let left = |unused: &[&str]| js::written(&without_imports(&js::tokens(source).unwrap(), unused));
        assert_eq!(left(&["one"]), "({two:f(1,2),three:function(){}})");
        assert_eq!(left(&["two", "three"]), "({one:function(a,b){return{a,b};},})");
        assert_eq!(left(&["a", "function"]), source);
    }
}
