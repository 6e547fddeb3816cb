//! The user interface: shows what the engine says, and holds no protocol state.

pub mod hooks;
