//! A screen that shows a long, authenticated server job truthfully while it happens.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

#[cfg(feature = "browser")]
pub mod browser;
pub mod contract;
pub mod engine;
#[cfg(feature = "ui")]
pub mod ui;
