//! How a program comes to a Debian machine that has none: by apt, as root. It decides nothing about what is needed, and
//! starts nothing of what it installs.

use std::path::Path;

use crate::command::Cmd;
use crate::fail::Fail;

/// Installs these packages, if this is Debian and we are root; else does nothing.
///
/// # Errors
/// `otherwise`, if apt could not.
pub(crate) fn install(packages: &str, otherwise: &str) -> Result<(), Fail> {
    if !can_install() {
        return Ok(());
    }
    Cmd::words("apt-get update").run(otherwise)?;
    Cmd::words(&format!("apt-get install -y --no-install-recommends {packages}"))
        .env("DEBIAN_FRONTEND", "noninteractive")
        // Packages start their services. Without systemd that asks for the runlevel, and this one has none.
        .env("RUNLEVEL", "1")
        .run(otherwise)
}

/// The same, for a package that brings a service: that will not run, neither now nor after the next start of the machine.
pub(crate) fn install_without(service: &str, package: &str, otherwise: &str) -> Result<(), Fail> {
    if can_install() && Path::new("/run/systemd/system").is_dir() {
        // Before there is such a service: afterwards it would run already.
        Cmd::words(&format!("systemctl mask {service}")).run(otherwise)?;
    }
    install(package, otherwise)
}

fn can_install() -> bool {
    Path::new("/etc/debian_version").is_file()
        && Cmd::words("id -u").asked().is_some_and(|id| id.trim() == "0")
}
