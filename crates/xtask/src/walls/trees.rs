//! What the packages link, asked of cargo: the root without features is as small as it says, and the server holds
//! nothing of the browser. One package at a time: in a workspace build features unify, and prove nothing.

use crate::command::Cmd;
use crate::fail::Fail;

/// What contract and engine may depend on.
const ENGINE_MAY: &[&str] = &["serde", "memchr"];
/// What has no business in a server.
const SERVER_NOT: &[&str] =
    &["leptos", "web-sys", "js-sys", "wasm-bindgen", "gloo-net", "gloo-timers", "wasm-streams"];

/// What is linked and should not be.
pub(crate) fn violations() -> Result<Vec<String>, Fail> {
    let engine =
        packages("cargo tree -p generation-screen --no-default-features -e normal --depth 1 --prefix none")?;
    let server = packages("cargo tree -p server -e normal --prefix none")?;
    Ok(beyond(&engine[1..]).into_iter().chain(among(&server)).collect())
}

fn beyond(direct: &[String]) -> Vec<String> {
    let foreign = direct.iter().filter(|name| !ENGINE_MAY.contains(&name.as_str()));
    foreign
        .map(|name| {
            format!("Cargo.toml: without features the crate depends on {name}: contract and engine do with {ENGINE_MAY:?}")
        })
        .collect()
}

fn among(linked: &[String]) -> Vec<String> {
    let browser = SERVER_NOT.iter().filter(|name| linked.iter().any(|linked| linked == *name));
    browser
        .map(|name| {
            format!(
                "crates/server: links {name}, which is the browser's: `cargo tree -p server -e normal -i {name}` says by whom"
            )
        })
        .collect()
}

fn packages(line: &str) -> Result<Vec<String>, Fail> {
    println!("$ {line}");
    let answer =
        Cmd::words(line).asked().ok_or_else(|| Fail::task(format!("`{line}` failed: run it to see why")))?;
    let mut names: Vec<String> =
        answer.lines().filter_map(|line| line.split(' ').next()).map(String::from).collect();
    names.dedup();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_dependency_of_the_bare_crate_is_named_unless_it_is_one_of_three() {
        assert_eq!(beyond(&list(&["serde", "memchr"])), Vec::<String>::new());
        assert!(beyond(&list(&["serde", "tokio"]))[0].contains("depends on tokio"));
    }

    #[test]
    fn a_browsers_crate_in_the_server_is_named() {
        assert_eq!(among(&list(&["axum", "tokio"])), Vec::<String>::new());
        assert!(among(&list(&["axum", "web-sys"]))[0].contains("links web-sys"));
    }
}
