//! Cuts a page into pieces as a model would send them: a few words at a time, anywhere between two characters, with a
//! longer breath after a sentence or a block. The same page is always cut the same way. It never waits itself.

use crate::store::PIECE_MAX;

/// One piece, and when it is said.
#[derive(Debug, PartialEq)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    /// Share of the time for the page that has gone by then, above 0, at most 1.
    pub(crate) when: f64,
}

/// The shortest and the longest piece, in bytes, until the page is so long that pieces must grow.
const SHORTEST: usize = 60;
const LONGEST: usize = 420;
/// More pieces than this would only be noise.
const PIECES_MAX: usize = 400;

/// All of `html`, in order.
pub(crate) fn cut(html: &str) -> Vec<Piece<'_>> {
    let grow = html.len() / (PIECES_MAX * (SHORTEST + LONGEST) / 2) + 1;
    let mut dice = Dice(html.len() as u64 | 1);
    let mut texts = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let wanted = (SHORTEST + dice.below(LONGEST - SHORTEST)) * grow;
        let (piece, after) = rest.split_at(boundary(rest, wanted.min(PIECE_MAX)));
        texts.push(piece);
        rest = after;
    }
    let weights: Vec<f64> = texts.iter().map(|text| breath(text, &mut dice)).collect();
    let whole: f64 = weights.iter().sum();
    let mut gone = 0.0;
    let timed = texts.into_iter().zip(weights).map(|(text, weight)| {
        gone += weight;
        Piece { text, when: (gone / whole).min(1.0) }
    });
    timed.collect()
}

/// The last character boundary at or before `wanted`, but never 0.
fn boundary(text: &str, wanted: usize) -> usize {
    let wanted = wanted.min(text.len());
    let back = (1..=wanted).rev().find(|&at| text.is_char_boundary(at));
    back.unwrap_or_else(|| text.chars().next().map_or(0, char::len_utf8))
}

fn breath(text: &str, dice: &mut Dice) -> f64 {
    let after = text.trim_end();
    let pause = if after.ends_with(['.', '!', '?']) || after.ends_with("</section>") { 2.5 } else { 1.0 };
    pause * (0.4 + dice.below(120) as f64 / 100.0)
}

/// xorshift: enough to look alive, and the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str) -> Vec<Piece<'_>> {
        let pieces = cut(html);
        assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), html);
        assert!(pieces.iter().all(|piece| !piece.text.is_empty() && piece.text.len() <= PIECE_MAX));
        assert!(pieces.windows(2).all(|two| two[0].when < two[1].when));
        assert!(pieces.last().is_none_or(|last| (last.when - 1.0).abs() < 1e-9));
        pieces
    }

    #[test]
    fn the_pieces_join_to_the_page() {
        check("");
        check("x");
        check("🗼");
        check(&"Ünïcödé 🗼 text. ".repeat(1500));
    }

    #[test]
    fn a_page_of_25_kb_comes_in_about_a_hundred_pieces_and_a_huge_one_in_pieces_of_at_most_64_kib() {
        assert!((60..=200).contains(&check(&"some text ".repeat(2500)).len()));
        check(&"é".repeat(20_000_000));
    }

    #[test]
    fn the_same_page_is_cut_the_same_way() {
        let page = "The same. ".repeat(999);
        assert_eq!(cut(&page), cut(&page));
    }
}
