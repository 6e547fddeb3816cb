//! A page that is rendered on the server, and comes alive in the browser: one component for both. Which generation it
//! shows stands in its address, `/?g=ID`, so that both know.
#![allow(unreachable_pub)] // `#[component]` writes a `pub` of its own.

use demo_api::{PLACE, create, token_provider};
use generation_screen::contract::is_generation_id;
use generation_screen::{GenerationScreen, GenerationStyles};
use leptos::prelude::*;

/// The whole body of the page.
#[component]
pub fn App(
    /// The generation that its address names.
    id: Option<String>,
) -> impl IntoView {
    let id = RwSignal::new(id.filter(|id| is_generation_id(id)));
    let said = RwSignal::new(String::new());
    // Runs in the browser only: there are no clicks on a server.
    let begin = move |_| {
        leptos::task::spawn_local(async move {
            match create(None, PLACE, 1).await {
                Ok(ids) => id.set(ids.into_iter().next()),
                Err(why) => said.set(why),
            }
        });
    };
    let src = Signal::derive(move || id.get().map(|id| demo_api::src(None, &id)));
    view! {
        <GenerationStyles/>
        <main>
            <h1>"Rendered on the server, alive in the browser"</h1>
            <p><button type="button" on:click=begin>"Make a page about the Eiffel Tower"</button></p>
            <p role="alert">{said}</p>
            <GenerationScreen src token=token_provider(None)/>
        </main>
    }
}

/// What the browser calls: everything stands there already, and is only made to work.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn hydrate() {
    let query = leptos::prelude::location().search().unwrap_or_default();
    let id =
        query.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("g=")).map(str::to_owned);
    leptos::mount::hydrate_body(move || view! { <App id/> });
}
