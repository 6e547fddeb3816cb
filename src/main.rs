//! The demo page that Trunk serves: mounts it, and takes away what index.html painted before. Decides nothing.

mod demo;

use leptos::prelude::*;

fn main() {
    // A panic names itself while one develops; a built page says that it stopped (boot.js), and is smaller.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    mount_to_body(demo::Demo);
    if let Ok(Some(boot)) = document().query_selector("[data-boot]") {
        let _ = boot.set_attribute("hidden", "");
    }
}
