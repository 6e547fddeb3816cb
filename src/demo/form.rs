//! The form that takes the address of a place. Checks it before anything is sent, and says at the field what is wrong.

use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::{api, place};

const HELP: &str =
    "A link from Google Maps, OpenStreetMap, Apple or Bing Maps, a geo: address, or coordinates.";

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

/// The form's state. Its markup is the page's.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    root: NodeRef<Div>,
    said: RwSignal<Said>,
    last: StoredValue<Try>,
    /// Called with the new generation's id.
    on_started: fn(&str),
}

impl Form {
    /// The form below `root`.
    pub(crate) fn new(root: NodeRef<Div>, on_started: fn(&str)) -> Self {
        let form = Form {
            root,
            said: RwSignal::new(Said::Help),
            last: StoredValue::new(Try::default()),
            on_started,
        };
        Effect::new(move || {
            // Tracked, both: there is nothing to paint before the page is there.
            let (said, root) = (form.said.get(), form.root.get());
            if let Some(root) = root {
                paint(&root, &said);
            }
        });
        form
    }

    fn field(self) -> Option<HtmlInputElement> {
        let found = self.root.get_untracked()?.query_selector("#place").ok()??;
        Some(found.unchecked_into())
    }

    /// The text in the field has changed.
    pub(crate) fn edited(self) {
        if !matches!(self.said.get_untracked(), Said::Sending | Said::Help) {
            self.said.set(Said::Help);
        }
    }

    /// A press on an example fills it in.
    pub(crate) fn click(self, event: &MouseEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let address = target.and_then(|target| target.get_attribute("data-address"));
        if let (Some(address), Some(field)) = (address, self.field()) {
            field.set_value(&address);
            self.edited();
            let _ = field.focus();
        }
    }

    /// Checks what was pasted, and sends it.
    pub(crate) fn submit(self, event: &SubmitEvent) {
        event.prevent_default();
        let Some(field) = self.field().filter(|_| self.said.get_untracked() != Said::Sending) else { return };
        match place::address(&field.value()) {
            Err(text) => {
                self.said.set(Said::AtField(text.to_owned()));
                let _ = field.focus();
            }
            Ok(address) => self.send(address),
        }
    }

    fn send(self, address: String) {
        self.said.set(Said::Sending);
        let last = self.last.get_value();
        let key = if last.address == address { last.key } else { random_key() };
        self.last.set_value(Try { address: address.clone(), key: key.clone() });
        leptos::task::spawn_local(async move {
            match api::create(address, key).await {
                Ok(id) => {
                    self.last.try_set_value(Try::default());
                    self.said.try_set(Said::Help);
                    (self.on_started)(&id);
                }
                Err(refusal) => {
                    let at = if refusal.is_about_place { Said::AtField } else { Said::Elsewhere };
                    self.said.try_set(at(refusal.text));
                }
            }
        });
    }
}

/// Writes what is said below the field, and marks the field if it is about that.
fn paint(root: &Element, said: &Said) {
    let (state, text) = match said {
        Said::Help => ("help", HELP),
        Said::Sending => ("sending", "Asking the server…"),
        Said::AtField(text) | Said::Elsewhere(text) => ("bad", text.as_str()),
    };
    let set = |selector: &str, name: &str, value: Option<&str>| {
        let Ok(Some(element)) = root.query_selector(selector) else { return };
        let _ = match value {
            Some(value) => element.set_attribute(name, value),
            None => element.remove_attribute(name),
        };
    };
    if let Ok(Some(line)) = root.query_selector("#place-said") {
        line.set_text_content(Some(text));
    }
    set("#place-said", "data-state", Some(state));
    set("#place", "aria-invalid", matches!(said, Said::AtField(_)).then_some("true"));
    set("[data-action=start]", "aria-disabled", matches!(said, Said::Sending).then_some("true"));
}

/// 128 bits that name one try. Not a secret.
fn random_key() -> String {
    let mut key = String::with_capacity(32);
    for _ in 0..32 {
        let digit = (js_sys::Math::random() * 16.0) as u32;
        key.extend(char::from_digit(digit, 16));
    }
    key
}
