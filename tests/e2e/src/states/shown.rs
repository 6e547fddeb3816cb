//! The page of states as a test sees it: one state after the other, in a language, colours and a width.
#![allow(dead_code, reason = "tests take no pictures, and who takes pictures asks nothing")]

use harness::{Engine, Host, Page, on_site};
use serde_json::{Value, json};

/// How states are shown.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    /// Of the words; empty: English.
    pub(crate) lang: &'static str,
    /// `light` or `dark`.
    pub(crate) theme: &'static str,
    /// Of the window, in CSS pixels.
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// A wide window in plain daylight.
pub(crate) const DESK: Look = Look { lang: "", theme: "light", width: 1280, height: 900 };

/// The states, shown alone, one after the other.
pub(crate) struct States<'a> {
    page: &'a Page,
    origin: String,
    look: Look,
}

/// Runs a test on the states.
pub(crate) async fn on_states(name: &str, look: Look, test: impl AsyncFnOnce(&States<'_>)) {
    on_site(Engine::Chromium, name, Host::default(), async |page, site| {
        let size =
            json!({ "width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": false });
        page.devtools("Emulation.setDeviceMetricsOverride", size).await;
        test(&States { page, origin: site.origin().to_owned(), look }).await;
    })
    .await;
}

impl States<'_> {
    /// All their names.
    pub(crate) async fn names(&self) -> Vec<String> {
        self.open("states").await;
        let names = self
            .ask("return [...document.querySelectorAll('.state')].map((state) => state.dataset.state)")
            .await;
        let names: Vec<String> =
            names.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        assert!(names.len() > 40, "all states are listed: {names:?}");
        names
    }

    /// Shows one alone.
    pub(crate) async fn show(&self, name: &str) {
        self.open(&format!("state={name}")).await;
    }

    async fn open(&self, query: &str) {
        let Look { lang, theme, .. } = self.look;
        let lang = if lang.is_empty() { String::new() } else { format!("&lang={lang}") };
        let search = format!("?{query}&theme={theme}{lang}");
        let address = format!("{}/{search}", self.origin);
        self.page
            .driver()
            .goto(&address)
            .await
            .unwrap_or_else(|error| panic!("{address} did not open: {error}"));
        let said = format!(
            "const shown = document.querySelector('[data-gallery=states]')?.dataset.said ?? 'fetching';
             return location.search === '{search}' && shown !== 'fetching' && shown"
        );
        assert_eq!(self.page.until("the states are shown", &said).await, "ready", "{address}");
    }

    /// Takes a picture, once the fonts are there and nothing moves any more: `target/e2e/NAME.png`.
    pub(crate) async fn picture(&self, name: &str) -> std::path::PathBuf {
        self.page.until("the page in the frame is drawn", "return !!frame()?.querySelector('h2') || !!document.querySelector('.gs-preview-empty:not([hidden])')").await;
        self.page.ask("document.getAnimations().forEach((animation) => { animation.pause(); animation.currentTime = 0; })").await;
        self.page.picture(name).await
    }

    /// The browser's page, for what else may stand in it.
    pub(crate) fn page(&self) -> &Page {
        self.page
    }

    /// What a script returns.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        self.page.ask(script).await
    }

    /// Waits until a script returns something true.
    pub(crate) async fn until(&self, what: &str, script: &str) -> Value {
        self.page.until(what, script).await
    }
}
