//! The live preview and the source, filled with every kind of page, in each engine: the growing page is the one that a
//! parser makes, and nothing in it runs, reaches the network, or gets out.
//!
//! `cargo xtask test preview` builds the gallery and the server and runs this in Chromium; `cargo xtask test engines` in
//! Firefox and WebKit. Most tests are on the gallery's page of parts, which they feed by hand; what needs a whole screen
//! is on its live section. Where a test says that something did not happen, the same page is shown beside it in a
//! frame without any protection, where it does: so it is known how long to wait, and that it could have.

/// Runs each of these in every engine: `network::firefox::a_link_of_any_kind_…`.
macro_rules! in_each_engine {
    ($($test:ident),+ $(,)?) => {
        in_each_engine!(chromium Chromium $($test)+);
        in_each_engine!(firefox Firefox $($test)+);
        in_each_engine!(webkit WebKit $($test)+);
    };
    ($name:ident $engine:ident $($test:ident)+) => {
        mod $name {
            $(
                #[tokio::test]
                async fn $test() {
                    super::$test(harness::Engine::$engine).await;
                }
            )+
        }
    };
}

mod bad_input;
mod control;
mod hosts;
mod leaving;
mod network;
mod parser;
mod parts;
mod policy;
mod reading;
mod screen;
mod scripts;
