//! Figures of several rounds, as a table for people and as JSON. What a goal is, is said where it is measured.

use std::fmt::Write;

use serde_json::{Value, json};

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

impl Goal {
    fn is_kept(self, value: f64) -> bool {
        match self {
            Goal::AtMost(most) => value <= most,
            Goal::AtLeast(least) => value >= least,
        }
    }

    fn text(self) -> String {
        match self {
            Goal::AtMost(most) => format!("≤ {}", short(most)),
            Goal::AtLeast(least) => format!("≥ {}", short(least)),
        }
    }
}

/// What is measured, once for each round.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    part: String,
    name: String,
    unit: &'static str,
    goal: Option<Goal>,
    rounds: Vec<f64>,
}

/// All that was measured, in the order in which it was first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    rows: Vec<Row>,
}

impl Figures {
    /// Adds one round's value.
    pub fn add(&mut self, part: &str, name: &str, unit: &'static str, goal: Option<Goal>, value: f64) {
        match self.rows.iter_mut().find(|row| row.part == part && row.name == name) {
            Some(row) => row.rounds.push(value),
            None => {
                let (part, name) = (part.to_owned(), name.to_owned());
                // Behind the others of its part.
                let place =
                    self.rows.iter().rposition(|row| row.part == part).map_or(self.rows.len(), |at| at + 1);
                self.rows.insert(place, Row { part, name, unit, goal, rounds: vec![value] });
            }
        }
    }

    /// How many times `of` is `to`, both medians of this part. Two times nothing is the same.
    pub fn add_ratio(&mut self, part: &str, name: &str, of: &str, to: &str, goal: Option<Goal>) {
        let (Some(of), Some(to)) = (self.median(part, of), self.median(part, to)) else { return };
        let ratio = if of == 0.0 && to == 0.0 { 1.0 } else { of / to };
        self.add(part, name, "×", goal, ratio);
    }

    /// The median of a figure.
    #[must_use]
    pub fn median(&self, part: &str, name: &str) -> Option<f64> {
        let row = self.rows.iter().find(|row| row.part == part && row.name == name)?;
        quantile(&row.rounds, 0.5)
    }

    /// Median, least and most of each figure; beside it the goal, and whether the median keeps it.
    #[must_use]
    pub fn table(&self) -> String {
        let (mut text, mut part) = (String::new(), "");
        for row in &self.rows {
            if row.part != part {
                part = &row.part;
                let _ = writeln!(text, "\n{part}");
            }
            let value = |at| quantile(&row.rounds, at).unwrap_or(f64::NAN);
            let range = if row.rounds.len() > 1 {
                format!("{} … {}", short(value(0.0)), short(value(1.0)))
            } else {
                String::new()
            };
            let goal = row.goal.map(|goal| {
                format!("{:<8} {}", goal.text(), if goal.is_kept(value(0.5)) { "kept" } else { "MISSED" })
            });
            let (name, unit, median) = (&row.name, row.unit, short(value(0.5)));
            let line = format!("  {name:<52} {median:>8} {unit:<3} {range:<20} {}", goal.unwrap_or_default());
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }

    /// Everything, round by round.
    #[must_use]
    pub fn json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let goal = row.goal.map(|goal| match goal {
                Goal::AtMost(most) => json!({ "at_most": most }),
                Goal::AtLeast(least) => json!({ "at_least": least }),
            });
            let median = quantile(&row.rounds, 0.5);
            let is_kept = row.goal.zip(median).map(|(goal, median)| goal.is_kept(median));
            json!({
                "part": row.part, "name": row.name, "unit": row.unit, "rounds": row.rounds,
                "median": median, "goal": goal, "kept": is_kept,
            })
        });
        Value::Array(rows.collect())
    }
}

/// The value below which this part of all values lies; of two that are equally near, the lower.
#[must_use]
pub fn quantile(values: &[f64], at: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (at * sorted.len() as f64).ceil() as usize;
    sorted.get(place.clamp(1, sorted.len().max(1)) - 1).copied()
}

/// A number in three digits, or all before the point.
fn short(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let values = [5.0, 1.0, 3.0, 2.0, 4.0];
        for (at, value) in [(0.0, 1.0), (0.5, 3.0), (0.8, 4.0), (0.95, 5.0), (1.0, 5.0)] {
            assert_eq!(quantile(&values, at), Some(value));
        }
        assert_eq!(quantile(&[1.0, 2.0], 0.5), Some(1.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn the_table_has_the_goal_beside_each_median() {
        let mut figures = Figures::default();
        for value in [40.0, 61.5, 59.0] {
            figures.add("Hidden", "frames", "/s", Some(Goal::AtLeast(50.0)), value);
        }
        figures.add("Shown", "ours", "ms", None, 30.0);
        figures.add("Shown", "peer", "ms", None, 20.0);
        figures.add_ratio("Shown", "ratio", "ours", "peer", Some(Goal::AtMost(1.1)));
        let table = figures.table();
        let lines: Vec<String> =
            table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            lines,
            [
                "",
                "Hidden",
                "frames 59 /s 40 … 61.5 ≥ 50 kept",
                "",
                "Shown",
                "ours 30 ms",
                "peer 20 ms",
                "ratio 1.50 × ≤ 1.10 MISSED",
            ]
        );
        assert_eq!(figures.json()[0]["kept"], true);
        assert_eq!(figures.json()[3]["median"], 1.5);
    }

    #[test]
    fn nothing_is_as_much_as_nothing() {
        let mut figures = Figures::default();
        figures.add("x", "ours", "", None, 0.0);
        figures.add("x", "peer", "", None, 0.0);
        figures.add_ratio("x", "ratio", "ours", "peer", None);
        assert_eq!(figures.median("x", "ratio"), Some(1.0));
    }
}
