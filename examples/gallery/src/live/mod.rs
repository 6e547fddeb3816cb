//! The live section: screens that run now, each beside its timeline. Starts what the form or the address asks for.

mod bar;
mod form;
mod panel;
mod rows;
mod scenarios;
mod settings;
mod timeline;
mod track;
mod watch;
mod words;

use demo_api::PLACE;
use leptos::prelude::*;

use form::Form;
use panel::Panel;
use settings::Settings;

/// Where the section is.
#[derive(Clone, Default, PartialEq)]
enum Stage {
    #[default]
    Waiting,
    Starting,
    Failed(String),
    /// Number of the start, and what was asked for: `mount` names the generations.
    Running(u32, Settings),
}

/// The section.
#[component]
pub(crate) fn Live() -> impl IntoView {
    let asked = Settings::of_address();
    let stage = RwSignal::new(Stage::Waiting);
    let count = StoredValue::new(0);
    let run = move |settings: Settings| {
        count.update_value(|count| *count += 1);
        stage.set(Stage::Running(count.get_value(), settings));
    };
    let start = move |settings: Settings| {
        stage.set(Stage::Starting);
        leptos::task::spawn_local(async move {
            match demo_api::create(settings.api.as_deref(), &place(&settings.scenario), settings.screens)
                .await
            {
                Ok(mount) => {
                    let settings = Settings { mount, ..settings };
                    // So that a reload comes back to these.
                    settings.write_address();
                    run(settings);
                }
                Err(text) => stage.set(Stage::Failed(text)),
            }
        });
    };
    if let Some(asked) = asked.clone() {
        if asked.mount.is_empty() { start(asked) } else { run(asked) }
    }
    view! {
        <section class="live" data-gallery="live">
            <Form settings=asked.unwrap_or_default() busy=move || stage.get() == Stage::Starting on_start=start/>
            {move || match stage.get() {
                Stage::Waiting => view! {
                    <p class="live-said">"Nothing runs yet. Choose a scenario and press Start."</p>
                }
                    .into_any(),
                Stage::Starting => view! { <p class="live-said" role="status">"Asking the server…"</p> }.into_any(),
                Stage::Failed(text) => view! { <p class="live-said" role="alert" data-state="bad">{text}</p> }.into_any(),
                Stage::Running(_, settings) => panels(&settings),
            }}
        </section>
    }
}

/// What every generation here is about, and what it is to meet.
fn place(scenario: &str) -> String {
    if scenario.is_empty() { PLACE.to_owned() } else { format!("{PLACE}#scenario={scenario}") }
}

fn panels(settings: &Settings) -> AnyView {
    let ids = settings.mount.iter().enumerate();
    let panels = ids.map(|(at, id)| {
        let src = demo_api::src(settings.api.as_deref(), id);
        view! { <Panel number=at + 1 src api=settings.api.clone() speed=settings.speed/> }
    });
    view! { <div class="panels">{panels.collect_view()}</div> }.into_any()
}
