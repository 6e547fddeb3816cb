//! Moments of one made-up generation: how far it is, and what is different. Shows nothing.

use generation_screen::Outcome;
use generation_screen::contract::{Failure, PageResult};
use generation_screen::engine::{
    CardView, Connection, Lapse, Marks, Moment, Phase, Picture, Span, StepState, StepView, Why,
};
use generation_screen::ui::hooks::Still;

/// What the clock shows.
const NOW_S: u64 = 100;

/// So far.
pub(super) const PAGE: &str = include_str!("page.html");

fn now() -> Moment {
    Moment::new(Span::from_secs(NOW_S))
}

/// In so many seconds.
pub(super) fn soon(seconds: u64) -> Moment {
    Moment::new(Span::from_secs(NOW_S + seconds))
}

fn step(name: &str, label: &str, state: StepState, seconds: Option<u64>) -> StepView {
    let lapse = seconds.map(|seconds| Lapse { passed: Span::from_secs(seconds), since: None });
    StepView { name: name.to_owned(), label: Some(label.to_owned()), state, lapse }
}

fn steps(done: usize, last: StepState) -> Vec<StepView> {
    let all = [
        ("place", "Reading the place", 4),
        ("brief", "Writing the brief", 9),
        ("page", "Writing the page", 26),
    ];
    let steps = all.into_iter().enumerate().map(|(at, (name, label, seconds))| {
        let state = match at {
            at if at < done => StepState::Done,
            at if at == done => last,
            _ => StepState::Pending,
        };
        step(name, label, state, (state != StepState::Pending).then_some(seconds))
    });
    steps.collect()
}

/// The card of the place.
pub(super) fn card() -> CardView {
    CardView {
        title: "Eiffel Tower".to_owned(),
        subtitle: Some("Paris, France".to_owned()),
        summary: Some(
            "A wrought-iron tower on the Champ de Mars, built for the world’s fair of 1889 and seen from most of the city."
                .to_owned(),
        ),
        image: Some(
            "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 88 88'%3E%3Cpath fill='%23cfe3e3' d='M0 0h88v88H0z'/%3E%3Cpath fill='%23376' d='M41 12h6l3 30 10 34h-8l-8-22-8 22h-8l10-34z'/%3E%3C/svg%3E"
                .to_owned(),
        ),
    }
}

/// Nothing is known yet.
pub(super) fn before(phase: Phase, connection: Connection) -> Still {
    Still { picture: Picture { phase, connection, ..Picture::default() }, now: now(), ..Still::default() }
}

/// In the middle of its last step.
pub(super) fn running(connection: Connection) -> Still {
    let picture = Picture {
        phase: Phase::Running,
        connection,
        steps: steps(2, StepState::Running),
        progress: Some(0.62),
        card: Some(card()),
        elapsed: Some(Lapse { passed: Span::from_secs(39), since: None }),
        run: 1,
        ..Picture::default()
    };
    Still { picture, html: PAGE.to_owned(), now: now(), ..Still::default() }
}

/// The same, read again and again for this reason.
pub(super) fn polling(why: Why) -> Still {
    running(Connection::Polling { why })
}

/// The same, with a remark.
pub(super) fn marked(marks: Marks) -> Still {
    let mut still = running(Connection::Live);
    still.picture.marks = marks;
    still
}

/// Ended in the middle of its last step.
pub(super) fn ended(outcome: Outcome) -> Still {
    let mut still = running(Connection::Live);
    still.picture.phase = Phase::Ended(outcome);
    still.picture.steps = steps(2, StepState::Failed);
    still.picture.marks.partial = true;
    if let Outcome::Failed { retryable } = outcome {
        still.picture.failure = Some(Failure {
            code: "provider".to_owned(),
            message: "The model that writes the page did not answer in time.".to_owned(),
            retryable,
        });
    }
    still
}

/// Ended before anything came.
pub(super) fn nothing(outcome: Outcome) -> Still {
    before(Phase::Ended(outcome), Connection::Opening)
}

/// Ended well.
pub(super) fn complete() -> Still {
    let mut still = ended(Outcome::Complete);
    still.picture.steps = steps(3, StepState::Done);
    still.picture.marks.partial = false;
    still.picture.progress = Some(1.0);
    still.picture.result =
        Some(PageResult { url: Some("/pages/3f9c".to_owned()), title: Some("Eiffel Tower".to_owned()) });
    still.html.push_str("<footer><p>Open every day.</p></footer></html>");
    still
}

/// With words that are as long as they may be, and without a place to break.
pub(super) fn long() -> Still {
    let mut still = running(Connection::Live);
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(3);
    still.picture.card = Some(CardView {
        title: long.clone(),
        subtitle: Some(long.clone()),
        summary: Some(long.clone()),
        image: None,
    });
    still.picture.steps = (1..=12)
        .map(|number| {
            step(
                &format!("step-{number}"),
                &format!("{number}: {long}"),
                StepState::Running,
                Some(86_400 * 3),
            )
        })
        .collect();
    still
}
