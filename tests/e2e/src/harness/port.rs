//! Ports of this machine: one to hand to a program that cannot choose its own, and whether somebody listens there. It
//! keeps none.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below what systems give to connections of their own accord, so that none has taken it when a program starts there a
/// second time.
const FIRST: u16 = 12_000;
const COUNT: u16 = 18_000;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port where nobody listens, and which this program has not given before.
pub(crate) fn free_port() -> u16 {
    // Another program of tests begins elsewhere.
    let own = (std::process::id() % 1_000) as u16 * 18;
    for _ in 0..COUNT {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + own.wrapping_add(step) % COUNT;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("no port from {FIRST} on is free");
}

/// Whether somebody listens on this port.
pub(crate) fn is_listening(port: u16) -> bool {
    TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).is_ok()
}
