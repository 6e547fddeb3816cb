//! The page's pane: preview and source as tabs, both always mounted. After the ARIA Authoring Practices' tabs with
//! automatic activation: one tab stop, arrows, Home and End.

use leptos::ev::KeyboardEvent;
use leptos::html::Button;
use leptos::prelude::*;

use super::hooks::Generation;
use super::labels::Labels;
use super::names::word;
use super::preview::Preview;
use super::source::Source;

/// Which panel is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Preview,
    Source,
}

/// The pane.
#[component]
pub(crate) fn Page(
    /// What is shown.
    generation: Generation,
    /// The words.
    labels: Signal<Labels>,
    /// See [`GenerationScreen`](super::GenerationScreen).
    preview_shell_url: Option<String>,
) -> impl IntoView {
    let tab = RwSignal::new(Tab::Preview);
    let seen = move |which| Signal::derive(move || tab.get() == which);
    let (is_preview, is_source) = (seen(Tab::Preview), seen(Tab::Source));
    let len = move || {
        let len = generation.html.len();
        (len > 0).then(|| (labels.with(|l| l.size))(len))
    };
    view! {
        <section
            class="gs-page"
            aria-label=word(labels, |l| l.page)
            data-part="page"
            data-tab=move || if is_preview.get() { "preview" } else { "source" }
        >
            <div class="gs-page-bar">
                <Tabs tab labels/>
                <span class="gs-page-size" data-part="size">{len}</span>
            </div>
            <div class="gs-panels">
                <div
                    class="gs-panel gs-preview"
                    role="tabpanel"
                    aria-label=word(labels, |l| l.preview)
                    data-part="preview"
                    data-state=panel_state(is_preview)
                >
                    <Preview generation labels shell_url=preview_shell_url/>
                </div>
                <div
                    class="gs-panel gs-source"
                    role="tabpanel"
                    aria-label=word(labels, |l| l.source)
                    data-part="source"
                    data-state=panel_state(is_source)
                >
                    <Source feed=generation.html labels seen=is_source/>
                </div>
            </div>
        </section>
    }
}

fn panel_state(seen: Signal<bool>) -> impl Fn() -> &'static str + Send + 'static {
    move || if seen.get() { "shown" } else { "hidden" }
}

/// The two tabs.
#[component]
fn Tabs(
    /// The one that is selected.
    tab: RwSignal<Tab>,
    /// The words.
    labels: Signal<Labels>,
) -> impl IntoView {
    let buttons = [NodeRef::<Button>::new(), NodeRef::new()];
    let select = move |which: Tab| {
        tab.set(which);
        if let Some(button) = buttons[which as usize].get_untracked() {
            let _ = button.focus();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let other = if tab.get_untracked() == Tab::Preview { Tab::Source } else { Tab::Preview };
        let chosen = match event.key().as_str() {
            "ArrowLeft" | "ArrowRight" => other,
            "Home" => Tab::Preview,
            "End" => Tab::Source,
            _ => return,
        };
        event.prevent_default();
        select(chosen);
    };
    let button = move |which: Tab, name: &'static str, pick: fn(&Labels) -> &'static str| {
        let is_selected = move || tab.get() == which;
        view! {
            <button
                type="button"
                class="gs-tab"
                role="tab"
                node_ref=buttons[which as usize]
                aria-selected=move || if is_selected() { "true" } else { "false" }
                tabindex=move || if is_selected() { "0" } else { "-1" }
                data-action=name
                data-word=word(labels, pick)
                on:click=move |_| tab.set(which)
            >
                {word(labels, pick)}
            </button>
        }
    };
    view! {
        <div class="gs-tabs" role="tablist" aria-label=word(labels, |l| l.page) on:keydown=on_key>
            {button(Tab::Preview, "tab-preview", |l| l.preview)}
            {button(Tab::Source, "tab-source", |l| l.source)}
        </div>
    }
}
