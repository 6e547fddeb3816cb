//! A copy of the page that reports to the tests by itself, for browsers whose driver cannot put a script into it. It
//! changes nothing but that.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::given::{given, target};

const WATCH: &str = include_str!("watch.js");
const SCRIPT: &str = "<script src=\"/watch.js\"></script>";

static WATCHED: OnceLock<PathBuf> = OnceLock::new();

/// The folder of the copy, made when it is wanted first.
pub(crate) fn watched() -> PathBuf {
    let make = || {
        let folder = target().join("watched");
        copy(&given("GENERATION_SCREEN_DIST"), &folder).expect("the page can be copied into target/e2e");
        folder
    };
    WATCHED.get_or_init(make).clone()
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let _ = std::fs::remove_dir_all(to);
    copy_folder(from, to)?;
    let index = std::fs::read_to_string(to.join("index.html"))?;
    std::fs::write(to.join("index.html"), index.replacen("<head>", &format!("<head>{SCRIPT}"), 1))?;
    std::fs::write(to.join("watch.js"), WATCH)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let copy = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &copy)?;
        } else {
            std::fs::copy(entry.path(), copy)?;
        }
    }
    Ok(())
}
