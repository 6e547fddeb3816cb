//! The states page, `/?states`: everything that the screen can show, frozen and labelled, one below the other;
//! `/?state=NAME` is one alone. It makes the moments up: nothing is sent.
//!
//! In the address, too: `lang=de` fetches a language, `theme=dark` and `theme=light` choose the colours.

mod list;
mod moment;

use generation_screen::{GenerationStyles, GenerationView, Labels};
use leptos::prelude::*;
use web_sys::UrlSearchParams;

use list::{STATES, State};

/// What the address asks for.
#[derive(Clone)]
pub(crate) struct Asked {
    /// One of them; `None`: all.
    only: Option<String>,
    lang: Option<String>,
    theme: Option<String>,
}

impl Asked {
    /// `None` if it asks for no states.
    pub(crate) fn of_address() -> Option<Asked> {
        let query = UrlSearchParams::new_with_str(&leptos::prelude::location().search().ok()?).ok()?;
        let only = query.get("state");
        // What becomes a part of an address of ours.
        let is_name = |name: &String| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        (query.has("states") || only.is_some()).then(|| Asked {
            only,
            lang: query.get("lang").filter(is_name),
            theme: query.get("theme").filter(is_name),
        })
    }
}

/// The page.
#[component]
pub(crate) fn States(asked: Asked) -> impl IntoView {
    let labels = RwSignal::new(Labels::default());
    // Set when there is nothing more to wait for: pictures are taken then.
    let said = RwSignal::new(if asked.lang.is_some() { "fetching" } else { "ready" }.to_owned());
    if let Some(lang) = asked.lang.clone() {
        leptos::task::spawn_local(async move {
            match Labels::fetch(&format!("words/{lang}.json")).await {
                Ok(words) => {
                    labels.set(words);
                    said.set("ready".to_owned());
                }
                Err(error) => said.set(error.to_string()),
            }
        });
    }
    let root = document().document_element();
    Effect::new(move || {
        let words = labels.get();
        if let Some(root) = &root {
            let _ = root.set_attribute("lang", if words.lang.is_empty() { "en" } else { words.lang });
            let _ = root.set_attribute("dir", if words.dir.is_empty() { "ltr" } else { words.dir });
        }
    });
    let scheme = asked.theme.as_ref().map(|theme| format!(":root{{color-scheme:{theme}}}"));
    let is_alone = asked.only.is_some();
    let shown =
        STATES.iter().filter(move |state| asked.only.as_deref().is_none_or(|only| only == state.name));
    let shown: Vec<_> = shown.collect();
    let is_unknown = shown.is_empty();
    view! {
        <GenerationStyles/>
        <style>{scheme}</style>
        <main class="gallery states" data-gallery="states" data-said=move || said.get() data-alone=is_alone.then_some("")>
            <h1 class=if is_alone { "gs-unseen" } else { "gallery-title" }>"States"</h1>
            {is_unknown.then_some("There is no such state.")}
            {shown.into_iter().map(|state| view! { <One state labels/> }).collect_view()}
        </main>
    }
}

/// One of them, with its name.
#[component]
fn One(state: &'static State, labels: RwSignal<Labels>) -> impl IntoView {
    let generation = (state.moment)().generation();
    view! {
        <section class="state" data-state=state.name aria-label=state.name>
            <p class="state-name"><a href=format!("?state={}", state.name)>{state.name}</a> " " {state.shows}</p>
            <GenerationView generation src=Some("/api/generations/still".to_owned()) labels/>
        </section>
    }
}
