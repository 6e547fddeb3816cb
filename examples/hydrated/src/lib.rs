//! A page that is rendered on the server, and comes alive in the browser: one component for both. Which generation it
//! shows stands in its address, `/?g=ID`, so that both know.
#![allow(unreachable_pub)] // `#[component]` writes a `pub` of its own.

use demo_api::{PLACE, create, token_provider};
use generation_screen::contract::is_generation_id;
use generation_screen::{GenerationScreen, GenerationStyles};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// The whole body of the page.
#[component]
pub fn App(
    /// The generation that its address names.
    id: Option<String>,
) -> impl IntoView {
    let id = RwSignal::new(id.filter(|id| is_generation_id(id)));
    let (said, is_asking) = (RwSignal::new(String::new()), RwSignal::new(false));
    // Runs in the browser only: there are no clicks on a server.
    let begin = move |_| {
        said.set(String::new());
        is_asking.set(true);
        leptos::task::spawn_local(async move {
            match create(None, PLACE, 1).await {
                Ok(ids) => {
                    let new = ids.into_iter().next();
                    put_into_address(new.as_deref());
                    id.set(new);
                }
                Err(why) => said.set(why),
            }
            is_asking.set(false);
        });
    };
    let src = Signal::derive(move || id.get().map(|id| demo_api::src(None, &id)));
    view! {
        <GenerationStyles/>
        <main>
            <h1>"Rendered on the server, alive in the browser"</h1>
            <p><button type="button" on:click=begin disabled=is_asking>"Make a page about the Eiffel Tower"</button></p>
            <p role="alert">{said}</p>
            <GenerationScreen src token=token_provider(None)/>
        </main>
    }
}

/// So that the page shows the same when it is loaded again.
fn put_into_address(id: Option<&str>) {
    if let (Some(id), Ok(history)) = (id, leptos::prelude::window().history()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("?g={id}")));
    }
}

/// What the browser calls: everything stands there already, and is only made to work.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn hydrate() {
    let query = leptos::prelude::location().search().unwrap_or_default();
    let id = web_sys::UrlSearchParams::new_with_str(&query).ok().and_then(|query| query.get("g"));
    leptos::mount::hydrate_body(move || view! { <App id/> });
}
