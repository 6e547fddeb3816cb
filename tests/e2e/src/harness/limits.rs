//! What no session exceeds, whatever server and network do.

/// Attempts at a stream in any 60 s.
pub const STREAMS_MAX: usize = 10;
/// Reads of the state in any 60 s.
pub const READS_MAX: usize = 75;
