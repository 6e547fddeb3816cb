//! One screen and its timeline: mounts it, takes it away, and writes down what it says. Knows no protocol.

use generation_screen::{GenerationScreen, Note, Options};
use leptos::html::Div;
use leptos::prelude::*;

use super::bar::Bar;
use super::rows::Rows;
use super::track::Track;
use super::watch::{Seen, Watch};

/// The panel.
#[component]
pub(crate) fn Panel(
    /// Counts from 1.
    number: usize,
    /// Address of the generation.
    src: String,
    /// Origin of the API, if it is not the page's.
    api: Option<String>,
    /// All times of the session are divided by it.
    speed: f64,
) -> impl IntoView {
    let track = Track::begin();
    let place = NodeRef::<Div>::new();
    let is_mounted = RwSignal::new(true);
    let shown = RwSignal::new(Some(src.clone()));
    let watch = StoredValue::new_local(None);
    place.on_load(move |place| watch.set_value(Some(Watch::on(&place, follow(track)))));

    let mount = move |_| {
        is_mounted.update(|is_mounted| *is_mounted = !*is_mounted);
        if is_mounted.get_untracked() {
            track.host("mounted", "The screen is put on the page.");
        } else {
            track.host("unmounted", "The screen is taken off the page.");
            track.over();
        }
    };
    let id = src.rsplit('/').next().unwrap_or_default().to_owned();
    let stop = move |_| {
        shown.update(|shown| *shown = if shown.is_some() { None } else { Some(src.clone()) });
        match shown.get_untracked() {
            Some(_) => track.host("shown", "The screen is given its generation."),
            None => track.host("stopped", "The screen is given nothing to show."),
        }
    };
    let screen = move || {
        let options = Options { speed, ..Options::default() };
        let token = demo_api::token_provider(api.as_deref());
        if is_mounted.get() {
            let on_note = move |note: Note| track.note(&note);
            view! { <GenerationScreen src=shown token options on_note/> }.into_any()
        } else {
            view! { <p class="panel-empty">"The screen is not on the page."</p> }.into_any()
        }
    };
    view! {
        <article class="panel" data-gallery="panel" data-number=number data-id=id data-began=track.began_ms()>
            <header class="panel-head">
                <h2 class="panel-title">{format!("Screen {number}")}</h2>
                <button class="gs-button gs-button-small" type="button" data-action="stop" on:click=stop>
                    {move || if shown.get().is_some() { "Stop" } else { "Go on" }}
                </button>
                <button class="gs-button gs-button-small" type="button" data-action="unmount" on:click=mount>
                    {move || if is_mounted.get() { "Unmount" } else { "Mount" }}
                </button>
            </header>
            <Bar track/>
            <div class="panel-screen" data-gallery="screen" node_ref=place>
                {screen}
            </div>
            <Rows track/>
        </article>
    }
}

/// Writes down what has changed since the last look.
fn follow(track: Track) -> impl FnMut(Seen) {
    // A screen begins with nothing to show, and that is not worth a row.
    let mut last = Seen { phase: "idle".to_owned(), ..Seen::default() };
    move |seen| {
        let is_over = matches!(seen.phase.as_str(), "idle" | "ended");
        if (&seen.phase, &seen.outcome) != (&last.phase, &last.outcome) {
            track.phase(&seen.phase, &seen.outcome);
        }
        if seen.has_page && !last.has_page {
            track.phase("first-piece", "");
        }
        let was_over = matches!(last.phase.as_str(), "idle" | "ended");
        if is_over {
            track.over();
        } else if seen.connection != last.connection || was_over || seen.why != last.why {
            track.connection(&seen.connection, &seen.why);
        }
        last = seen;
    }
}
