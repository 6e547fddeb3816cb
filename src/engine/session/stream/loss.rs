//! How a stream is lost, whose fault that is, and how long until the next attempt.

use super::super::Session;
use super::{Blame, Stream, TOLD_WAIT_MAX};
use crate::engine::io::{Command, RequestId, ResponseHead, StreamEnd};
use crate::engine::picture::{Note, Why};
use crate::engine::span::Span;

impl Session {
    pub(in super::super) fn stream_ended(&mut self, id: RequestId, how: StreamEnd) {
        let Some(c) = self.stream.open().filter(|c| c.id == id) else { return };
        let no_answer = c.byte_at.is_none();
        let why = if how == StreamEnd::Closed { Why::Closed } else { Why::Broken };
        if no_answer {
            self.trouble += 1;
            self.lose_stream(why, Blame::Server, Span::ZERO);
        } else {
            self.lose_stream(why, Blame::StreamUnlessProductive, Span::ZERO);
        }
    }

    pub(in super::super) fn stream_mute(&mut self) {
        self.lose_stream(Why::Mute, Blame::Stream, Span::ZERO);
    }

    pub(in super::super) fn stream_idle(&mut self) {
        self.lose_stream(Why::Idle, Blame::Stream, Span::ZERO);
        self.read_now();
    }

    pub(in super::super) fn stream_behind(&mut self) {
        self.lose_stream(Why::Behind, Blame::Stream, Span::ZERO);
        self.read_now();
    }

    pub(in super::super) fn stream_half_idle(&mut self) {
        let now = self.now;
        if let Some(c) = self.stream.connection() {
            c.step_down(now);
            c.called_live = false;
        }
        self.stream.why = Why::Idle;
        self.poll.stream_is_not_live(now);
    }

    pub(in super::super) fn quiet(&mut self) {
        let (now, most) = (self.now, self.ms(300_000));
        if let Some(c) = self.stream.connection() {
            let next = (c.quiet.1 * 2).min(most);
            c.quiet = (now + next, next);
        }
        self.read_unconditionally();
    }

    /// Closes the connection without blame, and opens the next one at once.
    pub(in super::super) fn reopen_stream(&mut self) {
        if self.stream.open().is_some() {
            self.abort_stream();
            self.stream.state = Stream::Waiting { until: self.now };
            self.poll.stream_is_not_live(self.now + self.scaled(self.options.head_start));
        }
    }

    /// An attempt that never brought a byte, and is not believed in any more.
    pub(in super::super) fn drop_mute_attempt(&mut self) {
        self.abort_stream();
        self.stream.state = Stream::Waiting { until: self.now };
    }

    pub(in super::super) fn stop_stream(&mut self) {
        self.abort_stream();
        self.stream.state = Stream::Off;
    }

    fn abort_stream(&mut self) {
        if let Some(id) = self.stream.open().map(|c| c.id) {
            self.command(Command::Abort { id });
        }
    }

    /// Gives the connection up and waits: `at_least`, and what `blame` costs.
    pub(super) fn lose_stream(&mut self, why: Why, blame: Blame, at_least: Span) {
        let now = self.now;
        let Some(c) = self.stream.connection() else { return };
        let productive = c.productive || c.was_live_long(now);
        self.abort_stream();
        self.stream.why = why;
        let mut wait = match blame {
            Blame::Nobody => at_least,
            Blame::StreamUnlessProductive if productive => {
                self.stream.own = 0;
                self.jitter.up_to(self.ms(1000))
            }
            Blame::Stream | Blame::StreamUnlessProductive => {
                self.stream.own += 1;
                self.stream_backoff()
            }
            Blame::Server => self.stream_backoff(),
        };
        let told = self.stream.reconnection_time;
        if !told.is_zero() && blame != Blame::Nobody {
            wait = wait.max(told + self.jitter.up_to((told / 2).max(self.ms(1000))));
        }
        self.stream.state = Stream::Waiting { until: now + wait };
        let retry_at = self.stream.not_before_told(now + wait);
        self.note(Note::StreamLost { why, retry_in: Some(retry_at - now) });
        let head_start = self.scaled(self.options.head_start);
        let spread = self.jitter.up_to(self.ms(2500));
        self.poll.stream_is_not_live(now + head_start + spread);
    }

    fn stream_backoff(&mut self) -> Span {
        let n = self.stream.own.max(self.trouble);
        let cap = self.ms(match (self.poll.last_was_good, self.stream.own >= self.trouble) {
            _ if self.page.hidden => 60_000,
            (false, _) => 15_000,
            (true, false) => 30_000,
            (true, true) => 60_000,
        });
        self.ms(100) + self.jitter.full(self.ms(500), n, cap)
    }

    /// What `Retry-After` says, plus some of our own, so that not all come back at once.
    pub(in super::super) fn told_wait(&mut self, head: &ResponseHead) -> Option<Span> {
        let seconds: u64 = head.retry_after.as_deref()?.trim().parse().ok()?;
        let told = Span::from_secs(seconds).min(TOLD_WAIT_MAX);
        Some(told + self.jitter.up_to((told / 2).max(self.ms(1000))))
    }
}
