//! What the engine decides, tested without a browser.

mod anything;
mod by_hand;
mod decoder;
mod scenarios;
mod sim;
