//! What the reference server carries, beside npm's better-sse: viewers on loopback, in one process, and a server in another.
//! Decides which measurements there are, and their order.
//!
//! What is counted as what:
//!
//! * *A delivery* is one event that one viewer has: read off its socket, out of its chunks, decoded, and checked to be the
//!   next one of its generation.
//! * *Latency* is from the moment at which an event was due until a viewer had it, by the clock that all processes of a machine
//!   share. A server that falls behind with writing is late, too.
//! * *Held* is a rate at which everything came, once and in order, and 99 of 100 deliveries within 250 ms. The search tries
//!   rates for some seconds each; what it finds has to be held for a minute, or else a lower one.
//! * *Processor time* is the kernel's count for each process, sockets included; sending on loopback is receiving as well, and
//!   most of it is the sender's.
//! * *Memory* is what is resident. A run without viewers and the same events is taken off, since a log grows with both.

pub mod body;
pub mod child;
pub mod client;
pub mod clock;
pub mod pace;
pub mod process;
pub mod search;
pub mod seen;
pub mod sockets;
pub mod trial;
pub mod viewer;

use crate::screen::devtools::Failed;
use crate::screen::figures::{Figures, Goal};
use child::Server;
use pace::Pace;
use search::Search;
use trial::{Outcome, P99_MS_MAX};

/// All viewers are spread over so many.
pub const GENERATIONS: usize = 100;

/// Deliveries a second that the search begins with: any server holds so many.
const START: f64 = 10_000.0;

/// How long a rate is tried, at most.
const TRIAL_SECONDS: f64 = 8.0;

/// How long events come while memory is looked at: a log is small after that, beside what many viewers take.
const MEMORY_SECONDS: f64 = 5.0;

/// What becomes of a rate that was held for a trial and not for the whole time.
const LESS: f64 = 0.9;
/// So often.
const LESS_TIMES: usize = 8;

const P99: &str = "99 of 100 deliveries within";
const HELD: &str = "deliveries a second";

/// What is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Ours, in more than one way.
    pub ours: Vec<Server>,
    /// What ratios are to.
    pub peer: Server,
    /// How many viewers there are, one after the other.
    pub viewers: Vec<usize>,
    /// How long the best rate is to be held.
    pub seconds: f64,
    /// Deliveries a second, if it is not the best rate that is wanted, but what this one costs.
    pub rate: Option<f64>,
}

/// Measures all of it.
///
/// # Errors
/// If something cannot be measured.
pub fn run(plan: &Plan) -> Result<Figures, Failed> {
    sockets::allow(plan.viewers.iter().copied().max().unwrap_or_default())?;
    let mut figures = Figures::default();
    for &viewers in &plan.viewers {
        let part = format!("{viewers} viewers of {GENERATIONS} generations, for {} s", plan.seconds);
        for server in plan.ours.iter().chain([&plan.peer]) {
            let is_ours = *server != plan.peer;
            let case = Case { server, viewers };
            let held = match plan.rate {
                Some(rate) => case.at(rate, plan.seconds)?,
                None => case.held(plan.seconds)?,
            };
            match held {
                Some((pace, outcome)) => {
                    case.add(&mut figures, &part, is_ours, pace, &outcome);
                    case.add_memory(&mut figures, &part, is_ours, pace)?;
                }
                None => figures.add(&part, &named(server.name, HELD), "/s", None, 0.0),
            }
        }
        for ours in plan.ours.iter().filter(|_| plan.rate.is_none()) {
            let name = named(ours.name, &format!("times the deliveries of {}", plan.peer.name));
            let [of, to] = [ours, &plan.peer].map(|server| named(server.name, HELD));
            figures.add_ratio(&part, &name, &of, &to, Some(Goal::AtLeast(3.0)));
        }
    }
    Ok(figures)
}

fn named(server: &str, figure: &str) -> String {
    format!("{server}: {figure}")
}

/// One server and so many viewers.
struct Case<'a> {
    server: &'a Server,
    viewers: usize,
}

impl Case<'_> {
    fn pace(&self, deliveries_per_second: f64, seconds: f64) -> Pace {
        let per_second = deliveries_per_second / self.viewers as f64;
        Pace { per_second, seconds, generations: GENERATIONS }
    }

    fn trial(&self, pace: Pace) -> Result<Outcome, Failed> {
        let outcome = trial::run(self.server, pace, self.viewers)?;
        println!("{}", self.line(pace, &outcome));
        Ok(outcome)
    }

    fn line(&self, pace: Pace, outcome: &Outcome) -> String {
        let [median, p99] = outcome.latency_ms;
        let held = match (outcome.is_held(), &outcome.broken) {
            (true, _) => "held",
            (false, None) => "not held",
            (false, Some(why)) => why,
        };
        format!(
            "{}, {} viewers, {} s: {:.0} deliveries/s: {} of {} came, {} wrong; {median:.1} ms, 99 of 100 {p99:.1} ms; \
             {:.1} a read; processors: server {:.2}, viewers {:.2}: {held}",
            self.server.name,
            self.viewers,
            pace.seconds,
            pace.per_second * self.viewers as f64,
            outcome.delivered,
            outcome.due,
            outcome.wrong,
            outcome.per_read,
            outcome.server_cpu,
            outcome.viewers_cpu,
        )
    }

    /// What became of this rate, held or not.
    fn at(&self, rate: f64, seconds: f64) -> Result<Option<(Pace, Outcome)>, Failed> {
        let pace = self.pace(rate, seconds);
        Ok(Some((pace, self.trial(pace)?)))
    }

    /// The highest rate that is held for so long.
    fn held(&self, seconds: f64) -> Result<Option<(Pace, Outcome)>, Failed> {
        let mut search = Search::from(START);
        while let Some(rate) = search.next() {
            let outcome = self.trial(self.pace(rate, seconds.min(TRIAL_SECONDS)))?;
            search.tell(rate, outcome.is_held());
        }
        let mut rate = search.held();
        for _ in 0..LESS_TIMES {
            let Some(found) = rate else { break };
            let pace = self.pace(found, seconds);
            let outcome = self.trial(pace)?;
            if outcome.is_held() {
                return Ok(Some((pace, outcome)));
            }
            rate = Some(found * LESS);
        }
        Ok(None)
    }

    fn add(&self, figures: &mut Figures, part: &str, is_ours: bool, pace: Pace, outcome: &Outcome) {
        let mut add = |name: &str, unit, goal: Option<Goal>, value| {
            figures.add(part, &named(self.server.name, name), unit, goal.filter(|_| is_ours), value);
        };
        add(HELD, "/s", None, pace.per_second * self.viewers as f64);
        add("events a second in each generation", "/s", None, pace.per_second);
        add("half of the deliveries within", "ms", None, outcome.latency_ms[0]);
        add(P99, "ms", Some(Goal::AtMost(P99_MS_MAX)), outcome.latency_ms[1]);
        add(
            "deliveries lost, doubled or out of order",
            "",
            Some(Goal::AtMost(0.0)),
            outcome.mistakes() as f64,
        );
        add("deliveries that a viewer reads at once", "", None, outcome.per_read);
        add("processors that the server uses", "", None, outcome.server_cpu);
        add("processors that its viewers use", "", None, outcome.viewers_cpu);
        add("the server's processor time for a delivery", "µs", None, outcome.cpu_us);
    }

    fn add_memory(&self, figures: &mut Figures, part: &str, is_ours: bool, held: Pace) -> Result<(), Failed> {
        let pace = Pace { seconds: held.seconds.min(MEMORY_SECONDS), ..held };
        let memory = self.trial(pace)?.memory;
        // One viewer, so that it is known when all was written.
        let of_log = Case { viewers: 1, ..*self }.trial(pace)?.memory;
        let per_viewer =
            |more: u64, less: u64| more.saturating_sub(less) as f64 / 1000.0 / self.viewers as f64;
        for (when, kb) in [
            ("idle", per_viewer(memory.idle, memory.alone)),
            ("at that rate", per_viewer(memory.most - memory.alone, of_log.most - of_log.alone)),
        ] {
            let name = named(self.server.name, &format!("memory of the server per viewer, {when}"));
            figures.add(part, &name, "KB", Some(Goal::AtMost(20.0)).filter(|_| is_ours), kb);
        }
        Ok(())
    }
}
