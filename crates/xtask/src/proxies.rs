//! Which real proxies the tests put in front of the page, and how they come to a machine that has none. It starts none
//! of them, and knows nothing of their configuration.

use std::path::{Path, PathBuf};

use crate::command::Cmd;
use crate::fail::Fail;
use crate::{debian, place};

/// Where a user's PATH often does not lead.
const SYSTEM: &[&str] = &["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];

/// The programs that the tests start.
pub(crate) struct Proxies {
    nginx: PathBuf,
    haproxy: PathBuf,
    /// Makes the certificate for HTTP/2.
    openssl: PathBuf,
}

impl Proxies {
    /// What PATH or the system's folders hold, or what apt can install.
    pub(crate) fn find() -> Result<Self, Fail> {
        Ok(Self {
            nginx: found("nginx", "nginx-light")?,
            haproxy: found("haproxy", "haproxy")?,
            openssl: found("openssl", "openssl")?,
        })
    }

    /// The command, told where they are.
    pub(crate) fn for_command(&self, cmd: Cmd) -> Cmd {
        // Not NGINX: by that name nginx hands its sockets on to itself.
        cmd.env("NGINX_PROGRAM", &self.nginx)
            .env("HAPROXY_PROGRAM", &self.haproxy)
            .env("OPENSSL_PROGRAM", &self.openssl)
    }
}

/// The program, installed from the package if it is nowhere.
fn found(name: &str, package: &str) -> Result<PathBuf, Fail> {
    if let Some(there) = program(name) {
        return Ok(there);
    }
    println!("{name} is missing: installing it, if this is Debian and you are root");
    let missing = format!(
        "no {name} in PATH or /usr/sbin: install it (Debian: apt-get install {package}; macOS: brew install {name}); \
         it need not run as a service"
    );
    debian::install_without(&format!("{name}.service"), package, &missing)?;
    program(name).ok_or_else(|| Fail::task(missing))
}

fn program(name: &str) -> Option<PathBuf> {
    let in_system = || SYSTEM.iter().map(|dir| Path::new(dir).join(name)).find(|file| file.is_file());
    place::in_path(&[name]).or_else(in_system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nowhere_is_not_found() {
        assert_eq!(program("no-such-proxy-here"), None);
    }

    #[test]
    fn the_tests_are_told_of_all_three() {
        let proxies = Proxies { nginx: "/n".into(), haproxy: "/h".into(), openssl: "/o".into() };
        let line = proxies.for_command(Cmd::new("x")).line();
        assert_eq!(line, "NGINX_PROGRAM=/n HAPROXY_PROGRAM=/h OPENSSL_PROGRAM=/o x");
    }
}
