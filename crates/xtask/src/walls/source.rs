//! The Rust sources of the repository, and their bare code: text without comments and without what stands in
//! literals, in which a word is a word of the language. It knows no rule.

use std::fs;
use std::path::Path;

use crate::fail::Fail;
use crate::place;

/// Where Rust sources are.
const FOLDERS: &[&str] = &["src", "crates", "tests", "examples", "benches"];
/// Folders that hold none of ours.
const NOT_OURS: &[&str] = &["target", "node_modules", "dist"];

/// One Rust file.
pub(crate) struct Source {
    /// Relative to the root, with slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Every Rust file, in order of its path.
pub(crate) fn all() -> Result<Vec<Source>, Fail> {
    let mut sources = Vec::new();
    for folder in FOLDERS {
        walk(&place::root().join(folder), folder, &mut sources);
    }
    if sources.is_empty() {
        return Err(Fail::task("no Rust sources were found: is this the repository's root?"));
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn walk(dir: &Path, name: &str, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let (path, name) = (entry.path(), format!("{name}/{file}"));
        if path.is_dir() && !NOT_OURS.contains(&file.as_str()) && !file.starts_with('.') {
            walk(&path, &name, sources);
        } else if file.ends_with(".rs")
            && let Ok(text) = fs::read_to_string(&path)
        {
            sources.push(Source { path: name, text });
        }
    }
}

impl Source {
    /// The text of the same length in lines, with comments and the contents of literals as spaces.
    pub(crate) fn code(&self) -> String {
        let chars: Vec<char> = self.text.chars().collect();
        let mut code = String::with_capacity(self.text.len());
        let mut at = 0;
        while at < chars.len() {
            let (end, keep) = token(&chars, at);
            for &c in &chars[at..end] {
                code.push(if keep || c == '\n' { c } else { ' ' });
            }
            at = end;
        }
        code
    }
}

/// The end of the token that begins at `at`, and whether it is code.
fn token(chars: &[char], at: usize) -> (usize, bool) {
    let rest = &chars[at..];
    let word_before = at > 0 && is_word(chars[at - 1]);
    match rest {
        ['/', '/', ..] => (at + rest.iter().position(|&c| c == '\n').unwrap_or(rest.len()), false),
        ['/', '*', ..] => (at + block_comment(rest), false),
        ['"', ..] => (at + quoted(rest, '"'), false),
        ['r', '"' | '#', ..] | ['b' | 'c', 'r', '"' | '#', ..] if !word_before => match raw_string(rest) {
            Some(len) => (at + len, false),
            None => (at + 1, true),
        },
        ['\'', '\\', ..] => (at + quoted(rest, '\''), false),
        ['\'', _, '\'', ..] => (at + 3, false),
        _ => (at + 1, true),
    }
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of `r#"…"#`, with any number of hashes; nothing for a raw identifier.
fn raw_string(rest: &[char]) -> Option<usize> {
    let start = rest.iter().position(|&c| c == 'r')? + 1;
    let hashes = rest[start..].iter().take_while(|&&c| c == '#').count();
    let body = start + hashes + 1;
    if rest.get(body - 1) != Some(&'"') {
        return None;
    }
    let is_end = |at: usize| {
        rest[at] == '"' && rest[at + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes
    };
    let end = (body..rest.len()).find(|&at| is_end(at)).map_or(rest.len(), |at| at + 1 + hashes);
    Some(end)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        Source { path: String::new(), text: text.to_owned() }.code()
    }

    #[test]
    fn comments_and_literals_are_no_code() {
        for text in [
            "// x",
            "/* x /* x */ x */",
            "\"x\"",
            "\"\\\"x\"",
            "r\"x\"",
            "r#\"x \" x\"#",
            "br##\"x\"# x\"##",
            "'x'",
            "'\\x41'",
        ] {
            let code = code(&format!("a {text}\nb"));
            assert!(!code.contains('x'), "{text}: {code}");
            assert!(code.starts_with("a ") && code.ends_with("\nb"), "{text}: {code}");
        }
    }

    #[test]
    fn lifetimes_and_raw_identifiers_are_code() {
        let text = "fn f<'a>(r#gen: &'a str, for_: &'static str) {}";
        assert_eq!(code(text), text);
    }
}
