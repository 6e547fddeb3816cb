//! The page: offline, hidden, asleep, left and shown again. Any of these is a reason to doubt what was believed.

use super::{Life, Session};
use crate::engine::io::PageEvent;
use crate::engine::picture::Why;
use crate::engine::span::Span;
use crate::engine::time::Moment;

#[derive(Debug, Default)]
pub(super) struct PageFacts {
    /// Since when the browser says so; any byte or answer says otherwise.
    pub(super) offline: Option<Moment>,
    pub(super) hidden: bool,
    /// The page was left; nothing is sent until it is shown again.
    pub(super) away: bool,
}

impl Session {
    pub(super) fn page_event(&mut self, event: PageEvent) {
        match event {
            PageEvent::Online => {
                self.page.offline = None;
                self.doubt();
            }
            PageEvent::Offline => self.went_offline(),
            PageEvent::Visible => {
                self.page.hidden = false;
                self.doubt();
            }
            PageEvent::Hidden => self.page.hidden = true,
            PageEvent::PageHide => self.left(),
            PageEvent::PageShow => self.came_back(),
        }
    }

    /// A wake-up far too late: the page, or all of the machine, slept. What ran out meanwhile is not judged.
    pub(super) fn woke(&mut self, late: Span) {
        let limit = self.ms(if self.page.hidden { 90_000 } else { 5000 });
        if late <= limit {
            return;
        }
        if let Some(connection) = self.stream.connection() {
            connection.rearm(self.now);
        }
        self.poll.rearm(self.now, self.scaled(self.options.read_timeout));
        self.token.rearm(self.now);
        self.rearm_finish();
        self.doubt();
    }

    /// Whatever we believed of the network may have changed: the stream proves itself anew, the state is read.
    fn doubt(&mut self) {
        if self.life != Life::Active || self.page.away {
            return;
        }
        let (now, patience) = (self.now, self.ms(2500));
        match self.stream.connection().map(|connection| connection.doubt(now, patience)) {
            Some(None) => self.drop_mute_attempt(),
            Some(Some(())) => self.poll.stream_is_not_live(now + patience),
            None => self.stream.cut_wait(now + self.ms(1000)),
        }
        self.read_now();
    }

    fn went_offline(&mut self) {
        self.page.offline = Some(self.now);
        if !matches!(self.life, Life::Active | Life::Finishing(_)) || self.page.away {
            return;
        }
        let now = self.now;
        if let Some(connection) = self.stream.connection() {
            connection.step_down(now);
        }
        self.stream.why = Why::Broken;
        self.postpone_read();
        self.poll.stream_is_not_live(now);
    }

    fn left(&mut self) {
        self.page.away = true;
        if self.is_finishing() {
            self.postpone_read();
        } else {
            self.stop_stream();
            self.stop_reading();
            self.leave_seat();
        }
    }

    /// Back from where pages are kept: the state is read, and the stream opened after it.
    fn came_back(&mut self) {
        let was_away = std::mem::take(&mut self.page.away);
        if was_away && self.life == Life::Active {
            self.begin_legs();
        }
        self.rearm_finish();
    }
}
