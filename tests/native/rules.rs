//! Rules of the session that the simulated world leaves room for: each was found missing by changing the code and seeing
//! no test fail.

use generation_screen::engine::{
    Command, Connection, Input, Note, Options, Outcome, PageEvent, Phase, RequestId, ResponseHead, Session,
    Span, TokenAnswer, Update, Why,
};

use crate::hand::{at, commands, event_stream, json, pass, running, session, with_both_legs_out};

const FRESH: TokenAnswer = TokenAnswer::Fresh { expires_in: None };
const HELLO: &[u8] = b"data: {\"type\":\"hello\",\"run\":1,\"after\":1,\"head\":1}\n\n";

fn status(status: u16) -> ResponseHead {
    ResponseHead { status, ..ResponseHead::default() }
}

fn stream_of(sent: &[(u64, Command)]) -> Option<(u64, RequestId)> {
    sent.iter().find_map(|(ms, command)| match command {
        Command::OpenStream { id, .. } => Some((*ms, *id)),
        _ => None,
    })
}

fn read_of(sent: &[(u64, Command)]) -> Option<(u64, RequestId)> {
    sent.iter().find_map(|(ms, command)| match command {
        Command::Read { id, .. } => Some((*ms, *id)),
        _ => None,
    })
}

/// A session whose stream and first state were answered: html "a", seq 1, an entity tag.
fn followed() -> (Session, RequestId) {
    let (mut session, read, stream) = with_both_legs_out();
    session.handle(at(1020), Input::StreamHead { id: stream, head: event_stream() });
    let (mut head, body) = running(1, "a");
    head.etag = Some("\"1-1\"".into());
    session.handle(at(1030), Input::Answer { id: read, head, body: &body });
    commands(&mut session);
    (session, stream)
}

fn html(session: &mut Session) -> String {
    let updates = std::iter::from_fn(|| session.next_update());
    updates.filter_map(|update| if let Update::Html(piece) = update { Some(piece) } else { None }).collect()
}

#[test]
fn it_connects_until_something_has_gone_wrong() {
    let (session, ..) = with_both_legs_out();
    assert_eq!(session.picture().connection, Connection::Opening);
}

#[test]
fn an_attempt_under_way_keeps_the_moment_at_which_it_was_first_said() {
    let (mut session, read, _stream) = with_both_legs_out();
    session.handle(at(1100), Input::NoAnswer { id: read });
    let said = Connection::Reconnecting { at: at(1100), why: Why::Trouble };
    assert_eq!(session.picture().connection, said);
    session.handle(at(1150), Input::Wake);
    assert_eq!(session.picture().connection, said);
}

#[test]
fn a_countdown_ends_when_the_stream_is_opened() {
    let (mut session, _read, stream) = with_both_legs_out();
    session.handle(at(1100), Input::StreamHead { id: stream, head: status(503) });
    let Connection::Reconnecting { at: said, .. } = session.picture().connection else {
        panic!("{:?}", session.picture().connection)
    };
    let (opened_ms, _) = stream_of(&pass(&mut session, 1150, 9000)).expect("it is opened again");
    assert!(said > at(1100) && said <= at(opened_ms) && said + Span::from_millis(50) > at(opened_ms));
}

#[test]
fn a_page_that_grows_is_not_called_partial() {
    let (session, _) = followed();
    assert!(!session.picture().marks.partial);
}

#[test]
fn a_cancel_that_is_refused_for_its_token_is_sent_four_times() {
    let (mut session, _) = followed();
    session.handle(at(1100), Input::Cancel);
    let (mut posts, mut notes, mut unanswered) = (0, Vec::new(), None);
    for ms in (1100..60_000).step_by(100) {
        session.handle(at(ms), Input::Wake);
        for command in commands(&mut session) {
            match command {
                Command::PostCancel { id, .. } => (posts, unanswered) = (posts + 1, Some(id)),
                Command::AskToken { ticket, .. } => {
                    session.handle(at(ms), Input::Token { ticket, answer: FRESH });
                }
                Command::Read { id, .. } => {
                    let (head, body) = running(1, "a");
                    session.handle(at(ms), Input::Answer { id, head, body: &body });
                    // Whatever the state says of the token, the cancel is refused.
                    if let Some(id) = unanswered.take() {
                        session.handle(at(ms), Input::Answer { id, head: status(401), body: b"" });
                    }
                }
                _ => {}
            }
        }
        notes.extend(std::iter::from_fn(|| session.next_update()).filter_map(|update| match update {
            Update::Note(note) => Some(note),
            _ => None,
        }));
    }
    assert_eq!(posts, 4);
    assert!(notes.contains(&Note::CancelFailed { status: 401 }), "{notes:?}");
}

#[test]
fn a_stream_that_is_opened_has_the_field_to_itself_for_its_head_start() {
    let mut session = session();
    session.handle(at(0), Input::Start);
    session.handle(at(0), Input::Seat);
    session.handle(at(0), Input::Token { ticket: 1, answer: FRESH });
    let (_, read) = read_of(&pass(&mut session, 0, 0)).expect("the state first");
    let (head, body) = running(1, "a");
    session.handle(at(50), Input::Answer { id: read, head, body: &body });
    let sent = pass(&mut session, 50, 4000);
    let opened_ms = stream_of(&sent).expect("the stream after it").0;
    let next_ms = read_of(&sent).expect("the stream stays mute").0;
    assert!((2500..3600).contains(&(next_ms - opened_ms)), "{next_ms} - {opened_ms}");
}

#[test]
fn a_last_read_that_was_under_way_in_a_sleep_is_waited_for() {
    let (mut session, stream) = followed();
    let done = b"data: {\"type\":\"hello\",\"run\":1,\"after\":1,\"head\":2}\n\n\
        data: {\"seq\":2,\"type\":\"done\",\"html_len\":1}\n\n";
    session.handle(at(1100), Input::StreamBytes { id: stream, bytes: done });
    let (asked_ms, last) = read_of(&pass(&mut session, 1100, 1700)).expect("the last state is read");
    session.handle(at(asked_ms + 60_000), Input::Wake);
    assert_eq!(commands(&mut session), []);
    let (head, body) = json(r#"{"seq": 2, "status": "done", "html": {"from": 1, "len": 1, "text": ""}}"#);
    session.handle(at(asked_ms + 60_100), Input::Answer { id: last, head, body: &body });
    assert_eq!(session.picture().phase, Phase::Ended(Outcome::Complete));
    assert!(!session.picture().marks.unconfirmed);
}

#[test]
fn a_held_read_ends_when_the_stream_is_live() {
    let (mut session, stream) = followed();
    let sent = pass(&mut session, 1050, 6000);
    let held = sent.iter().find_map(|(_, command)| match command {
        Command::Read { id, wait: Some(_), .. } => Some(*id),
        _ => None,
    });
    let held = held.expect("the stream is mute, so the state is waited for");
    for ms in [6100, 6500] {
        session.handle(at(ms), Input::StreamBytes { id: stream, bytes: HELLO });
    }
    assert_eq!(session.picture().connection, Connection::Live);
    assert_eq!(commands(&mut session), [Command::Abort { id: held }]);
}

#[test]
fn the_last_state_is_read_whether_it_changed_or_not_and_has_room_for_escapes() {
    let (mut session, stream) = followed();
    let done = b"data: {\"seq\":2,\"type\":\"done\",\"html_len\":1}\n\n";
    session.handle(at(1100), Input::StreamBytes { id: stream, bytes: done });
    let sent = pass(&mut session, 1100, 1700);
    let last = sent.iter().find_map(|(_, command)| match command {
        Command::Read { if_none_match, body_bytes_max, .. } => Some((if_none_match.clone(), *body_bytes_max)),
        _ => None,
    });
    assert_eq!(last, Some((None, (64 << 20) + (1 << 20))));
}

#[test]
fn nothing_of_a_connection_is_applied_after_a_gap() {
    let (mut session, stream) = followed();
    html(&mut session);
    let bytes = b"data: {\"type\":\"hello\",\"run\":1,\"after\":1,\"head\":4}\n\n\
        data: {\"seq\":2,\"type\":\"html\",\"offset\":1,\"text\":\"b\"}\n\n\
        data: {\"seq\":4,\"type\":\"html\",\"offset\":3,\"text\":\"d\"}\n\n\
        data: {\"seq\":3,\"type\":\"html\",\"offset\":2,\"text\":\"c\"}\n\n";
    session.handle(at(1100), Input::StreamBytes { id: stream, bytes });
    assert_eq!(html(&mut session), "b");
}

/// How long is waited in all before each of eight streams, each of which is live for so long and then, after so much
/// silence, ends. All reads are good.
fn waited_ms(live_ms: u64, silent_ms: u64) -> u64 {
    let (mut session, mut stream) = followed();
    let (mut now_ms, mut waited_ms) = (1050, 0);
    for _ in 0..8 {
        session.handle(at(now_ms), Input::StreamHead { id: stream, head: event_stream() });
        for ms in (now_ms..=now_ms + live_ms).step_by(400) {
            session.handle(at(ms), Input::StreamBytes { id: stream, bytes: HELLO });
        }
        now_ms += live_ms + silent_ms;
        let mut sent = pass(&mut session, now_ms - silent_ms, now_ms);
        session.handle(
            at(now_ms),
            Input::StreamEnded { id: stream, how: generation_screen::engine::StreamEnd::Closed },
        );
        let ended_ms = now_ms;
        let opened = loop {
            for (ms, command) in std::mem::take(&mut sent) {
                if let Command::Read { id, .. } = command {
                    let (head, body) = running(1, "a");
                    session.handle(at(ms.max(now_ms)), Input::Answer { id, head, body: &body });
                }
            }
            now_ms += 50;
            assert!(now_ms < 1_000_000, "it is opened again");
            sent = pass(&mut session, now_ms, now_ms);
            if let Some((_, id)) = stream_of(&sent) {
                break id;
            }
        };
        stream = opened;
        waited_ms += now_ms - ended_ms;
    }
    waited_ms
}

#[test]
fn only_a_stream_that_was_live_for_long_is_opened_again_at_once() {
    assert!(waited_ms(12_000, 0) <= 8 * 1100, "productive: within a second each");
    assert!(waited_ms(2000, 0) > 16_000, "they die young: longer each time");
    // 18 s of silence are more than half of the idle time, and less than all of it.
    assert!(waited_ms(12_000, 25_000) <= 8 * 1100, "what was productive stays so when it proves itself anew");
}

#[test]
fn the_first_attempt_of_a_start_is_made_even_offline() {
    let mut session = session();
    session.handle(at(0), Input::Start);
    session.handle(at(0), Input::Seat);
    session.handle(at(0), Input::Page(PageEvent::Offline));
    session.handle(at(0), Input::Token { ticket: 1, answer: FRESH });
    let sent = pass(&mut session, 0, 60_000);
    let opened: Vec<_> = sent.iter().filter(|(_, c)| matches!(c, Command::OpenStream { .. })).collect();
    assert_eq!(opened.len(), 1, "{opened:?}");
}

#[test]
fn a_stream_waits_as_long_as_it_is_told_to() {
    let (mut session, read, stream) = with_both_legs_out();
    let head = ResponseHead { retry_after: Some("20".into()), ..status(503) };
    session.handle(at(1100), Input::StreamHead { id: stream, head });
    session.handle(at(1100), Input::NoAnswer { id: read });
    let opened_ms = stream_of(&pass(&mut session, 1150, 60_000)).expect("it is opened again").0;
    assert!((21_100..31_200).contains(&opened_ms), "20 s, and up to half of it more: {opened_ms}");
}

#[test]
fn what_refused_the_stream_is_not_believed_when_the_state_cannot_be_read_either() {
    let (mut session, read, stream) = with_both_legs_out();
    session.handle(at(1100), Input::StreamHead { id: stream, head: status(404) });
    session.handle(at(1100), Input::NoAnswer { id: read });
    // Whatever it was is over: the next read is good.
    let (ms, read) = read_of(&pass(&mut session, 1150, 5000)).expect("the state is read again");
    let (head, body) = running(1, "a");
    session.handle(at(ms), Input::Answer { id: read, head, body: &body });
    assert!(stream_of(&pass(&mut session, ms, ms + 60_000)).is_some(), "the stream is tried again");
}

#[test]
fn no_token_is_asked_for_by_a_page_that_was_left() {
    let mut session = session();
    session.handle(at(0), Input::Start);
    session.handle(at(0), Input::Token { ticket: 1, answer: TokenAnswer::Failed });
    session.handle(at(100), Input::Page(PageEvent::PageHide));
    let asks = |sent: &[(u64, Command)]| sent.iter().any(|(_, c)| matches!(c, Command::AskToken { .. }));
    commands(&mut session);
    assert!(!asks(&pass(&mut session, 150, 60_000)));
    session.handle(at(60_050), Input::Page(PageEvent::PageShow));
    assert!(asks(&pass(&mut session, 60_050, 61_000)));
}

#[test]
fn a_provider_that_fails_is_asked_again_after_steps_that_double_to_15_s() {
    for seed in 0..50 {
        let mut session = Session::new(Options::default(), seed).expect("the default options make sense");
        session.handle(at(0), Input::Start);
        let mut failed_ms = 0;
        let mut ticket = 1;
        for step_ms in [2000, 4000, 8000, 15_000, 15_000] {
            session.handle(at(failed_ms), Input::Token { ticket, answer: TokenAnswer::Failed });
            commands(&mut session);
            let asked = (failed_ms..failed_ms + 20_000).step_by(50).find_map(|ms| {
                let ask = |(_, command)| match command {
                    Command::AskToken { ticket, .. } => Some((ms, ticket)),
                    _ => None,
                };
                pass(&mut session, ms, ms).into_iter().find_map(ask)
            });
            let (asked_ms, next) = asked.expect("it is asked again");
            let waited_ms = asked_ms - failed_ms;
            assert!(
                (step_ms / 2..=step_ms + 50).contains(&waited_ms),
                "{waited_ms} of {step_ms}, seed {seed}"
            );
            (failed_ms, ticket) = (asked_ms, next);
        }
    }
}

#[test]
fn a_connection_of_an_older_run_is_let_go() {
    let (mut session, read, stream) = with_both_legs_out();
    session.handle(at(1020), Input::StreamHead { id: stream, head: event_stream() });
    let (head, body) = json(r#"{"run": 2, "seq": 1, "status": "running"}"#);
    session.handle(at(1030), Input::Answer { id: read, head, body: &body });
    commands(&mut session);
    session.handle(at(1040), Input::StreamBytes { id: stream, bytes: HELLO });
    assert!(commands(&mut session).contains(&Command::Abort { id: stream }));
}

#[test]
fn a_stream_of_a_wrong_type_is_tried_again_in_half_a_minute_to_a_minute() {
    let (mut session, read, stream) = with_both_legs_out();
    let (head, body) = running(1, "a");
    session.handle(at(1050), Input::Answer { id: read, head, body: &body });
    let head = ResponseHead { content_type: Some("text/html".into()), ..status(200) };
    session.handle(at(1100), Input::StreamHead { id: stream, head });
    let opened_ms = stream_of(&pass(&mut session, 1150, 70_000)).expect("it is tried again").0;
    assert!((31_100..=61_150).contains(&opened_ms), "{opened_ms}");
}
