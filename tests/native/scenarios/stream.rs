//! The stream goes wrong, or proves itself.

use generation_screen::engine::{Connection, StreamEnd, Why};

use super::{always, each_seed, stream, was_live};
use crate::sim::{Job, Reply, Script, StreamFault, secs};

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
fn a_stream_that_is_refused_again_and_again_does_not_put_polling_off() {
    each_seed(
        || {
            stream(|now, _| StreamFault {
                reply: (now > secs(3.0)).then_some(Reply::Broken),
                ends_after: Some((secs(3.0), StreamEnd::Broken)),
                ..StreamFault::default()
            })
        },
        |world| {
            // Lost at 3 s; the head start after a loss is 5 s at most, and then there is an answer.
            world.run_to(secs(8.2));
            assert!(
                matches!(world.session.picture().connection, Connection::Polling { .. }),
                "{}",
                world.watch.timeline()
            );
            world.run_to(secs(90.0)).is_complete();
        },
    );
}
