//! The Trunk configuration of one start: the repository's own, or a copy of it for another server address. Trunk
//! only adds the proxies of its command line to those of its file, so an address can only be changed in a file.

use std::path::PathBuf;

use crate::fail::Fail;
use crate::place;
use crate::site::Site;

/// The file to start trunk with, if it is not the page's own.
///
/// # Errors
/// If Trunk.toml cannot be read or the copy not be written.
pub(crate) fn for_api_port(site: &Site, port: u16) -> Result<Option<PathBuf>, Fail> {
    if port == site.api_port {
        return Ok(None);
    }
    let copy = place::target().join("xtask").join(format!("Trunk-{}-{port}.toml", site.name));
    let written = std::fs::read_to_string(site.dir().join("Trunk.toml")).and_then(|text| {
        std::fs::create_dir_all(place::target().join("xtask"))?;
        std::fs::write(&copy, with_port(&text, (site.api_port, port), &site.dir().display().to_string()))
    });
    match written {
        Ok(()) => Ok(Some(copy)),
        Err(error) => Err(Fail::task(format!("Trunk.toml could not be copied for port {port} ({error})"))),
    }
}

/// The text with the second port for the first, and with paths that are right from anywhere.
fn with_port(text: &str, (own, port): (u16, u16), root: &str) -> String {
    let root = root.replace('\\', "/");
    let lines = text.lines().map(|line| {
        let is_path = ["target =", "watch =", "dist ="].iter().any(|key| line.starts_with(key));
        if is_path && !line.contains("[]") {
            line.replace("[\"", &format!("[\"{root}/"))
                .replace(", \"", &format!(", \"{root}/"))
                .replace("= \"", &format!("= \"{root}/"))
        } else {
            line.replace(&format!("127.0.0.1:{own}/"), &format!("127.0.0.1:{port}/"))
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
        let copy = with_port(&own, (8787, 9999), "/r");
        assert_eq!(copy.matches("127.0.0.1:9999/").count(), own.matches("127.0.0.1:8787/").count());
        assert!(own.contains("backend = \"http://127.0.0.1:8787/api/\""));
        assert!(copy.contains("backend = \"http://127.0.0.1:9999/api/\""));
    }

    #[test]
    fn paths_become_right_from_anywhere() {
        let own = "target = \"index.html\"\nwatch = [\"src\", \"style\"]\nport = 8080\n";
        assert_eq!(
            with_port(own, (8787, 1), "/r"),
            "target = \"/r/index.html\"\nwatch = [\"/r/src\", \"/r/style\"]\nport = 8080\n"
        );
    }
}
