//! The reference server of the generation screen: it makes a page about a place, slowly and truthfully, and shows the
//! work as the contract says (one stream, one state). One process; what it keeps lies in one file.
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
mod connections;
mod country;
mod gazetteer;
mod generator;
mod geodesy;
mod health;
mod ids;
mod limits;
mod metrics;
mod options;
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
mod trace;
mod work;

pub use api::addresses;
pub use command::command;
pub use config::{Config, Scripted};
pub use serve::{Running, serve, start};
pub use work::{Log, Over, Work};
