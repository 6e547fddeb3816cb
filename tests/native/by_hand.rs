//! The session, one fact at a time: what the simulated world cannot bring about on purpose.

use generation_screen::engine::{
    Command, Connection, Input, Options, PageEvent, RequestId, ResponseHead, Session, Span, TokenAnswer,
    TokenReason, Update,
};

use crate::hand::{at, commands, event_stream, json, session, unauthorized, with_both_legs_out};

#[test]
fn two_401s() {
    for apart_ms in [0, 300] {
        let (mut session, read, stream) = with_both_legs_out();
        session.handle(at(1100), Input::Answer { id: read, head: unauthorized(), body: b"" });
        assert_eq!(commands(&mut session), [Command::AskToken { ticket: 2, reason: TokenReason::Rejected }]);
        session.handle(at(1100 + apart_ms), Input::StreamHead { id: stream, head: unauthorized() });
        assert_eq!(commands(&mut session), [Command::Abort { id: stream }], "one refresh serves both");
        let answer = TokenAnswer::Fresh { expires_in: None };
        session.handle(at(1600), Input::Token { ticket: 2, answer });
        let sent = commands(&mut session);
        assert!(
            matches!(sent[..], [Command::OpenStream { .. }, Command::Read { .. }]),
            "both are sent again: {sent:?}"
        );
    }
}

#[test]
fn a_401_after_the_new_token_came_is_sent_again_without_asking() {
    let (mut session, read, stream) = with_both_legs_out();
    session.handle(at(1100), Input::Answer { id: read, head: unauthorized(), body: b"" });
    session.handle(at(1200), Input::Token { ticket: 2, answer: TokenAnswer::Fresh { expires_in: None } });
    commands(&mut session);
    session.handle(at(1300), Input::StreamHead { id: stream, head: unauthorized() });
    let sent = commands(&mut session);
    assert!(sent.iter().all(|c| !matches!(c, Command::AskToken { .. })), "{sent:?}");
    assert_ne!(session.picture().connection, Connection::SignedOut);
}

#[test]
fn answers_to_requests_that_are_no_longer_ours_are_ignored() {
    let (mut session, read, stream) = with_both_legs_out();
    session.handle(at(1100), Input::Page(PageEvent::PageHide));
    let closed = [Command::Abort { id: stream }, Command::Abort { id: read }, Command::LeaveSeat];
    assert_eq!(commands(&mut session), closed);
    let before = session.picture().clone();
    let head = ResponseHead { status: 403, ..ResponseHead::default() };
    session.handle(at(1200), Input::Answer { id: read, head: head.clone(), body: b"" });
    session.handle(at(1200), Input::StreamHead { id: stream, head });
    session.handle(at(1200), Input::StreamBytes { id: stream, bytes: b"data: {\"seq\": 1}\n\n" });
    session.handle(at(1200), Input::NoAnswer { id: RequestId(99) });
    session.handle(at(1200), Input::Token { ticket: 1, answer: TokenAnswer::Refused });
    assert_eq!((session.next_command(), session.picture()), (None, &before));
}

#[test]
fn an_error_says_what_the_server_said_as_plain_text() {
    let (mut session, read, _) = with_both_legs_out();
    let head = ResponseHead {
        status: 200,
        content_type: Some("application/json".into()),
        ..ResponseHead::default()
    };
    let body = r#"{"seq": 3, "status": "error",
        "error": {"code": "x", "message": "No\u202e such place.\u0007", "retryable": true}}"#;
    session.handle(at(1100), Input::Answer { id: read, head, body: body.as_bytes() });
    let failure = session.picture().failure.clone().expect("it failed");
    assert_eq!((failure.message.as_str(), failure.retryable), ("No such place.", true));
    assert!(std::iter::from_fn(|| session.next_update()).any(|update| matches!(update, Update::Picture(_))));
    assert_eq!(session.next_wake(), None);
}

#[test]
fn a_page_over_the_limit_ends_with_a_clear_outcome() {
    let (mut session, read, _) = with_both_legs_out();
    let head = ResponseHead {
        status: 200,
        content_type: Some("application/json".into()),
        ..ResponseHead::default()
    };
    let len = (32 << 20) + 1;
    let body =
        format!(r#"{{"seq": 3, "status": "running", "html": {{"from": {len}, "len": {len}, "text": ""}}}}"#);
    session.handle(at(1100), Input::Answer { id: read, head, body: body.as_bytes() });
    use generation_screen::engine::{Outcome, Phase};
    assert_eq!(session.picture().phase, Phase::Ended(Outcome::TooLarge));
}

#[test]
fn a_stream_that_was_refused_and_then_accepted_is_not_left_open_unheard() {
    let (mut session, read, stream) = with_both_legs_out();
    let refused = ResponseHead { status: 404, ..ResponseHead::default() };
    session.handle(at(1100), Input::StreamHead { id: stream, head: refused });
    // The read hangs; after 5 s the stream is tried again, and taken.
    let mut reopened = None;
    for ms in (1200..8000).step_by(100) {
        session.handle(at(ms), Input::Wake);
        for command in commands(&mut session) {
            if let Command::OpenStream { id, .. } = command {
                reopened = Some(id);
            }
        }
    }
    let reopened = reopened.expect("it is tried again");
    session.handle(at(8000), Input::StreamHead { id: reopened, head: event_stream() });
    let (head, body) = json(r#"{"seq": 1, "status": "running", "html": {"from": 0, "len": 1, "text": "x"}}"#);
    session.handle(at(8100), Input::Answer { id: read, head, body: &body });
    let hello = b"data: {\"type\":\"hello\",\"run\":1,\"after\":1,\"head\":1}\n\n";
    for ms in [8200, 8600] {
        session.handle(at(ms), Input::StreamBytes { id: reopened, bytes: hello });
    }
    assert_eq!(session.picture().connection, Connection::Live, "it is heard");
}

#[test]
fn a_refused_token_at_the_last_read_does_not_take_the_end_back() {
    let (mut session, read, stream) = with_both_legs_out();
    session.handle(at(1100), Input::StreamHead { id: stream, head: event_stream() });
    let (head, body) = json(r#"{"seq": 0, "status": "queued"}"#);
    session.handle(at(1100), Input::Answer { id: read, head, body: &body });
    commands(&mut session);
    let events = b"data: {\"seq\":1,\"type\":\"html\",\"offset\":0,\"text\":\"<p>\"}\n\n\
        data: {\"seq\":2,\"type\":\"done\",\"html_len\":3}\n\n";
    session.handle(at(1200), Input::StreamBytes { id: stream, bytes: events });
    session.handle(at(1700), Input::Wake);
    let last = commands(&mut session).into_iter().find_map(|command| match command {
        Command::Read { id, .. } => Some(id),
        _ => None,
    });
    session.handle(
        at(1800),
        Input::Answer { id: last.expect("the last read"), head: unauthorized(), body: b"" },
    );
    session.handle(at(1900), Input::Token { ticket: 2, answer: TokenAnswer::Refused });
    use generation_screen::engine::{Outcome, Phase};
    assert_eq!(session.picture().phase, Phase::Ended(Outcome::Complete));
    assert!(session.picture().marks.unconfirmed);
}

#[test]
fn a_stream_that_refuses_a_token_that_the_state_takes_costs_no_tokens() {
    let (mut session, read, stream) = with_both_legs_out();
    let state = r#"{"seq": 1, "status": "running", "html": {"from": 0, "len": 1, "text": "x"}}"#;
    let (head, body) = json(state);
    session.handle(at(1100), Input::Answer { id: read, head: head.clone(), body: &body });
    let (mut asks, mut reads, mut open) = (0, 0, Some(stream));
    for ms in (1200..61_000).step_by(100) {
        if let Some(id) = open.take() {
            session.handle(at(ms), Input::StreamHead { id, head: unauthorized() });
        }
        session.handle(at(ms), Input::Wake);
        for command in commands(&mut session) {
            match command {
                Command::AskToken { .. } => asks += 1,
                Command::OpenStream { id, .. } => open = Some(id),
                Command::Read { id, .. } => {
                    reads += 1;
                    session.handle(at(ms), Input::Answer { id, head: head.clone(), body: &body });
                }
                _ => {}
            }
        }
    }
    assert_eq!(asks, 0);
    assert!(reads > 5, "polling carries the screen: {reads} reads");
}

#[test]
fn all_times_are_divided_by_the_speed() {
    let options = Options { speed: 10.0, ..Options::default() };
    let mut session = Session::new(options, 7).expect("ten is fine");
    session.handle(at(0), Input::Start);
    session.handle(at(1), Input::Seat);
    session.handle(at(10), Input::Token { ticket: 1, answer: TokenAnswer::Fresh { expires_in: None } });
    assert!(matches!(commands(&mut session).last(), Some(Command::Read { .. })));
    // The stream waits for the first state for a tenth of a second.
    assert_eq!(session.next_wake(), Some(at(110)));
    session.handle(at(110), Input::Wake);
    assert!(matches!(commands(&mut session)[..], [Command::OpenStream { .. }]));
    // And the read is given up after one second instead of ten.
    assert_eq!(session.next_wake(), Some(at(1010)));
}

#[test]
fn a_last_state_over_the_limit_ends_with_that_outcome() {
    let options = Options { page_bytes_max: 5, ..Options::default() };
    let mut session = Session::new(options, 7).expect("five bytes are few, but some");
    session.handle(at(0), Input::Start);
    session.handle(at(1), Input::Seat);
    session.handle(at(10), Input::Token { ticket: 1, answer: TokenAnswer::Fresh { expires_in: None } });
    let read = |session: &mut Session| {
        commands(session).into_iter().find_map(|command| match command {
            Command::Read { id, .. } => Some(id),
            _ => None,
        })
    };
    let first = read(&mut session).expect("the state is read");
    let (head, body) =
        json(r#"{"seq": 1, "status": "running", "html": {"from": 0, "len": 3, "text": "abc"}}"#);
    session.handle(at(50), Input::Answer { id: first, head, body: &body });
    let [Command::OpenStream { id: stream, .. }] = commands(&mut session)[..] else { panic!("a stream") };
    session.handle(at(60), Input::StreamHead { id: stream, head: event_stream() });
    let done = b"data: {\"seq\":2,\"type\":\"done\",\"html_len\":3}\n\n";
    session.handle(at(100), Input::StreamBytes { id: stream, bytes: done });
    // The state says another length, twice: then it would replace ours, and cannot.
    for ms in [1000, 2000] {
        session.handle(at(ms), Input::Wake);
        let id = read(&mut session).expect("the last state is read");
        let (head, body) =
            json(r#"{"seq": 2, "status": "done", "html": {"from": 0, "len": 6, "text": "abcdef"}}"#);
        session.handle(at(ms + 20), Input::Answer { id, head, body: &body });
    }
    use generation_screen::engine::{Outcome, Phase};
    assert_eq!(session.picture().phase, Phase::Ended(Outcome::TooLarge));
}

#[test]
fn a_session_with_an_option_that_makes_no_sense_is_refused() {
    let error =
        Session::new(Options { speed: 0.0, ..Options::default() }, 0).expect_err("no time would pass");
    assert_eq!(error.to_string(), "option `speed` must be between 0.01 and 1000");
}

#[test]
fn a_token_is_renewed_30_s_before_its_end_or_at_half_of_a_short_life() {
    for (life_s, renewed_s) in [(300, 270), (40, 20), (10, 5)] {
        let mut session = session();
        session.handle(at(0), Input::Start);
        session.handle(at(0), Input::Seat);
        let answer = TokenAnswer::Fresh { expires_in: Some(Span::from_secs(life_s)) };
        session.handle(at(0), Input::Token { ticket: 1, answer });
        commands(&mut session);
        let asked = |session: &mut Session, ms| {
            session.handle(at(ms), Input::Wake);
            commands(session).iter().any(|command| matches!(command, Command::AskToken { .. }))
        };
        assert!(!asked(&mut session, renewed_s * 1000 - 1), "{life_s} s: not before");
        assert!(asked(&mut session, renewed_s * 1000), "{life_s} s: after {renewed_s} s");
    }
}

#[test]
fn a_state_says_whether_the_work_has_begun() {
    use generation_screen::engine::Phase;
    for (status, phase) in [("queued", Phase::Queued), ("running", Phase::Running)] {
        let (mut session, read, _) = with_both_legs_out();
        let (head, body) = json(&format!(r#"{{"seq": 0, "status": "{status}"}}"#));
        session.handle(at(1100), Input::Answer { id: read, head, body: &body });
        assert_eq!(session.picture().phase, phase);
    }
}
