//! Cancel and retry, under the eyes of two streams and a held read; and the same POST twice.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use generation_screen::contract::{EventBody, RunStatus};
use tokio::time::{Instant, sleep, timeout};

use super::closing::is_not_offered;
use super::held;
use super::refusals::conflict;
use super::sample::Sample;
use super::whole::Known;
use super::{Scene, begin};
use crate::client::{Answer, Client, NoAnswer};
use crate::point::Point;
use crate::record::{Record, Seen};
use crate::report::{Report, Verdict};
use crate::stream::Stream;

/// What follows from an action is there within this.
const SOON: Duration = Duration::from_secs(2);
/// A read is held for so long before something is done.
const HELD_BEFORE: Duration = Duration::from_millis(400);
/// Events that two streams bring before that.
const SHARED: usize = 3;

const OF_CANCEL: [Point; 4] = [Point::Viewers, Point::Cancel, Point::CancelEnded, Point::HeldWakes];
const OF_RETRY: [Point; 4] = [Point::RetryOffered, Point::NextRun, Point::OldStreams, Point::ResumeOlderRun];

pub(super) async fn play(scene: &mut Scene<'_>, known: &Known) {
    let rests_on =
        [Point::Stream, Point::StreamType, Point::Limits, Point::Frames, Point::StateJson, Point::Seq];
    if let Some(why) = scene.report.obstacle(&rests_on) {
        scene.report.skip_all(&[Point::Idempotency, Point::CancelOffered], &why);
        scene.report.skip_all(&OF_CANCEL, &why);
        return scene.report.skip_all(&OF_RETRY, &why);
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let key = format!("contract-check-{}", now.as_nanos());
    let Some(path) = begin::create(scene, Some(&key)).await else { return };
    let patience = scene.patience(known.pause_max());
    if let Err(NoAnswer(why)) = watched(scene, &path, &key, patience).await {
        scene.report.skip_all(&OF_CANCEL, &why);
        scene.report.skip_all(&OF_RETRY, &why);
    }
    begin::discard(scene, &path).await;
}

/// Two streams are open all the time.
async fn watched(scene: &mut Scene<'_>, path: &str, key: &str, patience: Duration) -> Result<(), NoAnswer> {
    let mut one = Stream::open(&scene.client, path, None).await?;
    let mut other = Stream::open(&scene.client, path, None).await?;
    idempotency(scene, path, key).await;
    let mut events = 0;
    let enough = |seen: &Seen| {
        events += usize::from(seen.event().is_some());
        events >= SHARED || seen.is_terminal()
    };
    one.until(patience, enough).await;
    let cancelled = cancel(scene, path).await;
    viewers(scene, &mut one, &mut other).await;
    let Some(woken) = cancelled else {
        scene.report.skip_all(&OF_CANCEL, "nothing could be cancelled");
        scene.report.skip_all(&OF_RETRY, "nothing could be cancelled");
        return Ok(());
    };
    let cancelled = is_cancelled(scene, path, &one.record).await;
    scene.report.judge(Point::Cancel, cancelled);
    match (scene.report.obstacle(&[Point::Held, Point::HeldStaleTag, Point::Cancel]), woken) {
        (Some(why), _) => scene.report.skip(Point::HeldWakes, why),
        (None, Some(woken)) => scene.report.judge(Point::HeldWakes, woken),
        (None, None) => scene.report.skip(Point::HeldWakes, "no read was held when the cancel came"),
    }
    if let Some(why) = scene.report.obstacle(&[Point::Cancel]) {
        scene.report.skip(Point::CancelEnded, &why);
        scene.report.skip_all(&OF_RETRY, &why);
        return Ok(());
    }
    let again = scene.client.post(&format!("{path}/cancel")).send().await?;
    scene.report.judge(Point::CancelEnded, conflict(&again));
    retry(scene, path, &mut one, patience).await
}

async fn idempotency(scene: &mut Scene<'_>, path: &str, key: &str) {
    let twin = begin::create_again(scene, key).await;
    if let Some(twin) = twin.as_ref().ok().filter(|twin| *twin != path) {
        begin::discard(scene, twin).await;
    }
    scene.report.judge(
        Point::Idempotency,
        match twin {
            Ok(twin) if twin == path => Ok(()),
            Ok(twin) => Err(format!("{path}, and then {twin}")),
            Err(why) => Err(format!("the same POST again: {why}")),
        },
    );
}

/// How a held read was answered, if one was held.
type Woken = Option<Result<(), String>>;

/// Cancels while a read is held. `None` if nothing was cancelled.
async fn cancel(scene: &mut Scene<'_>, path: &str) -> Option<Woken> {
    let before = Sample::read(&scene.client, path).await.ok()?;
    let rests_on = [Point::Etag, Point::EtagChanges, Point::NotModified, Point::Held];
    let can_hold = scene.report.obstacle(&rests_on).is_none();
    let mut notes = Report::default();
    let ((answer, asked, came), woken) = tokio::join!(
        async {
            sleep(HELD_BEFORE).await;
            let asked = Instant::now();
            let asking = scene.client.post(&format!("{path}/cancel"));
            (asking.send().await, asked, Instant::now())
        },
        async {
            let held = held_until_ended(&scene.client, path, before, &mut notes);
            if can_hold { Some(timeout(HELD_BEFORE + SOON * 2, held).await) } else { None }
        }
    );
    scene.report.adopt(&notes, Point::PreferenceApplied);
    offered(&mut scene.report, answer).then(|| match woken? {
        // Asked for later, it was not held.
        Ok(Ok(woken)) if woken.asked >= asked => None,
        Ok(Ok(woken)) if woken.came.saturating_duration_since(came) <= SOON => Some(Ok(())),
        Ok(Ok(woken)) => Some(Err(format!("it was answered {:.1?} after the cancel", woken.came - came))),
        Ok(Err(seen)) => {
            scene.report.fail(Point::Held, seen);
            None
        }
        Err(_) => Some(Err(format!("{SOON:?} after the cancel it was not answered"))),
    })
}

/// Holds one read after the other until the state has ended.
async fn held_until_ended(
    client: &Client,
    path: &str,
    mut last: Sample,
    notes: &mut Report,
) -> Result<Sample, String> {
    while !last.is_ended() {
        last = held::next(client, path, &last, Duration::MAX, notes).await?.unwrap_or(last);
    }
    Ok(last)
}

/// Whether something was cancelled.
fn offered(report: &mut Report, answer: Result<Answer, NoAnswer>) -> bool {
    match answer {
        Ok(answer) if answer.status == 202 => report.keep(Point::CancelOffered),
        Ok(answer) if answer.status == 409 => report.skip(Point::CancelOffered, "the work was over too soon"),
        Ok(answer) => {
            report.fail(Point::CancelOffered, answer.quoted());
            return (200..300).contains(&answer.status);
        }
        Err(NoAnswer(why)) => report.fail(Point::CancelOffered, why),
    }
    report.verdict(Point::CancelOffered) == Verdict::Kept
}

/// Both streams to their end, or for as long as that may take.
async fn viewers(scene: &mut Scene<'_>, one: &mut Stream, other: &mut Stream) {
    tokio::join!(one.until_terminal(SOON), other.until_terminal(SOON));
    let seen = alike(&one.record, &other.record);
    scene.report.judge(Point::Viewers, seen);
}

fn alike(one: &Record, other: &Record) -> Result<(), String> {
    for (which, record) in [("first", one), ("second", other)] {
        if let Some((seq, due)) = record.seqs().into_iter().zip(1..).find(|(seq, due)| seq != due) {
            return Err(format!("of two streams the {which} had event {seq} where {due} was due"));
        }
    }
    let (ours, theirs) = (one.seqs().len(), other.seqs().len());
    let is_whole = one.terminal().is_some() == other.terminal().is_some();
    let has_any = (ours == 0) == (theirs == 0);
    if is_whole && has_any {
        Ok(())
    } else {
        Err(format!("one of two streams had {ours} events, the other {theirs}"))
    }
}

async fn is_cancelled(scene: &Scene<'_>, path: &str, record: &Record) -> Result<(), String> {
    match record.terminal() {
        Some((_, event)) if event.body == EventBody::Cancelled => {}
        Some((_, event)) => {
            return Err(format!("event {} ended the stream, and is not cancelled", event.seq));
        }
        None => return Err(format!("the stream had no terminal event within {SOON:?}")),
    }
    let state = Sample::read(&scene.client, path).await?.state;
    match state.status {
        RunStatus::Cancelled => Ok(()),
        other => Err(format!("the state says {}", format!("{other:?}").to_lowercase())),
    }
}

/// The next run, and what it makes of those who have seen the old one.
async fn retry(
    scene: &mut Scene<'_>,
    path: &str,
    old: &mut Stream,
    patience: Duration,
) -> Result<(), NoAnswer> {
    let Ok(before) = Sample::read(&scene.client, path).await else { return Ok(()) };
    let answer = scene.client.post(&format!("{path}/retry")).send().await?;
    scene.report.expect(Point::RetryOffered, answer.status == 202, || answer.quoted());
    if !(200..300).contains(&answer.status) {
        let why = if is_not_offered(answer.status) { "there is no retry" } else { "retry was refused" };
        scene.report.skip_all(&OF_RETRY, why);
        return Ok(());
    }
    let run = before.state.run.saturating_add(1);
    let state = Sample::read(&scene.client, path).await.map(|sample| sample.state.run);
    let first = first_of(&scene.client, path, None, patience).await?;
    scene.report.judge(
        Point::NextRun,
        match state {
            Ok(is) if is == run => begins(&first, run),
            Ok(is) => Err(format!("the state says `run` {is}, where {run} was due")),
            Err(seen) => Err(seen),
        },
    );
    old.until_end(SOON).await;
    let behind = old.record.frames.iter().skip_while(|seen| !seen.is_terminal()).skip(1);
    let behind = behind.filter(|seen| seen.event().is_some()).count();
    let has_ended = old.record.end.is_some();
    scene.report.expect(Point::OldStreams, has_ended && behind == 0, || {
        format!("a stream of the old run was still open {SOON:?} later; {behind} events came on it")
    });
    match (
        scene.report.obstacle(&[Point::EventIds, Point::ResumeUnknown, Point::NextRun]),
        old.record.events().next(),
    ) {
        (None, Some((seen, _))) => {
            let first = first_of(&scene.client, path, Some(&seen.id), patience).await?;
            let seen = begins(&first, run).map_err(|what| format!("{what} (after `{}`)", seen.id));
            scene.report.judge(Point::ResumeOlderRun, seen);
        }
        (why, _) => {
            scene
                .report
                .skip(Point::ResumeOlderRun, why.unwrap_or_else(|| "the old run had no event".to_owned()));
        }
    }
    Ok(())
}

/// A stream until its first event.
async fn first_of(
    client: &Client,
    path: &str,
    id: Option<&str>,
    patience: Duration,
) -> Result<Record, NoAnswer> {
    let mut stream = Stream::open(client, path, id).await?;
    stream.has_event(patience).await;
    Ok(stream.record)
}

fn begins(record: &Record, run: u64) -> Result<(), String> {
    if let Some((_, hello)) = record.hellos().find(|(_, hello)| hello.run != run) {
        return Err(format!("hello says `run` {}, where {run} was due", hello.run));
    }
    match record.seqs().first() {
        Some(1) => Ok(()),
        Some(seq) => Err(format!("the new run begins with event {seq}")),
        None => Err("no event came".to_owned()),
    }
}
