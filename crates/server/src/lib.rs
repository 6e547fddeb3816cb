//! The reference server of the generation screen: it makes a page about a place, slowly and truthfully, and shows the
//! work as the contract says (one stream, one state). It is a reference: everything stands in memory, one process.
//!
//! [`start`] runs it inside a test, [`serve`] on a listener of your own; [`command`] is the binary `server`, with routes of
//! your own if you like.

#![warn(clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod api;
mod app;
mod body;
mod clock;
mod command;
mod config;
mod country;
mod gazetteer;
mod generator;
mod geodesy;
mod ids;
mod page;
mod pieces;
pub mod place;
mod problem;
mod scripted;
mod serve;
mod site;
mod sse;
mod store;
mod token;

pub use api::addresses;
pub use command::command;
pub use config::{Config, Scripted};
pub use serve::{Running, serve, start};
