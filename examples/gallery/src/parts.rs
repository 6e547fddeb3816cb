//! The parts page, `/?parts`: the live preview and the source by themselves, fed by the host. What feeds them is
//! `window.parts`, for people at the console and for tests. It decides nothing about a page.
//!
//! In the address: `parts=2` shows so many, `shell` names the preview's shell, `dir` is the host's direction, `bare`
//! leaves the styles to the host, and `images` and `fonts` name a host that the preview may load them from.

use generation_screen::{GenerationStyles, HtmlFeed, LivePreview, PreviewPolicy, SourceView};
use js_sys::{Array, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::{Closure, IntoWasmClosure, WasmClosure};
use web_sys::UrlSearchParams;

/// Most parts on one page.
const PARTS_MAX: usize = 4;

/// What the address asks for.
#[derive(Clone)]
pub(crate) struct Asked {
    count: usize,
    shell_url: Option<String>,
    dir: Option<String>,
    is_bare: bool,
    policy: PreviewPolicy,
}

/// What names of hosts allow; nothing, if one of them is none.
fn policy(images: Option<&str>, fonts: Option<&str>) -> PreviewPolicy {
    let own = leptos::prelude::location().host().unwrap_or_default();
    PreviewPolicy::with_hosts(images.as_slice(), fonts.as_slice(), &own).unwrap_or_default()
}

impl Asked {
    /// `None` if it asks for no parts.
    pub(crate) fn of_address() -> Option<Asked> {
        let query = UrlSearchParams::new_with_str(&leptos::prelude::location().search().ok()?).ok()?;
        let count = query.get("parts")?.parse().unwrap_or(1);
        Some(Asked {
            count: count.clamp(1, PARTS_MAX),
            shell_url: query.get("shell"),
            dir: query.get("dir"),
            is_bare: query.has("bare"),
            policy: policy(query.get("images").as_deref(), query.get("fonts").as_deref()),
        })
    }
}

/// The page.
#[component]
pub(crate) fn Parts(asked: Asked) -> impl IntoView {
    let handles = Array::new();
    let parts = (1..=asked.count).map(|number| {
        let (feed, knobs) = (HtmlFeed::new(), Knobs::new());
        handles.push(&handle(feed, knobs));
        view! { <Part number feed knobs shell_url=asked.shell_url.clone() policy=asked.policy/> }
    });
    let parts = parts.collect_view();
    let window = leptos::prelude::window();
    set(&window, "parts", &handles);
    set(&window, "previewPrelude", &asked.policy.prelude().into());
    view! {
        {(!asked.is_bare).then(|| view! { <GenerationStyles/> })}
        <main class="parts" dir=asked.dir data-gallery="parts">
            {parts}
        </main>
    }
}

/// What a host may change while a part is shown.
#[derive(Clone, Copy)]
struct Knobs {
    is_mounted: RwSignal<bool>,
    is_paused: RwSignal<bool>,
    is_partial: RwSignal<bool>,
}

impl Knobs {
    fn new() -> Knobs {
        Knobs {
            is_mounted: RwSignal::new(true),
            is_paused: RwSignal::new(false),
            is_partial: RwSignal::new(false),
        }
    }
}

/// One preview and its source, between two buttons of the host's.
#[component]
fn Part(
    number: usize,
    feed: HtmlFeed,
    knobs: Knobs,
    shell_url: Option<String>,
    policy: PreviewPolicy,
) -> impl IntoView {
    let Knobs { is_mounted, is_paused, is_partial } = knobs;
    let shown = move || {
        let shell_url = shell_url.clone();
        is_mounted.get().then(|| {
            let preview = match shell_url {
                Some(shell_url) => {
                    view! { <LivePreview feed paused=is_paused partial=is_partial shell_url policy/> }
                        .into_any()
                }
                None => view! { <LivePreview feed paused=is_paused partial=is_partial policy/> }.into_any(),
            };
            view! {
                <div class="part-preview">{preview}</div>
                <div class="part-source">
                    <SourceView feed paused=is_paused/>
                </div>
            }
        })
    };
    view! {
        <section class="part" data-gallery="part" data-number=number>
            <button type="button" data-gallery="before">"Before"</button>
            {shown}
            <button type="button" data-gallery="after">"After"</button>
        </section>
    }
}

/// `push(text)`, `finish()`, `reset()`, `mount(whether)`, `pause(whether)`, `partial(whether)`.
fn handle(feed: HtmlFeed, knobs: Knobs) -> Object {
    let handle = Object::new();
    offer::<dyn FnMut(String)>(&handle, "push", move |piece: String| feed.push(&piece));
    offer::<dyn FnMut()>(&handle, "finish", move || feed.finish());
    offer::<dyn FnMut()>(&handle, "reset", move || feed.reset());
    for (name, knob) in
        [("mount", knobs.is_mounted), ("pause", knobs.is_paused), ("partial", knobs.is_partial)]
    {
        offer::<dyn FnMut(bool)>(&handle, name, move |is_so: bool| knob.set(is_so));
    }
    handle
}

/// Puts a function under a name of the object; it works for as long as the page's owner lives.
fn offer<F: WasmClosure + ?Sized + 'static>(
    object: &Object,
    name: &str,
    function: impl IntoWasmClosure<F> + 'static,
) {
    let function = Closure::<F>::new(function);
    set(object, name, function.as_ref().unchecked_ref());
    StoredValue::new_local(function);
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
