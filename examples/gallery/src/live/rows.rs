//! The list beside a screen: one row for everything that happened, the newest at the end and in view.

use leptos::prelude::*;

use super::timeline::Row;
use super::track::Track;

/// The list.
#[component]
pub(crate) fn Rows(
    /// What it shows.
    track: Track,
) -> impl IntoView {
    let rows = move || track.with(|timeline| timeline.rows.iter().cloned().collect::<Vec<_>>());
    let forgotten = move || match track.with(|timeline| timeline.forgotten()) {
        0 => None,
        count => {
            Some(view! { <p class="rows-forgotten">{format!("{count} earlier rows are not kept.")}</p> })
        }
    };
    view! {
        // Laid out from its end, so that the browser keeps the newest in view.
        <div class="rows" data-gallery="timeline" tabindex="0" role="group" aria-label="Timeline">
            <div class="rows-inner">
                {forgotten}
                <ol class="rows-list">
                    <For each=rows key=|row| row.number let(row)>
                        {one(row)}
                    </For>
                </ol>
            </div>
        </div>
    }
}

fn one(row: Row) -> impl IntoView {
    view! {
        <li
            class="row"
            data-kind=row.kind.name()
            data-name=row.name.clone()
            data-detail=row.detail
            data-at=format!("{:.1}", row.at_ms)
        >
            <span class="row-time">{format!("{:.1}", row.at_ms / 1000.0)}</span>
            <span class="row-mark" data-name=row.name.clone() aria-hidden="true"></span>
            <span class="row-text">{row.text}</span>
        </li>
    }
}
