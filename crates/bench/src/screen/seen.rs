//! What a page has seen of itself while it was measured: probe.js' notes, with types. Times are in milliseconds.

use serde_json::Value;

use super::devtools::Failed;
use super::tab::Tab;

/// The notes of one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// From the first event that could come to the end.
    pub ms: f64,
    /// When each frame began.
    pub frames: Vec<f64>,
    /// How long each long task took.
    pub tasks: Vec<f64>,
    /// Bytes of each chunk of a body that was read.
    pub chunks: Vec<f64>,
    /// From an input to the next frame that was painted after it was handled.
    pub inputs: Vec<f64>,
    /// From an input to what was presented after it, as the Event Timing API has it; 16 ms and more.
    pub answers: Vec<f64>,
    /// What was written into a frame: milliseconds from the beginning, and the text. Less than 0: before it.
    pub writes: Vec<(f64, String)>,
}

impl Seen {
    /// Asks the page.
    ///
    /// # Errors
    /// If it has no notes.
    pub fn of(tab: &mut Tab<'_>) -> Result<Self, Failed> {
        Ok(Seen::read(&tab.ask("bench")?))
    }

    fn read(notes: &Value) -> Self {
        let column =
            |name: &str, at: usize| -> Vec<f64> { rows(notes, name).map(|row| number(&row[at])).collect() };
        let began = number(&notes["began"]);
        let text = |row: &Value| row[1].as_str().unwrap_or_default().to_owned();
        Seen {
            ms: number(&notes["ended"]) - began,
            frames: rows(notes, "frames").map(number).collect(),
            tasks: column("tasks", 1),
            chunks: column("chunks", 1),
            inputs: column("inputs", 2),
            answers: rows(notes, "answers").map(number).collect(),
            writes: rows(notes, "writes").map(|row| (number(&row[0]) - began, text(row))).collect(),
        }
    }

    /// The longest time between two frames.
    #[must_use]
    pub fn frame_gap(&self) -> f64 {
        most(&self.frames.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>())
    }
}

fn rows<'a>(notes: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    notes[name].as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

/// The largest; 0 if there is none.
#[must_use]
pub fn most(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn notes_are_read_from_the_beginning_on() {
        let seen = Seen::read(&json!({
            "began": 100.0, "ended": 1100.0, "frames": [110, 126, 160], "tasks": [[120, 60]], "chunks": [[1, 512]],
            "inputs": [[130, 2, 30]], "answers": [32], "writes": [[90, "<!doctype html>"], [150, "<p>"]],
        }));
        assert_eq!(
            (seen.ms, seen.frame_gap(), &*seen.tasks, &*seen.chunks),
            (1000.0, 34.0, &[60.0][..], &[512.0][..])
        );
        assert_eq!((&*seen.inputs, &*seen.answers), (&[30.0][..], &[32.0][..]));
        assert_eq!(seen.writes, [(-10.0, "<!doctype html>".to_owned()), (50.0, "<p>".to_owned())]);
    }
}
