//! Reads a command line: flags, options with a value, words, and what stands behind `--`. It knows no command.

use std::str::FromStr;

use crate::fail::Fail;

/// The arguments that nobody has taken yet.
pub(crate) struct Args {
    words: Vec<String>,
    behind_dashes: Vec<String>,
}

impl Args {
    pub(crate) fn new(words: impl IntoIterator<Item = String>) -> Self {
        let mut words: Vec<String> = words.into_iter().collect();
        let behind_dashes = match words.iter().position(|word| word == "--") {
            Some(at) => words.split_off(at).split_off(1),
            None => Vec::new(),
        };
        Self { words, behind_dashes }
    }

    /// Takes `--flag`, if it is there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    /// Takes `--name value` or `--name=value`, if it is there.
    pub(crate) fn value<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, Fail> {
        let Some(at) = self.words.iter().position(|word| word.split('=').next() == Some(name)) else {
            return Ok(None);
        };
        let word = self.words.remove(at);
        let text = match word.split_once('=') {
            Some((_, text)) => text.to_owned(),
            None if at < self.words.len() => self.words.remove(at),
            None => return Err(Fail::usage(format!("`{name}` wants a value"))),
        };
        let value = text.parse().map_err(|_| Fail::usage(format!("`{name} {text}` is no valid value")))?;
        Ok(Some(value))
    }

    /// Takes the next word that is no option.
    pub(crate) fn next(&mut self) -> Option<String> {
        let at = self.words.iter().position(|word| !word.starts_with('-'))?;
        Some(self.words.remove(at))
    }

    /// Whether this word comes first.
    pub(crate) fn is_next(&self, word: &str) -> bool {
        self.words.first().is_some_and(|first| first == word)
    }

    /// Takes everything behind the first word, as it is.
    pub(crate) fn rest(&mut self) -> Vec<String> {
        self.words.split_off(1)
    }

    /// Takes what stands behind `--`.
    pub(crate) fn behind_dashes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.behind_dashes)
    }

    /// Refuses whatever is left.
    pub(crate) fn finish(&self) -> Result<(), Fail> {
        match self.words.first().or(self.behind_dashes.first()) {
            Some(word) => {
                Err(Fail::usage(format!("`{word}` is not understood here; `cargo xtask help` says what is")))
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(String::from))
    }

    #[test]
    fn a_value_is_read_behind_a_space_and_behind_an_equals_sign() {
        for line in ["dev --port 9000 --release", "--port=9000 dev --release"] {
            let mut args = args(line);
            assert_eq!(args.value::<u16>("--port").unwrap(), Some(9000));
            assert!(args.flag("--release"));
            assert_eq!(args.next().as_deref(), Some("dev"));
            args.finish().unwrap();
        }
    }

    #[test]
    fn a_value_that_is_missing_or_wrong_is_a_usage_error() {
        for (line, said) in [
            ("--port", "`--port` wants a value"),
            ("--port 99999", "`--port 99999` is no valid value"),
            ("--port=x", "`--port x` is no valid value"),
        ] {
            let fail = args(line).value::<u16>("--port").unwrap_err();
            assert_eq!(fail.to_string(), said);
            assert_eq!(fail.exit_code(), 2);
        }
    }

    #[test]
    fn what_stands_behind_dashes_is_left_alone() {
        let mut args = args("test native -- --nocapture a_name");
        assert!(!args.flag("--nocapture"));
        assert_eq!(args.behind_dashes(), ["--nocapture", "a_name"]);
    }
}
