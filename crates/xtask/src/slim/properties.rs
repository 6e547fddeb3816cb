//! Short names for the custom properties of a page's style sheets. A page of one's own: no host sets any from outside. Names
//! that stand anywhere else, in the program or a script, stay as they are.

use std::collections::BTreeSet;

use super::names;

/// What all of them begin with.
const PREFIX: &str = "--gs-";

/// The page with short names; `is_known` says whether another file has a name in it.
pub(crate) fn shortened(html: &str, is_known: impl Fn(&str) -> bool) -> String {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for (_, name) in found(html) {
        match counted.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counted.push((name, 1)),
        }
    }
    counted.retain(|(name, _)| !is_known(name));
    // What is there most often has the shortest; where two are there as often, the first.
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let taken: BTreeSet<String> = dashed(html).collect();
    // The name of no property may hold a dollar sign.
    let free = names::letters().filter(|name| !name.contains('$')).map(|name| format!("--{name}"));
    let mut free = free.filter(|name| !taken.contains(name));
    let renamed: Vec<(&str, String)> = counted.into_iter().map(|(name, _)| name).zip(&mut free).collect();
    let mut text = String::with_capacity(html.len());
    let mut written = 0;
    for (at, name) in found(html) {
        if let Some((_, short)) = renamed.iter().find(|(old, _)| *old == name) {
            text += &html[written..at];
            text += short;
            written = at + name.len();
        }
    }
    text + &html[written..]
}

/// All names that begin as ours do, and where they stand.
fn found(html: &str) -> impl Iterator<Item = (usize, &str)> {
    html.match_indices(PREFIX).map(|(at, _)| (at, word(&html[at..])))
}

/// All that begins with two dashes.
fn dashed(html: &str) -> impl Iterator<Item = String> {
    html.match_indices("--").map(|(at, _)| word(&html[at..]).to_owned())
}

/// The word that begins the text.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_gets_a_short_one_everywhere_and_the_most_frequent_the_shortest() {
        let html = "<style>:root{--gs-ink:red;--gs-ink-soft:var(--gs-ink)}p{color:var(--gs-ink,var(--gs-ink-soft))}</style>";
        let short = "<style>:root{--a:red;--b:var(--a)}p{color:var(--a,var(--b))}</style>";
        assert_eq!(shortened(html, |_| false), short);
    }

    #[test]
    fn a_name_that_another_file_knows_stays_and_so_does_what_is_there_already() {
        let html = "<style>p{--a:1;--gs-one:2;--gs-two:3;--gs-two-b:4}</style>";
        assert_eq!(
            shortened(html, |name| name == "--gs-two"),
            "<style>p{--a:1;--b:2;--gs-two:3;--c:4}</style>"
        );
        assert_eq!(shortened("<p>no -- names</p>", |_| false), "<p>no -- names</p>");
    }
}
