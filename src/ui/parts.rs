//! The parts of the screen's story as components of their own, for screens that are arranged in another way. Each is the
//! markup and the painters that the screen itself has; none decides anything.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::dom::{Root, action_of};
use super::hooks::Generation;
use super::knobs::Knobs;
use super::labels::Labels;
use super::outcome::Title;
use super::{actions, card, connection, head, names, outcome, progress, status, steps};

/// What a part is: its markup in a root of its own, painted.
fn part(
    markup: &'static str,
    generation: Generation,
    labels: Signal<Labels>,
    paint: impl FnOnce(Root),
    press: impl Fn(&str) + 'static,
) -> impl IntoView {
    let root = Root::new(markup);
    names::paint(root, generation, labels);
    paint(root);
    let on_click = move |event: MouseEvent| {
        if let Some(action) = action_of(&event) {
            press(&action);
        }
    };
    let view =
        view! { <div class="gs-screen" node_ref=root.node on:click=on_click inner_html=root.markup()></div> };
    #[cfg(not(target_arch = "wasm32"))]
    let view = view.add_any_attr(root.attributes());
    view
}

/// What happens now in a few words, for how long, and the progress: a heading of level 2, and a progress bar that shows a number
/// only if the server says one.
#[component]
pub fn Headline(
    /// What is shown.
    generation: Generation,
    /// Every word that is shown. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
) -> impl IntoView {
    let knobs = Knobs::new();
    let paint = move |root| {
        head::paint(root, generation, labels, knobs);
        progress::paint(root, generation, labels);
    };
    part(include_str!("head.html"), generation, labels, paint, |_| ())
}

/// The steps with their state and duration, in the server's order.
#[component]
pub fn StepList(
    /// What is shown.
    generation: Generation,
    /// Every word that is shown. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
) -> impl IntoView {
    part(
        include_str!("steps.html"),
        generation,
        labels,
        move |root| steps::paint(root, generation, labels),
        |_| (),
    )
}

/// What the server has understood of the place. Its room is kept before it comes.
#[component]
pub fn PlaceCard(
    /// What is shown.
    generation: Generation,
    /// Every word that is shown. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
) -> impl IntoView {
    part(
        include_str!("card.html"),
        generation,
        labels,
        move |root| card::paint(root, generation, labels),
        |_| (),
    )
}

/// What the connection is doing and why, and quiet remarks: stalled, resumed, cancelling, which try it is. Says nothing
/// of the connection once it is over.
#[component]
pub fn ConnectionLine(
    /// What is shown.
    generation: Generation,
    /// Every word that is shown. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
) -> impl IntoView {
    let markup = concat!(include_str!("connection.html"), include_str!("remarks.html"));
    part(markup, generation, labels, move |root| connection::paint(root, generation, labels), |_| ())
}

/// How it ended, and what went wrong with an action: bad news in an alert, the rest in plain text.
#[component]
pub fn OutcomeNotice(
    /// What is shown.
    generation: Generation,
    /// Every word that is shown. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
) -> impl IntoView {
    part(
        include_str!("outcome.html"),
        generation,
        labels,
        move |root| outcome::paint(root, generation, labels, Title::Here),
        |_| (),
    )
}

/// What the reader can do now: cancel, try again, sign in again, open the finished page.
#[component]
pub fn GenerationActions(
    /// What they are for.
    generation: Generation,
    /// Its address, which the address of the finished page may be relative to. Left out: the page's own origin.
    #[prop(optional, into)]
    src: Signal<Option<String>>,
    /// Every word that is shown. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
) -> impl IntoView {
    let paint = move |root| actions::paint(root, generation, src, labels);
    let press = move |action: &str| {
        actions::act(action, generation);
    };
    part(include_str!("actions.html"), generation, labels, paint, press)
}

/// What a screen reader is told in passing, at a pace: a step, a connection that changed for good, quarters, the end. Shows
/// nothing. One for each generation on a page.
#[component]
pub fn StatusRegion(
    /// What is told of.
    generation: Generation,
    /// Every word that is said. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
) -> impl IntoView {
    part(
        include_str!("status.html"),
        generation,
        labels,
        move |root| status::paint(root, generation, labels),
        |_| (),
    )
}

// What a server sends of them.
#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::super::hooks::Still;
    use super::*;
    use crate::engine::{Connection, Outcome, Phase, Picture};

    #[test]
    fn each_part_shows_its_own_and_nothing_else() {
        let picture = Picture {
            phase: Phase::Ended(Outcome::Cancelled),
            connection: Connection::Live,
            run: 2,
            ..Picture::default()
        };
        let still = Still { picture, ..Still::default() };
        let html = |view: fn(Generation) -> AnyView| {
            Owner::new().with(|| view(still.clone().generation()).to_html())
        };
        for (view, shows) in [
            (
                (|generation| view! { <Headline generation/> }.into_any()) as fn(Generation) -> AnyView,
                ">Cancelled</h2>",
            ),
            (|generation| view! { <StepList generation/> }.into_any(), "role=\"list\""),
            (|generation| view! { <PlaceCard generation/> }.into_any(), "data-state=\"empty\""),
            (|generation| view! { <ConnectionLine generation/> }.into_any(), ">This is try number 2.</p>"),
            (|generation| view! { <OutcomeNotice generation/> }.into_any(), "because somebody asked for it"),
            (
                |generation| view! { <GenerationActions generation/> }.into_any(),
                "data-action=\"retry\">Try again</button>",
            ),
            (|generation| view! { <StatusRegion generation/> }.into_any(), "role=\"status\""),
        ] {
            let html = html(view);
            assert!(html.contains(shows), "{shows}: {html}");
            assert!(!html.contains("gs-page"), "{html}");
        }
    }
}
