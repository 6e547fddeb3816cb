//! Full jitter, and windows that cap how often something happens. The randomness comes from a seed, never from here.

use std::collections::VecDeque;

use super::span::Span;
use super::time::Moment;

/// SplitMix64: small, and good enough to spread clients; not for secrets.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
#[derive(Clone, Debug)]
pub(super) struct Jitter(u64);

impl Jitter {
    pub(super) fn new(seed: u64) -> Self {
        Jitter(seed)
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// U(0, most).
    pub(super) fn up_to(&mut self, most: Span) -> Span {
        #[expect(clippy::cast_precision_loss, reason = "32 bits fit")]
        let share = (self.bits() >> 32) as f64 / f64::from(u32::MAX);
        most.mul_f64(share)
    }

    /// Full jitter: U(0, min(cap, base · 2ⁿ)).
    /// Source: Brooker, "Exponential backoff and jitter", 2015.
    pub(super) fn full(&mut self, base: Span, n: u32, cap: Span) -> Span {
        self.up_to((base * (1 << n.min(16))).min(cap))
    }

    /// `around`, give or take `share` of it.
    pub(super) fn around(&mut self, around: Span, share: f64) -> Span {
        around.mul_f64(1.0 - share) + self.up_to(around.mul_f64(2.0 * share))
    }
}

/// At most `most` times in any `span`.
#[derive(Clone, Debug)]
pub(super) struct Window {
    times: VecDeque<Moment>,
    most: usize,
    span: Span,
}

impl Window {
    pub(super) fn new(most: usize, span: Span) -> Self {
        Window { times: VecDeque::with_capacity(most), most, span }
    }

    /// From when on one more is allowed.
    pub(super) fn free_at(&self) -> Moment {
        match self.times.front() {
            Some(&oldest) if self.times.len() == self.most => oldest + self.span,
            _ => Moment::default(),
        }
    }

    pub(super) fn note(&mut self, now: Moment) {
        if self.times.len() == self.most {
            self.times.pop_front();
        }
        self.times.push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_split_mix_64() {
        // The first numbers of the reference implementation for this seed.
        let mut jitter = Jitter::new(1_234_567);
        let known = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(known.map(|_| jitter.bits()), known);
    }

    #[test]
    fn jitter_stays_in_its_range_and_reaches_both_halves() {
        let mut jitter = Jitter::new(7);
        let cap = Span::from_secs(15);
        let draws: Vec<_> = (0..1000).map(|_| jitter.full(Span::from_millis(500), 30, cap)).collect();
        assert!(draws.iter().all(|d| *d <= cap));
        assert!(draws.iter().filter(|d| **d < cap / 2).count() > 400);
        assert!(draws.iter().filter(|d| **d > cap / 2).count() > 400);
        let around = jitter.around(Span::from_secs(10), 0.2);
        assert!((8..=12).contains(&around.as_secs()), "{around:?}");
    }

    #[test]
    fn a_window_lets_no_more_through_in_any_span() {
        let second = Span::from_secs(1);
        let mut window = Window::new(2, second * 60);
        let start = Moment::default() + second;
        window.note(start);
        assert!(window.free_at() <= start);
        window.note(start + second);
        assert_eq!(window.free_at(), start + second * 60);
        window.note(start + second * 60);
        assert_eq!(window.free_at(), start + second * 61);
    }
}
