//! A session in one's own hand: facts go in one at a time. Judges nothing.

use generation_screen::engine::{
    Command, Input, Moment, Options, RequestId, ResponseHead, Session, Span, TokenAnswer, TokenReason,
};

pub(crate) fn at(ms: u64) -> Moment {
    Moment::new(Span::from_millis(ms))
}

pub(crate) fn session() -> Session {
    Session::new(Options::default(), 7).expect("the default options make sense")
}

pub(crate) fn commands(session: &mut Session) -> Vec<Command> {
    std::iter::from_fn(|| session.next_command()).collect()
}

/// A session that has its token; both its first read and its first stream are unanswered.
pub(crate) fn with_both_legs_out() -> (Session, RequestId, RequestId) {
    let mut session = session();
    session.handle(at(0), Input::Start);
    let asked = [Command::AskSeat, Command::AskToken { ticket: 1, reason: TokenReason::Start }];
    assert_eq!(commands(&mut session), asked);
    session.handle(at(1), Input::Seat);
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

pub(crate) fn unauthorized() -> ResponseHead {
    ResponseHead { status: 401, ..ResponseHead::default() }
}

pub(crate) fn json(body: &str) -> (ResponseHead, Vec<u8>) {
    let content_type = Some("application/json".to_owned());
    (ResponseHead { status: 200, content_type, ..ResponseHead::default() }, body.as_bytes().to_vec())
}

pub(crate) fn event_stream() -> ResponseHead {
    let content_type = Some("text/event-stream".to_owned());
    ResponseHead { status: 200, content_type, ..ResponseHead::default() }
}

/// Lets time pass, in steps of 50 ms, and gives what is sent, and when.
pub(crate) fn pass(session: &mut Session, from_ms: u64, to_ms: u64) -> Vec<(u64, Command)> {
    let mut sent = Vec::new();
    for ms in (from_ms..=to_ms).step_by(50) {
        session.handle(at(ms), Input::Wake);
        sent.extend(commands(session).into_iter().map(|command| (ms, command)));
    }
    sent
}

/// A state that goes on, with this much HTML.
pub(crate) fn running(seq: u64, html: &str) -> (ResponseHead, Vec<u8>) {
    let len = html.len();
    json(&format!(
        r#"{{"seq": {seq}, "status": "running", "html": {{"from": 0, "len": {len}, "text": "{html}"}}}}"#
    ))
}
