//! `use_generation`: one generation as signals and actions. Decides nothing: the session does.

use leptos::prelude::*;

use super::effect;
use super::shown::Shown;
use super::{Fact, HtmlFeed};
use crate::browser::TokenProvider;
use crate::contract::{Failure, PageResult};
use crate::engine::{CardView, Connection, Lapse, Marks, Moment, Note, Options, Phase, StepView};

/// Why a `src` was refused before anything was sent. The phase is then `Ended(NotFound)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SrcRefused {
    /// It is no address, or it lies on another origin than the one that the token is for.
    Foreign,
    /// It does not end in a generation's id.
    NotAGeneration,
}

/// Why an action of the user did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionError {
    /// The server refused the retry, with this status; or did not answer within 15 s (0).
    Retry {
        /// The HTTP status, or 0.
        status: u16,
    },
    /// The server refused the cancel, with this status; or did not answer (0).
    Cancel {
        /// The HTTP status, or 0.
        status: u16,
    },
}

/// One generation: what is known about it as signals, and what the user can do about it. A cheap handle; belongs to the reactive owner in which [`use_generation`] was called.
#[derive(Clone, Copy)]
pub struct Generation {
    /// The page's HTML.
    pub html: HtmlFeed,
    pub(super) shown: Shown,
}

impl Generation {
    /// Where the whole is; `Idle` while there is no `src`.
    #[must_use]
    pub fn phase(&self) -> Fact<Phase> {
        Fact::new(self.shown.facts, |facts| facts.picture.phase)
    }

    /// What the connection is doing. Says nothing once the phase is ended.
    #[must_use]
    pub fn connection(&self) -> Fact<Connection> {
        Fact::new(self.shown.facts, |facts| facts.picture.connection)
    }

    /// The steps, in the order in which they run.
    #[must_use]
    pub fn steps(&self) -> Fact<Vec<StepView>> {
        Fact::new(self.shown.facts, |facts| facts.picture.steps.clone())
    }

    /// 0 to 1, if the server says a number.
    #[must_use]
    pub fn progress(&self) -> Fact<Option<f64>> {
        Fact::new(self.shown.facts, |facts| facts.picture.progress)
    }

    /// The newest card.
    #[must_use]
    pub fn card(&self) -> Fact<Option<CardView>> {
        Fact::new(self.shown.facts, |facts| facts.picture.card.clone())
    }

    /// How long the generation has been at work; shown with `lapse.at(now.get())`.
    #[must_use]
    pub fn elapsed(&self) -> Fact<Option<Lapse>> {
        Fact::new(self.shown.facts, |facts| facts.picture.elapsed)
    }

    /// Things that hold beside the phase.
    #[must_use]
    pub fn marks(&self) -> Fact<Marks> {
        Fact::new(self.shown.facts, |facts| facts.picture.marks)
    }

    /// Why it failed, in the server's words.
    #[must_use]
    pub fn failure(&self) -> Fact<Option<Failure>> {
        Fact::new(self.shown.facts, |facts| facts.picture.failure.clone())
    }

    /// What was made.
    #[must_use]
    pub fn result(&self) -> Fact<Option<PageResult>> {
        Fact::new(self.shown.facts, |facts| facts.picture.result.clone())
    }

    /// The run that is shown, from 1; 0 before anything is known.
    #[must_use]
    pub fn run(&self) -> Fact<u64> {
        Fact::new(self.shown.facts, |facts| facts.picture.run)
    }

    /// Why `src` was refused, if it was.
    #[must_use]
    pub fn refused(&self) -> Fact<Option<SrcRefused>> {
        Fact::new(self.shown.facts, |facts| facts.refused)
    }

    /// What went wrong with the user's last action; `None` again with the next.
    #[must_use]
    pub fn action_error(&self) -> Fact<Option<ActionError>> {
        Fact::new(self.shown.facts, |facts| facts.action_error)
    }

    /// True while a retry is being sent.
    #[must_use]
    pub fn retrying(&self) -> Fact<bool> {
        Fact::new(self.shown.facts, |facts| facts.retrying)
    }

    /// The screen's clock. Ticks each second while something runs or a reconnection is counted down; else it stands.
    #[must_use]
    pub fn now(&self) -> Fact<Moment> {
        Fact::new(self.shown.facts, |facts| facts.now)
    }

    /// Asks the server to cancel. `marks.cancelling` holds until that came true; ignored when nothing runs. A refusal
    /// comes as [`ActionError::Cancel`].
    pub fn cancel(&self) {
        self.shown.cancel();
    }

    /// Asks the server for the next run, and shows it. A refusal comes as [`ActionError::Retry`]. Ignored while one
    /// is being sent, and unless the generation has ended.
    pub fn retry(&self) {
        self.shown.retry();
    }

    /// Goes on after *signed out*, with all that is shown: the provider is asked for a token as if for the first time.
    /// Ignored at any other time.
    pub fn sign_in_again(&self) {
        self.shown.sign_in_again();
    }
}

/// Shows the generation at `src`, such as `/api/generations/q7Zp`, for as long as the current owner lives.
///
/// A change of `src` ends the old session and begins a new one; `None` shows nothing. Another origin than the one that
/// `token` is for, or an id that cannot be one, is refused before anything is sent. Options that make no sense are
/// replaced by the default ones. Under server-side rendering nothing is sent: it is connecting, if there is a `src`. Cleaning up the owner aborts every
/// request and ends every timer and listener.
pub fn use_generation(src: Signal<Option<String>>, token: TokenProvider, options: Options) -> Generation {
    use_generation_with(src, token, options, |_note| {})
}

/// [`use_generation`], and tells `on_note` what the session decided and why, for the host's log.
pub fn use_generation_with(
    src: Signal<Option<String>>,
    token: TokenProvider,
    options: Options,
    on_note: impl Fn(Note) + 'static,
) -> Generation {
    let shown = Shown::new(token, options, Box::new(on_note));
    if !cfg!(target_arch = "wasm32") && src.get_untracked().is_some() {
        shown.await_browser();
    }
    let mut before = None;
    effect(move || {
        let src = src.get();
        // A signal may be set to what it was: that is no reason to start again.
        if before.as_ref() != Some(&src) {
            before = Some(src.clone());
            shown.show(src);
        }
    });
    Generation { html: shown.html, shown }
}
