//! The examples besides the gallery, as a person uses them: they are what others copy.
//!
//! `cargo xtask test examples` builds both, and runs the tests of each against what serves it.

mod hydrated;
mod own_look;
