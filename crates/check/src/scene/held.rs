//! Held reads: asked while work runs, after its end, with an old tag and with none. How long an answer took tells
//! whether it was held.

use std::time::Duration;

use super::Scene;
use super::sample::Sample;
use super::tags::OTHER_TAG;
use super::whole::Known;
use crate::client::{Answer, Client, NoAnswer};
use crate::point::Point;
use crate::report::{Report, Verdict};

/// Asked for where it should run out: short, so that it does.
const WAIT_SHORT: Duration = Duration::from_secs(1);
/// The longest that is asked for: what a screen asks for.
const WAIT_MAX: Duration = Duration::from_secs(25);
/// Asked for where it should not be held at all.
const WAIT_UNWANTED: Duration = Duration::from_secs(4);
/// An answer without a wait comes within this.
const AT_ONCE: Duration = Duration::from_secs(2);
/// A wait may run over by so much.
const OVER: Duration = Duration::from_secs(3);
/// An answer that took less says nothing about waiting.
const HELD_MIN: Duration = Duration::from_millis(300);

/// An answer that took this, and several times as long as others, was held.
pub(super) const SEEN_MIN: Duration = Duration::from_millis(50);

/// One read, held for at most `wait`.
pub(super) async fn read(
    client: &Client,
    path: &str,
    tag: Option<&str>,
    wait: Duration,
) -> Result<Answer, NoAnswer> {
    let asking = client.get(path).header("prefer", format!("wait={}", wait.as_secs()));
    let asking = match tag {
        Some(tag) => asking.header("if-none-match", tag),
        None => asking,
    };
    asking.limit(wait + OVER).send().await
}

/// Reads once while work runs: holds until something happens. `None`: nothing did, for the whole wait.
///
/// # Errors
/// What a server does that does not hold.
pub(super) async fn next(
    client: &Client,
    path: &str,
    known: &Sample,
    wait: Duration,
    report: &mut Report,
) -> Result<Option<Sample>, String> {
    let wait = Duration::from_secs(wait.min(WAIT_MAX).as_secs().max(1));
    let answer = read(client, path, known.tag.as_deref(), wait).await.map_err(|NoAnswer(why)| why)?;
    applied(&answer, report);
    if answer.status == 304 && answer.took() >= wait.mul_f64(0.8) {
        return Ok(None);
    }
    let seen =
        || format!("status {} after {:.1?}, where {wait:?} was asked for", answer.status, answer.took());
    if answer.status == 304 {
        return Err(seen());
    }
    let newer = Sample::of(&answer)?;
    if newer.is_like(known) {
        return Err(format!("{}, and the state was the same", seen()));
    }
    Ok(Some(newer))
}

/// An answer that was held says so.
pub(super) fn applied(answer: &Answer, report: &mut Report) {
    if answer.took() < HELD_MIN || !matches!(answer.status, 200 | 304) {
        return;
    }
    let said = answer.header("preference-applied").unwrap_or("none");
    let is_said = said.split([',', ';']).any(|part| {
        let (name, value) = part.split_once('=').unwrap_or_default();
        name.trim().eq_ignore_ascii_case("wait") && value.trim().trim_matches('"').parse::<u64>().is_ok()
    });
    report.expect(Point::PreferenceApplied, is_said, || {
        format!("status {} after {:.1?}, Preference-Applied: {said}", answer.status, answer.took())
    });
}

/// What can be asked of a generation that is over.
pub(super) async fn after_end(scene: &mut Scene<'_>, known: &Known) {
    let all = [Point::HeldWaitOver, Point::HeldAfterEnd, Point::HeldStaleTag, Point::HeldNeedsTag];
    if let Some(why) = scene.report.obstacle(&[Point::Etag, Point::EtagChanges, Point::NotModified]) {
        scene.report.skip_all(&[Point::Held, Point::HeldWakes, Point::PreferenceApplied], &why);
        return scene.report.skip_all(&all, &why);
    }
    let tag = known.last.as_ref().filter(|last| last.is_ended()).and_then(|last| last.tag.as_deref());
    let Some(tag) = tag else {
        return scene.report.skip_all(&all, "there is no tag of a state that has ended");
    };
    match read(&scene.client, &known.path, Some(tag), WAIT_SHORT).await {
        Ok(answer) => {
            applied(&answer, &mut scene.report);
            let (status, took) = (answer.status, answer.took());
            scene.report.expect(Point::HeldWaitOver, status == 304 && took <= WAIT_SHORT + OVER, || {
                format!("status {status} after {took:.1?}, where {WAIT_SHORT:?} was asked for")
            });
            scene.report.expect(Point::HeldAfterEnd, took >= WAIT_SHORT.mul_f64(0.8), || {
                format!("status {status} after {took:.1?}, where {WAIT_SHORT:?} was asked for")
            });
        }
        Err(NoAnswer(why)) => {
            scene.report.fail(Point::HeldWaitOver, why);
            scene.report.skip(Point::HeldAfterEnd, "`held-wait-over` has to be kept first");
        }
    }
    for (point, tag) in [(Point::HeldStaleTag, Some(OTHER_TAG)), (Point::HeldNeedsTag, None)] {
        let seen = match read(&scene.client, &known.path, tag, WAIT_UNWANTED).await {
            Ok(answer) if answer.status == 200 && answer.took() < AT_ONCE => Ok(()),
            Ok(answer) => Err(format!("status {} after {:.1?}", answer.status, answer.took())),
            Err(NoAnswer(why)) => Err(why),
        };
        scene.report.judge(point, seen);
    }
}

/// Where work ran too fast, or too short, to see a read held, the end has to tell.
pub(super) fn conclude(scene: &mut Scene<'_>) {
    let report = &mut scene.report;
    if report.verdict(Point::HeldWakes) == Verdict::Kept {
        report.keep(Point::Held);
    }
    match (report.verdict(Point::Held), report.verdict(Point::HeldAfterEnd)) {
        (Verdict::Skipped(_), Verdict::Kept) => report.keep(Point::Held),
        (Verdict::Skipped(_), Verdict::Broken(_)) => {
            report.fail(Point::Held, "no read was held: while work ran each found something new, after it they were answered at once");
        }
        _ => {}
    }
    report.skip(Point::PreferenceApplied, "no answer was held long enough");
}
