//! The command `sim`: runs scenarios, random seeds and the herd, prints how many, and how to see a failing one again. It
//! simulates nothing itself.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use generation_screen::engine::Span;
use sim::herd::{self, Manner};
use sim::scenarios::{ALL, Scenario};
use sim::{World, anything, table};

const HELP: &str = "\
The session in a simulated world, in virtual time.

Usage: cargo xtask sim [options]

  (none)              every scenario with 100 seeds each, 10,000 random runs, the herd of 10,000 clients
  --seeds N           so many random runs
  --seed N            one random run, as a timeline
  --scenario NAME     one scenario; with --seed N as a timeline
  --list              the scenarios' names
  --table             the transition table, as it stands in docs/session-table.md
  --help              this text
";

const SCENARIO_SEEDS: u64 = 100;
const RANDOM_SEEDS: u64 = 10_000;
/// More failures than this say nothing new.
const SHOWN_MAX: usize = 20;
const HERD: usize = 10_000;
const ADMISSIONS_PER_S: usize = 1000;

#[derive(Default)]
struct Options {
    seeds: Option<u64>,
    seed: Option<u64>,
    scenario: Option<&'static Scenario>,
}

fn main() -> ExitCode {
    match read(std::env::args().skip(1)) {
        Ok(Some(options)) => run(&options),
        Ok(None) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn read(mut args: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options::default();
    while let Some(arg) = args.next() {
        let mut number = || {
            let value = args.next().unwrap_or_default();
            value.parse::<u64>().map_err(|_| format!("{arg} wants a number, not `{value}`"))
        };
        match arg.as_str() {
            "--seeds" => options.seeds = Some(number()?),
            "--seed" => options.seed = Some(number()?),
            "--scenario" => {
                let name = args.next().unwrap_or_default();
                let named = Scenario::named(&name);
                options.scenario =
                    Some(named.ok_or(format!("there is no scenario `{name}`; --list names them"))?);
            }
            "--list" => {
                ALL.iter().for_each(|scenario| println!("{}", scenario.name));
                return Ok(None);
            }
            "--table" => {
                print!("{}", table::markdown());
                return Ok(None);
            }
            "--help" | "-h" => {
                print!("{HELP}");
                return Ok(None);
            }
            other => return Err(format!("`{other}` is not understood here; --help says what is")),
        }
    }
    Ok(Some(options))
}

/// What is counted over all runs.
#[derive(Default)]
struct Counts {
    runs: AtomicU64,
    steps: AtomicU64,
    requests_in_a_minute_max: AtomicU64,
    failed: Mutex<Vec<String>>,
}

fn run(options: &Options) -> ExitCode {
    // What broke is told once, with how to see it again.
    std::panic::set_hook(Box::new(|_| {}));
    let counts = Counts::default();
    let all = options.scenario.is_none() && options.seed.is_none();
    match (options.scenario, options.seed) {
        (Some(scenario), Some(seed)) => judge(&counts, scenario.name, seed, || scenario.run(seed, true)),
        (Some(scenario), None) => scenario_runs(&counts, scenario, options.seeds.unwrap_or(SCENARIO_SEEDS)),
        (None, Some(seed)) => judge(&counts, "anything", seed, || anything::run(seed, true)),
        (None, None) => everything(&counts, options.seeds.unwrap_or(RANDOM_SEEDS)),
    }
    let failed = counts.failed.into_inner().unwrap_or_default();
    for line in failed.iter().take(SHOWN_MAX) {
        eprintln!("{line}");
    }
    println!(
        "{} runs, {} steps, {} failed",
        counts.runs.into_inner(),
        counts.steps.into_inner(),
        failed.len()
    );
    let is_herd_fine = !all || options.seeds.is_some() || herds();
    if failed.is_empty() && is_herd_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One run, and what it adds to the counts.
fn judge(counts: &Counts, name: &str, seed: u64, run: impl FnOnce() -> World) {
    counts.runs.fetch_add(1, Ordering::Relaxed);
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(world) => {
            counts.steps.fetch_add(world.watch.steps, Ordering::Relaxed);
            let most = world.watch.requests_in_a_minute_max() as u64;
            counts.requests_in_a_minute_max.fetch_max(most, Ordering::Relaxed);
        }
        Err(panic) => {
            let scenario = if name == "anything" { String::new() } else { format!("--scenario {name} ") };
            let what = panic.downcast_ref::<String>().map(String::as_str);
            let what = what.or(panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked");
            let line =
                format!("FAILED {name}, seed {seed}: {what}\n  cargo xtask sim {scenario}--seed {seed}");
            counts.failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(line);
        }
    }
}

fn scenario_runs(counts: &Counts, scenario: &Scenario, seeds: u64) {
    let before = counts.failed.lock().map_or(0, |failed| failed.len());
    counts.requests_in_a_minute_max.store(0, Ordering::Relaxed);
    for seed in 0..seeds {
        judge(counts, scenario.name, seed, || scenario.run(seed, false));
    }
    let failed = counts.failed.lock().map_or(0, |failed| failed.len()) - before;
    let word = if failed == 0 { "pass" } else { "FAIL" };
    let most = counts.requests_in_a_minute_max.load(Ordering::Relaxed);
    println!("{word}  {:<32} {most:>3} requests in a minute at most", scenario.name);
}

fn everything(counts: &Counts, seeds: u64) {
    ALL.iter().for_each(|scenario| scenario_runs(counts, scenario, SCENARIO_SEEDS));
    println!("{} scenarios, {SCENARIO_SEEDS} seeds each", ALL.len());
    let started = Instant::now();
    let next = AtomicU64::new(0);
    counts.requests_in_a_minute_max.store(0, Ordering::Relaxed);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                break;
            }
            judge(counts, "anything", seed, || anything::run(seed, false));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let most = counts.requests_in_a_minute_max.load(Ordering::Relaxed);
    println!(
        "anything: {seeds} seeds in {:.1} s, {most} requests in a minute at most",
        started.elapsed().as_secs_f64()
    );
}

/// The herd in each manner, beside what it must keep to.
fn herds() -> bool {
    // Each with the most requests in a second, and when 99 of 100 have content and a live stream. Who is told to wait for
    // five or ten seconds does so, and some more.
    let rows = [
        ("refuses the rest", Manner::Refuses, 19_000, 24, 27),
        ("503, Retry-After: 5", Manner::SaysLater, 11_000, 28, 30),
        ("retry: 10000 before", Manner::SaidRetry, 12_000, 30, 31),
    ];
    println!("deploy: {HERD} clients, {ADMISSIONS_PER_S} admissions/s after 3 s away");
    let seconds = |span: Span| Duration::from(span).as_secs_f64();
    let mut fine = true;
    for (name, manner, peak_max, content_max_s, stream_max_s) in rows {
        let figures = herd::run(HERD, ADMISSIONS_PER_S, manner);
        let keeps = figures.peak_per_s <= peak_max
            && figures.live_at_end == HERD
            && figures.content_p99 <= Span::from_secs(content_max_s)
            && figures.stream_p99 <= Span::from_secs(stream_max_s);
        fine &= keeps;
        println!(
            "{}  {name:<20} peak {:>6}/s (at most {peak_max}), p99: content {:.1} s, stream {:.1} s, live at the end: {}",
            if keeps { "pass" } else { "FAIL" },
            figures.peak_per_s,
            seconds(figures.content_p99),
            seconds(figures.stream_p99),
            figures.live_at_end,
        );
    }
    fine
}
