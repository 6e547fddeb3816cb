//! The state goes wrong, or changes under the screen.

use generation_screen::engine::Span;

use generation_screen::engine::{Connection, Outcome, Phase, StreamEnd, Why};

use super::{always, each_seed, stream, was_live};
use crate::sim::{Job, Reply, Script, StreamFault, secs};

#[test]
fn retry_after() {
    each_seed(
        || {
            let busy = |now: Span| (now < secs(60.0)).then(|| Reply::retry_after(503, 20));
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
            let not_yet = |now: Span| (now < secs(2.0)).then(|| Reply::status(404));
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
