//! The form that takes the address of a place. Checks it before anything is sent, and says at the field what is wrong.

use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::{api, place};

const HELP: &str =
    "A link from Google Maps, OpenStreetMap, Apple or Bing Maps, a geo: address, or coordinates.";

/// What is said below the field. It stands on the page, and nowhere else.
enum Said<'a> {
    Help,
    Sending,
    AtField(&'a str),
    Elsewhere(&'a str),
}

/// The try that is under way or failed: the same address sent again is the same try.
#[derive(Clone, Default)]
struct Try {
    address: String,
    key: String,
}

/// The form. Its markup is the page's, and so is what it says.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    last: StoredValue<Try>,
    /// Called with the new generation's id.
    on_started: fn(&str),
}

impl Form {
    pub(crate) fn new(on_started: fn(&str)) -> Self {
        Form { last: StoredValue::new(Try::default()), on_started }
    }

    /// The text in the field has changed.
    pub(crate) fn edited(self) {
        if state().as_deref() == Some("bad") {
            say(&Said::Help);
        }
    }

    /// A press on an example fills it in.
    pub(crate) fn click(self, event: &MouseEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let address = target.and_then(|target| target.get_attribute("data-address"));
        if let (Some(address), Some(field)) = (address, field()) {
            field.set_value(&address);
            self.edited();
            let _ = field.focus();
        }
    }

    /// Checks what was pasted, and sends it.
    pub(crate) fn submit(self, event: &SubmitEvent) {
        event.prevent_default();
        let Some(field) = field().filter(|_| state().as_deref() != Some("sending")) else { return };
        match place::address(&field.value()) {
            Err(text) => {
                say(&Said::AtField(text));
                let _ = field.focus();
            }
            Ok(address) => self.send(address),
        }
    }

    fn send(self, address: String) {
        say(&Said::Sending);
        let last = self.last.get_value();
        let key = if last.address == address { last.key } else { random_key() };
        self.last.set_value(Try { address: address.clone(), key: key.clone() });
        leptos::task::spawn_local(async move {
            match api::create(address, key).await {
                Ok(id) => {
                    self.last.try_set_value(Try::default());
                    say(&Said::Help);
                    (self.on_started)(&id);
                }
                Err(refusal) => {
                    let at = if refusal.is_about_place { Said::AtField } else { Said::Elsewhere };
                    say(&at(&refusal.text));
                }
            }
        });
    }
}

/// The first element of the page that the selector finds.
pub(super) fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

fn field() -> Option<HtmlInputElement> {
    find("#place").map(JsCast::unchecked_into)
}

/// `help`, `sending` or `bad`.
fn state() -> Option<String> {
    find("#place-said")?.get_attribute("data-state")
}

/// Writes what is said below the field, and marks the field if it is about that.
fn say(said: &Said<'_>) {
    let (state, text) = match said {
        Said::Help => ("help", HELP),
        Said::Sending => ("sending", "Asking the server…"),
        Said::AtField(text) | Said::Elsewhere(text) => ("bad", *text),
    };
    let set = |selector: &str, name: &str, value: Option<&str>| {
        let Some(element) = find(selector) else { return };
        let _ = match value {
            Some(value) => element.set_attribute(name, value),
            None => element.remove_attribute(name),
        };
    };
    if let Some(line) = find("#place-said") {
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

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_begins_with_the_words_that_the_form_goes_back_to() {
        assert!(include_str!("view.rs").contains(super::HELP));
    }
}
