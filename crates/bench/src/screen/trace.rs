//! Reads a trace: what the main thread did in each task and in each frame. Draws no conclusions.
//!
//! A slice's own time is its length without what is nested in it, and belongs to the nearest slice around it whose kind
//! is known. A *frame* lasts from the beginning of one task in which animation callbacks ran to that of the next; a
//! script that is spread over several tasks between two frames counts as a whole. Lengths of tasks are by the clock on
//! the wall, as the Long Tasks API has them; what is counted by kind is processor time, so that other programs of the
//! machine do not count.

mod kind;

use std::collections::BTreeMap;

use serde_json::Value;

pub use kind::Kind;

/// From how long on a task is a long one (the Long Tasks API).
const LONG_MS: f64 = 50.0;

/// One task of the main thread. Times are in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Task {
    /// When it began.
    pub start: f64,
    /// How long it took, by the clock on the wall.
    pub ms: f64,
    /// How much processor time it took.
    pub cpu: f64,
    /// What in it took how much of that.
    pub kinds: BTreeMap<Kind, f64>,
    /// Whether animation callbacks ran in it.
    pub is_frame: bool,
    /// How often a page was written in it.
    pub writes: usize,
}

/// What happened between the marks "bench began" and "bench ended".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// All tasks of the main thread, in order.
    pub tasks: Vec<Task>,
}

/// A part of a trace: a slice or a mark. Times are in microseconds, as they are in the trace.
struct Slice<'a> {
    name: &'a str,
    start: f64,
    end: f64,
    cpu: f64,
}

impl Trace {
    /// Reads the events of a trace; nothing if the marks are missing.
    #[must_use]
    pub fn read(events: &[Value]) -> Option<Self> {
        let mark = |name: &str| events.iter().find(|event| event["name"] == name);
        let (began, ended) = (mark("bench began")?, mark("bench ended")?["ts"].as_f64()?);
        let of_thread = |event: &&Value| event["pid"] == began["pid"] && event["tid"] == began["tid"];
        let began = began["ts"].as_f64()?;
        let mut slices: Vec<Slice<'_>> = events.iter().filter(of_thread).filter_map(Slice::read).collect();
        slices.retain(|slice| slice.end >= began && slice.start <= ended);
        // What is around another comes before it.
        slices.sort_by(|a, b| a.start.total_cmp(&b.start).then(b.end.total_cmp(&a.end)));
        let mut reader = Reader { open: Vec::new(), trace: Trace::default() };
        for slice in &slices {
            reader.take(slice);
        }
        reader.close_until(f64::INFINITY);
        Some(reader.trace)
    }

    /// The processor time of each task that took more than 50 ms of it: long ones, wherever they are run.
    #[must_use]
    pub fn long_by_cpu(&self) -> Vec<f64> {
        self.tasks.iter().map(|task| task.cpu).filter(|cpu| *cpu > LONG_MS).collect()
    }

    /// The most processor time that a task took.
    #[must_use]
    pub fn most_cpu(&self) -> f64 {
        self.tasks.iter().map(|task| task.cpu).fold(0.0, f64::max)
    }

    /// The processor time of each kind, in all tasks.
    #[must_use]
    pub fn kinds(&self) -> BTreeMap<Kind, f64> {
        let mut sums = BTreeMap::new();
        for (kind, ms) in self.tasks.iter().flat_map(|task| &task.kinds) {
            *sums.entry(*kind).or_default() += ms;
        }
        sums
    }

    /// The processor time of scripts in each frame; what scripts make the browser do at once (parse, style, layout) is not
    /// in it.
    #[must_use]
    pub fn script_by_frame(&self) -> Vec<f64> {
        let mut frames = vec![0.0];
        for task in &self.tasks {
            if task.is_frame {
                frames.push(0.0);
            }
            if let Some(frame) = frames.last_mut() {
                *frame += task.kinds.get(&Kind::Script).copied().unwrap_or_default();
            }
        }
        frames
    }

    /// The share of the time that tasks take in which the page was written, rendering included: from the first such task
    /// to the last, which is left out, as is its rest. `None` with fewer than two.
    #[must_use]
    pub fn writing_share(&self) -> Option<f64> {
        let mut costs: Vec<(f64, f64)> = Vec::new();
        let mut renders = false;
        for task in &self.tasks {
            if task.writes > 0 {
                costs.push((task.start, task.ms));
                // What was written outside of a frame is rendered in the next one.
                renders = !task.is_frame;
            } else if task.is_frame && renders {
                renders = false;
                if let Some((_, ms)) = costs.last_mut() {
                    *ms += task.ms;
                }
            }
        }
        let (last, _) = costs.pop()?;
        let (first, _) = *costs.first()?;
        Some(costs.iter().map(|(_, ms)| ms).sum::<f64>() / (last - first))
    }
}

impl<'a> Slice<'a> {
    fn read(event: &'a Value) -> Option<Self> {
        let (name, start) = (event["name"].as_str()?, event["ts"].as_f64()?);
        let length = match event["ph"].as_str()? {
            "X" => event["dur"].as_f64().unwrap_or_default(),
            "I" | "R" if name == "bench write" => 0.0,
            _ => return None,
        };
        let cpu = event["tdur"].as_f64().unwrap_or(length);
        Some(Slice { name, start, end: start + length, cpu })
    }
}

struct Reader {
    /// The slices around where we are: end, kind, own processor time so far.
    open: Vec<(f64, Kind, f64)>,
    trace: Trace,
}

impl Reader {
    fn take(&mut self, slice: &Slice<'_>) {
        self.close_until(slice.start);
        if self.open.is_empty() {
            let (start, ms) = (slice.start / 1000.0, (slice.end - slice.start) / 1000.0);
            self.trace.tasks.push(Task { start, ms, cpu: slice.cpu / 1000.0, ..Task::default() });
        }
        if let Some(task) = self.trace.tasks.last_mut() {
            task.is_frame |= slice.name == "FireAnimationFrame";
            task.writes += usize::from(slice.name == "bench write");
        }
        let around = self.open.last_mut();
        let kind = Kind::of(slice.name).or(around.as_ref().map(|around| around.1)).unwrap_or(Kind::Other);
        if let Some(around) = around {
            around.2 -= slice.cpu;
        }
        self.open.push((slice.end, kind, slice.cpu));
    }

    fn close_until(&mut self, now: f64) {
        while let Some((_, kind, cpu)) = self.open.pop_if(|(end, ..)| *end <= now) {
            if let Some(task) = self.trace.tasks.last_mut() {
                *task.kinds.entry(kind).or_default() += cpu.max(0.0) / 1000.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Milliseconds in, a slice of the thread that is measured out.
    fn slice(name: &str, start: u64, ms: u64) -> Value {
        json!({ "name": name, "ph": "X", "pid": 1, "tid": 1, "ts": start * 1000, "dur": ms * 1000, "tdur": ms * 1000 })
    }

    fn mark(name: &str, at: u64) -> Value {
        json!({ "name": name, "ph": "I", "pid": 1, "tid": 1, "ts": at * 1000 })
    }

    fn trace(mut events: Vec<Value>) -> Trace {
        events.extend([mark("bench began", 0), mark("bench ended", 1000)]);
        Trace::read(&events).unwrap()
    }

    #[test]
    fn time_belongs_to_the_nearest_kind_around_it() {
        let trace = trace(vec![
            slice("RunTask", 10, 50),
            slice("FunctionCall", 15, 30),
            slice("whatever", 15, 4),
            slice("Layout", 20, 10),
        ]);
        let kinds = trace.kinds();
        assert_eq!((kinds[&Kind::Script], kinds[&Kind::Layout], kinds[&Kind::Other]), (20.0, 10.0, 20.0));
        assert_eq!((trace.tasks[0].start, trace.tasks[0].ms), (10.0, 50.0));
        assert_eq!((trace.long_by_cpu().len(), trace.most_cpu()), (0, 50.0));
    }

    #[test]
    fn other_threads_and_what_was_before_do_not_count() {
        let mut other = slice("RunTask", 10, 50);
        other["tid"] = json!(2);
        let mut early = slice("RunTask", 10, 50);
        early["ts"] = json!(-90_000);
        assert_eq!(trace(vec![other, early]), Trace::default());
        assert_eq!(Trace::read(&[slice("RunTask", 1, 1)]), None);
    }

    #[test]
    fn a_frame_has_all_scripts_up_to_the_next() {
        let trace = trace(vec![
            slice("RunTask", 0, 10),
            slice("FunctionCall", 0, 3),
            slice("RunTask", 16, 10),
            slice("FireAnimationFrame", 16, 5),
            slice("FunctionCall", 16, 4),
            slice("RunTask", 27, 3),
            slice("FunctionCall", 27, 2),
            slice("RunTask", 33, 3),
            slice("FireAnimationFrame", 33, 1),
        ]);
        assert_eq!(trace.script_by_frame(), [3.0, 6.0, 0.0]);
    }

    #[test]
    fn the_writers_share_is_of_the_time_between_its_first_and_last_task() {
        let trace = trace(vec![
            slice("RunTask", 100, 20),
            mark("bench write", 105),
            slice("FireAnimationFrame", 101, 15),
            // Outside of a frame: rendered in the next.
            slice("RunTask", 200, 10),
            mark("bench write", 201),
            slice("RunTask", 220, 20),
            slice("FireAnimationFrame", 221, 1),
            slice("RunTask", 250, 20),
            slice("FireAnimationFrame", 251, 1),
            slice("RunTask", 300, 90),
            mark("bench write", 310),
        ]);
        assert_eq!(trace.writing_share(), Some(0.25));
        assert_eq!(Trace::default().writing_share(), None);
    }
}
