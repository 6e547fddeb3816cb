//! Which events are due when, and what each of them says. Both servers keep this pace (the peer's script has its own copy of
//! it), and viewers check what they get against it. It waits for nothing.

use std::fmt::Write as _;

/// Text of one event in bytes: some words, as a model writes them.
pub const TEXT_BYTES: usize = 100;

/// Digits of a moment in microseconds.
const STAMP_DIGITS: usize = 20;

/// What stands behind the moment. Nothing that JSON would have to escape.
const FILLER: &str =
    "<p>It stands by the river, as it has for more than a hundred years, and people come to see it.</p>";

/// The pace of all generations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Events of one generation in a second.
    pub per_second: f64,
    /// For so long.
    pub seconds: f64,
    /// So many generations, at evenly spread moments.
    pub generations: usize,
}

impl Pace {
    /// Pieces of each generation. Another event follows, which ends it.
    #[must_use]
    pub fn pieces(&self) -> u64 {
        (self.per_second * self.seconds).round().max(1.0) as u64
    }

    /// When the piece after `written` of this generation is due, in microseconds after the start.
    #[must_use]
    pub fn due_us(&self, generation: usize, written: u64) -> u64 {
        let share = generation as f64 / self.generations.max(1) as f64;
        ((written as f64 + share) / self.per_second * 1e6) as u64
    }
}

/// The text of an event that is due at this moment.
#[must_use]
pub fn text(due_us: u64) -> String {
    let mut text = String::with_capacity(TEXT_BYTES);
    let _ = write!(text, "{due_us:0STAMP_DIGITS$}");
    text.push_str(&FILLER[..TEXT_BYTES - STAMP_DIGITS]);
    text
}

/// The moment in such a text, if it is one.
#[must_use]
pub fn due_of(text: &str) -> Option<u64> {
    let (stamp, filler) = text.split_at_checked(STAMP_DIGITS)?;
    (filler == &FILLER[..TEXT_BYTES - STAMP_DIGITS]).then(|| stamp.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_when_it_was_due_and_is_as_long_as_it_should_be() {
        for due in [0, 1, 1_234_567_890_123, u64::MAX] {
            let text = text(due);
            assert_eq!((text.len(), due_of(&text)), (TEXT_BYTES, Some(due)));
            assert_eq!(due_of(&text[1..]), None);
            assert_eq!(due_of(&format!("{text}.")), None);
        }
        assert_eq!(due_of("é"), None);
    }

    #[test]
    fn the_generations_take_turns_and_each_keeps_the_rate() {
        let pace = Pace { per_second: 4.0, seconds: 2.5, generations: 5 };
        assert_eq!(pace.pieces(), 10);
        let due: Vec<u64> = (0..5).map(|generation| pace.due_us(generation, 0)).collect();
        assert_eq!(due, [0, 50_000, 100_000, 150_000, 200_000]);
        assert_eq!(pace.due_us(3, 9) - pace.due_us(3, 8), 250_000);
    }
}
