//! The session, one fact at a time: what the simulated world cannot bring about on purpose.

use std::time::Duration;

use generation_screen::engine::{
    Command, Connection, Input, Moment, Options, PageEvent, RequestId, ResponseHead, Session, TokenAnswer,
    TokenReason, Update,
};

fn at(ms: u64) -> Moment {
    Moment::new(Duration::from_millis(ms))
}

fn session() -> Session {
    Session::new(Options::default(), 7).expect("the default options make sense")
}

fn commands(session: &mut Session) -> Vec<Command> {
    std::iter::from_fn(|| session.next_command()).collect()
}

/// A session that has its token; both its first read and its first stream are unanswered.
fn with_both_legs_out() -> (Session, RequestId, RequestId) {
    let mut session = session();
    session.handle(at(0), Input::Start);
    assert_eq!(commands(&mut session), [Command::AskToken { ticket: 1, reason: TokenReason::Start }]);
    let answer = TokenAnswer::Fresh { expires_in: None };
    session.handle(at(10), Input::Token { ticket: 1, answer });
    let [Command::Read { id: read, .. }] = commands(&mut session)[..] else {
        panic!("the state is read first")
    };
    session.handle(at(1010), Input::Wake);
    let [Command::OpenStream { id: stream, .. }] = commands(&mut session)[..] else {
        panic!("then the stream opens")
    };
    (session, read, stream)
}

fn unauthorized() -> ResponseHead {
    ResponseHead { status: 401, ..ResponseHead::default() }
}

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
    assert_eq!(commands(&mut session), [Command::Abort { id: stream }, Command::Abort { id: read }]);
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
