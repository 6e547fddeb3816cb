//! The tests, by what they are about.

mod away;
mod bad_input;
mod coming_back;
mod looks;
mod pane;
mod tokens;
mod transport;
mod whole_job;
