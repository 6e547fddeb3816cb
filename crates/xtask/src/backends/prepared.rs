//! How what the example backends need comes to this machine. Their folders stay as they are: packages lie in the user's
//! cache, and what is put together of them in the target folder. It starts nothing.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

use crate::command::Cmd;
use crate::fail::Fail;
use crate::place;

/// Stands in a folder that was installed to its end.
const WHOLE: &str = "installed";

/// A program that starts the one in Python, with its packages in an environment of their own.
pub(super) fn fastapi() -> Result<PathBuf, Fail> {
    let sources = example("backend-fastapi");
    let requirements = sources.join("requirements.txt");
    let missing = "examples/backend-fastapi needs python3, 3.11 or newer, with venv and pip (Debian: apt-get install \
                   python3-venv), and pip needs its index";
    let venv = installed("backend-fastapi", &requirements, |venv| {
        needs(&["python3"], missing)?;
        Cmd::words("python3 -c").arg("import sys; sys.exit(sys.version_info < (3, 11))").run(missing)?;
        Cmd::words("python3 -m venv --clear").arg(shown(venv)).run(missing)?;
        Cmd::new(shown(&python(venv)))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(shown(&requirements))
            .run(missing)
    })?;
    // `-B`: leaves no compiled files beside the sources.
    let start = Cmd::new(shown(&python(&venv))).arg("-B").arg(shown(&sources.join("main.py")));
    program("fastapi", &start).map_err(|error| unwritten(&programs(), &error))
}

fn python(venv: &Path) -> PathBuf {
    venv.join("bin/python")
}

/// A program that starts the one in JavaScript: a copy of its sources, since a module looks for packages beside itself
/// and above.
pub(super) fn express() -> Result<PathBuf, Fail> {
    let sources = example("backend-express");
    let missing = "examples/backend-express needs node, 20.3 or newer, and npm, and npm needs its registry";
    let packages = installed("backend-express", &sources.join("package-lock.json"), |packages| {
        needs(&["node", "npm"], missing)?;
        copy(&sources, packages, "json").map_err(|error| unwritten(packages, &error))?;
        let install = Cmd::words("npm ci --engine-strict --no-fund --no-audit --loglevel=error --prefix");
        install.arg(shown(packages)).run(missing)
    })?;
    let copied = programs().join("express-sources");
    let put_together = || {
        let _ = fs::remove_dir_all(&copied);
        copy(&sources, &copied, "json")?;
        copy(&sources, &copied, "js")?;
        link(&packages.join("node_modules"), &copied.join("node_modules"))?;
        program("express", &Cmd::new("node").arg(shown(&copied.join("server.js"))))
    };
    put_together().map_err(|error| unwritten(&copied, &error))
}

fn example(name: &str) -> PathBuf {
    place::root().join("examples").join(name)
}

/// Where what we write lies.
fn programs() -> PathBuf {
    place::target().join("xtask/backends")
}

/// The folder of what this list names: installed once for all clones, and anew when the list has changed.
fn installed(
    name: &str,
    list: &Path,
    install: impl FnOnce(&Path) -> Result<(), Fail>,
) -> Result<PathBuf, Fail> {
    let text =
        fs::read(list).map_err(|error| Fail::task(format!("{} cannot be read ({error})", list.display())))?;
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let folder = place::tool(name, &format!("{:016x}", hasher.finish()));
    let whole = folder.join(WHOLE);
    if !whole.is_file() {
        println!("what examples/{name} needs is missing: installing it, once for all clones");
        fs::create_dir_all(&folder).map_err(|error| unwritten(&folder, &error))?;
        install(&folder)?;
        fs::write(&whole, "").map_err(|error| unwritten(&whole, &error))?;
    }
    Ok(folder)
}

fn needs(programs: &[&str], missing: &str) -> Result<(), Fail> {
    match programs.iter().find(|name| place::in_path(&[name]).is_none()) {
        Some(name) => Err(Fail::task(format!("no {name} in PATH: {missing}"))),
        None => Ok(()),
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Fail {
    Fail::task(format!("{} could not be written ({error})", path.display()))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// All files of a folder whose names end so.
fn copy(from: &Path, to: &Path, ending: &str) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.extension().is_some_and(|kind| kind == ending)) {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn link(_to: &Path, _at: &Path) -> io::Result<()> {
    Err(io::Error::other("the backends are tested on Unix only"))
}

/// Writes a program that is this command.
fn program(name: &str, start: &Cmd) -> io::Result<PathBuf> {
    let program = programs().join(name);
    place::write_program(&program, &format!("#!/bin/sh\nexec {}\n", start.line()))?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = place::target().join("xtask/tests").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_program_that_is_missing_is_named_with_what_needs_it() {
        let said = needs(&["sh", "no-such-program-here"], "the example needs it").unwrap_err().to_string();
        assert_eq!(said, "no no-such-program-here in PATH: the example needs it");
        needs(&["sh"], "").unwrap();
    }

    #[test]
    fn only_files_of_the_kind_are_copied() {
        let (from, to) = (scratch("copy-from"), scratch("copy-to"));
        for name in ["a.js", "b.json", "README.md"] {
            fs::write(from.join(name), name).unwrap();
        }
        fs::create_dir_all(from.join("node_modules")).unwrap();
        copy(&from, &to, "js").unwrap();
        let copied: Vec<_> = fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(copied, ["a.js"]);
    }

    #[test]
    fn the_sources_name_their_packages_in_one_version_each() {
        let requirements = fs::read_to_string(example("backend-fastapi").join("requirements.txt")).unwrap();
        let named = requirements.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in named {
            assert!(line.split_once("==").is_some_and(|(_, version)| !version.contains('*')), "{line}");
        }
        let lock = fs::read_to_string(example("backend-express").join("package-lock.json")).unwrap();
        let package = fs::read_to_string(example("backend-express").join("package.json")).unwrap();
        let [lock, package]: [serde_json::Value; 2] =
            [lock, package].map(|text| serde_json::from_str(&text).unwrap());
        assert_eq!(lock["packages"][""]["dependencies"], package["dependencies"]);
        let exact = |version: &serde_json::Value| {
            version.as_str().is_some_and(|text| !text.contains(['^', '~', '*']))
        };
        assert!(package["dependencies"].as_object().unwrap().values().all(exact));
    }
}
