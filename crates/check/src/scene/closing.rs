//! A connection that is closed while work runs: the work has to go on. Watching it go on by held reads, where the server
//! has them, shows whether they hold.

use std::time::Duration;

use generation_screen::contract::RunStatus;
use tokio::time::{Instant, sleep};

use super::held;
use super::refusals::conflict;
use super::sample::Sample;
use super::whole::Known;
use super::{Scene, begin};
use crate::client::NoAnswer;
use crate::point::Point;
use crate::stream::Stream;

/// So many events after the closing the work does not only finish what it had begun.
const MORE: u64 = 3;
/// Between two reads that are not held.
const PAUSE: Duration = Duration::from_millis(150);

pub(super) async fn play(scene: &mut Scene<'_>, known: &Known) {
    let rests_on = [Point::Stream, Point::StreamType, Point::Limits, Point::Frames, Point::StateJson];
    if let Some(why) = scene.report.obstacle(&rests_on) {
        return scene.report.skip_all(&[Point::Closing, Point::RetryRunning, Point::Held], &why);
    }
    let Some(path) = begin::create(scene, None).await else { return };
    let patience = scene.patience(known.pause_max());
    match closed_after(scene, &path, patience).await {
        Ok(seq) => {
            let seen = goes_on(scene, known, &path, seq + MORE, patience).await;
            scene.report.judge(Point::Closing, seen);
        }
        Err(why) => scene.report.skip(Point::Closing, why),
    }
    retry_running(scene, &path).await;
    begin::discard(scene, &path).await;
}

/// Opens a stream, closes it after its first event, and says which that was.
async fn closed_after(scene: &Scene<'_>, path: &str, patience: Duration) -> Result<u64, String> {
    let mut stream = Stream::open(&scene.client, path, None).await.map_err(|NoAnswer(why)| why)?;
    stream.has_event(patience).await;
    let last = stream.record.seqs().last().copied();
    last.ok_or_else(|| format!("no event came within {patience:.1?}"))
}

/// Reads the state until the work is `due` events on, or over.
async fn goes_on(
    scene: &mut Scene<'_>,
    known: &Known,
    path: &str,
    due: u64,
    patience: Duration,
) -> Result<(), String> {
    let may_hold = scene.report.obstacle(&[Point::Etag, Point::EtagChanges, Point::NotModified]).is_none();
    let mut last = Sample::read(&scene.client, path).await?;
    let (deadline, mut moved) = (Instant::now() + scene.options.within, Instant::now());
    while last.is_running() && last.state.seq < due {
        if moved.elapsed() >= patience || Instant::now() >= deadline {
            let (seq, still) = (last.state.seq, moved.elapsed());
            return Err(format!("event {due} was waited for; it stood at event {seq} for {still:.1?}"));
        }
        let next = match may_hold && !scene.report.is_broken(Point::Held) {
            true => held(scene, known, path, &last, patience.saturating_sub(moved.elapsed())).await,
            false => {
                sleep(PAUSE).await;
                Some(Sample::read(&scene.client, path).await?)
            }
        };
        if let Some(next) = next.filter(|next| !next.is_like(&last)) {
            (last, moved) = (next, Instant::now());
        }
    }
    let other = known.last.as_ref().map(|last| last.state.status);
    match last.state.status {
        RunStatus::Cancelled => Err("it was cancelled".to_owned()),
        RunStatus::Error if other != Some(RunStatus::Error) => Err("it failed".to_owned()),
        _ => Ok(()),
    }
}

/// The next state, by a held read.
async fn held(
    scene: &mut Scene<'_>,
    known: &Known,
    path: &str,
    last: &Sample,
    wait: Duration,
) -> Option<Sample> {
    match held::next(&scene.client, path, last, wait, &mut scene.report).await {
        Ok(next) => {
            // One that comes at once may have been asked for too late.
            let held_min = held::SEEN_MIN.max(known.read_time() * 5);
            if next.as_ref().is_some_and(|next| next.took() >= held_min) {
                scene.report.keep(Point::Held);
            }
            next
        }
        Err(seen) => {
            scene.report.fail(Point::Held, seen);
            None
        }
    }
}

async fn retry_running(scene: &mut Scene<'_>, path: &str) {
    let runs = Sample::read(&scene.client, path).await.is_ok_and(|sample| sample.is_running());
    if !runs {
        return scene.report.skip(Point::RetryRunning, "the work was over too soon");
    }
    match scene.client.post(&format!("{path}/retry")).send().await {
        Ok(answer) if is_not_offered(answer.status) => {
            scene.report.skip(Point::RetryRunning, "there is no retry");
        }
        Ok(answer) => scene.report.judge(Point::RetryRunning, conflict(&answer)),
        Err(NoAnswer(why)) => scene.report.fail(Point::RetryRunning, why),
    }
}

/// What a server says that does not know the address.
pub(super) fn is_not_offered(status: u16) -> bool {
    matches!(status, 404 | 405 | 501)
}
