//! A state as it was read, and when. It judges nothing but whether it is one.

use std::time::Duration;

use generation_screen::contract::{RunStatus, State};
use tokio::time::{Instant, sleep};

use crate::client::{Answer, Client, NoAnswer};

/// Most samples of one generation that are kept.
const SAMPLES_MAX: usize = 500;
/// The first two samples are so far apart, …
const PAUSE_FIRST: Duration = Duration::from_millis(150);
/// … later ones so far: a screen that polls does no more.
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// One read of the state.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) asked: Instant,
    pub(super) came: Instant,
    pub(super) state: State,
    pub(super) tag: Option<String>,
}

impl Sample {
    /// Reads the state of `path`.
    ///
    /// # Errors
    /// What is wrong with the answer.
    pub(super) async fn read(client: &Client, path: &str) -> Result<Self, String> {
        let answer = client.get(path).send().await.map_err(|NoAnswer(why)| why)?;
        Self::of(&answer)
    }

    /// # Errors
    /// What is wrong with the answer.
    pub(super) fn of(answer: &Answer) -> Result<Self, String> {
        if answer.status != 200 {
            return Err(answer.quoted());
        }
        if !answer.is("application/json") {
            return Err(format!("Content-Type: {}", answer.header("content-type").unwrap_or("none")));
        }
        let tag = answer.header("etag").map(str::to_owned);
        Ok(Self { asked: answer.asked, came: answer.came, state: answer.state()?, tag })
    }

    pub(super) fn took(&self) -> Duration {
        self.came - self.asked
    }

    pub(super) fn is_ended(&self) -> bool {
        self.state.status.is_terminal()
    }

    /// Whether nothing has happened between the two.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        (self.state.run, self.state.seq, self.state.status)
            == (other.state.run, other.state.seq, other.state.status)
    }

    pub(super) fn is_running(&self) -> bool {
        matches!(self.state.status, RunStatus::Queued | RunStatus::Running)
    }
}

/// Reads states into `samples` until it is dropped. A read that the server was too busy for is none.
pub(super) async fn collect(client: &Client, path: &str, samples: &mut Vec<Result<Sample, String>>) {
    let mut pause = PAUSE_FIRST;
    loop {
        if let Ok(answer) = client.get(path).send().await
            && !matches!(answer.status, 429 | 503)
            && samples.len() < SAMPLES_MAX
        {
            samples.push(Sample::of(&answer));
        }
        sleep(pause).await;
        pause = (pause * 5 / 4).min(PAUSE_MAX);
    }
}

/// Reads the state until it is as wished, within the limit. The last one that was read.
pub(super) async fn until(
    client: &Client,
    path: &str,
    limit: Duration,
    wished: impl Fn(&Sample) -> bool,
) -> Result<Sample, String> {
    let deadline = Instant::now() + limit;
    loop {
        let sample = Sample::read(client, path).await?;
        if wished(&sample) || Instant::now() >= deadline {
            return Ok(sample);
        }
        sleep(PAUSE_FIRST).await;
    }
}
