//! What was found, point by point, and which level that makes. Whatever comes from the network passes through here, and
//! only here is it made fit to be shown: without control characters, short, and without a token.

use std::collections::BTreeMap;
use std::fmt;

use generation_screen::engine::plain_text;

use crate::point::{LEVELS, Point, Weight};

/// Most characters of what was seen.
const SHOWN_CHARS_MAX: usize = 280;

/// Why a point was not looked at where nothing else is said.
const UNTOUCHED: &str = "the check did not get so far";

/// What became of a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The server does what the contract asks.
    Kept,
    /// It does not; this was seen instead.
    Broken(String),
    /// It could not be judged, for this reason.
    Skipped(String),
}

/// All points with their verdicts.
#[derive(Clone, Debug, Default)]
pub struct Report {
    verdicts: BTreeMap<Point, Verdict>,
    secrets: Vec<String>,
}

impl Report {
    /// `secret` is shown nowhere from now on.
    pub(crate) fn hide(&mut self, secret: &str) {
        if !secret.is_empty() && !self.secrets.iter().any(|known| known == secret) {
            self.secrets.push(secret.to_owned());
            // One that contains another is taken out first.
            self.secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        }
    }

    /// The point is kept, unless it was seen broken before.
    pub(crate) fn keep(&mut self, point: Point) {
        if !self.is_broken(point) {
            self.verdicts.insert(point, Verdict::Kept);
        }
    }

    /// The point is broken. What was seen first counts.
    pub(crate) fn fail(&mut self, point: Point, seen: impl AsRef<str>) {
        if !self.is_broken(point) {
            let seen = self.shown(seen.as_ref());
            self.verdicts.insert(point, Verdict::Broken(seen));
        }
    }

    /// The point cannot be judged, unless it was or will be.
    pub(crate) fn skip(&mut self, point: Point, why: impl AsRef<str>) {
        if !self.verdicts.contains_key(&point) {
            let why = self.shown(why.as_ref());
            self.verdicts.insert(point, Verdict::Skipped(why));
        }
    }

    /// The same for some points.
    pub(crate) fn skip_all(&mut self, points: &[Point], why: &str) {
        points.iter().for_each(|point| self.skip(*point, why));
    }

    /// Kept, or broken with what was seen.
    pub(crate) fn judge(&mut self, point: Point, seen: Result<(), String>) {
        match seen {
            Ok(()) => self.keep(point),
            Err(seen) => self.fail(point, seen),
        }
    }

    /// Kept if `is_kept`, otherwise broken with what was seen.
    pub(crate) fn expect(&mut self, point: Point, is_kept: bool, seen: impl FnOnce() -> String) {
        self.judge(point, if is_kept { Ok(()) } else { Err(seen()) });
    }

    /// Takes over what another report says of `point`.
    pub(crate) fn adopt(&mut self, other: &Report, point: Point) {
        match other.verdicts.get(&point) {
            Some(Verdict::Kept) => self.keep(point),
            Some(Verdict::Broken(seen)) => self.fail(point, seen),
            _ => {}
        }
    }

    pub(crate) fn is_broken(&self, point: Point) -> bool {
        matches!(self.verdicts.get(&point), Some(Verdict::Broken(_)))
    }

    /// The first of `points` that is broken, as the reason to skip what rests on it.
    pub(crate) fn obstacle(&self, points: &[Point]) -> Option<String> {
        let broken = points.iter().find(|point| self.is_broken(**point))?;
        Some(format!("`{}` has to be kept first", broken.name()))
    }

    fn shown(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            text = text.replace(secret.as_str(), "[the token]");
        }
        let text = plain_text(&text);
        match text.char_indices().nth(SHOWN_CHARS_MAX) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }

    /// What became of `point`.
    #[must_use]
    pub fn verdict(&self, point: Point) -> Verdict {
        let untouched = || Verdict::Skipped(UNTOUCHED.to_owned());
        self.verdicts.get(&point).cloned().unwrap_or_else(untouched)
    }

    /// The broken points of this weight, in order.
    #[must_use]
    pub fn broken(&self, weight: Weight) -> Vec<Point> {
        let all = Point::ALL.iter().copied();
        all.filter(|point| point.weight() == weight && self.is_broken(*point)).collect()
    }

    /// The level that the server reaches: all its points, and those before it, are kept or could not be judged. 0: none.
    #[must_use]
    pub fn level(&self) -> u8 {
        let first = self.broken(Weight::Must).iter().map(|point| point.level()).min();
        first.map_or(LEVELS.len() as u8, |first| first - 1)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (level, title) in (1..).zip(LEVELS) {
            writeln!(f, "level {level}: {title}")?;
            let of_level = Point::ALL.iter().copied().filter(|point| point.level() == level);
            let (told, rest): (Vec<_>, Vec<_>) =
                of_level.partition(|point| self.verdicts.contains_key(point));
            for point in told {
                write_point(f, point, &self.verdict(point))?;
            }
            if !rest.is_empty() {
                writeln!(f, "  {:<8} {} more points ({UNTOUCHED})", "skipped", rest.len())?;
            }
            writeln!(f)?;
        }
        self.write_summary(f)
    }
}

/// One line; two more where there is something to do.
fn write_point(f: &mut fmt::Formatter<'_>, point: Point, verdict: &Verdict) -> fmt::Result {
    let word = match (verdict, point.weight()) {
        (Verdict::Kept, _) => "ok",
        (Verdict::Broken(_), Weight::Must) => "FAIL",
        (Verdict::Broken(_), Weight::Advice) => "advice",
        (Verdict::Skipped(_), _) => "skipped",
    };
    write!(f, "  {word:<8} {:<20} {}", point.name(), point.asks())?;
    match verdict {
        Verdict::Kept => writeln!(f),
        Verdict::Skipped(why) => writeln!(f, " ({why})"),
        Verdict::Broken(seen) => {
            writeln!(f)?;
            writeln!(f, "           seen: {seen}")?;
            writeln!(f, "           fix:  {}", point.fix())
        }
    }
}

impl Report {
    fn write_summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (failed, advised) = (self.broken(Weight::Must), self.broken(Weight::Advice));
        let count = |wanted: fn(&Verdict) -> bool| {
            Point::ALL.iter().filter(|point| wanted(&self.verdict(**point))).count()
        };
        let (kept, skipped) = (
            count(|verdict| *verdict == Verdict::Kept),
            count(|verdict| matches!(verdict, Verdict::Skipped(_))),
        );
        match self.level() {
            0 => write!(f, "no level is reached")?,
            level => write!(f, "level {level} ({}) is reached", LEVELS[usize::from(level) - 1])?,
        }
        writeln!(f, ": {kept} ok, {} failed, {} advice, {skipped} skipped", failed.len(), advised.len())?;
        if !failed.is_empty() {
            let names: Vec<_> = failed.iter().map(|point| point.name()).collect();
            writeln!(f, "to fix first: {}", names.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_reached_if_nothing_up_to_it_is_broken() {
        let mut report = Report::default();
        assert_eq!(report.level(), 3);
        report.fail(Point::Hello, "no hello");
        assert_eq!(report.level(), 3);
        report.fail(Point::HeldWakes, "late");
        assert_eq!(report.level(), 2);
        report.fail(Point::Etag, "none");
        assert_eq!(report.level(), 1);
        report.fail(Point::Seq, "a gap");
        assert_eq!(report.level(), 0);
        assert_eq!(report.broken(Weight::Must), [Point::Seq, Point::Etag, Point::HeldWakes]);
    }

    #[test]
    fn what_was_broken_once_stays_so_and_what_was_judged_is_not_skipped() {
        let mut report = Report::default();
        report.fail(Point::Seq, "first");
        report.keep(Point::Seq);
        report.fail(Point::Seq, "second");
        report.skip(Point::Seq, "why");
        assert_eq!(report.verdict(Point::Seq), Verdict::Broken("first".to_owned()));
        report.skip(Point::Etag, "why");
        report.keep(Point::Etag);
        assert_eq!(report.verdict(Point::Etag), Verdict::Kept);
        assert!(matches!(report.verdict(Point::Hello), Verdict::Skipped(_)));
    }

    #[test]
    fn what_was_seen_is_short_plain_and_without_a_token() {
        let mut report = Report::default();
        report.hide("s3c");
        report.hide("s3c-ret");
        report.fail(Point::Seq, format!("\u{1b}[31ms3c-ret\u{202e} s3c\r\n{}", "é".repeat(5000)));
        let Verdict::Broken(seen) = report.verdict(Point::Seq) else { panic!() };
        assert!(seen.starts_with("[31m[the token] [the token]  éé"), "{seen}");
        assert_eq!(seen.chars().count(), SHOWN_CHARS_MAX + 1);
    }

    #[test]
    fn a_broken_point_says_what_was_seen_and_what_to_fix() {
        let mut report = Report::default();
        report.keep(Point::Reach);
        report.fail(Point::HtmlOffsets, "offset 7 after 9 bytes");
        report.fail(Point::Hello, "a status came first");
        let text = report.to_string();
        for line in [
            "level 1: plain events and a state",
            "  ok       reach                The server answers over HTTP.",
            "  FAIL     html-offsets         `offset` of a piece is the number of UTF-8 bytes before it.",
            "           seen: offset 7 after 9 bytes",
            "           fix:  count bytes, not characters: Buffer.byteLength(text), len(text.encode())",
            "  advice   hello                A stream begins with a `hello`, at once.",
            "  skipped  59 more points (the check did not get so far)",
            "no level is reached: 1 ok, 1 failed, 1 advice, 79 skipped",
            "to fix first: html-offsets",
        ] {
            assert!(text.lines().any(|is| is == line), "{line}\n{text}");
        }
    }
}
