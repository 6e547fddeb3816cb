//! The gallery: the screen beside the timeline of its connections, so that one can see what it does and why. It uses
//! the crate as any host does. Each section of the page is a module; so is the other page, `/?parts`.
#![allow(unreachable_pub)] // `#[component]` writes a `pub` of its own.

mod api;
mod clock;
mod live;
mod page;
mod parts;

use leptos::prelude::*;

fn main() {
    match parts::Asked::of_address() {
        Some(asked) => mount_to_body(move || view! { <parts::Parts asked/> }),
        None => mount_to_body(page::Page),
    }
}
