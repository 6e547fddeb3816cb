//! The state beside the stream: at every read while the work ran, and after its end. Together they are one truth.

use std::time::Duration;

use generation_screen::contract::{EventBody, RunStatus, State, StepState};

use super::Scene;
use super::sample::Sample;
use super::whole::{Known, Log};
use crate::client::header;
use crate::log::counted;
use crate::point::Point;
use crate::report::Report;
use crate::rfc3339::is_rfc3339;

/// An event that the state knows may come so much later on the stream: after that a screen gives a connection up.
const BEHIND_MAX: Duration = Duration::from_millis(2500);

/// Judges all states that were read.
pub(super) fn judge(known: &Known, report: &mut Report) {
    for sample in known.samples.iter().chain(&known.last) {
        report.judge(Point::StateHtml, state_html(&sample.state));
        if let Err(seen) = state_times(&sample.state) {
            report.fail(Point::Times, seen);
        }
    }
    let Some(log) = &known.log else { return };
    if let Some(why) = report.obstacle(&[Point::Frames, Point::Limits, Point::Seq]) {
        let rest = [
            Point::Timely,
            Point::Fresh,
            Point::Joins,
            Point::StateAgrees,
            Point::StateDetails,
            Point::Steps,
        ];
        return report.skip_all(&rest, &why);
    }
    for sample in &known.samples {
        report.judge(Point::Timely, timely(log, sample));
        report.judge(Point::Fresh, fresh(log, sample));
        if report.obstacle(&[Point::StateHtml]).is_none() {
            report.judge(Point::Joins, joins(log, sample));
        }
    }
    report
        .skip_all(&[Point::Timely, Point::Fresh, Point::Joins], "the state was not read while the work ran");
    if let Some(why) =
        report.obstacle(&[Point::Terminal, Point::TerminalLast, Point::StateJson, Point::StateHtml])
    {
        let rest = [Point::StateAgrees, Point::StatePage, Point::StateDetails, Point::Steps];
        return report.skip_all(&rest, &why);
    }
    if let Some(last) = &known.last {
        report.judge(Point::StateAgrees, agrees(log, &last.state));
        report.judge(Point::StatePage, same_page(&page(log, u64::MAX), &last.state));
        report.judge(Point::StateDetails, details(log, &last.state));
        report.judge(Point::Steps, steps(log, &last.state));
    }
}

/// The HTML of the events up to `seq`.
fn page(log: &Log, seq: u64) -> String {
    let events = log.record.events().filter(|(_, event)| event.seq <= seq);
    let texts = events.filter_map(|(_, event)| match &event.body {
        EventBody::Html { text, .. } => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn state_html(state: &State) -> Result<(), String> {
    let (html, bytes) = (&state.html, state.html.text.len() as u64);
    if html.from != 0 {
        return Err(format!("`from` is {}, although the whole was asked for", html.from));
    }
    if html.len != bytes {
        let (units, chars) = (html.text.encode_utf16().count() as u64, html.text.chars().count() as u64);
        return Err(format!("`len` is {}; `text` has {}", html.len, counted(html.len, bytes, units, chars)));
    }
    Ok(())
}

fn state_times(state: &State) -> Result<(), String> {
    let of_steps = state.steps.iter().flat_map(|step| [&step.started_at, &step.finished_at]);
    match of_steps.chain([&state.now]).flatten().find(|time| !is_rfc3339(time)) {
        Some(time) => Err(format!("a time of the state is `{time}`")),
        None if state.now.is_none() => Err("`now` of the state is missing".to_owned()),
        None => Ok(()),
    }
}

fn timely(log: &Log, sample: &Sample) -> Result<(), String> {
    let seq = sample.state.seq;
    let came = log.record.events().find(|(_, event)| event.seq == seq).map(|(seen, _)| log.asked + seen.at);
    let ended = log.asked + log.record.watched();
    match came {
        Some(came) if came > sample.came + BEHIND_MAX => {
            Err(format!("event {seq} came {:.1?} after the state had it", came - sample.came))
        }
        None if seq > 0 && ended > sample.came + BEHIND_MAX => {
            Err(format!("event {seq}, which the state had, never came"))
        }
        _ => Ok(()),
    }
}

fn fresh(log: &Log, sample: &Sample) -> Result<(), String> {
    let before = log.record.events().take_while(|(seen, _)| log.asked + seen.at < sample.asked);
    match before.last() {
        Some((_, event)) if event.seq > sample.state.seq => {
            Err(format!("the stream had event {}, and the state was at {}", event.seq, sample.state.seq))
        }
        _ => Ok(()),
    }
}

fn joins(log: &Log, sample: &Sample) -> Result<(), String> {
    let state = &sample.state;
    let is_last = log.record.terminal().is_some_and(|(_, terminal)| terminal.seq <= state.seq);
    if is_last || !log.record.events().any(|(_, event)| event.seq >= state.seq) {
        // Judged after the end, or not known.
        return Ok(());
    }
    if state.status.is_terminal() {
        return Err(format!(
            "at seq {} the state is {:?}, and that event is not terminal",
            state.seq, state.status
        ));
    }
    same_page(&page(log, state.seq), state).map_err(|seen| format!("at seq {}: {seen}", state.seq))
}

fn same_page(pieces: &str, state: &State) -> Result<(), String> {
    let text = &state.html.text;
    if pieces == text {
        return Ok(());
    }
    let same = pieces.bytes().zip(text.bytes()).take_while(|(ours, theirs)| ours == theirs).count();
    Err(format!(
        "the state's HTML has {} bytes, the pieces {}; the first {same} are the same",
        text.len(),
        pieces.len()
    ))
}

fn agrees(log: &Log, state: &State) -> Result<(), String> {
    let Some((_, terminal)) = log.record.terminal() else { return Ok(()) };
    let status = match terminal.body {
        EventBody::Done { .. } => RunStatus::Done,
        EventBody::Error(_) => RunStatus::Error,
        _ => RunStatus::Cancelled,
    };
    if (state.seq, state.status) != (terminal.seq, status) {
        return Err(format!(
            "the terminal event is {} with seq {}, and the state says {:?}, seq {}",
            format!("{status:?}").to_lowercase(),
            terminal.seq,
            state.status,
            state.seq
        ));
    }
    match log.record.hellos().next() {
        Some((_, hello)) if hello.run != state.run => {
            Err(format!("hello says `run` {}, the state {}", hello.run, state.run))
        }
        _ => Ok(()),
    }
}

/// What the newest events said, unless they left it out.
fn details(log: &Log, state: &State) -> Result<(), String> {
    let (mut progress, mut card) = (None, None);
    for (_, event) in log.record.events() {
        match &event.body {
            EventBody::Status { progress: Some(said), .. } => progress = Some(*said),
            EventBody::Preview(said) => card = Some(said.clone()),
            // A plain backend has none, and leaves it out in both.
            EventBody::Done { result, .. } if state.result.clone().unwrap_or_default() != *result => {
                return Err(format!("`result` is {:?}, done said {result:?}", state.result));
            }
            EventBody::Error(failure) if state.error.as_ref() != Some(failure) => {
                return Err(format!("`error` is {:?}, the event said {failure:?}", state.error));
            }
            _ => {}
        }
    }
    if card.is_some() && card != state.preview {
        return Err(format!("`preview` is {:?}, the last event said {card:?}", state.preview));
    }
    if progress.is_some() && progress != state.progress {
        return Err(format!("`progress` is {:?}, the last event said {progress:?}", state.progress));
    }
    Ok(())
}

fn steps(log: &Log, state: &State) -> Result<(), String> {
    for (_, event) in log.record.events() {
        let EventBody::Status { step, .. } = &event.body else { continue };
        if !state.steps.iter().any(|known| known.name == *step) {
            return Err(format!("event {} names `{step}`, which the state does not have", event.seq));
        }
    }
    let running = state.steps.iter().find(|step| step.state == StepState::Running);
    running.map_or(Ok(()), |step| Err(format!("`{}` is still running", step.name)))
}

/// What is linked at the end, and whether it is harmless on this origin.
pub(super) async fn finished_page(scene: &mut Scene<'_>, known: &Known) {
    let of_state = known.last.as_ref().and_then(|last| last.state.result.as_ref());
    let Some(url) = of_state.and_then(|result| result.url.clone()) else {
        return scene.report.skip_all(&[Point::ResultUrl, Point::PageSandbox], "there is no `result.url`");
    };
    let Some(path) = scene.client.target.resolve(&url, "/") else {
        scene.report.expect(Point::ResultUrl, url.starts_with("https://"), || url);
        return scene.report.skip(Point::PageSandbox, "the page is not on this origin");
    };
    scene.report.keep(Point::ResultUrl);
    let page = scene.client.get(&path).token(None).header("accept", "text/html").send().await;
    let page = page.ok().filter(|page| page.status == 200 && page.is("text/html"));
    let Some(page) = page else {
        return scene.report.skip(Point::PageSandbox, "the page did not open without a token");
    };
    let policy = header(&page.headers, "content-security-policy").unwrap_or_default().to_owned();
    let is_sandboxed = policy.split(';').any(|part| part.trim().split(' ').next() == Some("sandbox"));
    let is_typed = page.header("x-content-type-options").is_some_and(|value| value == "nosniff");
    scene.report.expect(Point::PageSandbox, is_sandboxed && is_typed, || {
        let options = page.header("x-content-type-options").unwrap_or("none");
        format!("X-Content-Type-Options: {options}; Content-Security-Policy: {policy}")
    });
}
