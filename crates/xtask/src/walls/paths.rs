//! The paths that a file names, `use` trees spread out, each with its line. It reads bare code and resolves nothing
//! but `self` and `super`.

/// A path as `crate::engine::Input`, with `self` and `super` resolved against the file's module.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) line: usize,
    pub(crate) segments: Vec<String>,
    /// Whether it stands in a module `tests`.
    pub(crate) is_in_tests: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    /// `::`
    Join,
    Sign(char),
}

/// Every path of the code with two or more segments, and every path that is imported. `module` is the file's own.
pub(crate) fn named(code: &str, module: &[String]) -> Vec<Named> {
    let mut reader = Reader {
        tokens: tokens(code),
        at: 0,
        module: module.to_vec(),
        inline: Vec::new(),
        found: Vec::new(),
    };
    reader.read();
    reader.found
}

struct Reader {
    tokens: Vec<(usize, Token)>,
    at: usize,
    module: Vec<String>,
    /// For each open brace, the name of the module that it opens, if it opens one.
    inline: Vec<Option<String>>,
    found: Vec<Named>,
}

impl Reader {
    fn read(&mut self) {
        while let Some(token) = self.peek(0).cloned() {
            match token {
                Token::Word(word) if word == "use" && !matches!(self.peek(1), Some(Token::Sign('<'))) => {
                    self.at += 1;
                    self.tree(&[]);
                }
                Token::Word(word) if word == "mod" => self.module_opens(),
                Token::Word(_) => self.path(),
                Token::Sign('{') => {
                    self.inline.push(None);
                    self.at += 1;
                }
                Token::Sign('}') => {
                    self.inline.pop();
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }

    /// `mod name {`: what follows is one module deeper. `mod name;` changes nothing.
    fn module_opens(&mut self) {
        if let (Some(Token::Word(name)), Some(Token::Sign('{'))) = (self.peek(1).cloned(), self.peek(2)) {
            self.inline.push(Some(name));
            self.at += 3;
        } else {
            self.at += 1;
        }
    }

    /// A path in the middle of code; a word alone is none.
    fn path(&mut self) {
        let line = self.line();
        // `<T>::method` and `.method::<T>` continue something that is no path from a root.
        let continues = self.at > 0 && matches!(self.tokens[self.at - 1].1, Token::Join | Token::Sign('.'));
        let mut segments = vec![self.word()];
        while let (Some(Token::Join), Some(Token::Word(_))) = (self.peek(0), self.peek(1)) {
            self.at += 1;
            segments.push(self.word());
        }
        let leads_from_a_root = !continues || self.is_absolute(segments.len());
        if segments.len() > 1 && leads_from_a_root {
            self.note(line, segments);
        }
    }

    /// Whether the path that has just been read began as `::name`.
    fn is_absolute(&self, segments: usize) -> bool {
        let Some(join) = (self.at).checked_sub(segments * 2) else { return false };
        let before = join.checked_sub(1).map(|at| &self.tokens[at].1);
        self.tokens[join].1 == Token::Join && !matches!(before, Some(Token::Word(_) | Token::Sign('>')))
    }

    /// One branch of a `use` tree, from its first word to its comma, brace or semicolon.
    fn tree(&mut self, prefix: &[String]) {
        let line = self.line();
        let mut segments = prefix.to_vec();
        loop {
            match self.peek(0).cloned() {
                Some(Token::Word(word)) if word == "as" => self.at += 2,
                Some(Token::Word(word)) if word == "self" && !segments.is_empty() => self.at += 1,
                Some(Token::Word(_)) => segments.push(self.word()),
                Some(Token::Sign('*')) => {
                    segments.push("*".to_owned());
                    self.at += 1;
                }
                Some(Token::Join) => self.at += 1,
                Some(Token::Sign('{')) => {
                    self.at += 1;
                    while !matches!(self.peek(0), None | Some(Token::Sign('}'))) {
                        self.tree(&segments);
                        if self.peek(0) == Some(&Token::Sign(',')) {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                _ => break,
            }
        }
        if !segments.is_empty() {
            self.note(line, segments);
        }
    }

    fn note(&mut self, line: usize, segments: Vec<String>) {
        let mut here: Vec<String> = std::iter::once("crate".to_owned())
            .chain(self.module.iter().cloned())
            .chain(self.inline.iter().flatten().cloned())
            .collect();
        let is_in_tests = here.iter().any(|name| name == "tests");
        let mut rest = segments.as_slice();
        let relative = matches!(rest[0].as_str(), "self" | "super");
        while let Some(("self" | "super", tail)) =
            rest.split_first().map(|(first, tail)| (first.as_str(), tail))
        {
            if rest[0] == "super" && here.len() > 1 {
                here.pop();
            }
            rest = tail;
        }
        let segments =
            if relative { here.into_iter().chain(rest.iter().cloned()).collect() } else { segments };
        self.found.push(Named { line, segments, is_in_tests });
    }

    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|(_, token)| token)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |(line, _)| *line)
    }

    fn word(&mut self) -> String {
        let word = match self.peek(0) {
            Some(Token::Word(word)) => word.clone(),
            _ => String::new(),
        };
        self.at += 1;
        word
    }
}

fn tokens(code: &str) -> Vec<(usize, Token)> {
    let mut tokens = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let (token, len) = match first {
                _ if len > 0 && rest.starts_with("r#") => {
                    let end = rest[2..].find(|c| !is_word(c)).map_or(rest.len(), |end| end + 2);
                    (Token::Word(rest[2..end].to_owned()), end)
                }
                _ if len > 0 => (Token::Word(rest[..len].to_owned()), len),
                ':' if rest.starts_with("::") => (Token::Join, 2),
                _ => (Token::Sign(first), first.len_utf8()),
            };
            tokens.push((number + 1, token));
            rest = rest[len..].trim_start();
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(code: &str) -> Vec<String> {
        let module = ["engine".to_owned(), "session".to_owned()];
        named(code, &module).into_iter().map(|named| named.segments.join("::")).collect()
    }

    #[test]
    fn a_use_tree_is_spread_out() {
        assert_eq!(
            read("pub use crate::{engine::{self, Input as In}, contract::*}; use serde;"),
            ["crate::engine", "crate::engine::Input", "crate::contract::*", "serde"]
        );
    }

    #[test]
    fn super_and_self_lead_to_modules() {
        assert_eq!(read("use super::super::browser::Fetch;"), ["crate::browser::Fetch"]);
        assert_eq!(read("use self::legs::Leg;"), ["crate::engine::session::legs::Leg"]);
        assert_eq!(
            read("mod tests { use super::*; } use super::Input;"),
            ["crate::engine::session::*", "crate::engine::Input"]
        );
    }

    #[test]
    fn paths_in_code_are_found_and_words_alone_are_not() {
        assert_eq!(
            read("let a: web_sys::Window = b.c::<d::E>(::leptos::f(g), crate::browser::h!());"),
            ["web_sys::Window", "d::E", "leptos::f", "crate::browser::h"]
        );
        assert_eq!(read("a.map(<T as Into>::into); fn f() -> impl X + use<'_> {}"), Vec::<String>::new());
    }

    #[test]
    fn a_path_knows_its_line() {
        assert_eq!(named("fn a() {}\nuse b::c;\n", &[])[0].line, 2);
    }
}
