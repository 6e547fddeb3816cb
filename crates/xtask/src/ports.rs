//! Whether a port can be listened on, and what to say if not; and one that can. It never keeps one.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use crate::fail::Fail;

/// Checks that a port of this machine is free.
///
/// # Errors
/// One line that names the option which chooses another.
pub(crate) fn check_free(port: u16, option: &str) -> Result<(), Fail> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(Fail::task(format!(
            "port {port} is in use: end the program that listens there, or choose another port: \
             cargo xtask dev {option} {}",
            port.checked_add(1).unwrap_or(8080)
        ))),
        Err(error) => Err(Fail::task(format!(
            "port {port} cannot be listened on ({error}): choose another: cargo xtask dev {option} 8080"
        ))),
    }
}

/// A port that was free a moment ago, for a program that cannot choose its own.
///
/// # Errors
/// If none is free.
pub(crate) fn free() -> Result<u16, Fail> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    bound
        .map(|address| address.port())
        .map_err(|error| Fail::task(format!("no port is free ({error}): end some programs that listen")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_with_the_option_that_chooses_another() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let said = check_free(port, "--api-port").unwrap_err().to_string();
        assert!(said.starts_with(&format!("port {port} is in use: ")), "{said}");
        assert!(said.contains("cargo xtask dev --api-port "), "{said}");
        assert!(!said.contains('\n'), "{said}");
    }

    #[test]
    fn a_free_port_is_free() {
        check_free(free().unwrap(), "--port").unwrap();
    }
}
