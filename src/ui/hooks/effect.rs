//! One kind of effect for the whole screen: each other kind brings a kilobyte of its own into the program.

use leptos::prelude::*;

/// Runs `run` soon, and again whenever a signal that it read has changed, for as long as the current owner lives. Not
/// where there is no browser, whatever the features.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    boxed(Box::new(run));
}

fn boxed(run: Box<dyn FnMut()>) {
    if cfg!(target_arch = "wasm32") {
        Effect::new(run);
    }
}
