//! The browser shell: everything that touches the browser, and nothing that decides about the protocol.
//!
//! Each browser resource is a value whose `Drop` ends it. What the browser reports becomes an engine
//! [`Input`](crate::engine::Input) here; what the engine asks for becomes a request or a timer. Nothing in here may
//! run on a server: it is compiled there, never called.

mod token;

pub use token::{Token, TokenError, TokenProvider};
