//! What the whole screen costs a browser: the release page in headless Chromium, fed by a server of the benchmark's own,
//! beside what people would write instead. Decides which measurements there are, and their order.
//!
//! What is counted as what:
//!
//! * *Long tasks, frames, inputs* are the page's own notes (probe.js): the Long Tasks API, animation frames, and for an
//!   input the time from its `timeStamp` until the frame after its handlers was painted. Inputs come from the browser's
//!   process, like a person's, at their own times: a page that is busy does not put them off.
//! * *Main thread per event* is processor time of all tasks (`Performance.getMetrics`, thread ticks) while the text of the
//!   page grew from one mark to the other; the first tenth and the last are read off the same curve.
//! * *Script in a frame* is from a trace (trace.rs). `ScriptDuration` leaves out microtasks, in which a stream is read,
//!   and Long Animation Frames leaves out short frames.
//! * *Heap* is `Runtime.getHeapUsage` after the garbage was collected, and the length of WebAssembly's memories. What the
//!   browser keeps of a page's text and elements is neither; it is printed beside it.
//! * *The preview's share* is of the tasks in which the page was written, rendering included.

pub mod devtools;
pub mod figures;
pub mod hidden;
pub mod job;
pub mod pages;
pub mod seen;
pub mod server;
pub mod shown;
pub mod stage;
pub mod tab;
pub mod trace;

use devtools::Failed;
use figures::Figures;
use stage::{Places, Stage};

/// What was measured, and where.
pub struct Report {
    /// All figures.
    pub figures: Figures,
    /// Name and version of the browser.
    pub browser: String,
    /// How busy the machine was before and after (the load average of the last minute), where it says so: with more than
    /// its processors can do, times by the clock on the wall are those of a slower machine.
    pub load: [Option<f64>; 2],
}

/// Measures what has `only` in its name: so many rounds of each, one after the other.
///
/// # Errors
/// If something cannot be measured.
pub fn run(places: &Places, only: &str, rounds: usize) -> Result<Report, Failed> {
    let before = load();
    let mut stage = Stage::start(places)?;
    let browser = stage.browser()?;
    let mut figures = Figures::default();
    if hidden::PART.contains(only) {
        for round in 1..=rounds {
            println!("{}, round {round} of {rounds}", hidden::PART);
            hidden::round(&mut stage, &mut figures)?;
        }
        hidden::compare(&mut figures);
    }
    let cases: Vec<_> = shown::Case::all(rounds).filter(|(case, _)| case.name().contains(only)).collect();
    for round in 1..=rounds {
        for (case, _) in cases.iter().filter(|(_, rounds)| round <= *rounds) {
            println!("{}, round {round}", case.name());
            case.round(&mut stage, &mut figures)?;
        }
    }
    for (case, _) in &cases {
        case.compare(&mut figures);
    }
    Ok(Report { figures, browser, load: [before, load()] })
}

/// How many programs want a processor (Linux).
fn load() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}
