//! How many sockets a process may have: as many as it is let, and a clear word if that is not enough.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::screen::devtools::Failed;

/// What a process opens besides: a database, pipes, its listener.
const OTHERS: u64 = 64;

/// Lets this process, and those that it starts, have as many open files as the system allows, and checks that so many
/// viewers fit in.
///
/// # Errors
/// Too few are allowed.
pub fn allow(viewers: usize) -> Result<(), Failed> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if soft < hard {
        setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    }
    enough(viewers, hard)
}

fn enough(viewers: usize, allowed: u64) -> Result<(), Failed> {
    let needed = viewers as u64 + OTHERS;
    if allowed >= needed {
        return Ok(());
    }
    Err(format!(
        "{viewers} viewers need {needed} open files, and a process may have {allowed} here: raise that (ulimit -Hn \
         {needed}, as root), or measure with fewer viewers: --viewers {}",
        allowed.saturating_sub(OTHERS)
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_are_said_with_what_to_do() {
        assert!(enough(1000, 1064).is_ok());
        let said = enough(1000, 1024).unwrap_err().to_string();
        assert!(said.contains("need 1064 open files") && said.ends_with("--viewers 960"), "{said}");
    }
}
