//! Which pages trunk serves here: the demo page and two examples; where each is, what it is compiled from, and where it
//! listens. It builds and serves neither.

use std::path::PathBuf;

use crate::command::Cmd;
use crate::place;

/// A page that trunk builds and serves.
pub(crate) struct Site {
    /// The command that serves it: `cargo xtask NAME`.
    pub(crate) name: &'static str,
    /// Where its Trunk.toml is, below the root.
    folder: &'static str,
    /// What index.html names to trunk, as cargo's arguments.
    pub(crate) compiled: &'static str,
    /// Where it listens, unless told otherwise.
    pub(crate) port: u16,
    /// Where its Trunk.toml expects the server.
    pub(crate) api_port: u16,
    /// What its server is started with besides.
    pub(crate) server: &'static [&'static str],
}

/// The demo page.
pub(crate) const DEMO: Site = Site {
    name: "dev",
    folder: "",
    compiled: "--bin generation-screen-demo --features demo",
    port: 8080,
    api_port: 8787,
    // What was begun is there after a restart.
    server: &["--data", "target/generations.db"],
};

/// The gallery. Its server plays the scenarios that the gallery lists, on work that is long enough to see them out.
pub(crate) const GALLERY: Site = Site {
    name: "gallery",
    folder: "examples/gallery",
    compiled: "-p gallery --bin gallery",
    port: 8081,
    api_port: 8788,
    server: &["--data", "none", "--scripted", "--seconds", "90"],
};

/// Another screen from the same hook.
pub(crate) const OWN_LOOK: Site = Site {
    name: "own-look",
    folder: "examples/own-look",
    compiled: "-p own-look --bin own-look",
    port: 8082,
    api_port: 8789,
    server: &["--data", "none"],
};

impl Site {
    /// Where its Trunk.toml and its index.html are.
    pub(crate) fn dir(&self) -> PathBuf {
        if self.folder.is_empty() { place::root() } else { place::root().join(self.folder) }
    }

    /// `trunk`, told of this page; without more for the demo page, where it looks by itself.
    pub(crate) fn trunk(&self, trunk: Cmd) -> Cmd {
        if self.folder.is_empty() { trunk } else { self.configured(trunk, &self.dir().join("Trunk.toml")) }
    }

    /// `trunk`, told of a configuration.
    pub(crate) fn configured(&self, trunk: Cmd, config: &std::path::Path) -> Cmd {
        trunk.args(["--config".to_owned(), config.display().to_string()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_is_what_index_html_names() {
        for site in [DEMO, GALLERY, OWN_LOOK] {
            let html = std::fs::read_to_string(site.dir().join("index.html")).expect("index.html is there");
            let words: Vec<&str> = site.compiled.split(' ').collect();
            for (option, attribute) in [("--bin", "data-bin"), ("--features", "data-cargo-features")] {
                let named = words.iter().position(|word| *word == option).map(|at| words[at + 1]);
                let expected =
                    named.map_or_else(|| attribute.to_owned(), |name| format!("{attribute}=\"{name}\""));
                assert_eq!(html.contains(&expected), named.is_some(), "{}: {expected}", site.name);
            }
        }
    }

    #[test]
    fn each_listens_where_its_trunk_toml_says() {
        for site in [DEMO, GALLERY, OWN_LOOK] {
            let config = std::fs::read_to_string(site.dir().join("Trunk.toml")).expect("Trunk.toml is there");
            assert!(config.contains(&format!("\nport = {}\n", site.port)), "{}", site.name);
            assert!(
                config.contains(&format!("\"http://127.0.0.1:{}/api/\"", site.api_port)),
                "{}",
                site.name
            );
        }
    }
}
