//! The preview hidden, the source chosen: 10 MB of page in 100,000 events at full speed; beside it the same stream as
//! people show it in plain JavaScript. Nothing of a page's looks matters here, only how many bytes and events come.

use std::time::{Duration, Instant};

use super::devtools::Failed;
use super::figures::{Figures, Goal, quantile};
use super::job::{Job, Pace};
use super::pages::{LINE_BYTES, Shape};
use super::seen::{Seen, most};
use super::stage::{ENDED, PEER_ENDED, Stage};
use super::tab::{Heap, Tab};
use super::trace::Trace;

/// What it is called.
pub const PART: &str = "Preview hidden: 10 MB in 100,000 events at full speed";
const OURS_PER_EVENT: &str = "main thread per event";
const PAGE_BYTES: usize = 10_000_000;
/// For a peer whose time grows with the square of the bytes.
const SMALL_BYTES: usize = 1_000_000;
/// How often it is looked at how far a page has come.
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// How long any page may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// What a script may take of a frame.
const SCRIPT_MS: f64 = 8.0;

fn job(bytes: usize) -> Job {
    Job::new("measured", Shape::Lines.page(bytes), LINE_BYTES, Pace::Full)
}

/// How far a page has come (characters of text), and what its main thread has worked by then (ms).
type Progress = Vec<(f64, f64)>;

/// One round of all.
///
/// # Errors
/// If a page does not come to its end.
pub fn round(stage: &mut Stage, figures: &mut Figures) -> Result<(), Failed> {
    let empty = empty(stage)?;
    ours(stage, figures, empty)?;
    traced(stage, figures)?;
    for (name, how, bytes) in [
        ("peer, append() of each event", "append", PAGE_BYTES),
        ("peer, textContent += each event, of 1 MB", "textContent", SMALL_BYTES),
    ] {
        let (mut tab, job) = stage.peer(job(bytes))?;
        Stage::follow(&mut tab, how)?;
        let progress = watched(&mut tab, &job, "pre", PEER_ENDED)?;
        let seen = Seen::of(&mut tab)?;
        figures.add(PART, &format!("{name}: main thread per event"), "µs", None, per_event(&progress, bytes));
        figures.add(PART, &format!("{name}: last tenth / first"), "×", None, tenths(&progress));
        figures.add(PART, &format!("{name}: longest task"), "ms", None, most(&seen.tasks));
    }
    Ok(())
}

/// Compares the rounds.
pub fn compare(figures: &mut Figures) {
    let peer = "peer, append() of each event: main thread per event";
    figures.add_ratio(PART, "main thread per event, ours / append()", OURS_PER_EVENT, peer, None);
}

fn ours(stage: &mut Stage, figures: &mut Figures, empty: Heap) -> Result<(), Failed> {
    let (mut tab, job) = stage.screen(job(PAGE_BYTES), true)?;
    let progress = watched(&mut tab, &job, "[data-part=source-text]", ENDED)?;
    let seen = Seen::of(&mut tab)?;
    let mut add = |name: &str, unit, goal, value| figures.add(PART, name, unit, goal, value);
    add("until all is shown", "s", None, seen.ms / 1000.0);
    add("long tasks", "", Some(Goal::AtMost(0.0)), seen.tasks.len() as f64);
    add("longest task", "ms", Some(Goal::AtMost(50.0)), most(&seen.tasks));
    add("frames", "/s", Some(Goal::AtLeast(50.0)), seen.frames.len() as f64 * 1000.0 / seen.ms);
    add("longest time between two frames", "ms", None, seen.frame_gap());
    add(OURS_PER_EVENT, "µs", None, per_event(&progress, PAGE_BYTES));
    add("main thread per event, last tenth / first", "×", Some(Goal::AtMost(1.3)), tenths(&progress));
    add("largest chunk that was read", "KiB", None, most(&seen.chunks) / 1024.0);
    let heap = tab.heap()?;
    let mb = |of: fn(&Heap) -> f64| (of(&heap) - of(&empty)) / 1e6;
    add("heap, JS, over the empty page's", "MB", None, mb(|heap| heap.js));
    add("heap, wasm memory, over the empty page's", "MB", None, mb(|heap| heap.wasm));
    let of_page = mb(|heap| heap.js + heap.wasm) * 1e6 / PAGE_BYTES as f64;
    add("heap, both, of the page's bytes", "×", Some(Goal::AtMost(4.0)), of_page);
    add("constant: the empty page's JS heap", "MB", None, empty.js / 1e6);
    add("constant: the empty page's wasm memory", "MB", None, empty.wasm / 1e6);
    add("beside it: elements and text nodes", "MB", None, mb(|heap| heap.page_objects));
    add("beside it: all of the process's own memory", "MB", None, mb(|heap| heap.process));
    Ok(())
}

/// The same again with a trace, which nothing disturbs by looking.
fn traced(stage: &mut Stage, figures: &mut Figures) -> Result<(), Failed> {
    let (mut tab, job) = stage.screen(job(PAGE_BYTES), true)?;
    tab.start_trace()?;
    let end = tab.begin(ENDED)?;
    job.open();
    if !tab.has_ended(end, PATIENCE)? {
        return Err("the screen did not come to its end".into());
    }
    let trace = Trace::read(&tab.end_trace()?).ok_or("the trace has no marks")?;
    let script = trace.script_by_frame();
    let mut add = |name: &str, unit, goal, value| figures.add(PART, name, unit, goal, value);
    add("our script in a frame, most", "ms", Some(Goal::AtMost(SCRIPT_MS)), most(&script));
    add("our script in a frame, p95", "ms", None, quantile(&script, 0.95).unwrap_or_default());
    let over = script.iter().filter(|ms| **ms > SCRIPT_MS).count();
    add("frames with more script than that", "%", None, 100.0 * over as f64 / script.len() as f64);
    let long = trace.long_by_cpu();
    add("tasks of more than 50 ms of processor time", "", Some(Goal::AtMost(0.0)), long.len() as f64);
    add("longest task, processor time", "ms", Some(Goal::AtMost(50.0)), trace.most_cpu());
    for (kind, ms) in trace.kinds() {
        let per_event = ms * 1000.0 / events(PAGE_BYTES);
        add(&format!("per event: {}", kind.name()), "µs", None, per_event);
    }
    Ok(())
}

/// What the screen holds after a page of no bytes.
fn empty(stage: &mut Stage) -> Result<Heap, Failed> {
    let (mut tab, job) = stage.screen(job(0), true)?;
    watched(&mut tab, &job, "[data-part=source-text]", ENDED)?;
    tab.heap()
}

/// Lets the events go, and looks until all is shown.
fn watched(tab: &mut Tab<'_>, job: &Job, text: &str, over: &str) -> Result<Progress, Failed> {
    let end = tab.begin(over)?;
    let mut progress = vec![(0.0, tab.work_ms()?)];
    job.open();
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let has_ended = tab.has_ended(end, LOOK_EVERY)?;
        let shown = tab.ask(&format!("bench.shown('{text}')"))?.as_f64();
        progress.push((shown.unwrap_or_default(), tab.work_ms()?));
        if has_ended {
            return Ok(progress);
        }
    }
    Err("a page did not come to its end".into())
}

fn events(bytes: usize) -> f64 {
    (bytes / LINE_BYTES) as f64
}

/// Microseconds of the main thread for each event.
fn per_event(progress: &Progress, bytes: usize) -> f64 {
    (work_at(progress, 1.0) - work_at(progress, 0.0)) * 1000.0 / events(bytes)
}

/// What the last tenth of the text has cost, of what the first has.
fn tenths(progress: &Progress) -> f64 {
    let work = |from, to| work_at(progress, to) - work_at(progress, from);
    work(0.9, 1.0) / work(0.0, 0.1)
}

/// The work that was done when this part of all text was shown; between two looks it grew evenly.
fn work_at(progress: &Progress, part: f64) -> f64 {
    let (Some(first), Some(last)) = (progress.first(), progress.last()) else { return f64::NAN };
    if part <= 0.0 || part >= 1.0 {
        // What comes before the first text and after the last belongs to them.
        return if part <= 0.0 { first.1 } else { last.1 };
    }
    let wanted = last.0 * part;
    let after = progress.iter().position(|look| look.0 >= wanted).unwrap_or_default().max(1);
    let (before, after) = (progress[after - 1], progress[after]);
    let share = (wanted - before.0) / (after.0 - before.0);
    before.1 + share * (after.1 - before.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_are_of_the_text_and_cost_what_was_worked_meanwhile() {
        let even: Progress = (0..=20).map(|at| (f64::from(at) * 50.0, 7.0 + f64::from(at))).collect();
        assert!((tenths(&even) - 1.0).abs() < 1e-9);
        assert!((per_event(&even, 1000 * LINE_BYTES) - 20.0).abs() < 1e-9);
        let growing: Progress = (0..=10).map(|at| (f64::from(at), f64::from(at * at))).collect();
        assert!((tenths(&growing) - 19.0).abs() < 1e-9);
    }

    #[test]
    fn work_before_the_first_text_and_after_the_last_counts() {
        let progress = vec![(0.0, 0.0), (0.0, 10.0), (5.0, 15.0), (10.0, 20.0), (10.0, 30.0)];
        assert!((work_at(&progress, 1.0) - work_at(&progress, 0.0) - 30.0).abs() < 1e-9);
        assert!((work_at(&progress, 0.1) - 11.0).abs() < 1e-9);
    }
}
