//! The live preview: the frame that the hook fills, and what is said beside it. The frame itself is inert, so the
//! box around it takes the keyboard, and the headings stand as text for those who cannot see it.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

use super::hooks::{Generation, Heading, PreviewFrame, PreviewOptions, PreviewScroll, use_preview_frame};
use super::labels::Labels;
use super::names::word;
use crate::engine::Phase;

/// The preview's panel.
#[component]
pub(crate) fn Preview(
    /// Whose page it is.
    generation: Generation,
    /// The words.
    labels: Signal<Labels>,
    /// See [`GenerationScreen`](super::GenerationScreen).
    shell_url: Option<String>,
) -> impl IntoView {
    let container = NodeRef::<Div>::new();
    let title = Signal::derive(move || labels.with(|l| l.preview_frame.to_owned()));
    let frame = use_preview_frame(container, generation.html, PreviewOptions { title, shell_url });
    let notice = move || {
        frame.off.get().map(|off| {
            view! { <p class="gs-preview-notice" data-part="preview-off">{(labels.with(|l| l.preview_off))(off)}</p> }
        })
    };
    let name = move || labels.with(|l| format!("{}. {}", l.preview_frame, l.preview_keys));
    let has_text = Memo::new(move |_| !generation.html.is_empty());
    let empty = move || {
        let is_over = matches!(generation.phase.get(), Phase::Ended(_));
        labels.with(|l| if is_over { l.preview_none } else { l.preview_empty })
    };
    view! {
        {notice}
        <div
            class="gs-preview-frame"
            data-part="preview-frame"
            role="group"
            tabindex="0"
            aria-label=name
            node_ref=container
            on:keydown=move |event| on_key(frame, &event)
        ></div>
        <p class="gs-preview-empty" data-part="preview-empty" hidden=has_text>{empty}</p>
        <Foot frame generation labels/>
    }
}

fn on_key(frame: PreviewFrame, event: &KeyboardEvent) {
    let how = match event.key().as_str() {
        "ArrowUp" => PreviewScroll::Lines(-1),
        "ArrowDown" => PreviewScroll::Lines(1),
        "PageUp" => PreviewScroll::Pages(-1),
        "PageDown" | " " => PreviewScroll::Pages(1),
        "Home" => PreviewScroll::Start,
        "End" => PreviewScroll::End,
        _ => return,
    };
    event.prevent_default();
    frame.scroll(how);
}

/// Below the frame: the headings, what the preview leaves out, and the way back to the end.
#[component]
fn Foot(
    /// The frame.
    frame: PreviewFrame,
    /// Whose page it is.
    generation: Generation,
    /// The words.
    labels: Signal<Labels>,
) -> impl IntoView {
    let heading = |heading: Heading| {
        let level = heading.level.to_string();
        view! { <li style=("--gs-outline-level", level) dir="auto">{heading.text}</li> }
    };
    let headings = move || frame.outline.get().into_iter().map(heading).collect::<Vec<_>>();
    let count = move || (labels.with(|l| l.outline))(frame.outline.with(Vec::len) as u64);
    let may_follow = move || !frame.following.get() && !generation.html.is_finished();
    view! {
        <div class="gs-preview-foot">
            <details class="gs-outline" data-part="outline" hidden=move || frame.outline.with(Vec::is_empty)>
                <summary>{count}</summary>
                <ul role="list">{headings}</ul>
            </details>
            <span>{word(labels, |l| l.preview_note)}</span>
            <button
                type="button"
                class="gs-button gs-button-small"
                data-action="follow"
                hidden=move || !may_follow()
                on:click=move |_| frame.scroll(PreviewScroll::End)
            >
                {word(labels, |l| l.follow)}
            </button>
        </div>
    }
}
