//! The scenarios in a real browser: each name means what it means in the simulation and in the server's scripts, and what
//! must come of it is the same. One option divides all times, the script's and the session's.
//!
//! `cargo xtask test scenarios` builds the gallery and the server and runs this. Each test prints a line of figures, in
//! the session's own time: what was sent, and how long the first content took.

mod closed;
mod figures;
mod gallery;
mod many;
mod mute;
mod nothing_more;
mod page;
mod path;
mod refused;
mod token;
mod truth;
