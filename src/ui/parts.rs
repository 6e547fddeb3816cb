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
    use crate::engine::{CardView, Connection, Outcome, Phase, Picture, StepState, StepView};

    type Part = fn(Generation, Signal<Labels>) -> AnyView;

    /// Every part, with the name of what only it shows, and something that its painter has put there.
    const PARTS: [(Part, &str, &str); 7] = [
        (|generation, labels| view! { <Headline generation labels/> }.into_any(), "title", ">Cancelled</h2>"),
        (
            |generation, labels| view! { <StepList generation labels/> }.into_any(),
            "steps",
            ">Dig the garden</",
        ),
        (|generation, labels| view! { <PlaceCard generation labels/> }.into_any(), "card", ">A tower</"),
        (
            |generation, labels| view! { <ConnectionLine generation labels/> }.into_any(),
            "connection",
            ">This is try number 2.</p>",
        ),
        (
            |generation, labels| view! { <OutcomeNotice generation labels/> }.into_any(),
            "outcome",
            "class=\"gs-outcome-title\">Cancelled</",
        ),
        (
            |generation, labels| view! { <GenerationActions generation labels/> }.into_any(),
            "actions",
            "data-action=\"retry\">Try again</button>",
        ),
        (
            |generation, labels| view! { <StatusRegion generation labels/> }.into_any(),
            "status",
            "role=\"status\"",
        ),
    ];

    #[test]
    fn each_part_shows_its_own_and_nothing_else_in_the_hosts_language() {
        let step = StepView {
            name: "page".to_owned(),
            label: Some("Dig the garden".to_owned()),
            state: StepState::Done,
            lapse: None,
        };
        let card = CardView { title: "A tower".to_owned(), subtitle: None, summary: None, image: None };
        let picture = Picture {
            phase: Phase::Ended(Outcome::Cancelled),
            connection: Connection::Offline,
            steps: vec![step],
            card: Some(card),
            run: 2,
            ..Picture::default()
        };
        let still = Still { picture, ..Still::default() };
        for (part, name, shows) in PARTS {
            let html = Owner::new().with(|| {
                let labels = Signal::stored(Labels { lang: "xx", dir: "rtl", ..Labels::default() });
                part(still.clone().generation(), labels).to_html()
            });
            assert!(html.contains(shows), "{shows}: {html}");
            // What style sheets and screen readers need to know stands on each.
            for attribute in
                ["lang=\"xx\"", "dir=\"rtl\"", "data-connection=\"offline\"", "data-outcome=\"cancelled\""]
            {
                assert!(html.contains(attribute), "{attribute}: {html}");
            }
            for (_, other, _) in PARTS {
                let is_there = html.contains(&format!("data-part=\"{other}\""));
                assert_eq!(is_there, other == name, "{other} in {name}: {html}");
            }
        }
    }
}
