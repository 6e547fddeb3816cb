//! The strip above a screen: what the connection was, for how long, as a bar that grows. Decides nothing.

use leptos::prelude::*;

use super::timeline::OVER;
use super::track::Track;

/// What the connection can be, and its word in the legend.
const LEGEND: [(&str, &str); 6] = [
    ("opening", "opening"),
    ("live", "live"),
    ("polling", "polling"),
    ("reconnecting", "reconnecting"),
    ("offline", "offline"),
    ("signed-out", "signed out"),
];

/// The bar and its legend.
#[component]
pub(crate) fn Bar(
    /// What it shows.
    track: Track,
) -> impl IntoView {
    let stretches = move || {
        track.with(|timeline| {
            let shown =
                timeline.stretches.iter().filter(|stretch| stretch.name != OVER || stretch.to_ms.is_some());
            shown.map(|stretch| (stretch.number, stretch.name.clone())).collect::<Vec<_>>()
        })
    };
    let length = move |number: u64| {
        let now = track.now();
        track.with(|timeline| {
            let stretch = timeline.stretches.iter().find(|stretch| stretch.number == number);
            stretch.map_or(0.0, |stretch| (stretch.to_ms.unwrap_or(now) - stretch.from_ms).max(1.0))
        })
    };
    let spent = move |name: &'static str| track.with(|timeline| timeline.spent_ms(name, track.now()));
    let legend = LEGEND.map(|(name, word)| {
        view! {
            <li class="bar-key" data-name=name hidden=move || spent(name) == 0.0>
                <span class="bar-mark" data-name=name aria-hidden="true"></span>
                {word}
                <span class="bar-time">{move || format!("{:.1} s", spent(name) / 1000.0)}</span>
            </li>
        }
    });
    view! {
        <div class="bar" data-gallery="bar">
            <div class="bar-strip" aria-hidden="true">
                <For each=stretches key=|(number, _)| *number let((number, name))>
                    <div
                        class="bar-stretch"
                        data-name=name
                        style:flex-grow=move || length(number).to_string()
                    ></div>
                </For>
            </div>
            <ul class="bar-legend">{legend}</ul>
        </div>
    }
}
