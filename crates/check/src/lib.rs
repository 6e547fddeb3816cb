//! Checks any server against the contract of the generation screen, from outside and point by point, and says which
//! level it reaches: plain events and a state, resume, held polls.
//!
//! It knows nothing of the server but its address. Whatever the server does, it ends: every wait and every buffer has a
//! limit.
//!
//! ```no_run
//! # async fn example() -> Result<(), String> {
//! let report = contract_check::check(&contract_check::Options::new("http://127.0.0.1:8787")).await?;
//! println!("{report}");
//! assert_eq!(report.level(), 3);
//! # Ok(())
//! # }
//! ```

#![warn(clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod client;
mod command;
mod dial;
mod log;
mod options;
mod point;
mod record;
mod report;
mod rfc3339;
mod scene;
mod stream;
mod target;

pub use command::command;
pub use options::Options;
pub use point::{LEVELS, Point, Weight};
pub use report::{Report, Verdict};

use target::Target;

/// Checks the server that the options name.
///
/// # Errors
/// If they make no sense; nothing was sent then.
pub async fn check(options: &Options) -> Result<Report, String> {
    let target = target(options)?;
    Ok(scene::play(options, target).await)
}

/// Where the server is.
///
/// # Errors
/// If that, or another option, makes no sense.
fn target(options: &Options) -> Result<Target, String> {
    if !options.path.starts_with('/') {
        return Err(format!("`{}` is no path: it begins with a slash, as in /api/generations", options.path));
    }
    if let Err(error) = serde_json::from_str::<serde_json::Value>(&options.body) {
        return Err(format!(
            "the body is no JSON ({error}): give it like {{\"url\": \"geo:48.8584,2.2945\"}}"
        ));
    }
    Target::read(&options.url)
}
