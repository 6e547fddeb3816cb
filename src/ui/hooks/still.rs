//! A generation that stands still: one moment of it, made up by a host. For galleries, tests, and pictures in documents.
//! Nothing feeds it, and nothing is sent.

use super::fact::Facts;
use super::generation::{ActionError, Generation, SrcRefused};
use super::shown::Shown;
use crate::engine::{Moment, Phase, Picture};

/// One moment of a generation. `Still::default()` is the one before any start.
///
/// ```
/// # use generation_screen::{Outcome, ui::hooks::Still, engine::{Phase, Picture}};
/// # leptos::prelude::Owner::new().set();
/// let picture = Picture { phase: Phase::Ended(Outcome::Gone), ..Picture::default() };
/// let generation = Still { picture, html: "<h1>Tower".into(), ..Still::default() }.generation();
/// assert_eq!((generation.phase().get_untracked(), generation.html.read_from(4)), (Phase::Ended(Outcome::Gone), "Tower".into()));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Still {
    /// Everything but the page, as the session would tell it.
    pub picture: Picture,
    /// The page so far.
    pub html: String,
    /// Why `src` was refused, if it was.
    pub refused: Option<SrcRefused>,
    /// What went wrong with the user's last action.
    pub action_error: Option<ActionError>,
    /// A retry is being sent.
    pub retrying: bool,
    /// What the screen's clock shows; what is growing or counted down is shown as of then.
    pub now: Moment,
}

impl Still {
    /// As a generation. Its actions do nothing. Belongs to the current owner.
    #[must_use]
    pub fn generation(self) -> Generation {
        let Still { picture, html, refused, action_error, retrying, now } = self;
        let has_ended = matches!(picture.phase, Phase::Ended(_));
        let shown = Shown::still(Facts { picture, refused, action_error, retrying, now });
        shown.html.push(&html);
        if has_ended {
            shown.html.finish();
        }
        Generation { html: shown.html, shown }
    }
}
