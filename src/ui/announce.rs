//! Decides what a screen reader is told, and when: not everything, not at once, the end always. Knows no words.

use crate::engine::{Moment, Span};

/// Least time between two announcements.
const PACE: Span = Span::from_secs(5);
/// How long a change of the connection has to last to be worth a word.
const LASTING: Span = Span::from_secs(2);

/// What is the case now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Number of the step that runs, from 1; 0: none.
    pub(crate) step: usize,
    /// Name of the connection's state.
    pub(crate) connection: &'static str,
    /// Progress, 0 to 100.
    pub(crate) percent: u64,
    /// It is over.
    pub(crate) ended: bool,
}

/// What to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The step that runs now.
    Step,
    /// What the connection is doing.
    Connection,
    /// How far it is, in quarters of the whole.
    Percent(u64),
    /// How it ended.
    End,
}

/// What was said so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Announcer {
    /// When the last announcement was made.
    spoke: Option<Moment>,
    /// What the listener knows.
    told: Facts,
    /// The connection's state, and since when.
    connection: (&'static str, Moment),
}

impl Announcer {
    /// Looks at the facts; says what is to be told now, if anything.
    pub(crate) fn hear(&mut self, now: Moment, facts: Facts) -> Option<News> {
        if self.connection.0 != facts.connection {
            self.connection = (facts.connection, now);
        }
        if facts.ended != self.told.ended {
            self.told = Facts { percent: 0, step: 0, ..facts };
            return facts.ended.then_some(News::End);
        }
        let is_soon = self.spoke.is_some_and(|at| now - at < PACE);
        if facts.ended || is_soon {
            return None;
        }
        let news = self.next(now, facts);
        if news.is_some() {
            self.spoke = Some(now);
        }
        news
    }

    fn next(&mut self, now: Moment, facts: Facts) -> Option<News> {
        let lasts = now - self.connection.1 >= LASTING;
        if lasts && self.told.connection != facts.connection {
            // That it connects at first goes without saying.
            let was_first = matches!(self.told.connection, "" | "opening");
            self.told.connection = facts.connection;
            if !(was_first && matches!(facts.connection, "opening" | "live")) {
                return Some(News::Connection);
            }
        }
        if facts.step != self.told.step && facts.step > 0 {
            self.told.step = facts.step;
            return Some(News::Step);
        }
        let quarter = facts.percent / 25 * 25;
        if quarter > self.told.percent && quarter < 100 {
            self.told.percent = quarter;
            return Some(News::Percent(quarter));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: u32) -> Moment {
        Moment::from_ms(f64::from(s) * 1000.0)
    }

    const LIVE: Facts = Facts { step: 1, connection: "live", percent: 0, ended: false };

    #[test]
    fn announcements_are_five_seconds_apart_but_the_end_does_not_wait() {
        let mut announcer = Announcer::default();
        assert_eq!(announcer.hear(at(0), LIVE), Some(News::Step));
        let further = Facts { step: 2, percent: 30, ..LIVE };
        assert_eq!(announcer.hear(at(4), further), None);
        assert_eq!(announcer.hear(at(5), further), Some(News::Step));
        assert_eq!(announcer.hear(at(10), further), Some(News::Percent(25)));
        assert_eq!(announcer.hear(at(11), Facts { ended: true, ..further }), Some(News::End));
        assert_eq!(announcer.hear(at(60), Facts { ended: true, ..further }), None);
    }

    #[test]
    fn a_connection_that_is_back_within_two_seconds_is_not_spoken_of() {
        let mut announcer = Announcer::default();
        announcer.hear(at(0), LIVE);
        announcer.hear(at(10), LIVE);
        let lost = Facts { connection: "reconnecting", ..LIVE };
        assert_eq!(announcer.hear(at(20), lost), None);
        assert_eq!(announcer.hear(at(21), LIVE), None);
        assert_eq!(announcer.hear(at(30), lost), None);
        assert_eq!(announcer.hear(at(32), lost), Some(News::Connection));
        assert_eq!(announcer.hear(at(40), LIVE), None);
        assert_eq!(announcer.hear(at(42), LIVE), Some(News::Connection));
    }

    #[test]
    fn a_new_run_is_told_from_its_beginning() {
        let mut announcer = Announcer::default();
        announcer.hear(at(0), Facts { ended: true, percent: 60, ..LIVE });
        assert_eq!(announcer.hear(at(9), LIVE), None);
        assert_eq!(announcer.hear(at(10), LIVE), Some(News::Step));
    }
}
