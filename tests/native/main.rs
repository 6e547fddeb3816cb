//! What the engine decides, tested without a browser.

mod decoder;
mod scenarios;
mod sim;
