//! The hooks: the only place where the user interface meets the browser shell. Render nothing.

mod effect;
mod fact;
mod feed;
mod generation;
mod preview_frame;
mod preview_writer;
mod rest;
mod shown;
mod still;
mod words;

pub use crate::browser::clipboard::copy;
pub use crate::browser::download::save;
pub use crate::browser::frame::{Heading, PreviewScroll};
pub(crate) use crate::browser::lent::{Lent, OneOf};
pub(crate) use crate::browser::notification::{
    ask as ask_to_notify, permission as notify_permission, show as notify,
};
pub(crate) use crate::browser::page::is_hidden;
pub use crate::browser::{Token, TokenError, TokenProvider};
pub(crate) use effect::effect;
pub use fact::Fact;
pub use feed::HtmlFeed;
pub use generation::{ActionError, Generation, SrcRefused, use_generation, use_generation_with};
pub use preview_frame::{PreviewFrame, PreviewOptions, use_preview_frame};
pub(crate) use rest::Rest;
pub use still::Still;
pub use words::LabelsError;
