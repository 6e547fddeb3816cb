//! `use_generation`: one generation as signals and actions. Decides nothing: the session does.

use leptos::prelude::*;

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
    /// Where the whole is; `Idle` while there is no `src`.
    pub phase: Fact<Phase>,
    /// What the connection is doing. Says nothing once the phase is ended.
    pub connection: Fact<Connection>,
    /// The steps, in the order in which they run.
    pub steps: Fact<Vec<StepView>>,
    /// 0 to 1, if the server says a number.
    pub progress: Fact<Option<f64>>,
    /// The newest card.
    pub card: Fact<Option<CardView>>,
    /// How long the generation has been at work; shown with `lapse.at(now.get())`.
    pub elapsed: Fact<Option<Lapse>>,
    /// Things that hold beside the phase.
    pub marks: Fact<Marks>,
    /// Why it failed, in the server's words.
    pub failure: Fact<Option<Failure>>,
    /// What was made.
    pub result: Fact<Option<PageResult>>,
    /// The run that is shown, from 1; 0 before anything is known.
    pub run: Fact<u64>,
    /// The screen's clock. Ticks each second while something runs or a reconnection is counted down; else it stands.
    pub now: ReadSignal<Moment>,
    /// The page's HTML.
    pub html: HtmlFeed,
    /// Why `src` was refused, if it was.
    pub refused: Fact<Option<SrcRefused>>,
    /// What went wrong with the user's last action; `None` again with the next.
    pub action_error: Fact<Option<ActionError>>,
    /// True while a retry is being sent.
    pub retrying: Fact<bool>,
    shown: Shown,
}

impl Generation {
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
/// replaced by the default ones. Nothing happens under server-side rendering. Cleaning up the owner aborts every
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
    Effect::new(move |before: Option<Option<String>>| {
        let src = src.get();
        // A signal may be set to what it was: that is no reason to start again.
        if before.as_ref() != Some(&src) {
            shown.show(src.clone());
        }
        src
    });
    let facts = shown.facts;
    macro_rules! part {
        ($field:ident) => {
            Fact::new(facts, |facts| facts.picture.$field.clone())
        };
    }
    Generation {
        phase: part!(phase),
        connection: part!(connection),
        steps: part!(steps),
        progress: part!(progress),
        card: part!(card),
        elapsed: part!(elapsed),
        marks: part!(marks),
        failure: part!(failure),
        result: part!(result),
        run: part!(run),
        now: shown.now.read_only(),
        html: shown.html,
        refused: Fact::new(facts, |facts| facts.refused),
        action_error: Fact::new(facts, |facts| facts.action_error),
        retrying: Fact::new(facts, |facts| facts.retrying),
        shown,
    }
}
