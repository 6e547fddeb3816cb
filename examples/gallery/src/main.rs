//! The gallery: the screen beside the timeline of its connections, so that one can see what it does and why. It uses
//! the crate as any host does. Each section of the page is a module; `live` is the only one yet.
#![allow(unreachable_pub)] // `#[component]` writes a `pub` of its own.

mod api;
mod clock;
mod live;
mod page;

use leptos::prelude::*;

fn main() {
    mount_to_body(page::Page);
}
