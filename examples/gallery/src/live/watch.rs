//! Sees what a screen says of itself: the short names in its `data-` attributes, which are there for style sheets and
//! tests, and its words beside them. Touches nothing.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, HtmlElement, Node};

// web-sys has it too; as a feature that nothing else needs, it would have everything compiled anew.
#[wasm_bindgen]
extern "C" {
    type MutationObserver;
    #[wasm_bindgen(constructor)]
    fn new(callback: &js_sys::Function) -> MutationObserver;
    #[wasm_bindgen(method)]
    fn observe(this: &MutationObserver, target: &Node, options: &js_sys::Object);
    #[wasm_bindgen(method)]
    fn disconnect(this: &MutationObserver);
}

/// Attributes that say something, and the one that changes with the first piece of the page.
const ATTRIBUTES: [&str; 5] = ["data-phase", "data-connection", "data-outcome", "data-run", "hidden"];

/// What a screen says at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) phase: String,
    pub(crate) outcome: String,
    pub(crate) connection: String,
    /// The screen's own words for why the connection is so.
    pub(crate) why: String,
    /// Something of the page is there.
    pub(crate) has_page: bool,
}

impl Seen {
    /// What the screen in `place` says; `None` if there is none, or none that has painted itself.
    fn look(place: &Element) -> Option<Seen> {
        let find = |selector: &str| place.query_selector(selector).ok().flatten();
        let screen: HtmlElement = find("[data-part=screen]")?.dyn_into().ok()?;
        let name = |name: &str| screen.dataset().get(name).unwrap_or_default();
        let text =
            |selector: &str| find(selector).and_then(|element| element.text_content()).unwrap_or_default();
        let seen = Seen {
            phase: name("phase"),
            outcome: name("outcome"),
            connection: name("connection"),
            why: text("[data-part=connection] > :last-child"),
            has_page: find("[data-part=preview-empty][hidden]").is_some(),
        };
        (!seen.phase.is_empty()).then_some(seen)
    }
}

/// A look that is taken whenever something may have changed. Dropping it ends that.
pub(crate) struct Watch {
    observer: MutationObserver,
    _callback: Closure<dyn FnMut()>,
}

impl Watch {
    /// Tells what the screen in `place` says, and from then on whatever it says next.
    pub(crate) fn on(place: &Element, mut tell: impl FnMut(Seen) + 'static) -> Watch {
        let watched = place.clone();
        let _callback = Closure::<dyn FnMut()>::new(move || {
            if let Some(seen) = Seen::look(&watched) {
                tell(seen);
            }
        });
        let observer = MutationObserver::new(_callback.as_ref().unchecked_ref());
        let options = js_sys::Object::new();
        let names: js_sys::Array = ATTRIBUTES.into_iter().map(js_sys::JsString::from).collect();
        for (name, value) in
            [("subtree", true.into()), ("attributes", true.into()), ("attributeFilter", names.into())]
        {
            let _ = js_sys::Reflect::set(&options, &name.into(), &value);
        }
        observer.observe(place, &options);
        Watch { observer, _callback }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
