//! Decides; no I/O.
