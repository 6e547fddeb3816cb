//! The generation screen in a real browser, against the reference server: what a person can see of it.
//!
//! `cargo xtask test e2e` builds the page and the server and runs this. Every test has a browser profile of its own, and
//! a proxy in front of the server that writes down what is sent, and can cut, hold and refuse it. A test waits for
//! what the page shows, never for time to pass. Whatever a test is about: at its end nothing may have been reported as
//! an error, and nothing may have broken the page's policy.

mod tests;
