//! The generation screen: composes the parts, and wires them to one generation. Decides nothing.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::away::Away;
use super::dom::{Root, action_of};
use super::hooks::{Generation, PreviewFrame, TokenProvider, effect, use_generation_with};
use super::knobs::{Knobs, Settings};
use super::labels::Labels;
use super::page::Tab;
use super::source::SourceState;
use super::{
    actions, away, card, connection, head, names, outcome, page, preview, progress, source, status, steps,
};

use crate::engine::{Note, Options, Outcome, Phase, PreviewOff, PreviewPolicy};

/// Shows a long server job while it happens: its steps, the page as it grows, how the connection is doing, how it
/// ended; and lets the reader cancel it, try again, copy and download.
///
/// Needs the style sheet: [`STYLESHEET`](super::STYLESHEET), or
/// [`<GenerationStyles/>`](super::GenerationStyles). Several screens can stand on one page. Taking it off the page
/// ends every request; the job itself goes on at the server.
///
/// ```
/// # use generation_screen::ui::GenerationScreen;
/// # use generation_screen::browser::{Token, TokenProvider};
/// # use leptos::prelude::*;
/// #[component]
/// fn Host(selected: RwSignal<Option<String>>) -> impl IntoView {
///     let token = TokenProvider::new(|_why| async { Ok(Token { value: "secret".into(), expires_in: None }) });
///     view! { <GenerationScreen src=selected token=token/> }
/// }
/// ```
#[component]
pub fn GenerationScreen(
    /// Address of the generation, such as `/api/generations/q7Zp`. A change ends the old session; `None` shows
    /// nothing.
    #[prop(into)]
    src: Signal<Option<String>>,
    /// Where bearer tokens come from.
    token: TokenProvider,
    /// Times and limits. Left out: the defaults, which suit a server that keeps the contract.
    #[prop(optional)]
    options: Options,
    /// Every word that is shown. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
    /// Called once for every end of a run. Left out: nobody is told.
    #[prop(optional, into)]
    on_end: Option<UnsyncCallback<Outcome>>,
    /// Called with what the session decided and why, for a log. Left out: nothing is logged.
    #[prop(optional, into)]
    on_note: Option<UnsyncCallback<Note>>,
    /// A static file of the host's own origin to show the preview in, where the host's policy would leave it
    /// unstyled. Left out: an empty frame.
    #[prop(optional, into)]
    preview_shell_url: String,
    /// What a page in the preview may load. Left out: nothing.
    #[prop(optional)]
    preview_policy: PreviewPolicy,
    /// What the screen may use of the page outside itself, for readers who look elsewhere. Left out: the page's title.
    #[prop(optional)]
    away: Away,
) -> impl IntoView {
    let generation = use_generation_with(src, token, options, move |note| {
        if let Some(on_note) = on_note {
            on_note.run(note);
        }
    });
    let mut before = Phase::Idle;
    effect(move || {
        let phase = generation.phase().get();
        if let (Phase::Ended(outcome), Some(on_end)) = (phase, on_end)
            && before != phase
        {
            untrack(|| on_end.run(outcome));
        }
        before = phase;
    });
    view! { <GenerationView generation src labels preview_shell_url preview_policy away/> }
}

/// Everything that the screen can show. Static: it holds no word, and nothing foreign.
const MARKUP: &str = concat!(
    r#"<div class="gs-layout"><div class="gs-story" data-part="story"><header class="gs-head" data-part="head">"#,
    include_str!("head.html"),
    r#"<button type="button" class="gs-fold-button" data-action="details" aria-expanded="false"></button></header>"#,
    r#"<div class="gs-fold" data-folded="true">"#,
    include_str!("steps.html"),
    include_str!("card.html"),
    r#"</div><div class="gs-now">"#,
    include_str!("connection.html"),
    include_str!("outcome.html"),
    include_str!("remarks.html"),
    "</div>",
    include_str!("actions.html"),
    "</div>",
    include_str!("page.html"),
    include_str!("preview.html"),
    include_str!("source.html"),
    "</div></section></div>",
    include_str!("status.html"),
);

/// The same screen for a generation that the host holds itself, by [`use_generation`](super::hooks::use_generation).
#[component]
pub fn GenerationView(
    /// What is shown.
    generation: Generation,
    /// Its address, which the address of the finished page may be relative to. Left out: the page's own origin.
    #[prop(optional, into)]
    src: Signal<Option<String>>,
    /// Every word that is shown. Left out: English.
    #[prop(optional, into)]
    labels: Signal<Labels>,
    /// See [`GenerationScreen`]. Left out, or empty: an empty frame.
    #[prop(optional, into)]
    preview_shell_url: String,
    /// See [`GenerationScreen`]. Left out: nothing.
    #[prop(optional)]
    preview_policy: PreviewPolicy,
    /// See [`GenerationScreen`]. Left out: nothing.
    #[prop(default = Away::NOTHING)]
    away: Away,
) -> impl IntoView {
    let preview_shell_url = Some(preview_shell_url).filter(|url| !url.is_empty());
    let root = Root::new(MARKUP);
    let knobs = Knobs::new();
    let source = SourceState::new(knobs);
    let frame = preview::framed(root, generation.html, labels, preview_shell_url, preview_policy);
    paint(root, generation, src, labels, knobs, frame);
    source::paint(root, source, generation.html, labels);
    away::paint(root, generation, labels, knobs, away);

    let on_click = move |event: MouseEvent| {
        let Some(action) = action_of(&event) else { return };
        match (action.as_str(), Tab::of_action(&action)) {
            (_, Some(selected)) => knobs.set(|knobs| knobs.tab = selected),
            ("details", _) => knobs.set(|knobs| knobs.is_folded = !knobs.is_folded),
            ("pause", _) => knobs.set(|knobs| knobs.is_paused = !knobs.is_paused),
            _ if preview::act(&action, frame, knobs) => {}
            _ if actions::act(&action, generation) => {}
            _ if away::act(&action, knobs) => {}
            _ => source.act(&action, generation.html, labels),
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if key(root, &event, knobs, frame) {
            event.prevent_default();
        }
    };
    let view = view! {
        <div
            role="region"
            class="gs-screen"
            data-part="screen"
            node_ref=root.node
            on:click=on_click
            on:keydown=on_key
            on:scroll:capture=move |_| source.scrolled(root)
            inner_html=root.markup()
        ></div>
    };
    #[cfg(not(target_arch = "wasm32"))]
    let view = view.add_any_attr(root.attributes());
    view
}

/// Keeps all parts right but those that know more.
fn paint(
    root: Root,
    generation: Generation,
    src: Signal<Option<String>>,
    labels: Signal<Labels>,
    knobs: Knobs,
    frame: PreviewFrame,
) {
    root.paint(move |dom| {
        dom.attr("", "aria-label", Some(labels.get().screen));
        let Settings { tab, is_paused, .. } = knobs.get();
        // What nobody sees is not laid out either.
        frame.hold(is_paused || tab != Tab::Preview);
    });
    show_source_if_refused(frame, labels, knobs);
    names::paint(root, generation, labels);
    head::paint(root, generation, labels, knobs);
    progress::paint(root, generation, labels);
    steps::paint(root, generation, labels);
    card::paint(root, generation, labels);
    connection::paint(root, generation, labels);
    outcome::paint(root, generation, labels, outcome::Title::InHeadline);
    actions::paint(root, generation, src, labels);
    page::paint(root, generation, labels, knobs);
    let is_partial = move || generation.marks().get().partial;
    preview::paint(root, frame, generation.html, labels, knobs, is_partial);
    status::paint(root, generation, labels);
}

/// A preview that the host's policy does not allow gives way to the source, and it is said why.
fn show_source_if_refused(frame: PreviewFrame, labels: Signal<Labels>, knobs: Knobs) {
    let mut was_refused = false;
    effect(move || {
        let is_refused = frame.off.get() == Some(PreviewOff::Refused);
        if is_refused && !was_refused {
            let said = (labels.get_untracked().preview_off)(PreviewOff::Refused);
            knobs.set(|knobs| (knobs.tab, knobs.said) = (Tab::Source, said));
        }
        was_refused = is_refused;
    });
}

/// What a key does; false if it does nothing here.
fn key(root: Root, event: &KeyboardEvent, knobs: Knobs, frame: PreviewFrame) -> bool {
    if preview::key(root, event, frame) {
        return true;
    }
    let is_plain = !(event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key());
    let Some(dom) = root.dom().filter(|_| is_plain) else { return false };
    let is_tab = dom.find(".gs-tab:focus").is_some();
    let Some(selected) = knobs.peek().tab.of_key(&event.key()).filter(|_| is_tab) else { return false };
    knobs.set(|knobs| knobs.tab = selected);
    let button =
        if selected == Tab::Preview { "[data-action=tab-preview]" } else { "[data-action=tab-source]" };
    dom.html(button).is_some_and(|button| button.focus().is_ok())
}

// What a server sends.
#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::super::hooks::{Still, TokenError};
    use super::*;
    use crate::engine::{Picture, StepState, StepView};

    fn html_of(still: Still, labels: Labels) -> String {
        Owner::new().with(|| view! { <GenerationView generation=still.generation() labels/> }.to_html())
    }

    #[test]
    fn without_a_browser_the_first_state_stands_there_in_words() {
        let picture = Picture { phase: Phase::Connecting, ..Picture::default() };
        let html = html_of(Still { picture, ..Still::default() }, Labels::default());
        for part in [
            "aria-label=\"Generation\"",
            "data-phase=\"connecting\"",
            ">Connecting</h2>",
            ">The steps are shown as soon as the server names them.</p>",
            ">Preview</button>",
            "aria-selected=\"true\"",
            "role=\"region\"",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }

    #[test]
    fn a_server_says_of_a_generation_that_the_browser_will_ask_for_it() {
        let html = |src: Option<&str>| {
            let src = src.map(str::to_owned);
            let token = TokenProvider::new(|_why| async { Err(TokenError::Refused) });
            Owner::new().with(|| view! { <GenerationScreen src=Signal::stored(src) token/> }.to_html())
        };
        assert!(html(Some("/api/generations/q7Zp")).contains(">Connecting</h2>"));
        assert!(html(None).contains(">Nothing to show yet</h2>"));
    }

    #[test]
    fn what_is_foreign_is_text_and_the_words_are_the_hosts() {
        let step = StepView {
            name: "page".to_owned(),
            label: Some("<script>alert(1)</script>".to_owned()),
            state: StepState::Running,
            lapse: None,
        };
        let picture = Picture { phase: Phase::Running, steps: vec![step], ..Picture::default() };
        let labels = Labels { lang: "xx", dir: "rtl", cancel: "Stop \"it\" & go", ..Labels::default() };
        let html = html_of(Still { picture, ..Still::default() }, labels);
        assert!(
            html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.contains("<script"),
            "{html}"
        );
        assert!(html.contains(">Stop &quot;it&quot; &amp; go</button>"), "{html}");
        assert!(html.contains("lang=\"xx\"") && html.contains("dir=\"rtl\""), "{html}");
    }
}
