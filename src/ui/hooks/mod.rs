//! The hooks: the only place where the user interface meets the browser shell. Render nothing.

mod feed;
mod generation;
mod preview_frame;
mod shown;

pub use feed::HtmlFeed;
pub use generation::{ActionError, Generation, SrcRefused, use_generation, use_generation_with};
pub use preview_frame::{Heading, PreviewFrame, PreviewOptions, PreviewScroll, use_preview_frame};
