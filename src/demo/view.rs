//! The demo page as a whole: its head, and what the address asks for.

use generation_screen::GenerationScreen;
use leptos::html::Main;
use leptos::prelude::*;

use super::api;
use super::form::PlaceForm;
use super::route::Route;

/// The page.
#[component]
pub(crate) fn Demo() -> impl IntoView {
    let read = || Route::of_fragment(&location().hash().unwrap_or_default());
    let route = RwSignal::new(read());
    // Back, forward, a typed address and our own links all end here.
    let listener = window_event_listener(leptos::ev::hashchange, move |_| route.set(read()));
    on_cleanup(move || listener.remove());

    let main = NodeRef::<Main>::new();
    let kind = Memo::new(move |_| std::mem::discriminant(&route.get()));
    // What was focused is gone with the old view; nobody's focus is taken at the start.
    Effect::watch(
        move || kind.get(),
        move |_, _, _| drop(main.get_untracked().map(|main| main.focus())),
        false,
    );

    let content = move || {
        kind.track();
        match route.get_untracked() {
            Route::Home => home().into_any(),
            Route::Generation(_) => screen(route).into_any(),
            Route::Nowhere => nowhere().into_any(),
        }
    };
    let is_home = move || route.get() == Route::Home;
    view! {
        <div class="demo" data-part="demo">
            <header class="demo-head">
                <a class="demo-brand" href="#/">{mark()}"Generation screen"</a>
                <a class="gs-button gs-button-small" href="#/" data-action="start-another" hidden=is_home>
                    "Start another"
                </a>
            </header>
            <main tabindex="-1" class="demo-main" node_ref=main>{content}</main>
            <footer class="demo-foot">
                "What you paste goes to this page’s own server and nowhere else. It is read, never fetched."
            </footer>
        </div>
    }
}

fn home() -> impl IntoView {
    let on_started = UnsyncCallback::new(|id: String| {
        // A new entry in the history; the listener does the rest.
        let _ = location().set_hash(&Route::fragment(&id));
    });
    view! {
        <div class="demo-home" data-part="home">
            <h1 class="demo-title">"Paste a place. Watch its page being written."</h1>
            <p class="demo-lead">
                "A server reads the place, writes a brief, and then a web page, piece by piece. You see every step as it happens, "
                "whatever the network does."
            </p>
            <PlaceForm on_started/>
        </div>
    }
}

fn screen(route: RwSignal<Route>) -> impl IntoView {
    let src = Signal::derive(move || route.get().src());
    view! {
        <div class="demo-screen">
            <h1 class="gs-unseen">"A page being written"</h1>
            <GenerationScreen src token=api::token_provider()/>
        </div>
    }
}

/// An address that cannot name anything: nothing is sent.
fn nowhere() -> impl IntoView {
    view! {
        <div class="demo-home" data-part="nowhere">
            <h1 class="demo-title">"Not found, or not yours"</h1>
            <p class="demo-lead" role="alert">
                "The address of this page names nothing that could be shown, so nothing was asked for. Check it, or start another."
            </p>
            <p><a class="gs-button gs-button-main" href="#/">"Start another"</a></p>
        </div>
    }
}

/// A pin with lines of text in it.
fn mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 21.500s7-6.200 7-11.800a7 7 0 0 0-14 0c0 5.600 7 11.800 7 11.800Z"/>
            <path d="M9 8.200h6M9 11.200h4"/>
        </svg>
    }
}
