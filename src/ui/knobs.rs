//! What the reader has set on the screen itself: which tab, what is folded, whether lines wrap. Of this screen only,
//! and gone with it.

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
    /// Long lines of the source wrap.
    pub(crate) wraps: bool,
    /// What is said about the last copy or download.
    pub(crate) said: &'static str,
}

impl Knobs {
    /// As a screen begins. Belongs to the current owner.
    pub(crate) fn new() -> Self {
        Knobs(RwSignal::new(Settings { tab: Tab::Preview, is_folded: true, wraps: false, said: "" }))
    }

    /// The settings. Tracked.
    pub(crate) fn get(self) -> Settings {
        self.0.get()
    }

    /// The tab that is selected. Not tracked.
    pub(crate) fn tab(self) -> Tab {
        self.0.with_untracked(|settings| settings.tab)
    }

    /// Changes them. Does nothing once the screen is gone.
    pub(crate) fn set(self, change: impl FnOnce(&mut Settings)) {
        self.0.try_update(change);
    }
}
