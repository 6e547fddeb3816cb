//! One trial: a server, its generations, their viewers, and events at one pace. It counts, and judges only whether the pace was
//! held.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc};
use tokio::task::{JoinSet, LocalSet};
use tokio::time::{interval, sleep};

use super::child::{Running, Server};
use super::client;
use super::pace::Pace;
use super::process::Process;
use super::viewer::{Shared, Tally, Viewer};
use crate::screen::devtools::Failed;

/// What a viewer may wait for an event, in milliseconds: 99 of 100 deliveries are no later.
pub const P99_MS_MAX: f64 = 250.0;

/// Viewers that connect at the same time.
const CONNECTING_MAX: usize = 64;

/// Until idle viewers are idle: the second hello of the reference server comes after a second.
const SETTLED: Duration = Duration::from_millis(1_500);

/// How long the last events may take after the last was due.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// Memory of the server, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// With all generations, and nobody who views them.
    pub alone: u64,
    /// With all viewers, before the first event.
    pub idle: u64,
    /// The most, while events came.
    pub most: u64,
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Deliveries that there should have been: each event to each viewer of its generation.
    pub due: u64,
    /// Deliveries that came, right and in order.
    pub delivered: u64,
    /// Events that were lost, doubled, out of order or changed.
    pub wrong: u64,
    /// Viewers that did not see their generation to its end, within the time.
    pub unfinished: u64,
    /// Why the first connection broke, if one did.
    pub broken: Option<String>,
    /// From when an event was due until a viewer had it, in milliseconds: the median, and the 99th of 100.
    pub latency_ms: [f64; 2],
    /// Deliveries that a viewer's process read at once.
    pub per_read: f64,
    /// Processor time of the server while events came, as a share of one processor.
    pub server_cpu: f64,
    /// That of the viewers.
    pub viewers_cpu: f64,
    /// That of the server for one delivery, in microseconds.
    pub cpu_us: f64,
    /// Memory of the server.
    pub memory: Memory,
}

impl Outcome {
    /// Whether everything came, and in time.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.is_exact() && self.latency_ms[1] <= P99_MS_MAX
    }

    /// Whether everything came, once and in order.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.mistakes() == 0 && self.unfinished == 0
    }

    /// Deliveries that did not come, or not as they should. What is lost shows as both.
    #[must_use]
    pub fn mistakes(&self) -> u64 {
        self.due.saturating_sub(self.delivered).max(self.wrong)
    }
}

/// Runs it, to its end or until it is late.
///
/// # Errors
/// If it cannot be run: no server, no generation, no connection.
pub fn run(server: &Server, pace: Pace, viewers: usize) -> Result<Outcome, Failed> {
    // One thread: what is left of the processors is the server's.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = LocalSet::new().block_on(&runtime, trial(server, pace, viewers.max(1)));
    server.forget();
    outcome
}

async fn trial(server: &Server, pace: Pace, viewers: usize) -> Result<Outcome, Failed> {
    let mut running = server.start(pace)?;
    let process = running.process();
    let memory = || process.memory().ok_or("the server has ended");
    let tally = Tally::shared()?;
    let begun = client::begin(running.address(), pace.generations)?;
    let alone = memory()?;
    let mut tasks = connect(&running, &begun, viewers, &tally).await?;
    sleep(SETTLED).await;
    let idle = memory()?;
    let (cpu, since) = ([process.cpu(), Process::own().cpu()], Instant::now());
    running.go()?;
    let watched = watch(&mut tasks, process, Duration::from_secs_f64(pace.seconds) + PATIENCE).await;
    let seconds = since.elapsed().as_secs_f64();
    let [server_cpu, viewers_cpu] = [0, 1].map(|at| {
        let after = [process, Process::own()][at].cpu().unwrap_or_default();
        after.saturating_sub(cpu[at].unwrap_or_default()).as_secs_f64() / seconds
    });
    let tally = tally.borrow();
    let delivered = tally.latency.len();
    let latency_ms = [0.5, 0.99].map(|at| tally.latency.value_at_quantile(at) as f64 / 1000.0);
    Ok(Outcome {
        due: pace.pieces() * viewers as u64,
        delivered,
        wrong: tally.wrong,
        unfinished: viewers as u64 - tally.whole,
        broken: watched.broken,
        latency_ms,
        per_read: delivered as f64 / tally.reads as f64,
        server_cpu,
        viewers_cpu,
        cpu_us: server_cpu * seconds * 1e6 / delivered as f64,
        memory: Memory { alone, idle, most: watched.memory_most.max(idle) },
    })
}

type Tasks = JoinSet<Result<(), Failed>>;

/// All viewers, connected; each goes on to watch.
async fn connect(
    running: &Running,
    begun: &client::Begun,
    viewers: usize,
    tally: &Shared,
) -> Result<Tasks, Failed> {
    let (connecting, address) = (Rc::new(Semaphore::new(CONNECTING_MAX)), running.address());
    let (opened, mut all_opened) = mpsc::unbounded_channel();
    let mut tasks = Tasks::new();
    for viewer in 0..viewers {
        let request = begun.stream_request(address, viewer);
        let (connecting, opened, tally) = (Rc::clone(&connecting), opened.clone(), Rc::clone(tally));
        tasks.spawn_local(async move {
            let permit = connecting.acquire().await?;
            let viewer = Viewer::open(address, &request, tally).await?;
            drop(permit);
            opened.send(())?;
            // What it asked is not asked again: ten thousand requests are some megabytes.
            drop(request);
            viewer.watch().await
        });
    }
    for _ in 0..viewers {
        tokio::select! {
            _ = all_opened.recv() => {}
            Some(ended) = tasks.join_next() => ended??,
        }
    }
    Ok(tasks)
}

#[derive(Default)]
struct Watched {
    memory_most: u64,
    broken: Option<String>,
}

/// Waits until all have seen the end, or the time is over.
async fn watch(tasks: &mut Tasks, process: Process, at_most: Duration) -> Watched {
    let mut watched = Watched::default();
    let (mut look, late) = (interval(LOOK), sleep(at_most));
    tokio::pin!(late);
    loop {
        tokio::select! {
            ended = tasks.join_next() => match ended {
                Some(Ok(Ok(()))) => {}
                Some(Ok(Err(error))) => watched.broken = watched.broken.or_else(|| Some(error.to_string())),
                Some(Err(error)) => watched.broken = Some(error.to_string()),
                None => return watched,
            },
            _ = look.tick() => watched.memory_most = watched.memory_most.max(process.memory().unwrap_or(0)),
            () = &mut late => {
                tasks.shutdown().await;
                return watched;
            }
        }
    }
}
