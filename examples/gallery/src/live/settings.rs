//! What is to be shown: scenario, speed, how many screens, and where the API is; as the form and the address have it.

use web_sys::UrlSearchParams;

/// Most screens at a time. Were each to keep a connection open, a browser would have none left to the origin.
pub(crate) const SCREENS_MAX: usize = 7;
/// Fastest: what a browser's own delays still allow.
pub(crate) const SPEED_MAX: f64 = 100.0;

/// What is to be shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    /// Name of a scenario of the server's.
    pub(crate) scenario: String,
    /// All times of the session are divided by it.
    pub(crate) speed: f64,
    /// How many screens.
    pub(crate) screens: usize,
    /// Origin of the API; `None`: the page's own.
    pub(crate) api: Option<String>,
    /// Generations that are there already: they are shown, and none is begun.
    pub(crate) mount: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { scenario: "honest".into(), speed: 1.0, screens: 1, api: None, mount: Vec::new() }
    }
}

impl Settings {
    /// What the address asks for; `None` if it asks for nothing.
    pub(crate) fn of_address() -> Option<Settings> {
        let query = UrlSearchParams::new_with_str(&leptos::prelude::location().search().ok()?).ok()?;
        Settings::of(|name| query.get(name))
    }

    fn of(value: impl Fn(&str) -> Option<String>) -> Option<Settings> {
        let value = |name| value(name).filter(|text| !text.is_empty());
        let (scenario, mount) = (value("scenario"), value("mount"));
        if scenario.is_none() && mount.is_none() {
            return None;
        }
        let plain = Settings::default();
        let mount: Vec<String> = mount.iter().flat_map(|ids| ids.split(',')).map(str::to_owned).collect();
        let screens = value("screens").and_then(|text| text.parse().ok()).unwrap_or(plain.screens);
        let speed = value("speed").and_then(|text| text.parse().ok()).unwrap_or(plain.speed);
        Some(Settings {
            scenario: scenario.unwrap_or(plain.scenario),
            speed: if f64::is_finite(speed) { speed.clamp(0.1, SPEED_MAX) } else { plain.speed },
            screens: screens.clamp(1, SCREENS_MAX),
            api: value("api"),
            mount,
        })
    }

    /// Puts all of it into the address, without a new entry in the history.
    pub(crate) fn write_address(&self) {
        let Ok(query) = UrlSearchParams::new() else { return };
        query.set("scenario", &self.scenario);
        query.set("speed", &self.speed.to_string());
        query.set("screens", &self.screens.to_string());
        if let Some(api) = &self.api {
            query.set("api", api);
        }
        query.set("mount", &self.mount.join(","));
        let address = format!("?{}", query.to_string());
        if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Option<Settings> {
        Settings::of(|name| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        })
    }

    #[test]
    fn an_address_without_scenario_and_generations_asks_for_nothing() {
        assert_eq!(of(""), None);
        assert_eq!(of("speed=10&scenario="), None);
    }

    #[test]
    fn what_an_address_leaves_out_is_as_usual_and_nonsense_is_kept_within_bounds() {
        let heals = Settings { scenario: "heals".into(), ..Settings::default() };
        assert_eq!(of("scenario=heals"), Some(heals.clone()));
        assert_eq!(of("scenario=heals&speed=NaN&screens=x"), Some(heals.clone()));
        let bounded = Settings { speed: SPEED_MAX, screens: SCREENS_MAX, ..heals };
        assert_eq!(of("scenario=heals&speed=1e9&screens=99"), Some(bounded));
    }

    #[test]
    fn generations_are_listed_with_commas() {
        let settings = of("mount=a1,b2&api=http://127.0.0.1:9").unwrap_or_default();
        assert_eq!(settings.mount, ["a1", "b2"]);
        assert_eq!(settings.api.as_deref(), Some("http://127.0.0.1:9"));
    }
}
