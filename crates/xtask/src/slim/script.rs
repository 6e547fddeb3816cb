//! Where words stand in a script. It looks, and changes nothing.

use std::collections::BTreeMap;
use std::ops::Range;

use super::js::{Kind, Token};

/// What the script calls the exports of its module.
const EXPORTS: &str = "wasm";

pub(crate) struct Script<'a> {
    /// Without gaps.
    tokens: Vec<Token<'a>>,
    /// Where each of them stands among all tokens.
    origins: Vec<usize>,
    /// The bracket that is open around each of them; nothing at the top.
    around: Vec<&'a str>,
    places: BTreeMap<&'a str, Vec<usize>>,
    /// All strings and templates in a row: a name in one of them could be looked up by it.
    verbatim: String,
}

impl<'a> Script<'a> {
    pub(crate) fn new(all: &[Token<'a>]) -> Self {
        let kept = all.iter().enumerate().filter(|(_, token)| token.kind != Kind::Gap);
        let (origins, tokens): (Vec<_>, Vec<_>) = kept.map(|(at, token)| (at, *token)).unzip();
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let (mut around, mut open) = (Vec::new(), Vec::new());
        for (at, token) in tokens.iter().enumerate() {
            places.entry(token.text).or_default().push(at);
            if is_sign(token, &["}", ")", "]"]) {
                open.pop();
            }
            around.push(open.last().copied().unwrap_or_default());
            if is_sign(token, &["{", "(", "["]) {
                open.push(token.text);
            }
        }
        let verbatim =
            tokens.iter().filter(|token| token.kind == Kind::Verbatim).map(|token| token.text).collect();
        Self { tokens, origins, around, places, verbatim }
    }

    /// All words with where they stand.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&'a str, &[usize])> {
        self.places.iter().map(|(word, places)| (*word, places.as_slice()))
    }

    pub(crate) fn places(&self, word: &str) -> &[usize] {
        self.places.get(word).map_or(&[], Vec::as_slice)
    }

    /// What stands `by` places from there; nothing beyond either end.
    pub(crate) fn near(&self, at: usize, by: isize) -> &'a str {
        at.checked_add_signed(by).and_then(|at| self.tokens.get(at)).map_or("", |token| token.text)
    }

    /// Where a place stands among all tokens, gaps included.
    pub(crate) fn origin(&self, at: usize) -> usize {
        self.origins[at]
    }

    pub(crate) fn kind(&self, at: usize) -> Kind {
        self.tokens[at].kind
    }

    /// The bracket that is open around that place.
    pub(crate) fn around(&self, at: usize) -> &'a str {
        self.around[at]
    }

    /// The first place from there on with one of these signs, not counting those inside brackets opened on the way.
    pub(crate) fn next(&self, from: usize, signs: &[&str]) -> Option<usize> {
        let mut depth = 0;
        for (at, token) in self.tokens.iter().enumerate().skip(from) {
            if depth == 0 && is_sign(token, signs) {
                return Some(at);
            }
            depth +=
                i32::from(is_sign(token, &["{", "(", "["])) - i32::from(is_sign(token, &["}", ")", "]"]));
        }
        None
    }

    /// Whether a string or a template holds the word.
    pub(crate) fn is_in_text(&self, word: &str) -> bool {
        self.verbatim.contains(word)
    }

    /// Whether the script names it once, as the key of an object.
    pub(crate) fn is_key_once(&self, word: &str) -> bool {
        let [at] = self.places(word) else { return false };
        let is_key = matches!(self.near(*at, -1), "{" | ",") && self.near(*at, 1) == ":";
        is_key && (word.starts_with('"') || !self.is_in_text(word))
    }

    /// Whether the script names it, and only ever as `wasm.name`.
    pub(crate) fn is_only_exported(&self, word: &str) -> bool {
        let places = self.places(word);
        let is_hidden = !self.hands_exports_on() && !self.is_in_text(word);
        !places.is_empty() && places.iter().all(|at| self.is_export(*at)) && is_hidden
    }

    /// Whether `wasm.name` stands there.
    pub(crate) fn is_export(&self, at: usize) -> bool {
        self.near(at, -1) == "." && self.near(at, -2) == EXPORTS && self.near(at, -3) != "."
    }

    /// Whether the script gives the module's exports away as a whole, to whoever may name any of them.
    pub(crate) fn hands_exports_on(&self) -> bool {
        self.places(EXPORTS).iter().any(|&at| {
            let is_value = self.near(at, -1) == "=" && self.near(at, 1) != ".";
            is_value || self.near(at, 1) == "as"
        })
    }

    /// All tokens but those in these ranges of places, and the gaps between them.
    pub(crate) fn without(&self, all: &[Token<'a>], cuts: &[Range<usize>]) -> Vec<Token<'a>> {
        let cuts: Vec<_> =
            cuts.iter().map(|cut| self.origins[cut.start]..=self.origins[cut.end - 1]).collect();
        let kept = all.iter().enumerate().filter(|(at, _)| !cuts.iter().any(|cut| cut.contains(at)));
        kept.map(|(_, token)| *token).collect()
    }
}

fn is_sign(token: &Token<'_>, signs: &[&str]) -> bool {
    token.kind == Kind::Sign && signs.contains(&token.text)
}
