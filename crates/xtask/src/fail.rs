//! How a task fails: one clear line with what to do, and an exit code. It never holds a stack of causes; the tool
//! that failed has printed its own words above.

use std::fmt;

/// Why a task ended without having done its work.
#[derive(Debug)]
pub(crate) enum Fail {
    /// The command line was not understood. Exit code 2.
    Usage(String),
    /// Something did not work, or a check found something. Exit code 1.
    Task(String),
}

impl Fail {
    pub(crate) fn usage(line: impl Into<String>) -> Self {
        Self::Usage(line.into())
    }

    pub(crate) fn task(line: impl Into<String>) -> Self {
        Self::Task(line.into())
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Task(_) => 1,
        }
    }
}

impl fmt::Display for Fail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(line) | Self::Task(line) => f.write_str(line),
        }
    }
}
