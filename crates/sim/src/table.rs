//! The transition table.

/// As it stands in docs/session-table.md.
#[must_use]
pub fn markdown() -> String {
    String::new()
}
