//! Which rate is tried next: doubled until one is not held, then between the two, until they are close. It measures nothing.

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
}

impl Search {
    /// Begins with this rate.
    #[must_use]
    pub fn from(start: f64) -> Self {
        Search { start, held: None, missed: None }
    }

    /// The rate to try; `None`: it is known well enough.
    #[must_use]
    pub fn next(&self) -> Option<f64> {
        match (self.held, self.missed) {
            (None, None) => Some(self.start),
            (Some(held), None) => Some(held * 2.0),
            (None, Some(missed)) => Some(missed / 2.0).filter(|rate| *rate >= LEAST),
            (Some(held), Some(missed)) => (missed / held > CLOSE).then(|| (held * missed).sqrt()),
        }
    }

    /// Takes what became of a rate.
    pub fn tell(&mut self, rate: f64, is_held: bool) {
        if is_held {
            self.held = Some(rate);
        } else {
            self.missed = Some(rate);
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
            assert!(tries <= 12, "{start} {limit}: {tries}");
        }
    }

    #[test]
    fn where_nothing_is_held_the_search_ends() {
        assert_eq!(found(1.0, 0.0).0, None);
    }
}
