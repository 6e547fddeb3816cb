//! A simulated world around the session: server, network, page, seats and token provider, in virtual time.
//!
//! Everything is decided by a script and a seed: the same seed gives the same run, to the microsecond. After every step
//! the invariants of the session are checked ([`watch`]). It simulates, and never decides what a session should do.
//!
//! `cargo xtask sim` runs it all; `tests/native` runs each scenario as a test of its own.

pub mod anything;
pub mod herd;
pub mod scenarios;
pub mod script;
pub mod server;
pub mod table;
pub mod watch;
pub mod world;

mod draw;
mod path;
mod words;

pub use script::{Job, Reply, Script, StreamFault, secs};
pub use world::World;
