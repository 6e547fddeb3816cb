//! The server over real sockets: every promise of the contract, and what every scripted fault essentially does. Each
//! test has a server of its own on a free port. Nothing sleeps: tests wait for what must come, within a limit.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod actions;
mod client;
mod crash;
mod described;
mod description;
mod limits;
mod operations;
mod pages;
mod program;
mod scripted;
mod scripted_answers;
mod session;
mod state;
mod stream;
mod work;
