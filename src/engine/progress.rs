//! What the work has come to, for the screen: steps with their times, progress, card, failure, result.
//!
//! The one translator from wire types to screen types: texts become plain and bounded here, times become durations.

use super::picture::{CardView, Lapse, Picture, StepView};
use super::span::Span;
use super::text::plain_text;
use super::time::{Moment, rfc3339_ms};
use crate::contract::{Card, Event, EventBody, Failure, PageResult, RunStatus, State, Step, StepState};

/// Most steps that are shown; a server that names more is not believed.
const STEPS_MAX: usize = 64;
/// Longest image address that is kept: 64 KiB, of a `data:` image.
const IMAGE_BYTES_MAX: usize = 64 << 10;

#[derive(Debug, Default)]
struct StepRecord {
    name: String,
    label: Option<String>,
    state: StepState,
    started_ms: Option<i64>,
    finished_ms: Option<i64>,
}

/// The server's clock as we know it: it said `server_ms` at `seen`.
#[derive(Clone, Copy, Debug)]
struct ServerClock {
    server_ms: i64,
    seen: Moment,
}

impl ServerClock {
    fn ms_at(self, now: Moment) -> i64 {
        self.server_ms.saturating_add_unsigned((now - self.seen).as_millis())
    }
}

#[derive(Debug, Default)]
pub(super) struct Progress {
    steps: Vec<StepRecord>,
    progress: Option<f64>,
    card: Option<CardView>,
    failure: Option<Failure>,
    result: Option<PageResult>,
    clock: Option<ServerClock>,
    ended_ms: Option<i64>,
    ended: bool,
    image_hosts: Vec<String>,
    /// Counts the changes of what [`draw`](Progress::draw) shows.
    pub(super) version: u32,
}

impl Progress {
    pub(super) fn new(image_hosts: Vec<String>) -> Self {
        Progress { image_hosts, ..Progress::default() }
    }

    /// A new run: all of the old one is void, but the server's clock goes on.
    pub(super) fn reset(&mut self) {
        *self = Progress {
            clock: self.clock,
            image_hosts: std::mem::take(&mut self.image_hosts),
            version: self.version.wrapping_add(1),
            ..Progress::default()
        };
    }

    /// The server's clock says `at` now. An event may be old, a clock never goes back: the later one counts.
    pub(super) fn saw_time(&mut self, at: Option<&str>, now: Moment) {
        let Some(server_ms) = at.and_then(rfc3339_ms) else { return };
        if self.clock.is_none_or(|clock| server_ms > clock.ms_at(now)) {
            self.clock = Some(ServerClock { server_ms, seen: now });
            self.changed();
        }
    }

    fn changed(&mut self) {
        self.version = self.version.wrapping_add(1);
    }

    pub(super) fn take_event(&mut self, event: &Event, now: Moment) {
        if matches!(event.body, EventBody::Html { .. } | EventBody::Unknown) {
            return;
        }
        self.changed();
        self.saw_time(event.at.as_deref(), now);
        let at_ms = event.at.as_deref().and_then(rfc3339_ms);
        match &event.body {
            EventBody::Status { step, label, progress } => {
                self.step_runs(step, label.as_deref(), at_ms);
                self.progressed(*progress);
            }
            EventBody::Preview(card) => self.card = Some(self.card_view(card)),
            EventBody::Done { result, .. } => {
                self.result = Some(result.clone());
                self.progress = self.progress.map(|_| 1.0);
                self.end(at_ms, StepState::Done);
            }
            EventBody::Error(failure) => {
                self.failure = Some(plain_failure(failure));
                self.end(at_ms, StepState::Failed);
            }
            EventBody::Cancelled => self.end(at_ms, StepState::Failed),
            EventBody::Html { .. } | EventBody::Unknown => {}
        }
    }

    pub(super) fn take_state(&mut self, state: &State, now: Moment) {
        self.changed();
        self.saw_time(state.now.as_deref(), now);
        if !state.steps.is_empty() {
            self.steps = state.steps.iter().take(STEPS_MAX).map(StepRecord::from).collect();
        }
        self.progressed(state.progress);
        if let Some(card) = &state.preview {
            self.card = Some(self.card_view(card));
        }
        if let Some(failure) = &state.error {
            self.failure = Some(plain_failure(failure));
        }
        if state.result.is_some() {
            self.result.clone_from(&state.result);
        }
        if state.status.is_terminal() && !self.ended {
            let last = self.steps.iter().filter_map(|step| step.finished_ms).max();
            self.end(last, if state.status == RunStatus::Done { StepState::Done } else { StepState::Failed });
        }
    }

    fn step_runs(&mut self, name: &str, label: Option<&str>, at_ms: Option<i64>) {
        let name = plain_text(name);
        let known = self.steps.iter().position(|step| step.name == name);
        if known.is_none() && self.steps.len() == STEPS_MAX {
            return;
        }
        for step in &mut self.steps {
            if step.state == StepState::Running && step.name != name {
                step.state = StepState::Done;
                step.finished_ms = at_ms;
            }
        }
        let index = known.unwrap_or_else(|| {
            self.steps.push(StepRecord { name, ..StepRecord::default() });
            self.steps.len() - 1
        });
        let step = &mut self.steps[index];
        if step.state != StepState::Running {
            step.state = StepState::Running;
            step.started_ms = step.started_ms.or(at_ms);
        }
        if let Some(label) = label {
            step.label = Some(plain_text(label));
        }
    }

    fn progressed(&mut self, progress: Option<f64>) {
        if let Some(new) = progress.filter(|p| p.is_finite()) {
            let new = new.clamp(0.0, 1.0);
            self.progress = Some(self.progress.map_or(new, |old| old.max(new)));
        }
    }

    fn end(&mut self, at_ms: Option<i64>, state: StepState) {
        self.ended = true;
        self.ended_ms = at_ms;
        for step in &mut self.steps {
            if step.state == StepState::Running {
                step.state = state;
                step.finished_ms = at_ms;
            }
        }
    }

    fn card_view(&self, card: &Card) -> CardView {
        let plain = |text: &Option<String>| text.as_deref().map(plain_text).filter(|text| !text.is_empty());
        CardView {
            title: plain_text(&card.title),
            subtitle: plain(&card.subtitle),
            summary: plain(&card.summary),
            image: card.image.clone().filter(|image| may_show(image, &self.image_hosts)),
        }
    }

    /// Fills in what of the picture this knows.
    pub(super) fn draw(&self, picture: &mut Picture) {
        picture.steps = self.steps.iter().map(|step| self.step_view(step)).collect();
        picture.progress = self.progress;
        picture.card.clone_from(&self.card);
        picture.failure.clone_from(&self.failure);
        picture.result.clone_from(&self.result);
        let started = self.steps.iter().filter_map(|step| step.started_ms).min();
        picture.elapsed = self.lapse(started, self.ended.then_some(self.ended_ms));
    }

    fn step_view(&self, step: &StepRecord) -> StepView {
        let finished = (step.state != StepState::Running).then_some(step.finished_ms);
        StepView {
            name: step.name.clone(),
            label: step.label.clone(),
            state: step.state,
            lapse: self.lapse(step.started_ms, finished),
        }
    }

    /// From `started` to `finished`; `None` there: it goes on. The inner `None`: it is over, nobody knows since when.
    fn lapse(&self, started: Option<i64>, finished: Option<Option<i64>>) -> Option<Lapse> {
        let between =
            |from: i64, to: i64| Span::from_millis(u64::try_from(to.saturating_sub(from)).unwrap_or(0));
        let (started, clock) = (started?, self.clock?);
        Some(match finished {
            // Begun after the server last told its time: it has grown since then only.
            None => Lapse {
                passed: between(started, clock.server_ms),
                since: Some(clock.seen + between(clock.server_ms, started)),
            },
            Some(finished) => Lapse { passed: between(started, finished?), since: None },
        })
    }
}

impl From<&Step> for StepRecord {
    fn from(step: &Step) -> Self {
        StepRecord {
            name: plain_text(&step.name),
            label: step.label.as_deref().map(plain_text),
            state: step.state,
            started_ms: step.started_at.as_deref().and_then(rfc3339_ms),
            finished_ms: step.finished_at.as_deref().and_then(rfc3339_ms),
        }
    }
}

fn plain_failure(failure: &Failure) -> Failure {
    Failure {
        code: plain_text(&failure.code),
        message: plain_text(&failure.message),
        retryable: failure.retryable,
    }
}

/// Only `data:` images up to 64 KiB, and `https:` ones from a host that the options name.
fn may_show(image: &str, hosts: &[String]) -> bool {
    if image.len() > IMAGE_BYTES_MAX {
        return false;
    }
    if image.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("data:image/")) {
        return true;
    }
    let Some(rest) = image.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    hosts.iter().any(|named| named.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(seq: u64, at: &str, step: &str, progress: Option<f64>) -> Event {
        let body = EventBody::Status { step: step.to_owned(), label: None, progress };
        Event { seq, at: Some(at.to_owned()), body }
    }

    fn drawn(progress: &Progress) -> Picture {
        let mut picture = Picture::default();
        progress.draw(&mut picture);
        picture
    }

    #[test]
    fn durations_are_server_times_plus_our_own_since() {
        let mut progress = Progress::default();
        let at = |ms: u64| Moment::new(Span::from_millis(ms));
        progress.take_event(&status(1, "2026-03-01T10:00:00Z", "place", Some(0.1)), at(100));
        progress.take_event(&status(2, "2026-03-01T10:00:02.5Z", "page", Some(0.05)), at(2600));
        let picture = drawn(&progress);
        assert_eq!(picture.steps[0].state, StepState::Done);
        assert_eq!(picture.steps[0].lapse, Some(Lapse { passed: Span::from_millis(2500), since: None }));
        assert_eq!(picture.steps[1].lapse.unwrap().at(at(3600)), Span::from_secs(1));
        assert_eq!(picture.elapsed.unwrap().at(at(3600)), Span::from_millis(3500));
        assert_eq!(picture.progress, Some(0.1), "progress never goes back");
    }

    #[test]
    fn images_come_only_from_named_hosts() {
        let hosts = ["img.example".to_owned()];
        for (image, shown) in [
            ("https://img.example/a.png", true),
            ("https://IMG.example", true),
            ("http://img.example/a.png", false),
            ("https://img.example.evil/a.png", false),
            ("https://img.example@evil/a.png", false),
            ("https://evil\\img.example/", false),
            ("data:image/png;base64,AA==", true),
            ("data:text/html,x", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(may_show(image, &hosts), shown, "{image}");
        }
        assert!(!may_show(&format!("data:image/png,{}", "x".repeat(IMAGE_BYTES_MAX)), &hosts));
    }
}
