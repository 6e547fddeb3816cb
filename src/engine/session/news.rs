//! What the screen is told after each fact: the picture, if it changed. Nothing is said that is not so.

use super::stream::Stream;
use super::{Life, Session};
use crate::engine::io::Update;
use crate::engine::picture::{Connection, Marks, Note, Outcome, Phase, Picture, Why};
use crate::engine::time::Moment;

/// What tells one picture from the next: far less to look at, after each chunk, than the pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Glance {
    phase: Phase,
    connection: Connection,
    marks: Marks,
    run: u64,
    /// Of the progress.
    version: u32,
}

impl Session {
    /// Something new was taken.
    pub(super) fn news(&mut self) {
        self.marks_at.news_at = self.now;
        self.marks_at.stalled = false;
    }

    pub(super) fn stalls_at(&self) -> Option<Moment> {
        let waits = self.life == Life::Active && !self.marks_at.stalled;
        waits.then(|| self.marks_at.news_at + self.ms(60_000))
    }

    pub(super) fn marks_stalled(&mut self) {
        self.marks_at.stalled = true;
    }

    pub(super) fn show(&mut self) {
        let glance = Glance {
            phase: self.phase,
            connection: self.connection(),
            marks: self.marks(),
            run: self.ledger.run,
            version: self.progress.version,
        };
        if glance == self.glance {
            return;
        }
        let polled = |glance: &Glance| matches!(glance.connection, Connection::Polling { .. });
        if let Connection::Polling { why } = glance.connection
            && !polled(&self.glance)
        {
            self.note(Note::Polling { why });
        }
        self.glance = glance;
        let Glance { phase, connection, marks, run, .. } = glance;
        self.shown = Picture { phase, connection, marks, run, ..Picture::default() };
        self.progress.draw(&mut self.shown);
        self.updates.push_back(Update::Picture(Box::new(self.shown.clone())));
    }

    fn marks(&self) -> Marks {
        let connected = self.stream.is_live() || self.poll.carries;
        let ended_short = matches!(self.phase, Phase::Ended(outcome) if outcome != Outcome::Complete);
        Marks {
            stalled: self.marks_at.stalled && connected && self.life == Life::Active,
            resumed: self.marks_at.resumed,
            partial: ended_short && self.ledger.html_len > 0,
            cancelling: self.is_cancelling(),
            unconfirmed: self.marks_at.unconfirmed && self.phase == Phase::Ended(Outcome::Complete),
        }
    }

    fn connection(&self) -> Connection {
        match self.life {
            Life::SignedOut => return Connection::SignedOut,
            _ if self.page.offline.is_some() => return Connection::Offline,
            // What is asked at the end says nothing of the connection any more.
            Life::Finishing(_) | Life::Ended(_) => return self.shown.connection,
            _ => {}
        }
        if self.stream.is_called_live() {
            return Connection::Live;
        }
        if self.poll.carries {
            return Connection::Polling {
                why: if self.is_crowded_out() { Why::Crowded } else { self.stream.why },
            };
        }
        let at = match &self.stream.state {
            // Nothing has gone wrong yet.
            _ if self.stream.why == Why::Unproven && self.trouble == 0 => return Connection::Opening,
            // Without a seat it is the state that will say something.
            Stream::Waiting { .. } if !self.has_seat() => self.read_starts_at().unwrap_or(self.now),
            Stream::Waiting { until } => self.stream_opens_at().unwrap_or(*until),
            Stream::Open(_) => self.now,
            Stream::Off => self.read_starts_at().unwrap_or(self.now),
        };
        let why = if self.stream.why == Why::Unproven { Why::Trouble } else { self.stream.why };
        match self.shown.connection {
            // An attempt is under way: the moment at which that was first said stands.
            said @ Connection::Reconnecting { at: said_at, why: said_why }
                if said_why == why && at == self.now =>
            {
                if said_at <= at {
                    said
                } else {
                    Connection::Reconnecting { at, why }
                }
            }
            _ => Connection::Reconnecting { at, why },
        }
    }
}
