//! One fact about a generation, as something that can be read and followed. Decides nothing.
//!
//! It stands where a `Memo<T>` would: each of those brings some 6 KB of its own into the program for every type, and
//! there are a dozen facts.

use leptos::prelude::*;

use super::generation::{ActionError, SrcRefused};
use crate::engine::{Moment, Picture};

/// Everything that is shown of a generation but its page and the time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    pub(super) picture: Picture,
    pub(super) refused: Option<SrcRefused>,
    pub(super) action_error: Option<ActionError>,
    pub(super) retrying: bool,
    pub(super) now: Moment,
}

/// A fact that changes with time. A cheap handle; once its owner is gone it reads as it does before a start.
///
/// Reading it with [`get`](Fact::get) inside a view or an effect runs that again whenever *anything* about the
/// generation changes, a few times a second at most. Where that is too often, or where a Leptos signal is wanted, turn
/// it into a [`Memo`] (`Memo::from(fact)`) or a [`Signal`].
///
/// `S` is what it is a part of.
pub struct Fact<T: 'static, S: 'static = Facts> {
    facts: RwSignal<S>,
    pick: fn(&S) -> T,
}

impl<T, S> Clone for Fact<T, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, S> Copy for Fact<T, S> {}

impl<T, S: Default + Send + Sync> Fact<T, S> {
    pub(super) fn new(facts: RwSignal<S>, pick: fn(&S) -> T) -> Self {
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
        (self.pick)(&S::default())
    }
}

impl<T: PartialEq + Send + Sync, S: Default + Send + Sync> From<Fact<T, S>> for Memo<T> {
    fn from(fact: Fact<T, S>) -> Self {
        Memo::new(move |_| fact.get())
    }
}

impl<T: PartialEq + Send + Sync, S: Default + Send + Sync> From<Fact<T, S>> for Signal<T> {
    fn from(fact: Fact<T, S>) -> Self {
        Memo::from(fact).into()
    }
}
