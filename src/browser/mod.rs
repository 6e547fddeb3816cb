//! The browser shell: everything that touches the browser, and nothing that decides about the protocol.
//!
//! Each browser resource is a value whose `Drop` ends it. What the browser reports becomes an engine
//! [`Input`](crate::engine::Input) here; what the engine asks for becomes a request or a timer. Nothing in here may
//! run on a server: it is compiled there, never called.

pub mod clipboard;
pub mod clock;
pub mod download;
pub mod frame;
pub mod lent;
pub mod notification;
pub mod page;
pub mod timer;
pub mod words;

mod actions;
mod body;
mod driver;
mod fetch;
mod live;
mod pace;
mod seat;
mod target;
mod task;
mod token;

pub use actions::post_retry;
pub use body::Body;
pub use driver::{Driver, Screen};
pub use fetch::{Aborting, InFlight, Outgoing, Unanswered};
pub use live::{Live, live};
pub use target::{Target, TargetError};
pub(crate) use task::Task;
pub use token::{Token, TokenError, TokenProvider};
