//! The page as a whole: its head, and its sections one below the other. Holds nothing itself.

use generation_screen::GenerationStyles;
use leptos::prelude::*;

use crate::live::Live;

/// The page.
#[component]
pub(crate) fn Page() -> impl IntoView {
    view! {
        <GenerationStyles/>
        <div class="gallery" data-gallery="page">
            <header class="gallery-head">
                <h1 class="gallery-title">"Gallery"</h1>
                <p class="gallery-lead">
                    "The generation screen, and beside it what its connections do and why. Choose what goes wrong; the reference server plays it."
                </p>
            </header>
            <main>
                <Live/>
            </main>
        </div>
    }
}
