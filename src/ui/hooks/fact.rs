//! One fact about a generation, as something that can be read and followed. Decides nothing.
//!
//! It stands where a `Memo<T>` would: each of those brings some 6 KB of its own into the program for every type, and
//! there are a dozen facts.

use leptos::prelude::*;

use super::generation::{ActionError, SrcRefused};
use crate::engine::Picture;

/// Everything that is shown of a generation but its page and the time.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facts {
    pub(super) picture: Picture,
    pub(super) refused: Option<SrcRefused>,
    pub(super) action_error: Option<ActionError>,
    pub(super) retrying: bool,
}

/// A fact that changes with time. A cheap handle; once its owner is gone it reads as it does before a start.
///
/// Reading it with [`get`](Fact::get) inside a view or an effect runs that again whenever *anything* about the
/// generation changes, a few times a second at most. Where that is too often, or where a Leptos signal is wanted, turn
/// it into a [`Memo`] (`Memo::from(fact)`) or a [`Signal`].
pub struct Fact<T: 'static> {
    facts: RwSignal<Facts>,
    pick: fn(&Facts) -> T,
}

impl<T> Clone for Fact<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fact<T> {}

impl<T> Fact<T> {
    pub(super) fn new(facts: RwSignal<Facts>, pick: fn(&Facts) -> T) -> Self {
        Fact { facts, pick }
    }

    /// What it is now. Tracked.
    #[must_use]
    pub fn get(&self) -> T {
        self.facts.try_with(self.pick).unwrap_or_else(|| self.before_all())
    }

    /// What it is now. Not tracked.
    #[must_use]
    pub fn get_untracked(&self) -> T {
        self.facts.try_with_untracked(self.pick).unwrap_or_else(|| self.before_all())
    }

    fn before_all(&self) -> T {
        (self.pick)(&Facts::default())
    }
}

impl<T: PartialEq + Send + Sync> From<Fact<T>> for Memo<T> {
    fn from(fact: Fact<T>) -> Self {
        Memo::new(move |_| fact.get())
    }
}

impl<T: PartialEq + Send + Sync> From<Fact<T>> for Signal<T> {
    fn from(fact: Fact<T>) -> Self {
        Memo::from(fact).into()
    }
}
