//! The generation screen behind real proxies, set up as people set them up.
//!
//! `cargo xtask test proxies` installs the proxies, and runs this. Each test starts its own, between the browser and the
//! proxy that writes down; each prints what the way cost: the time to the first content, streams and reads.

mod figures;
mod haproxy;
mod nginx;
