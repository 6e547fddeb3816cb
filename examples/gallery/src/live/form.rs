//! The form: which scenario, how many screens, how fast. Starts nothing itself.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::scenarios::SCENARIOS;
use super::settings::{SCREENS_MAX, SPEED_MAX, Settings};

/// The form.
#[component]
pub(crate) fn Form(
    /// What it begins with.
    settings: Settings,
    /// True while a start is under way.
    busy: impl Fn() -> bool + Copy + Send + Sync + 'static,
    /// Called with what was chosen.
    on_start: impl Fn(Settings) + 'static,
) -> impl IntoView {
    let Settings { scenario: first, screens, speed, api, mount: _ } = settings;
    let scenario = RwSignal::new(first.clone());
    let screens = RwSignal::new(screens.to_string());
    let speed = RwSignal::new(speed.to_string());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy() {
            return;
        }
        let plain = Settings::default();
        on_start(Settings {
            scenario: scenario.get_untracked(),
            screens: screens.get_untracked().parse().unwrap_or(plain.screens).clamp(1, SCREENS_MAX),
            speed: speed.get_untracked().parse().unwrap_or(plain.speed).clamp(0.1, SPEED_MAX),
            api: api.clone(),
            mount: Vec::new(),
        });
    };
    let means = move || means(&scenario.get(), &speed.get());
    let options = SCENARIOS.iter().map(|(name, _)| {
        view! { <option value=*name selected=*name == first>{*name}</option> }
    });
    view! {
        <form class="live-form" data-gallery="form" on:submit=submit>
            <label class="live-field live-field-wide">
                <span>"Scenario"</span>
                <select name="scenario" on:change=move |event| scenario.set(event_target_value(&event))>
                    {options.collect_view()}
                </select>
            </label>
            <label class="live-field">
                <span>"Screens"</span>
                <input
                    name="screens" type="number" min="1" max=SCREENS_MAX.to_string() required
                    prop:value=screens on:input=move |event| screens.set(event_target_value(&event))
                />
            </label>
            <label class="live-field">
                <span>"Speed"</span>
                <input
                    name="speed" type="number" min="0.1" max=SPEED_MAX.to_string() step="any" required
                    prop:value=speed on:input=move |event| speed.set(event_target_value(&event))
                />
            </label>
            <button
                class="gs-button gs-button-main"
                type="submit"
                data-action="start"
                aria-disabled=move || busy().then_some("true")
            >
                "Start"
            </button>
            <p class="live-means" role="status">{means}</p>
        </form>
    }
}

/// What happens in a scenario, and what its speed asks of the server: the script's times are the server's.
fn means(scenario: &str, speed: &str) -> String {
    let means = SCENARIOS.iter().find(|(name, _)| *name == scenario).map_or("", |(_, means)| *means);
    match speed {
        "1" => means.to_owned(),
        _ => format!("{means} The server keeps pace if it was started with --script-speed {speed}."),
    }
}
