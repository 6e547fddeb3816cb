//! What can be set about the server, with the defaults. It never reads the command line; that is `main`'s.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::work::Work;

/// However long the streams may take to end: the server is gone within 10 s.
pub(crate) const DRAIN_MAX: Duration = Duration::from_secs(7);

/// Settings of one server.
#[derive(Clone, Debug)]
pub struct Config {
    /// The built page, served from `/`. Default: none.
    pub static_dir: Option<PathBuf>,
    /// How long a generation takes. Default: 20 s.
    pub generation_time: Duration,
    /// How long a token lives. Default: 15 min.
    pub token_lifetime: Duration,
    /// Time between two heartbeats of a stream. Default: 15 s.
    pub heartbeat: Duration,
    /// The file in which generations are kept. Default: none; then nothing outlives the process.
    pub data: Option<PathBuf>,
    /// Whether each event waits until it would outlive a loss of power, too. Default: no; a crash of the server loses nothing
    /// either way.
    pub survives_power_loss: bool,
    /// Generations kept at most, about twice the length of their page in memory each; the oldest that ended goes first. Default: 1,000.
    pub generations_max: usize,
    /// How long one is kept. Default: 7 days.
    pub retention: Duration,
    /// Of one user, at work at the same time. Default: 8.
    pub running_max: usize,
    /// Requests of one user in a minute; 0 is no limit. Default: 1,200, which a screen in each of ten tabs does not reach.
    pub requests_per_minute: u32,
    /// New users from one address in a minute; 0 is no limit, for a server behind a proxy, where all come from one. Default: 60.
    pub newcomers_per_minute: u32,
    /// State reads of all users in a second; 0 is no limit. Streams are not counted: at capacity, reads are refused first.
    /// Default: 2,000.
    pub reads_per_second: u32,
    /// Streams and held reads of one user, open at the same time. Default: 32.
    pub open_of_one_max: usize,
    /// Those of all users. Default: 20,000.
    pub open_max: usize,
    /// How long a peer may take nothing of what it is sent; then it is dropped, and may resume. Default: 30 s.
    pub taken_within: Duration,
    /// Over how long the streams end when the server is told to stop, so that their viewers do not all come back at once; at most 7 s. Default: 4 s.
    pub drain: Duration,
    /// Where Prometheus reads what was counted, at `/metrics`; nobody else should get there. Default: nowhere.
    pub metrics: Option<SocketAddr>,
    /// Web origins that may call the API from elsewhere, as in `https://app.example`. Default: none.
    pub allowed_origins: Vec<String>,
    /// What writes the generations. Default: none of one's own; then pages about places are written.
    pub work: Option<Work>,
    /// Scripted faults, for tests. Default: none; requests for them are then ignored.
    pub scripted: Option<Scripted>,
}

/// How scripted faults behave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scripted {
    /// Divides the times of the scripts. Default: 1.
    pub speed: f64,
}

impl Default for Scripted {
    fn default() -> Self {
        Self { speed: 1.0 }
    }
}

impl Scripted {
    /// A script's time of `seconds`, divided.
    pub(crate) fn seconds(self, seconds: f64) -> Duration {
        Duration::try_from_secs_f64(seconds / self.speed.max(0.001)).unwrap_or(Duration::ZERO)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            static_dir: None,
            generation_time: Duration::from_secs(20),
            token_lifetime: Duration::from_secs(15 * 60),
            heartbeat: Duration::from_secs(15),
            data: None,
            survives_power_loss: false,
            generations_max: 1000,
            retention: Duration::from_secs(7 * 24 * 60 * 60),
            running_max: 8,
            requests_per_minute: 1200,
            newcomers_per_minute: 60,
            reads_per_second: 2000,
            open_of_one_max: 32,
            open_max: 20_000,
            taken_within: Duration::from_secs(30),
            drain: Duration::from_secs(4),
            metrics: None,
            allowed_origins: Vec::new(),
            work: None,
            scripted: None,
        }
    }
}
