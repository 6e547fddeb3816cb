//! The generation screen: composes the parts, and wires them to one generation. Decides nothing.

use leptos::prelude::*;

use super::actions::Actions;
use super::card::Card;
use super::connection::{ConnectionLine, Remarks};
use super::head::{Head, headline};
use super::hooks::{Generation, use_generation_with};
use super::labels::Labels;
use super::names;
use super::outcome::OutcomeNotice;
use super::page::Page;
use super::status::Status;
use super::steps::Steps;
use crate::browser::TokenProvider;
use crate::engine::{Note, Options, Outcome, Phase};

/// Shows a long server job while it happens: its steps, the page as it grows, how the connection is doing, how it
/// ended; and lets the reader cancel it, try again, copy and download.
///
/// Needs the style sheet: [`STYLESHEET`](super::STYLESHEET), or
/// [`<GenerationStyles/>`](super::GenerationStyles). Several screens can stand on one page. Taking it off the page
/// ends every request; the job itself goes on at the server.
///
/// ```
/// # use generation_screen::ui::{GenerationScreen, GenerationScreenProps};
/// # use generation_screen::browser::{Token, TokenProvider};
/// # use leptos::prelude::*;
/// #[component]
/// fn Host(selected: RwSignal<Option<String>>) -> impl IntoView {
///     let token = TokenProvider::new(|_why| async { Ok(Token { value: "secret".into(), expires_in: None }) });
///     view! { <GenerationScreen src=selected token=token/> }
/// }
/// ```
#[component]
pub fn GenerationScreen(
    /// Address of the generation, such as `/api/generations/q7Zp`. A change ends the old session; `None` shows
    /// nothing.
    #[prop(into)]
    src: Signal<Option<String>>,
    /// Where bearer tokens come from.
    token: TokenProvider,
    /// Times and limits. Left out: the defaults, which suit a server that keeps the contract.
    #[prop(optional)]
    options: Options,
    /// Every word that is shown. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
    /// Called once for every end of a run. Left out: nobody is told.
    #[prop(optional, into)]
    on_end: Option<UnsyncCallback<Outcome>>,
    /// Called with what the session decided and why, for a log. Left out: nothing is logged.
    #[prop(optional, into)]
    on_note: Option<UnsyncCallback<Note>>,
    /// A static file of the host's own origin to show the preview in, where the host's policy would leave it
    /// unstyled. Left out: an empty frame.
    #[prop(optional, into)]
    preview_shell_url: Option<String>,
) -> impl IntoView {
    let generation = use_generation_with(src, token, options, move |note| {
        if let Some(on_note) = on_note {
            on_note.run(note);
        }
    });
    Effect::new(move |before: Option<Phase>| {
        let phase = generation.phase.get();
        if let (Phase::Ended(outcome), Some(on_end)) = (phase, on_end)
            && before != Some(phase)
        {
            untrack(|| on_end.run(outcome));
        }
        phase
    });
    view! { <Screen generation src labels preview_shell_url/> }
}

/// The screen of a generation that is already there.
#[component]
pub(crate) fn Screen(
    /// What is shown.
    generation: Generation,
    /// Its address.
    src: Signal<Option<String>>,
    /// The words.
    labels: Signal<Labels>,
    /// See [`GenerationScreen`].
    preview_shell_url: Option<String>,
) -> impl IntoView {
    let phase = generation.phase;
    let title = headline(generation, labels);
    view! {
        <section
            class="gs-screen"
            aria-label=names::word(labels, |l| l.screen)
            data-part="screen"
            data-phase=move || names::phase(phase.get())
            data-outcome=move || names::outcome(phase.get())
            data-connection=move || names::connection(generation.connection.get())
            data-marks=move || names::marks(generation.marks.get())
            data-run=move || generation.run.get().to_string()
        >
            <div class="gs-layout">
                <Story generation src labels title/>
                <Page generation labels preview_shell_url/>
            </div>
            <Status generation labels title/>
        </section>
    }
}

/// The story: everything but the page itself.
#[component]
fn Story(
    /// What is shown.
    generation: Generation,
    /// Its address.
    src: Signal<Option<String>>,
    /// The words.
    labels: Signal<Labels>,
    /// What happens now.
    title: Signal<String>,
) -> impl IntoView {
    let folded = RwSignal::new(true);
    let is_quiet = move || matches!(generation.phase.get(), Phase::Idle | Phase::Ended(_));
    view! {
        <div class="gs-story" data-part="story">
            <Head generation labels title folded/>
            <div class="gs-fold" data-folded=move || if folded.get() { "true" } else { "false" }>
                <Steps steps=generation.steps now=generation.now labels/>
                <Card card=generation.card labels/>
            </div>
            <div class="gs-now">
                <ConnectionLine
                    connection=generation.connection
                    now=generation.now
                    labels
                    hidden=Signal::derive(is_quiet)
                />
                <OutcomeNotice generation labels/>
                <Remarks generation labels/>
            </div>
            <Actions generation src labels/>
        </div>
    }
}
