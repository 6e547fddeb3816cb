//! What a state that was read changes: rules that the simulated world leaves room for, each found missing by changing the
//! code and seeing no test fail.

use generation_screen::engine::{
    Command, Connection, Input, Note, Outcome, Phase, RequestId, ResponseHead, Session, Update,
};

use crate::hand::{at, commands, event_stream, json, pass, running, with_both_legs_out};

/// A session whose stream is mute and whose first state, with "a" and an entity tag, was answered.
fn mute() -> (Session, RequestId) {
    let (mut session, read, stream) = with_both_legs_out();
    session.handle(at(1020), Input::StreamHead { id: stream, head: event_stream() });
    let (head, body) = tagged(running(1, "a"));
    session.handle(at(1030), Input::Answer { id: read, head, body: &body });
    commands(&mut session);
    (session, stream)
}

fn tagged((mut head, body): (ResponseHead, Vec<u8>)) -> (ResponseHead, Vec<u8>) {
    head.etag = Some("\"1-1\"".into());
    (head, body)
}

/// The next read: when it is sent, its id, and from which byte on it wants the HTML.
fn next_read(session: &mut Session, from_ms: u64) -> (u64, RequestId, u64) {
    let found = (from_ms..from_ms + 20_000).step_by(50).find_map(|ms| {
        pass(session, ms, ms).into_iter().find_map(|(_, command)| match command {
            Command::Read { id, html_from, .. } => Some((ms, id, html_from)),
            _ => None,
        })
    });
    found.expect("the state is read")
}

fn answer(session: &mut Session, ms: u64, id: RequestId, (head, body): (ResponseHead, Vec<u8>)) {
    session.handle(at(ms), Input::Answer { id, head, body: &body });
}

fn updates(session: &mut Session) -> Vec<Update> {
    std::iter::from_fn(|| session.next_update()).collect()
}

#[test]
fn an_empty_answer_says_that_nothing_has_changed() {
    let (mut session, _) = mute();
    let (ms, read, _) = next_read(&mut session, 1050);
    updates(&mut session);
    answer(&mut session, ms, read, (ResponseHead { status: 200, ..ResponseHead::default() }, Vec::new()));
    let notes = updates(&mut session);
    assert!(!notes.iter().any(|update| matches!(update, Update::Note(Note::ReadFailed { .. }))), "{notes:?}");
}

#[test]
fn a_state_under_a_wrong_type_is_none() {
    let (mut session, _) = mute();
    let (ms, read, _) = next_read(&mut session, 1050);
    let (mut head, body) = running(2, "ab");
    head.content_type = Some("text/html".into());
    updates(&mut session);
    answer(&mut session, ms, read, (head, body));
    let said = updates(&mut session);
    assert!(said.contains(&Update::Note(Note::ReadFailed { status: 200 })), "{said:?}");
    assert!(!said.iter().any(|update| matches!(update, Update::Html(_))));
}

#[test]
fn a_server_that_does_not_hold_is_asked_as_if_for_the_first_time() {
    let (mut session, _) = mute();
    let (ms, held, _) = next_read(&mut session, 1050);
    let unchanged = ResponseHead { status: 304, ..ResponseHead::default() };
    answer(&mut session, ms + 50, held, (unchanged, Vec::new()));
    let (next_ms, ..) = next_read(&mut session, ms + 50);
    assert!((800..=1250).contains(&(next_ms - ms - 50)), "{next_ms} after {ms}");
}

#[test]
fn what_was_held_is_asked_for_again_at_once() {
    let (mut session, _) = mute();
    let (ms, held, _) = next_read(&mut session, 1050);
    answer(&mut session, ms + 5000, held, tagged(running(2, "ab")));
    let (next_ms, ..) = next_read(&mut session, ms + 5000);
    assert_eq!(next_ms, ms + 5000, "a second after the last began is long over");
}

#[test]
fn a_screen_whose_reads_bring_no_news_for_a_minute_says_so() {
    let (mut session, _) = mute();
    let mut ms = 1050;
    while ms < 70_000 {
        let (sent_ms, read, _) = next_read(&mut session, ms);
        ms = sent_ms + 50;
        answer(&mut session, ms, read, running(1, "a"));
    }
    assert!(session.picture().marks.stalled);
    let (ms, read, _) = next_read(&mut session, ms);
    answer(&mut session, ms, read, running(2, "ab"));
    assert!(!session.picture().marks.stalled);
}

#[test]
fn html_that_does_not_meet_ours_is_read_from_its_beginning() {
    let (mut session, _) = mute();
    let (ms, read, from) = next_read(&mut session, 1050);
    assert_eq!(from, 1);
    let gap = r#"{"seq": 3, "status": "running", "html": {"from": 5, "len": 6, "text": "f"}}"#;
    answer(&mut session, ms, read, json(gap));
    let (ms, read, from) = next_read(&mut session, ms);
    assert_eq!(from, 0);
    // It meets ours no better, and the work goes on: so does the screen.
    answer(&mut session, ms, read, json(gap));
    assert_eq!(session.picture().phase, Phase::Running);
}

#[test]
fn an_end_whose_html_is_not_ours_replaces_it() {
    let (mut session, _) = mute();
    let shorter = r#"{"seq": 3, "status": "done", "html": {"from": 0, "len": 0, "text": ""}}"#;
    let mut ms = 1050;
    for _ in 0..5 {
        if matches!(session.picture().phase, Phase::Ended(_)) {
            break;
        }
        let (sent_ms, read, _) = next_read(&mut session, ms);
        ms = sent_ms + 50;
        answer(&mut session, ms, read, json(shorter));
    }
    assert!(matches!(session.picture().phase, Phase::Ended(_)), "{:?}", session.picture().phase);
    assert!(updates(&mut session).contains(&Update::HtmlReset));
}

#[test]
fn only_who_comes_into_the_middle_of_the_work_has_resumed() {
    for (state, resumed) in [
        (r#"{"seq": 2, "status": "running", "html": {"from": 0, "len": 1, "text": "a"}}"#, true),
        (r#"{"seq": 2, "status": "running"}"#, false),
        (r#"{"seq": 2, "status": "done", "html": {"from": 0, "len": 1, "text": "a"}}"#, false),
    ] {
        let (mut session, read, _) = with_both_legs_out();
        answer(&mut session, 1100, read, json(state));
        assert_eq!(session.picture().marks.resumed, resumed, "{state}");
    }
    let (mut session, _) = mute();
    let (ms, read, _) = next_read(&mut session, 1050);
    let next = r#"{"run": 2, "seq": 2, "status": "running", "html": {"from": 0, "len": 1, "text": "b"}}"#;
    answer(&mut session, ms, read, json(next));
    assert!(!session.picture().marks.resumed, "a new run that was seen from its beginning");
}

#[test]
fn an_event_says_that_the_work_has_begun() {
    let (mut session, read, stream) = with_both_legs_out();
    session.handle(at(1020), Input::StreamHead { id: stream, head: event_stream() });
    answer(&mut session, 1030, read, json(r#"{"seq": 0, "status": "queued"}"#));
    let bytes = b"data: {\"seq\":1,\"type\":\"status\",\"step\":\"place\"}\n\n";
    session.handle(at(1100), Input::StreamBytes { id: stream, bytes });
    assert_eq!(session.picture().phase, Phase::Running);
}

#[test]
fn a_stream_that_is_being_opened_is_not_closed_for_a_new_run() {
    let (mut session, read, stream) = with_both_legs_out();
    answer(&mut session, 1100, read, json(r#"{"run": 2, "seq": 0, "status": "running"}"#));
    assert!(!commands(&mut session).contains(&Command::Abort { id: stream }));
}

#[test]
fn a_reconnection_time_is_kept_after_a_loss_and_not_where_there_is_no_stream() {
    let (mut session, stream) = mute();
    session.handle(at(1100), Input::StreamBytes { id: stream, bytes: b"retry: 10000\n\n" });
    session.handle(
        at(1200),
        Input::StreamEnded { id: stream, how: generation_screen::engine::StreamEnd::Closed },
    );
    let opened = |session: &mut Session, from_ms: u64| {
        pass(session, from_ms, from_ms + 30_000).into_iter().find_map(|(ms, command)| match command {
            Command::OpenStream { id, .. } => Some((ms, id)),
            _ => None,
        })
    };
    let (ms, stream) = opened(&mut session, 1250).expect("it is opened again");
    assert!((11_200..=16_250).contains(&ms), "10 s, and up to half of it more: {ms}");
    let refused = ResponseHead { status: 404, ..ResponseHead::default() };
    let ms = ms + 30_050;
    session.handle(at(ms), Input::StreamHead { id: stream, head: refused });
    let (again_ms, _) = opened(&mut session, ms + 50).expect("nobody has confirmed that there is none");
    assert!(again_ms - ms < 6000, "5 s, whatever was said of losses: {}", again_ms - ms);
}

#[test]
fn a_page_that_was_whole_before_it_was_looked_at_is_complete() {
    let (mut session, read, _) = with_both_legs_out();
    answer(
        &mut session,
        1100,
        read,
        json(r#"{"seq": 2, "status": "done", "html": {"from": 0, "len": 1, "text": "a"}}"#),
    );
    assert_eq!(session.picture().phase, Phase::Ended(Outcome::Complete));
    assert_ne!(session.picture().connection, Connection::SignedOut);
}
