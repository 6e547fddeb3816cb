//! The gallery: the screen beside the timeline of its connections, so that one can see what it does and why. It uses
//! the crate as any host does. Each section of the page is a module; so are the other pages, `/?states` and `/?parts`.
#![allow(unreachable_pub)] // `#[component]` writes a `pub` of its own.

mod clock;
mod live;
mod page;
mod parts;
mod states;

use leptos::prelude::*;

fn main() {
    if let Some(asked) = parts::Asked::of_address() {
        mount_to_body(move || view! { <parts::Parts asked/> });
    } else if let Some(asked) = states::Asked::of_address() {
        mount_to_body(move || view! { <states::States asked/> });
    } else {
        mount_to_body(page::Page);
    }
}
