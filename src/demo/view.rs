//! The demo page as a whole: its head, and what the address asks for. Its markup (`view.html`) is static;
//! what changes is painted, as the screen's own parts are.

use generation_screen::{Away, GenerationScreen};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::api;
use super::form::{Form, find};
use super::route::Route;

/// A page of its own: title, icon and notifications are all for this.
const AWAY: Away = Away { title: true, favicon: true, notification: true };

/// All that does not change. An address that names nothing (`nowhere`) sends nothing.
const MARKUP: &str = include_str!("view.html");

/// The page.
#[component]
pub(crate) fn Demo() -> impl IntoView {
    let src = RwSignal::new(None);
    // Back, forward, a typed address and our own links all end here.
    let listener = window_event_listener(leptos::ev::hashchange, move |_| arrive(src));
    on_cleanup(move || listener.remove());
    let form = Form::new(|id| {
        // A new entry in the history; the listener does the rest.
        let _ = location().set_hash(&Route::fragment(id));
    });
    // Once the page is there.
    queue_microtask(move || arrive(src));
    view! {
        <div
            class="demo"
            on:submit=move |event| form.submit(&event)
            on:click=move |event| form.click(&event)
            on:input=move |_| form.edited()
            inner_html=MARKUP
        ></div>
    }
}

/// Shows what the address asks for.
fn arrive(src: RwSignal<Option<String>>) {
    let route = Route::of_fragment(&location().hash().unwrap_or_default());
    let has_changed = show_view(&route);
    let address = route.src();
    if address.is_some() {
        mount_screen(src);
    }
    src.try_set(address);
    if has_changed {
        focus_main();
    }
}

/// The screen is made when it is needed first: without it the form is there sooner. Below its title there is nothing yet.
fn mount_screen(src: RwSignal<Option<String>>) {
    if let Some(place) = find("[data-view=screen]").filter(|place| place.child_element_count() == 1) {
        let screen = move || view! { <GenerationScreen src token=api::token_provider() away=AWAY/> };
        mount_to(place.unchecked_into(), screen).forget();
    }
}

/// Shows the view of a route; the style sheet hides the others. True if another one was shown before: what was focused
/// may be gone with it. (Nobody's focus is taken at the start.)
fn show_view(route: &Route) -> bool {
    let name = match route {
        Route::Home => "home",
        Route::Generation(_) => "screen",
        Route::Nowhere => "nowhere",
    };
    let Some(demo) = find(".demo:last-child") else { return false };
    let before = demo.get_attribute("data-shown");
    let _ = demo.set_attribute("data-shown", name);
    before.is_some_and(|before| before != name)
}

fn focus_main() {
    if let Some(main) = find(".demo-main") {
        let _ = main.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}
