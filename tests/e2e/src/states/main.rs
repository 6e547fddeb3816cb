//! Every state that the screen can show, on the gallery's page of states: whether everybody can read and use it. Each is a
//! made-up moment, so nothing has to be waited for but the page itself.
//!
//! `cargo xtask test states` builds the gallery and runs this, with axe-core's script (`AXE`).

mod accessible;
mod layout;
mod reached;
mod shown;
mod wishes;
