//! Where things are: the repository, its target folder, the user's tools. It reads nothing, and creates only what it is given.

use std::env;
use std::path::{Path, PathBuf};

/// The repository's root. From the environment where cargo sets it, so that a binary built in one clone is right in
/// another that shares its target folder.
pub(crate) fn root() -> PathBuf {
    let package = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&package).ancestors().nth(2).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    let named = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root().join(named)
}

/// The folder of one version of one tool: `bin` inside it is what goes into PATH.
///
/// It belongs to the user, not to the clone: a tool takes minutes to build, and all clones can share it.
pub(crate) fn tool(name: &str, version: &str) -> PathBuf {
    tools(env::var_os("XDG_CACHE_HOME").map(PathBuf::from), home()).join(format!("{name}-{version}"))
}

fn tools(cache: Option<PathBuf>, home: Option<PathBuf>) -> PathBuf {
    cache
        .filter(|dir| dir.is_absolute())
        .or_else(|| home.map(|home| home.join(".cache")))
        .unwrap_or_else(target)
        .join("generation-screen/tools")
}

/// Where cargo keeps what it has downloaded.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| home().map(|home| home.join(".cargo")))
}

/// Writes a script that can be started.
pub(crate) fn write_program(file: &Path, text: &str) -> std::io::Result<()> {
    file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    std::fs::write(file, text)?;
    #[cfg(unix)]
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(())
}

fn home() -> Option<PathBuf> {
    env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).map(PathBuf::from)
}

/// The first program of these names in PATH.
pub(crate) fn in_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let suffix = env::consts::EXE_SUFFIX;
    names.iter().find_map(|name| {
        env::split_paths(&path).map(|dir| dir.join(format!("{name}{suffix}"))).find(|file| file.is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_folder_of_the_workspace() {
        assert!(root().join("Trunk.toml").is_file());
    }

    #[test]
    fn tools_live_in_the_users_cache_or_else_in_the_target_folder() {
        let home = || Some(PathBuf::from("/h"));
        assert_eq!(tools(Some("/c".into()), home()), Path::new("/c/generation-screen/tools"));
        assert_eq!(tools(Some("relative".into()), home()), Path::new("/h/.cache/generation-screen/tools"));
        assert_eq!(tools(None, home()), Path::new("/h/.cache/generation-screen/tools"));
        assert_eq!(tools(None, None), target().join("generation-screen/tools"));
    }
}
