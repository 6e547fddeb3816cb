//! The transition table in docs is what the session does.

#[test]
fn the_transition_table_is_what_the_code_does() {
    let written = include_str!("../../docs/session-table.md");
    assert!(
        written == sim::table::markdown(),
        "the session behaves in another way than docs/session-table.md says. If that is meant:\n\
         cargo xtask sim --table > docs/session-table.md"
    );
}
