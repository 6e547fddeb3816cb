//! The timeline as data: rows of what happened and when, and stretches of what the connection was. Bounded; reads no
//! clock, shows nothing.

use std::collections::VecDeque;

/// Rows, and stretches, that are kept; the oldest go first.
const KEPT_MAX: usize = 500;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The screen says that the connection is something else now.
    Connection,
    /// The screen says that the work is somewhere else now.
    Phase,
    /// The session told the host.
    Note,
    /// The gallery itself did it.
    Host,
}

impl Kind {
    /// Short and stable.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Connection => "connection",
            Kind::Phase => "phase",
            Kind::Note => "note",
            Kind::Host => "host",
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// Counts all rows there ever were, from 1.
    pub(crate) number: u64,
    /// Milliseconds since the start.
    pub(crate) at_ms: f64,
    pub(crate) kind: Kind,
    /// Short and stable.
    pub(crate) name: String,
    /// Short and stable, or empty.
    pub(crate) detail: String,
    /// For people.
    pub(crate) text: String,
}

/// How long the connection was something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) number: u64,
    /// The connection's name, or `over`.
    pub(crate) name: String,
    pub(crate) from_ms: f64,
    /// `None` while it lasts.
    pub(crate) to_ms: Option<f64>,
}

/// Name of the stretch in which nothing runs.
pub(crate) const OVER: &str = "over";

/// All of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timeline {
    pub(crate) rows: VecDeque<Row>,
    pub(crate) stretches: VecDeque<Stretch>,
    counted: u64,
}

impl Timeline {
    /// Adds a row.
    pub(crate) fn note(&mut self, at_ms: f64, kind: Kind, name: &str, detail: String, text: String) {
        self.counted += 1;
        let row = Row { number: self.counted, at_ms, kind, name: name.to_owned(), detail, text };
        push(&mut self.rows, row);
    }

    /// From now on the connection is that.
    pub(crate) fn turns(&mut self, at_ms: f64, name: &str) {
        let number = match self.stretches.back_mut() {
            Some(last) if last.name == name => return,
            // Nothing was running before: that is no stretch.
            None if name == OVER => return,
            Some(last) => {
                last.to_ms = Some(at_ms);
                last.number + 1
            }
            None => 1,
        };
        push(&mut self.stretches, Stretch { number, name: name.to_owned(), from_ms: at_ms, to_ms: None });
    }

    /// Rows that are not kept any more.
    pub(crate) fn forgotten(&self) -> u64 {
        self.counted - self.rows.len() as u64
    }

    /// True while time goes on for it.
    pub(crate) fn is_running(&self) -> bool {
        self.stretches.back().is_some_and(|last| last.name != OVER)
    }

    /// How long the connection has been that in all, at `now_ms`.
    pub(crate) fn spent_ms(&self, name: &str, now_ms: f64) -> f64 {
        let of_name = self.stretches.iter().filter(|stretch| stretch.name == name);
        of_name.map(|stretch| (stretch.to_ms.unwrap_or(now_ms) - stretch.from_ms).max(0.0)).sum()
    }
}

fn push<T>(kept: &mut VecDeque<T>, one: T) {
    if kept.len() == KEPT_MAX {
        kept.pop_front();
    }
    kept.push_back(one);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_rows_go_and_are_counted() {
        let mut timeline = Timeline::default();
        for at in 0..KEPT_MAX + 3 {
            timeline.note(at as f64, Kind::Note, "x", String::new(), String::new());
        }
        assert_eq!((timeline.rows.len(), timeline.forgotten()), (KEPT_MAX, 3));
        assert_eq!(timeline.rows.front().map(|row| row.number), Some(4));
    }

    #[test]
    fn a_stretch_lasts_until_the_next_and_time_is_summed_by_name() {
        let mut timeline = Timeline::default();
        timeline.turns(0.0, OVER);
        for (at, name) in
            [(0.0, "opening"), (10.0, "live"), (20.0, "live"), (30.0, "polling"), (35.0, "live")]
        {
            timeline.turns(at, name);
        }
        assert_eq!(timeline.stretches.len(), 4);
        assert_eq!((timeline.spent_ms("live", 100.0), timeline.spent_ms("polling", 100.0)), (85.0, 5.0));
        assert!(timeline.is_running());
        timeline.turns(50.0, OVER);
        assert!(!timeline.is_running());
    }
}
