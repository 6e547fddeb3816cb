//! The user interface: shows what the engine says, and holds no protocol state.
//!
//! One file for each part of the screen: a static view, and a painter that keeps it right (see `dom`). Words come
//! from [`Labels`], looks from the style sheet with the part's name. Only `hooks` touches the browser shell.
#![allow(unreachable_pub)] // `#[component]` writes a `pub` of its own.

pub mod hooks;

mod actions;
mod announce;
mod away;
mod card;
mod connection;
mod dom;
#[cfg(target_arch = "wasm32")]
mod element;
mod english;
mod head;
mod knobs;
mod labels;
mod link;
mod names;
mod notice;
mod outcome;
mod page;
mod parts;
mod preview;
mod progress;
mod screen;
mod source;
mod source_text;
mod status;
mod steps;
mod style;
#[cfg(not(target_arch = "wasm32"))]
mod tree;

pub use away::Away;
pub use labels::{Labels, Said, Say};
pub use parts::{
    ConnectionLine, GenerationActions, Headline, OutcomeNotice, PlaceCard, StatusRegion, StepList,
};
pub use preview::LivePreview;
pub use screen::{GenerationScreen, GenerationView};
pub use source::SourceView;
pub use style::{GenerationStyles, STYLESHEET};
