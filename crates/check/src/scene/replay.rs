//! The stream of a generation that is over, opened again: from the first event, after some event, after one that nobody
//! knows. What is sent again has to be what was sent before.

use std::time::Duration;

use generation_screen::contract::Event;

use super::Scene;
use super::whole::{Known, Log};
use crate::client::NoAnswer;
use crate::point::Point;
use crate::stream::Stream;

/// Ids that no server has given. The second looks like one of the future.
const UNKNOWN: [&str; 2] = ["contract-check-unknown", "999999999"];
/// After the last event nothing is due; so long it is waited for.
const NOTHING_LIMIT: Duration = Duration::from_secs(1);

pub(super) async fn play(scene: &mut Scene<'_>, known: &Known) {
    let all = [Point::Replay, Point::Resume, Point::ResumeUnknown, Point::StateEventId];
    let Some(log) = &known.log else {
        return scene.report.skip_all(&all, "there is no stream to read");
    };
    let rests_on = [Point::Limits, Point::Frames, Point::Terminal, Point::TerminalLast, Point::Seq];
    if let Some(why) = scene.report.obstacle(&rests_on) {
        return scene.report.skip_all(&all, &why);
    }
    let events: Vec<Event> = log.record.events().map(|(_, event)| event.clone()).collect();
    let whole = again(scene, known, None, &events).await;
    scene.report.judge(Point::Replay, whole);
    if let Some(why) = scene.report.obstacle(&[Point::Replay]) {
        return scene.report.skip_all(&all, &why);
    }
    for id in UNKNOWN {
        let whole = again(scene, known, Some(id), &events).await;
        scene
            .report
            .judge(Point::ResumeUnknown, whole.map_err(|seen| format!("{seen} (after the id `{id}`)")));
    }
    resume(scene, known, log, &events).await;
    of_states(scene, known, &events).await;
}

/// After the first event, in the middle, before the last, and after it.
async fn resume(scene: &mut Scene<'_>, known: &Known, log: &Log, events: &[Event]) {
    if let Some(why) = scene.report.obstacle(&[Point::EventIds]) {
        return scene.report.skip(Point::Resume, why);
    }
    let ids: Vec<&str> = log.record.events().map(|(seen, _)| seen.id.as_str()).collect();
    let mut places = vec![1, ids.len() / 2, ids.len().saturating_sub(1), ids.len()];
    places.retain(|place| *place > 0);
    places.dedup();
    for place in places {
        let id = ids[place - 1];
        let rest = again(scene, known, Some(id), &events[place..]).await;
        scene
            .report
            .judge(Point::Resume, rest.map_err(|seen| format!("{seen} (after event {place}, id `{id}`)")));
    }
}

/// After what the states say.
async fn of_states(scene: &mut Scene<'_>, known: &Known, events: &[Event]) {
    if let Some(why) = scene.report.obstacle(&[Point::EventIds, Point::Resume, Point::StateAgrees]) {
        return scene.report.skip(Point::StateEventId, why);
    }
    let all: Vec<_> = known.samples.iter().chain(&known.last).filter(|sample| sample.state.seq > 0).collect();
    let (Some(first), Some(last)) = (all.first(), all.last()) else {
        return scene.report.skip(Point::StateEventId, "no state was read that has an event");
    };
    for sample in [first, last] {
        let (seq, id) = (sample.state.seq, sample.state.event_id.as_deref());
        let Some(id) = id else {
            return scene.report.fail(Point::StateEventId, format!("the state at seq {seq} has none"));
        };
        let known_of = usize::try_from(seq).ok().and_then(|seq| events.get(seq..));
        let Some(rest) = known_of else { continue };
        let rest = again(scene, known, Some(id), rest).await;
        scene
            .report
            .judge(Point::StateEventId, rest.map_err(|seen| format!("{seen} (after `{id}`, seq {seq})")));
    }
}

/// Opens the stream, and compares what comes with what is due.
async fn again(scene: &Scene<'_>, known: &Known, id: Option<&str>, due: &[Event]) -> Result<(), String> {
    let stream = Stream::open(&scene.client, &known.path, id).await;
    let mut stream = stream.map_err(|NoAnswer(why)| why)?;
    if stream.status == 204 && due.is_empty() {
        return Ok(());
    }
    if !stream.is_stream() {
        let kind = stream.header("content-type").unwrap_or("none");
        return Err(format!("status {}, Content-Type: {kind}", stream.status));
    }
    if due.is_empty() {
        stream.until(NOTHING_LIMIT, |seen| seen.event().is_some()).await;
    } else {
        stream.until_terminal(scene.options.request_limit).await;
    }
    let came: Vec<&Event> = stream.record.events().map(|(_, event)| event).collect();
    compare(&came, due)?;
    if scene.report.is_broken(Point::HelloFields) {
        return Ok(());
    }
    match stream.record.hellos().next() {
        Some((_, hello)) if due.first().is_some_and(|first| first.seq != hello.after.saturating_add(1)) => {
            Err(format!("hello says `after` {}, and event {} follows", hello.after, due[0].seq))
        }
        _ => Ok(()),
    }
}

fn compare(came: &[&Event], due: &[Event]) -> Result<(), String> {
    for (came, due) in came.iter().zip(due) {
        if came.seq != due.seq {
            return Err(format!("event {} came where {} was due", came.seq, due.seq));
        }
        if **came != *due {
            return Err(format!("event {} is not what it was before", due.seq));
        }
    }
    match (came.get(due.len()), due.get(came.len())) {
        (Some(more), _) => Err(format!("event {} came, and nothing was due any more", more.seq)),
        (_, Some(missing)) => Err(format!("event {} did not come", missing.seq)),
        _ => Ok(()),
    }
}
