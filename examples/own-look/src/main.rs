//! Another screen from the same hook: a departure board, a row for each step. `use_generation` gives the facts and the
//! actions; of the screen's own parts it takes the live preview, and the region that tells a screen reader in passing.
#![allow(unreachable_pub)] // `#[component]` writes a `pub` of its own.

mod words;

use demo_api::{PLACE, create, token_provider};
use generation_screen::engine::{Connection, Phase, StepView};
use generation_screen::{Generation, GenerationStyles, LivePreview, Options, StatusRegion, use_generation};
use leptos::prelude::*;

fn main() {
    mount_to_body(Board);
}

#[component]
fn Board() -> impl IntoView {
    let id = RwSignal::new(None::<String>);
    let (refused, is_asking) = (RwSignal::new(String::new()), RwSignal::new(false));
    let src = Signal::derive(move || id.get().map(|id| demo_api::src(None, &id)));
    let generation = use_generation(src, token_provider(None), Options::default());
    let begin = move |_| {
        refused.set(String::new());
        is_asking.set(true);
        leptos::task::spawn_local(async move {
            match create(None, PLACE, 1).await {
                Ok(ids) => id.set(ids.into_iter().next()),
                Err(why) => refused.set(why),
            }
            is_asking.set(false);
        });
    };
    let is_over = move || matches!(generation.phase().get(), Phase::Idle | Phase::Ended(_));
    let is_signed_out = move || generation.connection().get() == Connection::SignedOut;
    view! {
        <GenerationStyles/>
        <main class="board" data-phase=move || words::phase_name(generation.phase().get())>
            <header class="board-head">
                <h1>{move || title(generation)}</h1>
                <p class="board-clock">{move || clock(generation)}</p>
            </header>
            <table class="board-rows">
                <caption>{move || words::remark(generation.phase().get(), generation.connection().get())}</caption>
                <thead><tr><th scope="col">"Step"</th><th scope="col">"Time"</th><th scope="col">"State"</th></tr></thead>
                <tbody>{move || generation.steps().get().into_iter().map(|step| row(generation, step)).collect_view()}</tbody>
            </table>
            <p class="board-said" role="alert">{move || said(generation, refused)}</p>
            <p class="board-buttons">
                <button type="button" on:click=begin disabled=move || !is_over() || is_asking.get()>"Depart to the Eiffel Tower"</button>
                <button type="button" on:click=move |_| generation.cancel() disabled=is_over>"Cancel"</button>
                <button type="button" on:click=move |_| generation.sign_in_again() hidden=move || !is_signed_out()>"Sign in again"</button>
            </p>
            <div class="board-page"><LivePreview feed=generation.html/></div>
            <StatusRegion generation/>
        </main>
    }
}

/// Where it goes: the place, as soon as the server has understood it.
fn title(generation: Generation) -> String {
    generation.card().get().map_or_else(|| "Departures".to_owned(), |card| card.title)
}

/// How long it is under way, and how far, if the server says.
fn clock(generation: Generation) -> String {
    let now = generation.now().get();
    let time =
        generation.elapsed().get().map_or_else(String::new, |lapse| words::minutes(lapse.at(now).as_secs()));
    match generation.progress().get() {
        Some(progress) => format!("{time} {:.0}%", (progress * 100.0).floor()),
        None => time,
    }
}

fn row(generation: Generation, step: StepView) -> impl IntoView {
    let (state, time) = words::step_state(step.state);
    let lapse = step.lapse;
    let passed = move || {
        let now = generation.now().get();
        lapse.map_or_else(|| time.to_owned(), |lapse| words::minutes(lapse.at(now).as_secs()))
    };
    view! {
        <tr data-state=state>
            <th scope="row">{step.label.unwrap_or(step.name)}</th>
            <td>{passed}</td>
            <td>{state}</td>
        </tr>
    }
}

/// What went wrong, in whoever's words; the newest first.
fn said(generation: Generation, refused: RwSignal<String>) -> String {
    let refused = Some(refused.get()).filter(|refused| !refused.is_empty());
    let failure = generation.failure().get().map(|failure| failure.message);
    refused
        .or_else(|| generation.action_error().get().map(words::action_failed))
        .or(failure)
        .or_else(|| words::end(generation.phase().get()).map(str::to_owned))
        .unwrap_or_default()
}
