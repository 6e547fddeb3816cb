//! What the reader has set on the screen itself: which tab, how wide the preview is, what is folded, whether lines wrap,
//! whether the page may move. Of this screen only, and gone with it.

use leptos::prelude::*;

use super::page::Tab;

/// All settings, in one signal: each signal of another type brings two kilobytes into the program.
#[derive(Clone, Copy)]
pub(crate) struct Knobs(RwSignal<Settings>);

/// How the screen is set.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) tab: Tab,
    /// The details of the story are folded away, where there is little room.
    pub(crate) is_folded: bool,
    /// How wide the preview's page is.
    pub(crate) width: &'static str,
    /// Preview and source stay as they are; what comes meanwhile is shown later.
    pub(crate) is_paused: bool,
    /// The source follows its end.
    pub(crate) follows: bool,
    /// Long lines of the source wrap.
    pub(crate) wraps: bool,
    /// The end is told by a notification.
    pub(crate) tells: bool,
    /// That was wished for, and the browser has not allowed it.
    pub(crate) was_refused: bool,
    /// What is said about the last copy or download.
    pub(crate) said: &'static str,
}

impl Knobs {
    /// As a screen begins. Belongs to the current owner.
    pub(crate) fn new() -> Self {
        Knobs(RwSignal::new(Settings {
            tab: Tab::Preview,
            is_folded: true,
            width: "fit",
            is_paused: false,
            follows: true,
            wraps: false,
            tells: false,
            was_refused: false,
            said: "",
        }))
    }

    /// The settings. Tracked.
    pub(crate) fn get(self) -> Settings {
        self.0.get()
    }

    /// The settings. Not tracked.
    pub(crate) fn peek(self) -> Settings {
        self.0.get_untracked()
    }

    /// Changes them. Does nothing once the screen is gone.
    pub(crate) fn set(self, change: impl FnOnce(&mut Settings)) {
        self.0.try_update(change);
    }
}
