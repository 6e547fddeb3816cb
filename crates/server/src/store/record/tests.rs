//! What a log may hold, and the state it adds up to.

use super::*;
use crate::token::UserId;

fn record() -> Record {
    let steps = ["place", "page"].map(|name| Step { name: name.to_owned(), ..Step::default() });
    let made = NewRecord {
        id: "g".to_owned(),
        owner: UserId::new().unwrap(),
        key: None,
        digest: [0; 32],
        url: String::new(),
        steps: steps.to_vec(),
    };
    Record::new(made, "key".to_owned())
}

fn status(step: &str, progress: f64) -> EventBody {
    EventBody::Status { step: step.to_owned(), label: None, progress: Some(progress) }
}

fn html(offset: u64, text: &str) -> EventBody {
    EventBody::Html { offset, text: text.to_owned() }
}

fn done(html_len: u64) -> EventBody {
    EventBody::Done { html_len, result: PageResult::default() }
}

/// Appends one, at time "seq"; false if it does not fit.
fn append(record: &mut Record, run: u64, body: EventBody) -> bool {
    let seq = record.takes(run, &body);
    if let Some(seq) = seq {
        record.append(Event { seq, at: Some(seq.to_string()), body });
    }
    seq.is_some()
}

fn filled(bodies: impl IntoIterator<Item = EventBody>) -> Record {
    let mut record = record();
    for body in bodies {
        let shown = format!("{body:?}");
        assert!(append(&mut record, 1, body), "{shown}");
    }
    record
}

#[test]
fn events_add_up_to_the_state() {
    let record = filled([status("place", 0.0), status("page", 0.5), html(0, "<p>"), html(3, "é"), done(5)]);
    let state = record.state(0, "now".to_owned());
    assert_eq!((state.status, state.seq, state.run), (RunStatus::Done, 5, 1));
    assert_eq!((state.html.text.as_str(), state.html.len), ("<p>é", 5));
    assert_eq!(state.event_id.as_deref(), Some("1-5"));
    let times = |step: &Step| (step.started_at.clone().unwrap(), step.finished_at.clone().unwrap());
    assert_eq!(times(&state.steps[0]), ("1".to_owned(), "2".to_owned()));
    assert_eq!(times(&state.steps[1]), ("2".to_owned(), "5".to_owned()));
}

#[test]
fn nothing_follows_a_terminal_event() {
    for terminal in [done(0), EventBody::Cancelled, EventBody::Error(Failure::default())] {
        let mut record = filled([status("place", 0.0), terminal]);
        assert!(!append(&mut record, 1, html(0, "late")));
        assert!(!append(&mut record, 1, EventBody::Cancelled));
        assert_eq!(record.head().seq, 2);
    }
}

#[test]
fn html_that_does_not_join_or_is_too_long_is_refused() {
    let mut record = filled([html(0, "abc")]);
    assert!(!append(&mut record, 1, html(2, "c")));
    assert!(!append(&mut record, 1, html(3, &"x".repeat(PIECE_MAX + 1))));
    assert!(!append(&mut record, 1, done(4)));
    assert!(append(&mut record, 1, html(3, &"x".repeat(PIECE_MAX))));
}

#[test]
fn html_from_goes_back_to_a_character_and_to_zero_past_the_end() {
    let record = filled([html(0, "aé🗼z")]);
    for (asked, from) in
        [(0, 0), (1, 1), (2, 1), (3, 3), (4, 3), (6, 3), (7, 7), (8, 8), (9, 0), (u64::MAX, 0)]
    {
        let part = record.state(asked, String::new()).html;
        assert_eq!((part.from, part.len), (from, 8), "asked for {asked}");
        assert_eq!(part.text, "aé🗼z"[usize::try_from(from).unwrap()..]);
    }
}

#[test]
fn the_next_run_starts_from_nothing_and_shuts_the_old_writer_out() {
    let mut record = filled([html(0, "old"), EventBody::Cancelled]);
    record.begin_run(2, "other".to_owned());
    assert!(!append(&mut record, 1, html(0, "late")));
    let state = record.state(0, String::new());
    assert_eq!((state.run, state.seq, state.html.len, state.status), (2, 0, 0, RunStatus::Queued));
    assert_eq!(state.event_id.as_deref(), Some("2-0"));
}

#[test]
fn events_after_a_number_follow_without_a_gap() {
    let record = filled((0..10).map(|n| html(n, "x")));
    let seqs = |seq, limit| {
        let frames = record.frames_after(seq, limit).iter();
        let ids =
            frames.map(|frame| String::from_utf8_lossy(frame).lines().next().unwrap_or_default().to_owned());
        ids.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(seqs(0, 3), "id: 1-1 id: 1-2 id: 1-3");
    assert_eq!(seqs(8, 5), "id: 1-9 id: 1-10");
    assert_eq!(seqs(10, 5), "");
    assert_eq!(seqs(u64::MAX, 5), "");
}
