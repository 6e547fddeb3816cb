//! The seat: the right to keep a request open for long. A browser has six connections to one HTTP/1.1 origin, so the
//! shell hands out few of them there.
//!
//! Decides when a seat is wanted and given back, and what goes without one: plain reads, one screen after the other.
//! How many there are, and who gets the next, is the shell's affair.

use super::Session;
use crate::engine::io::Command;
use crate::engine::time::Moment;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Seat {
    #[default]
    None,
    Asked {
        at: Moment,
    },
    Held,
}

impl Session {
    pub(super) fn has_seat(&self) -> bool {
        self.seat == Seat::Held
    }

    /// Others have them all. A moment's wait is not that.
    pub(super) fn is_crowded_out(&self) -> bool {
        matches!(self.seat, Seat::Asked { at } if self.now - at >= self.ms(250))
    }

    pub(super) fn ask_for_seat(&mut self) {
        // A page that was left needs none; when it is shown again it asks.
        if self.seat == Seat::None && !self.page.away {
            self.seat = Seat::Asked { at: self.now };
            self.command(Command::AskSeat);
        }
    }

    pub(super) fn seat_came(&mut self) {
        if matches!(self.seat, Seat::Asked { .. }) {
            self.seat = Seat::Held;
        }
    }

    /// Whatever needed it has to be closed before.
    pub(super) fn leave_seat(&mut self) {
        if self.seat != Seat::None {
            self.seat = Seat::None;
            self.command(Command::LeaveSeat);
        }
    }
}
