//! The form that takes the address of a place. Checks it before anything is sent, and says at the field what is wrong.

use leptos::html::Input;
use leptos::prelude::*;

use super::{api, place};

/// Examples: what is on the button, and what it fills in.
const EXAMPLES: [(&str, &str); 3] = [
    ("Eiffel Tower, Google Maps", "https://www.google.com/maps/place/Eiffel+Tower/@48.8583701,2.2944813,17z"),
    (
        "Cape of Good Hope, OpenStreetMap",
        "https://www.openstreetmap.org/?mlat=-34.3568&mlon=18.4740#map=14/-34.3568/18.4740",
    ),
    ("Coordinates", "27.1751, 78.0421"),
];

/// What is said below the field.
#[derive(Clone, Default, PartialEq)]
enum Said {
    #[default]
    Help,
    Sending,
    AtField(String),
    Elsewhere(String),
}

/// The try that is under way or failed: the same address sent again is the same try.
#[derive(Clone, Default)]
struct Try {
    address: String,
    key: String,
}

/// The form. Calls `on_started` with the new generation's id.
#[component]
pub(crate) fn PlaceForm(on_started: UnsyncCallback<String>) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let said = RwSignal::new(Said::Help);
    let last = StoredValue::new(Try::default());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(input) = field.get_untracked() else { return };
        if said.get_untracked() == Said::Sending {
            return;
        }
        match place::address(&input.value()) {
            Err(text) => {
                said.set(Said::AtField(text.to_owned()));
                let _ = input.focus();
            }
            Ok(address) => {
                said.set(Said::Sending);
                send(address, last, said, on_started);
            }
        }
    };
    let is_bad = move || matches!(said.get(), Said::AtField(_)).then_some("true");
    let is_sending = Memo::new(move |_| said.get() == Said::Sending);
    let fill = move |address: &'static str| {
        if let Some(input) = field.get_untracked() {
            input.set_value(address);
            said.set(Said::Help);
            let _ = input.focus();
        }
    };
    view! {
        <form class="demo-form" data-part="form" novalidate on:submit=submit>
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
                    aria-invalid=is_bad
                    node_ref=field
                    on:input=move |_| if !is_sending.get_untracked() { said.set(Said::Help) }
                />
                <button
                    type="submit"
                    class="gs-button gs-button-main demo-send"
                    data-action="start"
                    aria-disabled=move || is_sending.get().then_some("true")
                >
                    "Write its page"
                </button>
            </div>
            <SaidLine said/>
        </form>
        <div class="demo-examples" role="group" aria-label="Examples">
            <span>"Try"</span>
            {EXAMPLES.map(|(name, address)| example(name, move || fill(address)))}
        </div>
    }
}

/// What is said below the field: help, progress, or what is wrong.
#[component]
fn SaidLine(said: RwSignal<Said>) -> impl IntoView {
    let text = move || match said.get() {
        Said::Help => {
            "A link from Google Maps, OpenStreetMap, Apple or Bing Maps, a geo: address, or coordinates."
                .to_owned()
        }
        Said::Sending => "Asking the server…".to_owned(),
        Said::AtField(text) | Said::Elsewhere(text) => text,
    };
    let state = move || match said.get() {
        Said::Help => "help",
        Said::Sending => "sending",
        Said::AtField(_) | Said::Elsewhere(_) => "bad",
    };
    view! {
        <p id="place-said" class="demo-said" role="status" data-part="form-said" data-state=state>{text}</p>
    }
}

fn example(name: &'static str, choose: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button type="button" class="demo-example" data-action="example" on:click=move |_| choose()>{name}</button>
    }
}

/// Sends the address, and tells how it went.
fn send(address: String, last: StoredValue<Try>, said: RwSignal<Said>, on_started: UnsyncCallback<String>) {
    let key = last.with_value(|last| (last.address == address).then(|| last.key.clone()));
    let key = key.unwrap_or_else(random_key);
    last.set_value(Try { address: address.clone(), key: key.clone() });
    leptos::task::spawn_local_scoped_with_cancellation(async move {
        match api::create(&address, &key).await {
            Ok(id) => {
                last.try_update_value(|last| *last = Try::default());
                said.try_set(Said::Help);
                on_started.try_run(id);
            }
            Err(refusal) => {
                let at = if refusal.is_about_place { Said::AtField } else { Said::Elsewhere };
                said.try_set(at(refusal.text));
            }
        }
    });
}

/// 128 bits that name one try. Not a secret.
fn random_key() -> String {
    let mut key = String::with_capacity(32);
    for _ in 0..4 {
        let bits = (js_sys::Math::random() * 4_294_967_296.0) as u32;
        key.push_str(&format!("{bits:08x}"));
    }
    key
}
