//! The session: decides everything about one generation's connection. Does nothing itself.

use super::{Command, Input, Moment, Options, Picture, Update};

/// One generation, from its start to its end.
pub struct Session {
    picture: Picture,
}

impl Session {
    /// A session that has not started. `seed` feeds its jitter.
    #[must_use]
    pub fn new(_options: &Options, _seed: u64) -> Self {
        Session { picture: Picture::default() }
    }

    /// Takes a fact. Afterwards take all commands, then all updates, then ask for the next wake-up.
    pub fn handle(&mut self, _now: Moment, _input: Input<'_>) {}

    /// The next piece of work, oldest first.
    pub fn next_command(&mut self) -> Option<Command> {
        None
    }

    /// The next piece of news, oldest first.
    pub fn next_update(&mut self) -> Option<Update> {
        None
    }

    /// When to come back with [`Input::Wake`], if nothing happens before.
    #[must_use]
    pub fn next_wake(&self) -> Option<Moment> {
        None
    }

    /// The picture as it stands.
    #[must_use]
    pub fn picture(&self) -> &Picture {
        &self.picture
    }
}
