//! Takes the pictures of docs: the main states, in light and dark, on a desk and on a phone. `cargo xtask pictures` builds the
//! gallery, runs this, and puts them where they belong. Proves nothing.

#[path = "states/shown.rs"]
mod shown;

use std::path::PathBuf;

use shown::{Look, on_states};

/// Widths and heights of a window on a desk and on a phone, in CSS pixels.
const DESK: (u32, u32) = (1280, 800);
const PHONE: (u32, u32) = (390, 780);

/// State, language, colours, window.
const PICTURES: &[(&str, &str, &str, (u32, u32))] = &[
    ("running-live", "", "light", DESK),
    ("running-live", "", "dark", DESK),
    ("running-live", "", "light", PHONE),
    ("running-live", "", "dark", PHONE),
    ("running-live", "ar", "light", DESK),
    ("polling-behind", "", "light", DESK),
    ("failed-retryable", "", "dark", DESK),
    ("failed-retryable", "de", "light", PHONE),
    ("complete", "", "light", DESK),
    ("complete", "", "dark", PHONE),
];

#[tokio::main]
async fn main() {
    let folder =
        PathBuf::from(std::env::var_os("PICTURES").expect("`cargo xtask pictures` says where they belong"));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    for (state, lang, theme, (width, height)) in PICTURES {
        let place = if *width == DESK.0 { "desk" } else { "phone" };
        let name = [state, *theme, place, lang].join("-");
        let name = name.trim_end_matches('-');
        let look = Look { lang, theme, width: *width, height: *height };
        on_states(name, look, async |states| {
            states.show(state).await;
            let (taken, kept) = (states.picture(name).await, folder.join(name).with_extension("png"));
            std::fs::copy(taken, &kept)
                .unwrap_or_else(|error| panic!("{} was not written: {error}", kept.display()));
            println!("{}", kept.display());
        })
        .await;
    }
}
