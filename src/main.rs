//! The demo page that Trunk serves: mounts it, and takes away what index.html painted before. Decides nothing.

mod demo;

use leptos::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    mount_to_body(demo::Demo);
    if let Ok(Some(boot)) = document().query_selector("[data-boot]") {
        let _ = boot.set_attribute("hidden", "");
    }
}
