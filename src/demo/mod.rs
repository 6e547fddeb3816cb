//! The demo page: a form that starts a generation, and the screen that shows it. It uses the crate as any host does.
#![allow(unreachable_pub)] // `#[component]` writes a `pub` of its own.

mod api;
mod form;
mod place;
mod route;
mod view;

pub(crate) use view::Demo;
