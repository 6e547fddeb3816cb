//! Which rate is tried next: doubled until one is not held, then between the two, until they are close. A rate is tried twice
//! before it counts as not held: another program may have had the machine for a moment. It measures nothing.

/// The best rate is known to within this.
const CLOSE: f64 = 1.1;

/// Below this there is nothing to find, in events a second.
const LEAST: f64 = 0.01;

/// What is known so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    start: f64,
    held: Option<f64>,
    missed: Option<f64>,
    /// Not held, once.
    doubted: Option<f64>,
}

impl Search {
    /// Begins with this rate.
    #[must_use]
    pub fn from(start: f64) -> Self {
        Search { start, held: None, missed: None, doubted: None }
    }

    /// The rate to try; `None`: it is known well enough.
    #[must_use]
    pub fn next(&self) -> Option<f64> {
        match (self.held, self.missed) {
            _ if self.doubted.is_some() => self.doubted,
            (None, None) => Some(self.start),
            (Some(held), None) => Some(held * 2.0),
            (None, Some(missed)) => Some(missed / 2.0).filter(|rate| *rate >= LEAST),
            (Some(held), Some(missed)) => (missed / held > CLOSE).then(|| (held * missed).sqrt()),
        }
    }

    /// Takes what became of a rate.
    pub fn tell(&mut self, rate: f64, is_held: bool) {
        let is_doubted = self.doubted.take() == Some(rate);
        if is_held {
            self.held = Some(rate);
        } else if is_doubted {
            self.missed = Some(rate);
        } else {
            self.doubted = Some(rate);
        }
    }

    /// The highest that was held.
    #[must_use]
    pub fn held(&self) -> Option<f64> {
        self.held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(start: f64, limit: f64) -> (Option<f64>, usize) {
        let (mut search, mut tries) = (Search::from(start), 0);
        while let Some(rate) = search.next() {
            search.tell(rate, rate <= limit);
            tries += 1;
        }
        (search.held(), tries)
    }

    #[test]
    fn the_highest_rate_is_found_to_a_tenth_in_few_tries() {
        for (start, limit) in [(1.0, 40.0), (100.0, 3.0), (1.0, 1.0), (7.0, 7.7)] {
            let (held, tries) = found(start, limit);
            let held = held.unwrap();
            assert!(held <= limit && limit <= held * CLOSE, "{start} {limit}: {held}");
            assert!(tries <= 16, "{start} {limit}: {tries}");
        }
    }

    #[test]
    fn a_rate_that_was_missed_once_is_tried_again() {
        let mut search = Search::from(8.0);
        search.tell(8.0, false);
        assert_eq!(search.next(), Some(8.0));
        search.tell(8.0, true);
        assert_eq!((search.next(), search.held()), (Some(16.0), Some(8.0)));
        search.tell(16.0, false);
        search.tell(16.0, false);
        assert!(search.next().is_some_and(|rate| rate < 16.0));
    }

    #[test]
    fn where_nothing_is_held_the_search_ends() {
        assert_eq!(found(1.0, 0.0).0, None);
    }
}
