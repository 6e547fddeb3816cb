//! The page's HTML as it grows: kept once, read in parts. Knows nothing of where it comes from.

use leptos::prelude::*;

/// The page's HTML so far, append-only. A cheap handle; copies share the same bytes.
///
/// The text is never in a signal: only its length is, so that a reader can take what is new since it last looked.
/// Belongs to the reactive owner in which its hook was called; afterwards it reads as empty.
#[derive(Clone, Copy)]
pub struct HtmlFeed {
    text: StoredValue<String>,
    facts: RwSignal<FeedFacts>,
}

#[derive(Clone, Copy, Default)]
struct FeedFacts {
    len: u64,
    epoch: u32,
    finished: bool,
}

impl HtmlFeed {
    /// An empty feed of the current owner.
    pub(crate) fn new() -> Self {
        HtmlFeed { text: StoredValue::new(String::new()), facts: RwSignal::default() }
    }

    /// How many UTF-8 bytes there are. Tracked: changes at most once per animation frame.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.facts.try_get().unwrap_or_default().len
    }

    /// True while there is nothing. Tracked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Changes when all that came before is void: a new run began, or another generation is shown. Tracked. A reader
    /// that sees a new epoch starts again from byte 0.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.facts.try_get().unwrap_or_default().epoch
    }

    /// True once nothing more will come in this epoch. Tracked.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.facts.try_get().unwrap_or_default().finished
    }

    pub(super) fn len_untracked(&self) -> u64 {
        self.facts.try_get_untracked().unwrap_or_default().len
    }

    pub(super) fn epoch_untracked(&self) -> u32 {
        self.facts.try_get_untracked().unwrap_or_default().epoch
    }

    pub(super) fn is_finished_untracked(&self) -> bool {
        self.facts.try_get_untracked().unwrap_or_default().finished
    }

    /// Calls `read` with the bytes from `offset` on: empty if `offset` is past the end, or inside a character. Not
    /// tracked. `None` once the feed's owner is gone.
    pub fn with_from<R>(&self, offset: u64, read: impl FnOnce(&str) -> R) -> Option<R> {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        self.text.try_with_value(|text| read(text.get(offset..).unwrap_or("")))
    }

    /// The bytes from `offset` on, copied; the same rules.
    #[must_use]
    pub fn read_from(&self, offset: u64) -> String {
        self.with_from(offset, str::to_owned).unwrap_or_default()
    }

    /// Adds a piece.
    pub(crate) fn push(&self, piece: &str) {
        let len = self.text.try_update_value(|text| {
            text.push_str(piece);
            text.len() as u64
        });
        if let Some(len) = len {
            self.facts.try_update(|facts| facts.len = len);
        }
    }

    /// Begins a new epoch, empty.
    pub(crate) fn reset(&self) {
        self.text.try_update_value(String::clear);
        self.facts.try_update(|facts| {
            *facts = FeedFacts { epoch: facts.epoch.wrapping_add(1), ..FeedFacts::default() };
        });
    }

    /// Says that nothing more will come.
    pub(crate) fn finish(&self) {
        self.facts.try_update(|facts| facts.finished = true);
    }
}
