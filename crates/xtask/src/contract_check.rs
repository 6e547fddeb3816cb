//! `cargo xtask contract-check`: how the check of a server is built and run. What it checks, and what its options mean,
//! is its own affair. It never prints a token.

use crate::command::Cmd;
use crate::fail::Fail;

const RUN: &str = "cargo run --quiet -p contract-check --";
/// The command line was not understood: it has said why.
const USAGE: i32 = 2;

/// Hands the options on, and the exit code back.
pub(crate) fn run(options: &[String]) -> Result<(), Fail> {
    println!("$ {}", Cmd::words(RUN).args(without_tokens(options)).line());
    match Cmd::words(RUN).args(options.to_vec()).command().status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) if status.code() == Some(USAGE) => Err(Fail::usage("nothing was checked, see above")),
        Ok(_) => Err(Fail::task("the server does not reach the level, see above")),
        Err(error) => Err(Fail::task(format!("`cargo` could not be started: {error}"))),
    }
}

/// The options as they may be shown.
fn without_tokens(options: &[String]) -> Vec<String> {
    let is_token = |name: &str| matches!(name, "--token" | "--other-token");
    let mut shown = Vec::new();
    let mut is_value = false;
    for option in options {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        shown.push(match (is_value, is_token(name) && !value.is_empty()) {
            (true, _) => "…".to_owned(),
            (false, true) => format!("{name}=…"),
            (false, false) => option.clone(),
        });
        is_value = !is_value && is_token(option);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_printed() {
        let options = ["http://a", "--token", "s3cret", "--other-token=s3cret", "--level", "3", "--token"];
        let shown = without_tokens(&options.map(String::from));
        assert_eq!(shown, ["http://a", "--token", "…", "--other-token=…", "--level", "3", "--token"]);
    }
}
