//! The Trunk configuration of one start: the repository's own, or a copy of it for another server address. Trunk
//! only adds the proxies of its command line to those of its file, so an address can only be changed in a file.

use std::path::PathBuf;

use crate::fail::Fail;
use crate::place;

/// The port of the reference server that Trunk.toml names.
pub(crate) const API_PORT: u16 = 8787;

/// The file to start trunk with, if it is not the repository's.
///
/// # Errors
/// If Trunk.toml cannot be read or the copy not be written.
pub(crate) fn for_api_port(port: u16) -> Result<Option<PathBuf>, Fail> {
    if port == API_PORT {
        return Ok(None);
    }
    let copy = place::target().join("xtask").join(format!("Trunk-{port}.toml"));
    let written = std::fs::read_to_string(place::root().join("Trunk.toml")).and_then(|text| {
        std::fs::create_dir_all(place::target().join("xtask"))?;
        std::fs::write(&copy, with_port(&text, port, &place::root().display().to_string()))
    });
    match written {
        Ok(()) => Ok(Some(copy)),
        Err(error) => Err(Fail::task(format!("Trunk.toml could not be copied for port {port} ({error})"))),
    }
}

/// The text with the other port, and with paths that are right from anywhere.
fn with_port(text: &str, port: u16, root: &str) -> String {
    let root = root.replace('\\', "/");
    let lines = text.lines().map(|line| {
        let is_path = ["target =", "watch =", "dist ="].iter().any(|key| line.starts_with(key));
        if is_path && !line.contains("[]") {
            line.replace("[\"", &format!("[\"{root}/"))
                .replace(", \"", &format!(", \"{root}/"))
                .replace("= \"", &format!("= \"{root}/"))
        } else {
            line.replace(&format!("127.0.0.1:{API_PORT}/"), &format!("127.0.0.1:{port}/"))
        }
    });
    lines.map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_proxy_of_trunk_toml_gets_the_other_port() {
        let own = std::fs::read_to_string(place::root().join("Trunk.toml")).unwrap();
        let copy = with_port(&own, 9999, "/r");
        assert_eq!(copy.matches("127.0.0.1:9999/").count(), own.matches("127.0.0.1:8787/").count());
        assert!(own.contains("backend = \"http://127.0.0.1:8787/api/\""));
        assert!(copy.contains("backend = \"http://127.0.0.1:9999/api/\""));
    }

    #[test]
    fn paths_become_right_from_anywhere() {
        let own = "target = \"index.html\"\nwatch = [\"src\", \"style\"]\nport = 8080\n";
        assert_eq!(
            with_port(own, 1, "/r"),
            "target = \"/r/index.html\"\nwatch = [\"/r/src\", \"/r/style\"]\nport = 8080\n"
        );
    }
}
