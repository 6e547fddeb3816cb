//! A screen that shows a long, authenticated server job truthfully while it happens.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

// The decoder needs no more than this.
extern crate alloc;
#[cfg(feature = "browser")]
pub mod browser;
pub mod contract;
pub mod engine;
#[cfg(feature = "ui")]
pub mod ui;

#[cfg(feature = "browser")]
pub use browser::{Token, TokenError, TokenProvider};
#[cfg(feature = "ui")]
pub use engine::{Note, Options, Outcome, PreviewHostError, PreviewPolicy, plain_text};
#[cfg(feature = "ui")]
pub use ui::hooks::{ActionError, Generation, HtmlFeed, LabelsError, use_generation};
#[cfg(feature = "ui")]
pub use ui::{
    Away, ConnectionLine, GenerationActions, GenerationScreen, GenerationStyles, GenerationView, Headline,
    Labels, LivePreview, OutcomeNotice, PlaceCard, STYLESHEET, SourceView, StatusRegion, StepList,
};
