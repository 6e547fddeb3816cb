//! What `cargo xtask test` hands over in environment variables, and where results go. Looks for nothing itself: a
//! stale page or server that happens to lie about would prove nothing.

use std::path::PathBuf;

/// The path that an environment variable names.
pub(crate) fn given(variable: &str) -> PathBuf {
    match std::env::var_os(variable) {
        Some(path) if !path.is_empty() => PathBuf::from(path),
        _ => panic!(
            "{variable} is not set: start these tests with `cargo xtask test e2e`, or another part, which builds what they need"
        ),
    }
}

/// The script of axe-core.
pub fn axe() -> String {
    let path = given("AXE");
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()))
}

/// Where screenshots and the state of failed pages go: `target/e2e`.
pub(crate) fn target() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("../../target"), PathBuf::from);
    let ours = target.join("e2e");
    std::fs::create_dir_all(&ours).expect("target/e2e can be made");
    ours.canonicalize().unwrap_or(ours)
}
