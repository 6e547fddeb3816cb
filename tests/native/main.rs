//! What the engine decides, tested without a browser.

mod by_hand;
mod decoder;
mod scenarios;
mod table;
