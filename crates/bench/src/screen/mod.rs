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

/// Measures what has `only` in its name: so many rounds of each, one after the other.
///
/// # Errors
/// If something cannot be measured.
pub fn run(places: &Places, only: &str, rounds: usize) -> Result<Figures, Failed> {
    let mut stage = Stage::start(places)?;
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
    Ok(figures)
}
