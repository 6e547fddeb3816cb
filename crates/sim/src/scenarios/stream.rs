//! The stream goes wrong, or proves itself.

use generation_screen::engine::{Connection, Note, Span, StreamEnd, Why};

use super::{always, first, instead, scenario, within};
use crate::path::Frame;
use crate::script::{Cut, Job, Reply, Script, StreamFault, secs};
use crate::world::World;

scenario!(
    clean_drip,
    |_| Script::stream(|_, _| StreamFault { cut: Cut::Every(1), ..StreamFault::default() }),
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert!(world.watch.was_live());
        assert!(!world.session.picture().marks.cancelling && !world.session.picture().marks.partial);
        assert_eq!(world.watch.streams.len(), 1, "one stream is all it takes");
        let last = world.watch.connections.last();
        assert!(matches!(last, Some((_, Connection::Live))), "the last read says nothing of the connection");
        assert!(world.watch.reads.len() <= 3);
    }
);

scenario!(
    one_gulp,
    |_| Script::default().with(Job { first_after: secs(2.0), apart: Span::ZERO, ..Job::default() }),
    |world| {
        world.run_to(secs(10.0)).is_complete();
        assert_eq!(world.watch.streams.len(), 1);
        assert!(world.watch.ended_at < Some(secs(2.7)), "the end is not waited for");
    }
);

scenario!(
    split_anywhere,
    |seed| Script::stream(move |_, n| StreamFault {
        cut: Cut::Anywhere(seed + u64::from(n)),
        odd_dress: seed.is_multiple_of(2),
        ends_after: (n == 0).then_some((secs(8.0), StreamEnd::Broken)),
        cut_mid_event: true,
        ..StreamFault::default()
    }),
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert_eq!((world.watch.resets, world.watch.streams.len()), (0, 2));
    }
);

scenario!(headers_never, |_| always(&Reply::Never), |world| {
    world.run_to(secs(90.0)).is_complete();
    assert!(world.watch.content_at < Some(secs(2.7)), "{:?}", world.watch.content_at);
    assert!(!world.watch.was_live());
    let [first, second, ..] = world.watch.streams[..] else { panic!("it is tried again") };
    assert!((secs(10.0)..secs(12.0)).contains(&(second - first)), "an attempt has its ten seconds");
    let polls = world.watch.notes.iter().filter(|note| matches!(note, Note::Polling { .. })).count();
    assert_eq!(polls, 1, "it is noted once");
});

scenario!(
    body_held,
    |_| Script::stream(|_, _| StreamFault { gathered_from: Some(Span::ZERO), ..StreamFault::default() }),
    |world| {
        world.run_to(secs(8.0));
        assert!(world.watch.content_at < Some(secs(2.7)));
        assert!(matches!(world.session.picture().connection, Connection::Polling { why: Why::Unproven }));
        world.run_to(secs(90.0)).is_complete();
        assert!(!world.watch.was_live());
        assert!(world.watch.ended_at < Some(secs(23.0)), "the end comes by reading the state");
    }
);

scenario!(
    half_open,
    |_| first(|| StreamFault { mute_from: Some(secs(5.0)), ..StreamFault::default() }).with(Job::of(200)),
    |world| {
        world.run_to(secs(24.5));
        assert_ne!(world.session.picture().connection, Connection::Live, "on trial at half the idle time");
        let got = world.watch.html.len();
        world.run_to(secs(30.0));
        assert!(world.watch.html.len() > got, "and polled");
        world.run_to(secs(200.0)).is_complete();
        assert!(
            world
                .watch
                .notes
                .iter()
                .any(|note| matches!(note, Note::StreamLost { why: Why::Idle | Why::Behind, .. }))
        );
        assert_eq!(world.watch.resets, 0);
    }
);

/// Heartbeats as plain servers have them: comments, after the hellos of the first second.
fn comments(frames: &mut [Frame]) {
    for hello in frames.iter_mut().filter(|frame| frame.seq == 0).skip(2) {
        hello.text = ": alive\n\n".to_owned();
    }
}

scenario!(
    only_heartbeats,
    |_| first(|| StreamFault { edit: Some(Box::new(|frames| comments(frames))), ..StreamFault::default() })
        .with(Job { pause: secs(300.0), ..Job::default() }),
    |world| {
        world.run_to(secs(20.0));
        let reads = world.watch.reads.len();
        world.run_to(secs(295.0));
        assert_eq!(world.session.picture().connection, Connection::Live, "it really is slow");
        assert!(world.session.picture().marks.stalled);
        assert_eq!(world.watch.streams.len(), 1, "no reason to open another");
        assert_eq!(world.watch.reads.len() - reads, 2, "one look after 60 s, one after 180 s");
        assert_eq!(world.watch.unconditional_reads, 2, "which believe nothing");
        world.run_to(secs(315.0));
        assert!(!world.session.picture().marks.stalled, "it goes on");
        world.run_to(secs(400.0)).is_complete();
    }
);

scenario!(
    cut_mid_event,
    |_| Script::stream(|_, n| StreamFault {
        ends_after: (n < 3).then_some((secs(3.3), StreamEnd::Broken)),
        cut_mid_event: true,
        ..StreamFault::default()
    }),
    |world| {
        world.run_to(secs(90.0)).is_complete();
        assert_eq!(world.watch.resets, 0);
    }
);

scenario!(
    clean_eof,
    |_| first(|| StreamFault { ends_after: Some((secs(4.0), StreamEnd::Closed)), ..StreamFault::default() }),
    |world| {
        world.run_to(secs(6.0));
        assert_eq!(world.outcome(), None, "the end of a stream is not the end of the work");
        world.run_to(secs(60.0)).is_complete();
        assert!(world.watch.streams.len() >= 2);
    }
);

scenario!(
    eof_every_minute,
    |_| Script::stream(|_, _| StreamFault {
        ends_after: Some((secs(60.0), StreamEnd::Closed)),
        ..StreamFault::default()
    })
    .with(Job::of(400)),
    |world| {
        world.run_to(secs(300.0)).is_complete();
        assert_eq!(world.watch.streams.len(), 4, "once a minute");
        assert!(
            !world.watch.connections.iter().any(|(_, c)| matches!(c, Connection::Polling { .. })),
            "no need"
        );
    }
);

scenario!(
    dies_young,
    |seed| Script::stream(move |now, _| StreamFault {
        ends_after: Some((secs(0.2), StreamEnd::Broken)),
        // With and without something in each of its lives.
        mute_from: (seed.is_multiple_of(2)).then_some(now),
        ..StreamFault::default()
    })
    .with(Job::of(240)),
    |world| {
        world.run_to(secs(30.0));
        assert!(matches!(world.session.picture().connection, Connection::Polling { .. }));
        world.run_to(secs(300.0)).is_complete();
        assert!(!world.watch.was_live());
    }
);

scenario!(
    stream_429,
    |_| Script::stream(|now, _| instead((now < secs(40.0)).then(|| Reply::retry_after(429, 20))))
        .with(Job::of(200)),
    |world| {
        world.run_to(secs(15.0));
        assert!(world.watch.html.len() > 100, "polling carries the screen meanwhile");
        world.run_to(secs(200.0)).is_complete();
        let [first, second, ..] = world.watch.streams[..] else { panic!("it is tried again") };
        assert!(second - first >= secs(20.0), "no sooner than told");
        let said = world.watch.notes.iter().find_map(|note| match note {
            Note::StreamLost { retry_in, .. } => *retry_in,
            _ => None,
        });
        assert!(said >= Some(secs(20.0)), "and it is said so");
        assert!(world.watch.was_live());
    }
);

scenario!(
    bad_gateway,
    |_| Script::stream(|now, _| {
        let page = Reply::of(502, "text/html", "<html>\ndata: {\"seq\": 1}\n\n");
        instead((now < secs(8.0)).then_some(page))
    })
    .with(Job::of(240)),
    |world| {
        world.run_to(secs(200.0)).is_complete();
        assert!(world.watch.was_live());
    }
);

scenario!(not_a_stream, |_| always(&Reply::of(200, "application/json", "{}")), |world| {
    world.run_to(secs(60.0)).is_complete();
    assert_eq!(world.watch.streams.len(), 1);
});

scenario!(
    no_stream,
    |seed| {
        let index = usize::try_from(seed % 4).unwrap_or_default();
        always(&Reply::status([404, 405, 406, 501][index]))
    },
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert_eq!(world.watch.streams.len(), 1, "no means no");
        let last = world.watch.connections.last();
        assert!(matches!(last, Some((_, Connection::Polling { why: Why::NotOffered }))));
    }
);

scenario!(
    stream_204,
    |seed| {
        let job =
            if seed.is_multiple_of(2) { Job::default() } else { Job { apart: Span::ZERO, ..Job::default() } };
        always(&Reply::status(204)).with(job)
    },
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert_eq!(world.watch.streams.len(), 1);
    }
);

scenario!(
    block_4k,
    |seed| {
        // A lump comes about every 0.6 s, 1.7 s and 11 s.
        let apart = Span::from_millis([30, 80, 500][usize::try_from(seed % 3).unwrap_or_default()]);
        let lumps = |_, _| StreamFault { lump_bytes: Some(4096), ..StreamFault::default() };
        Script::stream(lumps).with(Job { apart, ..Job::of(400) })
    },
    |world| {
        world.run_to(secs(300.0)).is_complete();
        assert!(world.watch.content_at < Some(secs(2.7)));
        assert!(!world.watch.was_live(), "what comes in lumps is not live");
        let minute = |n: f64| within(&world.watch.streams, secs(60.0 * n), secs(60.0 * (n + 1.0)));
        assert!(
            minute(0.0) <= 8 && minute(2.0) <= minute(0.0),
            "{} and falling to {}",
            minute(0.0),
            minute(2.0)
        );
    }
);

scenario!(
    hello_then_held,
    |_| Script::stream(|_, _| StreamFault {
        gathered_from: Some(Span::ZERO),
        first_passes: true,
        ..StreamFault::default()
    }),
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert!(world.watch.content_at < Some(secs(2.7)));
        assert!(!world.watch.was_live());
        let first = world.watch.notes.iter().find(|note| matches!(note, Note::StreamLost { .. }));
        assert!(matches!(first, Some(Note::StreamLost { why: Why::Behind, .. })), "{first:?}");
    }
);

scenario!(
    live_then_buffered,
    |_| first(|| StreamFault { gathered_from: Some(secs(10.0)), ..StreamFault::default() })
        .with(Job::of(200)),
    |world| {
        world.run_to(secs(10.0));
        assert_eq!(world.session.picture().connection, Connection::Live);
        let got = world.watch.html.len();
        world.run_to(secs(29.5));
        assert_ne!(world.session.picture().connection, Connection::Live);
        assert!(world.watch.html.len() > got, "polled after 19 s at the latest");
        world.run_to(secs(200.0)).is_complete();
    }
);

scenario!(
    heals,
    |seed| {
        let bad = move || if seed.is_multiple_of(2) { Reply::Broken } else { Reply::status(503) };
        Script::stream(move |now, _| instead((now < secs(40.0)).then(bad))).with(Job::of(240))
    },
    |world| {
        world.run_to(secs(38.0));
        assert!(matches!(world.session.picture().connection, Connection::Polling { .. }));
        world.run_to(secs(75.0));
        assert_eq!(world.session.picture().connection, Connection::Live, "back within half a minute");
        let reads = world.watch.reads.len();
        world.run_to(secs(115.0));
        assert_eq!(world.watch.reads.len(), reads, "and polling stops");
        world.run_to(secs(300.0)).is_complete();
        assert_eq!(world.watch.resets, 0);
    }
);

scenario!(
    slow_start,
    |_| Script::default().with(Job { first_after: secs(20.0), ..Job::default() }),
    |world| {
        world.run_to(secs(19.0));
        assert_eq!(
            world.session.picture().connection,
            Connection::Live,
            "a server that thinks is not one that is gone"
        );
        world.run_to(secs(60.0)).is_complete();
        assert_eq!(world.watch.streams.len(), 1);
    }
);

scenario!(
    refused_again_and_again,
    |_| Script::stream(|now, _| StreamFault {
        reply: (now > secs(3.0)).then_some(Reply::Broken),
        ends_after: Some((secs(3.0), StreamEnd::Broken)),
        ..StreamFault::default()
    }),
    |world| {
        // Lost at 3 s; the head start after a loss is 5 s at most, and then there is an answer.
        world.run_to(secs(8.2));
        assert!(matches!(world.session.picture().connection, Connection::Polling { .. }));
        world.run_to(secs(90.0)).is_complete();
    }
);

scenario!(
    half_open_and_quiet,
    |_| first(|| StreamFault { mute_from: Some(secs(5.0)), ..StreamFault::default() })
        .with(Job { pause: secs(120.0), ..Job::default() }),
    |world| {
        world.run_to(secs(60.0));
        let first = world.watch.notes.iter().find(|note| matches!(note, Note::StreamLost { .. }));
        assert!(matches!(first, Some(Note::StreamLost { why: Why::Idle, .. })), "{first:?}");
        assert_eq!(world.session.picture().connection, Connection::Live, "a new one is there");
        world.run_to(secs(200.0)).is_complete();
    }
);

scenario!(
    stream_410,
    |_| Script::stream(|_, n| match n {
        0 => StreamFault { ends_after: Some((secs(4.0), StreamEnd::Broken)), ..StreamFault::default() },
        1 => instead(Reply::status(410)),
        _ => StreamFault::default(),
    })
    // No state says where to go on meanwhile.
    .reading(|now, _| (secs(4.0)..secs(14.0)).contains(&now).then_some(Reply::Broken)),
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert!(world.watch.was_live());
        let asked = &world.watch.last_event_ids;
        assert!(asked[1].is_some(), "the second goes on where the first was cut");
        assert_eq!(asked[2], None, "where that was is forgotten");
        assert_eq!(world.watch.resets, 0);
    }
);
