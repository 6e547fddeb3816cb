//! The engine: everything that is decided, and nothing that is done.
//!
//! No clock, no sockets, no tasks, no randomness of its own, no browser: facts go in ([`Input`], with the time),
//! work ([`Command`]) and pictures ([`Update`]) come out, and the [`Session`] says when it wants to be woken. What
//! the server sends is read here by the event stream decoder ([`sse`]) and told to the screen as a [`Picture`].

pub mod sse;

mod backoff;
mod frame;
mod io;
mod ledger;
mod options;
mod picture;
mod preview;
mod preview_pace;
mod preview_policy;
mod progress;
mod session;
mod span;
mod text;
mod time;

/// What a picture is made of, as it travels.
pub use crate::contract::{Failure, PageResult, StepState};
pub use io::{
    Command, Input, PageEvent, RequestId, ResponseHead, StreamEnd, TokenAnswer, TokenReason, Update,
};
pub use options::{Options, OptionsError};
pub use picture::{
    CardView, Connection, Lapse, Marks, Note, Outcome, Phase, Picture, PreviewOff, StepView, Why,
};
pub use preview::{PREVIEW_BYTES_MAX, PreviewFilter};
pub use preview_pace::{WRITE_BYTES_MIN, pause_after, write_bytes_after};
pub use preview_policy::{PreviewHostError, PreviewPolicy};
pub use session::{Legs, LifeState, PollState, Session, StreamState};
pub use span::Span;
pub use text::{cut_before, is_header_value, plain_text};
pub use time::Moment;
