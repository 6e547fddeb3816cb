//! What the engine decides, tested without a browser.

mod by_hand;
mod decoder;
mod hand;
mod rules;
mod scenarios;
mod states;
mod table;
