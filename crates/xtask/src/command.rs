//! One external command: printed as a line that can be copied, then run. It decides nothing about what is run.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::fail::Fail;
use crate::place;

/// What `cargo run` tells a package about itself. Build scripts watch some of these, so that handing them on would
/// rebuild what a plain `cargo` has built, and the other way round.
const OF_THIS_PACKAGE: &[&str] = &[
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PRIMARY_PACKAGE",
];

/// A command in the repository's root, with what it needs in its environment.
#[derive(Clone)]
pub(crate) struct Cmd {
    program: String,
    args: Vec<String>,
    env: Vec<(String, String)>,
    path_first: Vec<String>,
}

impl Cmd {
    pub(crate) fn new(program: impl Into<String>) -> Self {
        Self { program: program.into(), args: Vec::new(), env: Vec::new(), path_first: Vec::new() }
    }

    /// A command as it would be typed; its words are split at spaces.
    pub(crate) fn words(line: &str) -> Self {
        let mut words = line.split_whitespace();
        Self::new(words.next().unwrap_or_default()).args(words)
    }

    pub(crate) fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    pub(crate) fn args<S: Into<String>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.env.push((name.to_owned(), value.as_ref().display().to_string()));
        self
    }

    /// Puts a directory in front of PATH.
    pub(crate) fn path_first(mut self, dir: impl AsRef<Path>) -> Self {
        self.path_first.push(dir.as_ref().display().to_string());
        self
    }

    /// The command, started by another one, which gets it as its last words.
    pub(crate) fn within(mut self, outer: &[String]) -> Self {
        let words = [outer, &[self.program], &self.args].concat();
        let mut words = words.into_iter();
        self.program = words.next().unwrap_or_default();
        self.args = words.collect();
        self
    }

    /// The command as a line for a POSIX shell.
    pub(crate) fn line(&self) -> String {
        let mut words = Vec::new();
        if !self.path_first.is_empty() {
            words.push(format!("PATH={}:\"$PATH\"", quoted(&self.path_first.join(":"))));
        }
        words.extend(self.env.iter().map(|(name, value)| format!("{name}={}", quoted(value))));
        words.push(quoted(&self.program));
        words.extend(self.args.iter().map(|arg| quoted(arg)));
        words.join(" ")
    }

    /// Prints the line and runs it to its end, with our input and output.
    ///
    /// # Errors
    /// `otherwise`, the one line for the user, if it could not be started or did not succeed.
    pub(crate) fn run(&self, otherwise: impl Into<String>) -> Result<(), Fail> {
        println!("$ {}", self.line());
        match self.command().status() {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(Fail::task(otherwise)),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(Fail::task(format!("`{}` was not found in PATH; {}", self.program, otherwise.into())))
            }
            Err(error) => Err(Fail::task(format!(
                "`{}` could not be started ({error}); {}",
                self.program,
                otherwise.into()
            ))),
        }
    }

    /// Asks a question, unprinted: the standard output of a command that succeeded.
    pub(crate) fn asked(&self) -> Option<String> {
        let output = self.command().stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The command for `std`.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(place::root());
        for (name, _) in std::env::vars_os() {
            if is_of_this_package(&name) {
                command.env_remove(name);
            }
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        if !self.path_first.is_empty() {
            let old = std::env::var_os("PATH").unwrap_or_default();
            let dirs = self.path_first.iter().map(Into::into).chain(std::env::split_paths(&old));
            if let Ok(path) = std::env::join_paths(dirs) {
                command.env("PATH", path);
            }
        }
        command
    }
}

fn is_of_this_package(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || OF_THIS_PACKAGE.contains(&name))
}

/// A word as a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_can_be_copied_into_a_shell() {
        let cmd = Cmd::words("trunk serve --port 8080").path_first("/a b/bin").env("X", "it's").arg("");
        assert_eq!(cmd.line(), r#"PATH='/a b/bin':"$PATH" X='it'\''s' trunk serve --port 8080 ''"#);
    }

    #[test]
    fn a_command_within_another_keeps_its_words_and_its_environment() {
        let cmd = Cmd::words("cargo test").env("X", "1").within(&["xvfb-run".into(), "-a".into()]);
        assert_eq!(cmd.line(), "X=1 xvfb-run -a cargo test");
    }

    #[test]
    fn a_program_that_is_not_there_is_named_with_what_to_do() {
        let fail = Cmd::new("no-such-program-here").run("install it").unwrap_err();
        assert_eq!(fail.to_string(), "`no-such-program-here` was not found in PATH; install it");
    }

    #[test]
    fn what_cargo_says_of_this_package_is_not_handed_on() {
        assert!(is_of_this_package(OsStr::new("CARGO_PKG_NAME")));
        assert!(is_of_this_package(OsStr::new("CARGO_MANIFEST_DIR")));
        assert!(!is_of_this_package(OsStr::new("CARGO_HOME")));
        assert!(!is_of_this_package(OsStr::new("CARGO_TARGET_DIR")));
    }
}
