//! What goes wrong, and what comes of it: each test is a scenario by its name in the project's list.

use std::time::Duration;

use generation_screen::engine::{Connection, Input, Outcome, PageEvent, Phase, StreamEnd, TokenAnswer, Why};

use crate::sim::{Job, Reply, Script, StreamFault, World, secs};

const SEEDS: u64 = 20;

/// Runs the script with many seeds; all that is checked must hold in each.
fn each_seed(script: impl Fn() -> Script, check: impl Fn(&mut World)) {
    for seed in 0..SEEDS {
        let run = std::panic::AssertUnwindSafe(|| check(&mut World::new(script(), seed)));
        if let Err(panic) = std::panic::catch_unwind(run) {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(panic);
        }
    }
}

fn stream(fault: impl Fn(Duration, u32) -> StreamFault + 'static) -> Script {
    Script { stream: Box::new(fault), ..Script::default() }
}

fn always(reply: Reply) -> impl Fn(Duration, u32) -> StreamFault {
    move |_, _| StreamFault { reply: Some(reply.clone()), ..StreamFault::default() }
}

fn was_live(world: &World) -> bool {
    world.watch.connections.iter().any(|(_, c)| *c == Connection::Live)
}

#[test]
fn clean_drip() {
    each_seed(
        || stream(|_, _| StreamFault { chunk_bytes: 1, ..StreamFault::default() }),
        |world| {
            world.run_to(secs(60.0)).is_complete();
            assert!(was_live(world));
            assert_eq!(world.watch.streams.len(), 1, "one stream is all it takes");
            assert!(world.watch.reads.len() <= 3, "{}", world.watch.timeline());
        },
    );
}

#[test]
fn headers_never() {
    each_seed(
        || stream(always(Reply::Never)),
        |world| {
            world.run_to(secs(90.0)).is_complete();
            assert!(world.watch.content_at < Some(secs(2.7)), "{:?}", world.watch.content_at);
            assert!(!was_live(world));
        },
    );
}

#[test]
fn body_held() {
    each_seed(
        || stream(|_, _| StreamFault { hold_for: secs(3600.0), ..StreamFault::default() }),
        |world| {
            world.run_to(secs(8.0));
            assert!(world.watch.content_at < Some(secs(2.7)));
            assert!(matches!(world.session.picture().connection, Connection::Polling { why: Why::Unproven }));
            world.run_to(secs(90.0)).is_complete();
            assert!(!was_live(world));
            assert!(world.watch.ended_at < Some(secs(23.0)), "the end comes by reading the state");
        },
    );
}

#[test]
fn half_open() {
    each_seed(
        || Script {
            job: Job { pieces: 200, ..Job::default() },
            ..stream(|_, n| StreamFault {
                mute_from: (n == 0).then_some(secs(5.0)),
                ..StreamFault::default()
            })
        },
        |world| {
            world.run_to(secs(24.5));
            assert_ne!(
                world.session.picture().connection,
                Connection::Live,
                "on trial at half the idle time"
            );
            let got = world.watch.html.len();
            world.run_to(secs(30.0));
            assert!(world.watch.html.len() > got, "and polled");
            world.run_to(secs(200.0)).is_complete();
            assert!(world.watch.streams.len() >= 2);
        },
    );
}

#[test]
fn clean_eof() {
    each_seed(
        || {
            stream(|_, n| StreamFault {
                ends_after: (n == 0).then_some((secs(4.0), StreamEnd::Closed)),
                ..StreamFault::default()
            })
        },
        |world| {
            world.run_to(secs(6.0));
            assert_eq!(world.outcome(), None, "the end of a stream is not the end of the work");
            world.run_to(secs(60.0)).is_complete();
            assert!(world.watch.streams.len() >= 2);
        },
    );
}

#[test]
fn cut_mid_event() {
    each_seed(
        || {
            stream(|_, n| StreamFault {
                ends_after: (n < 3).then_some((secs(3.3), StreamEnd::Broken)),
                cut_mid_event: true,
                ..StreamFault::default()
            })
        },
        |world| {
            world.run_to(secs(90.0)).is_complete();
            assert_eq!(world.watch.resets, 0);
        },
    );
}

#[test]
fn dies_young() {
    each_seed(
        || Script {
            job: Job { pieces: 240, ..Job::default() },
            ..stream(|_, _| StreamFault {
                ends_after: Some((secs(0.2), StreamEnd::Broken)),
                ..StreamFault::default()
            })
        },
        |world| {
            world.run_to(secs(30.0));
            assert!(matches!(world.session.picture().connection, Connection::Polling { .. }));
            world.run_to(secs(300.0)).is_complete();
        },
    );
}

#[test]
fn no_stream() {
    for status in [404, 405, 406, 501, 204] {
        each_seed(
            || stream(always(Reply::status(status))),
            |world| {
                world.run_to(secs(60.0)).is_complete();
                assert_eq!(world.watch.streams.len(), 1, "no more attempts after {status}");
            },
        );
    }
}

#[test]
fn not_a_stream() {
    each_seed(
        || stream(always(Reply::of(200, "application/json", "{}"))),
        |world| {
            world.run_to(secs(60.0)).is_complete();
            assert_eq!(world.watch.streams.len(), 1);
        },
    );
}

#[test]
fn bad_gateway() {
    let html = "<html>\ndata: {\"seq\": 1}\n\n";
    each_seed(
        || {
            stream(move |now, _| StreamFault {
                reply: (now < secs(8.0)).then(|| Reply::of(502, "text/html", html)),
                ..StreamFault::default()
            })
        },
        |world| world.run_to(secs(60.0)).is_complete(),
    );
}

#[test]
fn retry_after() {
    each_seed(
        || {
            let busy = |now: Duration| (now < secs(60.0)).then(|| Reply::retry_after(503, 20));
            Script {
                read: Box::new(move |now, _| busy(now)),
                ..stream(move |now, _| StreamFault { reply: busy(now), ..StreamFault::default() })
            }
        },
        |world| {
            world.run_to(secs(60.0));
            let requests = world.watch.streams.len() + world.watch.reads.len();
            assert!(requests <= 6, "{requests} requests");
            assert!(matches!(
                world.session.picture().connection,
                Connection::Reconnecting { why: Why::Trouble, .. }
            ));
            world.run_to(secs(150.0)).is_complete();
        },
    );
}

#[test]
fn expired_token() {
    each_seed(
        || Script {
            token_valid: Box::new(|now, number| now < secs(6.0) || number >= 2),
            stream: Box::new(|now, _| StreamFault {
                ends_after: (now < secs(6.0)).then(|| (secs(6.0) - now, StreamEnd::Closed)),
                ..StreamFault::default()
            }),
            ..Script::default()
        },
        |world| {
            world.run_to(secs(60.0)).is_complete();
            assert_eq!(world.watch.token_asks.len(), 2, "one refresh serves both legs");
        },
    );
}

#[test]
fn a_token_whose_life_is_known_is_renewed_before_it_ends() {
    each_seed(
        || Script {
            job: Job { pieces: 240, ..Job::default() },
            token: Box::new(|_, _| Some(TokenAnswer::Fresh { expires_in: Some(secs(60.0)) })),
            token_valid: Box::new(|now, number| now < secs(61.0) * u32::try_from(number).unwrap_or(1)),
            ..Script::default()
        },
        |world| {
            world.run_to(secs(200.0)).is_complete();
            assert!(world.watch.token_asks.len() >= 4);
            assert_eq!(world.watch.resets, 0);
        },
    );
}

#[test]
fn signed_out() {
    each_seed(
        || Script {
            token_valid: Box::new(|now, _| now < secs(5.0) || now > secs(100.0)),
            ..stream(|now, _| {
                let ends_after = (now < secs(5.0)).then(|| (secs(5.0) - now, StreamEnd::Closed));
                StreamFault { ends_after, ..StreamFault::default() }
            })
        },
        |world| {
            world.run_to(secs(20.0));
            assert_eq!(
                world.session.picture().connection,
                Connection::SignedOut,
                "{}",
                world.watch.timeline()
            );
            let requests = (world.watch.streams.len(), world.watch.reads.len(), world.watch.html.len());
            world.run_to(secs(101.0));
            assert_eq!(
                requests,
                (world.watch.streams.len(), world.watch.reads.len(), world.watch.html.len())
            );
            world.input(Input::Start);
            world.run_to(secs(120.0)).is_complete();
        },
    );
}

#[test]
fn token_hangs() {
    each_seed(
        || Script { token: Box::new(|_, _| None), ..Script::default() },
        |world| {
            world.run_to(secs(21.0));
            assert_eq!(world.session.picture().connection, Connection::SignedOut);
            assert_eq!((world.watch.token_asks.len(), world.watch.reads.len()), (2, 0));
        },
    );
    each_seed(
        || Script {
            token: Box::new(|now, _| {
                Some(if now < secs(8.0) {
                    TokenAnswer::Failed
                } else {
                    TokenAnswer::Fresh { expires_in: None }
                })
            }),
            ..Script::default()
        },
        |world| world.run_to(secs(60.0)).is_complete(),
    );
}

#[test]
fn forbidden_gone_and_not_found() {
    for (status, outcome, most) in
        [(403, Outcome::Forbidden, 2), (410, Outcome::Gone, 2), (404, Outcome::NotFound, 5)]
    {
        each_seed(
            || Script {
                read: Box::new(move |_, _| Some(Reply::status(status))),
                ..stream(always(Reply::status(status)))
            },
            |world| {
                world.run_to(secs(20.0));
                assert_eq!(world.outcome(), Some(outcome));
                assert!(
                    world.watch.streams.len() + world.watch.reads.len() <= most,
                    "{}",
                    world.watch.timeline()
                );
                assert!(world.watch.ended_at < Some(secs(4.6)));
            },
        );
    }
}

#[test]
fn not_yet() {
    each_seed(
        || {
            let not_yet = |now: Duration| (now < secs(2.0)).then(|| Reply::status(404));
            Script {
                read: Box::new(move |now, _| not_yet(now)),
                ..stream(move |now, _| StreamFault { reply: not_yet(now), ..StreamFault::default() })
            }
        },
        |world| {
            world.run_to(secs(60.0)).is_complete();
            assert!(was_live(world));
        },
    );
}

#[test]
fn missing_one() {
    each_seed(
        || {
            stream(|_, n| StreamFault {
                lost_seqs: if n == 0 { [17].into() } else { [].into() },
                ..StreamFault::default()
            })
        },
        |world| {
            world.run_to(secs(60.0)).is_complete();
            assert!(world.watch.streams.len() == 2, "one reconnection\n{}", world.watch.timeline());
            assert!(world.watch.reads.len() <= 4);
        },
    );
}

#[test]
fn restarted() {
    let job = Job { restarts_at: Some(secs(7.0)), ..Job::default() };
    for streams in [true, false] {
        let job = job.clone();
        each_seed(
            move || Script {
                job: job.clone(),
                ..stream(move |_, _| StreamFault {
                    reply: (!streams).then(|| Reply::status(501)),
                    ..StreamFault::default()
                })
            },
            |world| {
                world.run_to(secs(90.0)).is_complete();
                assert_eq!((world.session.picture().run, world.watch.resets), (2, 1));
                assert!(!world.watch.html.contains("run 1"), "no byte of the old run stays");
            },
        );
    }
}

#[test]
fn poll_hangs() {
    each_seed(
        || Script {
            read: Box::new(|now, _| (now < secs(30.0)).then_some(Reply::Never)),
            ..stream(|_, n| StreamFault {
                ends_after: (n == 0).then_some((secs(5.0), StreamEnd::Broken)),
                ..StreamFault::default()
            })
        },
        |world| {
            world.run_to(secs(90.0)).is_complete();
            assert!(was_live(world), "the stream is still tried");
        },
    );
}

#[test]
fn heals() {
    each_seed(
        || Script {
            job: Job { pieces: 240, ..Job::default() },
            ..stream(|now, _| StreamFault {
                reply: (now < secs(40.0)).then_some(Reply::Broken),
                ..StreamFault::default()
            })
        },
        |world| {
            world.run_to(secs(38.0));
            assert!(matches!(world.session.picture().connection, Connection::Polling { .. }));
            world.run_to(secs(101.0));
            assert_eq!(world.session.picture().connection, Connection::Live, "back within a minute");
            let reads = world.watch.reads.len();
            world.run_to(secs(115.0));
            assert_eq!(world.watch.reads.len(), reads, "and polling stops");
            world.run_to(secs(300.0)).is_complete();
        },
    );
}

#[test]
fn offline() {
    each_seed(
        || Script {
            job: Job { pieces: 120, ..Job::default() },
            read: Box::new(|now, _| (secs(10.0)..secs(40.0)).contains(&now).then_some(Reply::Broken)),
            stream: Box::new(|now, _| StreamFault {
                reply: (secs(10.0)..secs(40.0)).contains(&now).then_some(Reply::Broken),
                mute_from: (now < secs(40.0)).then_some(secs(10.0)),
                ..StreamFault::default()
            }),
            page: vec![(secs(10.1), PageEvent::Offline), (secs(40.0), PageEvent::Online)],
            ..Script::default()
        },
        |world| {
            world.run_to(secs(11.0));
            assert_eq!(world.session.picture().connection, Connection::Offline);
            let requests = world.watch.streams.len() + world.watch.reads.len();
            world.run_to(secs(39.9));
            assert_eq!(requests, world.watch.streams.len() + world.watch.reads.len(), "nothing is sent");
            let got = world.watch.html.len();
            world.run_to(secs(41.5));
            assert!(world.watch.html.len() > got, "resumed within 1.5 s\n{}", world.watch.timeline());
            world.run_to(secs(120.0)).is_complete();
        },
    );
}

#[test]
fn asleep() {
    each_seed(Script::default, |world| {
        world.run_to(secs(5.0));
        world.sleep_to(secs(3600.0));
        world.run_to(secs(3602.0)).is_complete();
    });
}

#[test]
fn back_button() {
    each_seed(
        || Script {
            page: vec![(secs(5.0), PageEvent::PageHide), (secs(12.0), PageEvent::PageShow)],
            ..Script::default()
        },
        |world| {
            world.run_to(secs(6.0));
            assert!(world.watch.open_streams.is_empty(), "nothing stays open in a page that was left");
            let reads = world.watch.reads.len();
            world.run_to(secs(11.9));
            assert_eq!(world.watch.reads.len(), reads);
            world.run_to(secs(60.0)).is_complete();
            assert_eq!(world.watch.resets, 0);
        },
    );
}

#[test]
fn cancel() {
    each_seed(
        || Script { cancel_at: Some(secs(5.0)), ..Script::default() },
        |world| {
            world.run_to(secs(5.01));
            assert!(world.session.picture().marks.cancelling);
            world.run_to(secs(60.0));
            assert_eq!((world.outcome(), world.watch.cancels), (Some(Outcome::Cancelled), 1));
            assert!(world.session.picture().marks.partial);
            assert!(world.watch.ended_at < Some(secs(6.5)));
        },
    );
}

#[test]
fn unmount() {
    for ms in (0..25_000).step_by(170) {
        let mut world = World::new(Script::default(), ms);
        world.run_to(Duration::from_millis(ms));
        world.input(Input::Stop);
        assert!(world.watch.open_streams.is_empty());
        assert_eq!(world.session.next_wake(), None);
    }
}

#[test]
fn final_read_hangs() {
    each_seed(
        || Script {
            read: Box::new(|now, _| (now > secs(20.0)).then_some(Reply::Never)),
            ..Script::default()
        },
        |world| {
            world.run_to(secs(60.0)).is_complete();
            assert!(world.session.picture().marks.unconfirmed);
            assert!(world.watch.ended_at < Some(secs(32.0)));
        },
    );
}

#[test]
fn final_read_says_another_length() {
    let short = r#"{"run": 1, "seq": 99, "status": "done", "html": {"from": 0, "len": 3, "text": "abc"}}"#;
    each_seed(
        || Script {
            read: Box::new(move |now, _| {
                (now > secs(20.0)).then(|| Reply::of(200, "application/json", short))
            }),
            ..Script::default()
        },
        |world| {
            world.run_to(secs(60.0));
            assert_eq!(world.outcome(), Some(Outcome::Incomplete));
            assert_eq!(world.watch.html, "abc", "read once more from 0");
        },
    );
}

#[test]
fn a_session_with_an_option_that_makes_no_sense_is_refused() {
    use generation_screen::engine::{Options, Session};
    let options = Options { speed: 0.0, ..Options::default() };
    let error = Session::new(options, 0).expect_err("no time would pass");
    assert_eq!(error.to_string(), "option `speed` must be between 0.01 and 1000");
}

#[test]
fn a_screen_that_begins_after_the_end_needs_one_read() {
    let job = Job { pieces: 4, apart: secs(0.0), first_after: secs(0.0), ..Job::default() };
    each_seed(
        || Script { job: job.clone(), ..Script::default() },
        |world| {
            world.run_to(secs(10.0)).is_complete();
            assert_eq!((world.watch.reads.len(), world.watch.streams.len()), (1, 0));
            assert_eq!(world.session.picture().phase, Phase::Ended(Outcome::Complete));
        },
    );
}
