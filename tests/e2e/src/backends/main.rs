//! The page, served by the example backends in other languages: they are what others begin with, so each has to carry it
//! as the reference server does.
//!
//! `cargo xtask test backends` installs what they need, lets the contract be checked, and runs this.

/// Runs each of these on every backend: `followed::fastapi::a_place_is_…`.
macro_rules! in_each_backend {
    ($($test:ident),+ $(,)?) => {
        in_each_backend!(fastapi FastApi $($test)+);
        in_each_backend!(express Express $($test)+);
    };
    ($name:ident $backend:ident $($test:ident)+) => {
        mod $name {
            $(
                #[tokio::test]
                async fn $test() {
                    super::$test(harness::Backend::$backend).await;
                }
            )+
        }
    };
}

mod ended;
mod followed;

use harness::{Backend, Setup};

/// Its work takes so long.
fn on(backend: Backend, seconds: f64) -> Setup {
    Setup { backend, ..Setup::taking(seconds) }
}
