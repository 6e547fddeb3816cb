//! Where the legs stand, for whoever draws or tests the machine. Changes nothing, and the screen needs none of it.

use super::poll::Poll;
use super::stream::Stream;
use super::{Life, Session};

/// Where a session stands. Two sessions that stand alike may still differ in what they know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Legs {
    /// What it does with its life.
    pub life: LifeState,
    /// The stream leg.
    pub stream: StreamState,
    /// The poll leg.
    pub poll: PollState,
}

/// What a session does with its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifeState {
    /// It has not started.
    Idle,
    /// It follows the generation.
    Active,
    /// There is no token.
    SignedOut,
    /// The end is known; the state is read once more.
    Finishing,
    /// It is over.
    Ended,
    /// The screen is gone.
    Stopped,
}

/// Where the stream leg stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamState {
    /// There is none.
    Off,
    /// The next attempt is waited for.
    Waiting,
    /// Opened, and no frame yet.
    Opening,
    /// Frames come; whether as they happen is not proven.
    Trial,
    /// Proven.
    Live,
}

/// Where the poll leg stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollState {
    /// Nothing is read.
    Off,
    /// The next read is waited for.
    Due,
    /// A read is out.
    Reading,
    /// A read is out that the server holds.
    Held,
}

impl Session {
    /// Where it stands.
    #[must_use]
    pub fn legs(&self) -> Legs {
        let life = match self.life {
            Life::Idle => LifeState::Idle,
            Life::Active => LifeState::Active,
            Life::SignedOut => LifeState::SignedOut,
            Life::Finishing(_) => LifeState::Finishing,
            Life::Ended(_) => LifeState::Ended,
            Life::Stopped => LifeState::Stopped,
        };
        let stream = match &self.stream.state {
            Stream::Off => StreamState::Off,
            Stream::Waiting { .. } => StreamState::Waiting,
            Stream::Open(connection) => connection.state(),
        };
        let poll = match &self.poll.state {
            Poll::Off => PollState::Off,
            Poll::Due { .. } => PollState::Due,
            Poll::InFlight(read) if read.is_held() => PollState::Held,
            Poll::InFlight(_) => PollState::Reading,
        };
        Legs { life, stream, poll }
    }
}
