//! The preview shown: four pages that are dear to lay out, in two sizes, at two speeds, while somebody clicks and types;
//! beside it `document.write` of the very same pieces at the very same times: bare, and following its end as ours does.
//! Nothing of the page is judged.

use std::time::{Duration, Instant};

use serde_json::json;

use super::devtools::Failed;
use super::figures::{Figures, Goal, quantile};
use super::job::{Job, Pace};
use super::pages::{SHAPES, Shape};
use super::seen::{Seen, most};
use super::stage::{PEER_ENDED, Stage, WRITTEN};
use super::tab::Tab;
use super::trace::Trace;

/// Bytes of HTML in an event.
const PIECE_BYTES: usize = 512;
/// How long a page takes to come at a usual speed: 512 KiB at 64 KiB/s.
const USUAL: Duration = Duration::from_secs(8);
/// Between two inputs. No divisor of a frame's length, so that they fall anywhere.
const INPUT_EVERY: Duration = Duration::from_millis(107);
/// How long any page may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    shape: Shape,
    bytes: usize,
    pace: Pace,
}

impl Case {
    /// All of them, the quick ones first; how many rounds each is worth, of so many.
    pub fn all(rounds: usize) -> impl Iterator<Item = (Case, usize)> {
        let sizes = [(512 << 10, rounds), (2 << 20, 1)];
        sizes.into_iter().flat_map(move |(bytes, rounds)| {
            [Pace::Over(USUAL), Pace::Full].into_iter().flat_map(move |pace| {
                SHAPES.into_iter().map(move |shape| (Case { shape, bytes, pace }, rounds))
            })
        })
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> String {
        let speed = match self.pace {
            Pace::Full => "at full speed".to_owned(),
            Pace::Over(whole) => format!("in {} s", whole.as_secs()),
        };
        format!("Preview shown: {}, {} KiB, {speed}", self.shape.name(), self.bytes >> 10)
    }

    /// Measures it once.
    ///
    /// # Errors
    /// If a page does not come to its end.
    pub fn round(&self, stage: &mut Stage, figures: &mut Figures) -> Result<(), Failed> {
        let job = || Job::new("measured", self.shape.page(self.bytes), PIECE_BYTES, self.pace);
        let (mut tab, waiting) = stage.screen(job(), false)?;
        let (x, y) = center(&mut tab, "[data-part=title]")?;
        let before = tab.heap()?;
        let ours = measured(&mut tab, WRITTEN, (x, y), |_| {
            waiting.open();
            Ok(())
        })?;
        let off = tab.ask("!document.querySelector('.gs-preview-notice').hidden")?;
        if off != json!(false) {
            return Err(format!("{}: the preview was given up", self.name()).into());
        }
        let size = tab.ask("(({ clientWidth: width, clientHeight: height }) => ({ width, height }))(document.querySelector('.gs-preview-frame iframe'))")?;
        // What the page has noted for the peer is no heap of the screen's.
        tab.ask("void (bench.writes.length = 0)")?;
        let after = tab.heap()?;
        let grown = after.js + after.wasm - before.js - before.wasm;
        drop(tab);
        let before = ours.0.writes.iter().filter(|(at, _)| *at < 0.0).map(|(_, text)| text.as_str());
        let prelude: String = before.collect();
        let writes: Vec<_> = ours.0.writes.iter().filter(|(at, _)| *at >= 0.0).collect();
        let mut replay = |follows: bool| {
            let (mut tab, _) = stage.peer(job())?;
            tab.ask(&format!(
                "peer.prepare({{ ...{size}, prelude: {}, follows: {follows} }})",
                json!(prelude)
            ))?;
            tab.settle()?;
            measured(&mut tab, PEER_ENDED, (x, 20.0), |tab| {
                tab.ask(&format!("void peer.replay({})", json!(writes))).map(drop)
            })
        };
        let (bare, following) = (replay(false)?, replay(true)?);
        self.tell(figures, &ours, &bare, &following);
        let of_page = grown / self.bytes as f64;
        figures.add(&self.name(), HEAP, "×", self.goal(4.0), of_page);
        Ok(())
    }

    fn tell(&self, figures: &mut Figures, ours: &Round, bare: &Round, following: &Round) {
        let part = self.name();
        let goal = |most| self.goal(most);
        let mut add = |name: &str, unit, goal, value| figures.add(&part, name, unit, goal, value);
        let (seen, trace) = ours;
        add("until all is shown", "s", None, seen.ms / 1000.0);
        add("writes", "", None, seen.writes.iter().filter(|(at, _)| *at >= 0.0).count() as f64);
        if let Some(share) = trace.writing_share() {
            add("the preview's share of the time", "", goal(1.0 / 3.0), share);
        }
        add("frames", "/s", None, seen.frames.len() as f64 * 1000.0 / seen.ms);
        add("inputs", "", None, seen.inputs.len() as f64);
        if let Some(p95) = quantile(&seen.inputs, 0.95) {
            add("input to next paint, p95", "ms", goal(200.0), p95);
        }
        add("input to next paint, most", "ms", None, most(&seen.inputs));
        add("the same by Event Timing, most", "ms", None, most(&seen.answers));
        for (who, (seen, _)) in [("bare", bare), ("following", following)] {
            if let Some(p95) = quantile(&seen.inputs, 0.95) {
                add(&format!("{who}: input to next paint, p95"), "ms", None, p95);
            }
        }
        for (who, (seen, trace)) in [("ours", ours), ("bare", bare), ("following", following)] {
            add(&format!("{who}: long tasks"), "", None, seen.tasks.len() as f64);
            add(&format!("{who}: long tasks, sum"), "ms", None, seen.tasks.iter().sum());
            add(&format!("{who}: longest task"), "ms", None, most(&seen.tasks));
            add(&format!("{who}: long tasks, processor time"), "ms", None, trace.long_by_cpu().iter().sum());
            for (kind, ms) in trace.kinds() {
                add(&format!("{who}: {}", kind.name()), "ms", None, ms);
            }
        }
    }

    /// Beyond 512 KiB the figures say how far it goes; there is no goal.
    fn goal(&self, most: f64) -> Option<Goal> {
        (self.bytes <= 512 << 10).then_some(Goal::AtMost(most))
    }

    /// Compares the rounds.
    pub fn compare(&self, figures: &mut Figures) {
        for (peer, what_it_is, goal) in [
            ("bare", "bare document.write", self.goal(1.1)),
            ("following", "document.write and follow", None),
        ] {
            for what in ["long tasks", "long tasks, sum", "longest task", "long tasks, processor time"] {
                let (ours, peer) = (format!("ours: {what}"), format!("{peer}: {what}"));
                figures.add_ratio(&self.name(), &format!("{what}, ours / {what_it_is}"), &ours, &peer, goal);
            }
        }
    }
}

/// What was seen, and what was traced.
type Round = (Seen, Trace);

/// JavaScript's heap and the module's memory, over those of the screen before the page came.
const HEAP: &str = "heap, both, of the page's bytes";

/// Begins, lets `go`, and clicks and types until the page says that it is over.
fn measured(
    tab: &mut Tab<'_>,
    over: &str,
    (x, y): (f64, f64),
    go: impl FnOnce(&mut Tab<'_>) -> Result<(), Failed>,
) -> Result<Round, Failed> {
    tab.start_trace()?;
    let end = tab.begin(over)?;
    go(tab)?;
    let started = Instant::now();
    for turn in 0.. {
        if tab.has_ended(end, INPUT_EVERY)? {
            break;
        }
        if started.elapsed() > PATIENCE {
            return Err("a page did not come to its end".into());
        }
        // Not waited for: while the page is busy, people go on.
        if turn % 2 == 0 {
            for kind in ["mousePressed", "mouseReleased"] {
                let mouse = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
                tab.send("Input.dispatchMouseEvent", mouse)?;
            }
        } else {
            for kind in ["rawKeyDown", "keyUp"] {
                let key =
                    json!({ "type": kind, "key": "Shift", "code": "ShiftLeft", "windowsVirtualKeyCode": 16 });
                tab.send("Input.dispatchKeyEvent", key)?;
            }
        }
    }
    let trace = Trace::read(&tab.end_trace()?).ok_or("the trace has no marks")?;
    Ok((Seen::of(tab)?, trace))
}

fn center(tab: &mut Tab<'_>, selector: &str) -> Result<(f64, f64), Failed> {
    let place = tab.ask(&format!(
        "(({{ x, y, width, height }}) => [x + width / 2, y + height / 2])(document.querySelector('{selector}').getBoundingClientRect())"
    ))?;
    place[0].as_f64().zip(place[1].as_f64()).ok_or_else(|| format!("{selector} stands nowhere").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_comes_in_both_sizes_and_at_both_speeds_under_a_name_of_its_own() {
        let all: Vec<_> = Case::all(3).collect();
        let names: std::collections::BTreeSet<String> = all.iter().map(|(case, _)| case.name()).collect();
        assert_eq!((all.len(), names.len()), (16, 16));
        assert!(names.contains("Preview shown: table, 512 KiB, in 8 s"));
        assert_eq!(all.iter().map(|(_, rounds)| rounds).sum::<usize>(), 8 * 3 + 8);
    }
}
