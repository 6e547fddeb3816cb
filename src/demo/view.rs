//! The demo page as a whole: its head, and what the address asks for. Its markup is static; what changes is painted,
//! as the screen's own parts are.

use generation_screen::{Away, GenerationScreen};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::api;
use super::form::{Form, find};
use super::route::Route;

/// A page of its own: title, icon and notifications are all for this.
const AWAY: Away = Away { title: true, favicon: true, notification: true };

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
        >
            {head()}
            <main tabindex="-1" class="demo-main">
                {home()}
                {nowhere()}
                <div class="demo-screen" data-view="screen">
                    <h1 class="gs-unseen">"A page being written"</h1>
                </div>
            </main>
            {foot()}
        </div>
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

fn head() -> impl IntoView {
    view! {
        <header class="demo-head">
            <a class="demo-brand" href="#/">
                <svg viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M12 21.5s7-6.2 7-11.8a7 7 0 0 0-14 0c0 5.6 7 11.8 7 11.8Z"></path>
                    <path d="M9 8.2h6M9 11.2h4"></path>
                </svg>
                "Generation screen"
            </a>
            <a class="gs-button gs-button-small" href="#/" data-action="start-another">
                "Start another"
            </a>
        </header>
    }
}

fn home() -> impl IntoView {
    view! {
        <div class="demo-home" data-view="home">
            <h1 class="demo-title">"Paste a place. Watch its page being written."</h1>
            <p class="demo-lead">
                "A server reads the place, writes a brief, and then a web page, piece by piece. You see every step as it happens, whatever the network does."
            </p>
            <form class="demo-form" novalidate>
                <label class="demo-label" for="place">"Address of a place"</label>
                <div class="demo-row">
                    <input
                        id="place"
                        class="demo-field"
                        name="place"
                        type="text"
                        inputmode="url"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        placeholder="https://www.google.com/maps/place/…"
                        aria-describedby="place-said"
                    />
                    <button type="submit" class="gs-button gs-button-main demo-send" data-action="start">
                        "Write its page"
                    </button>
                </div>
                <p id="place-said" class="demo-said" role="status" data-part="form-said" data-state="help">
                    "A link from Google Maps, OpenStreetMap, Apple or Bing Maps, a geo: address, or coordinates."
                </p>
            </form>
            <div class="demo-examples" role="group" aria-label="Examples">
                <span>"Try"</span>
                <button
                    type="button"
                    class="demo-example"
                    data-action="example"
                    data-address="https://www.google.com/maps/place/Eiffel+Tower/@48.8583701,2.2944813,17z"
                >
                    "Eiffel Tower, Google Maps"
                </button>
                <button
                    type="button"
                    class="demo-example"
                    data-action="example"
                    data-address="https://www.openstreetmap.org/?mlat=-34.3568&mlon=18.4740#map=14/-34.3568/18.4740"
                >
                    "Cape of Good Hope, OpenStreetMap"
                </button>
                <button type="button" class="demo-example" data-action="example" data-address="27.1751, 78.0421">
                    "Coordinates"
                </button>
            </div>
        </div>
    }
}

/// An address that cannot name anything: nothing is sent.
fn nowhere() -> impl IntoView {
    view! {
        <div class="demo-home" data-view="nowhere">
            <h1 class="demo-title">"Not found, or not yours"</h1>
            <p class="demo-lead">
                "The address of this page names nothing that could be shown, so nothing was asked for. Check it, or start another."
            </p>
            <p><a class="gs-button gs-button-main" href="#/">"Start another"</a></p>
        </div>
    }
}

fn foot() -> impl IntoView {
    view! {
        <footer class="demo-foot">
            "What you paste goes to this page’s own server and nowhere else. It is read, never fetched."
        </footer>
    }
}
