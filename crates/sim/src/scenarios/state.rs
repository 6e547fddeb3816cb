//! The state goes wrong, or changes under the screen.

use generation_screen::engine::{Connection, Note, Outcome, Phase, Span, StreamEnd, Why};

use super::{always, first, instead, scenario, within};
use crate::script::{Job, ReadFault, Reply, Script, StreamFault, secs};
use crate::world::World;

/// Both legs get this while it lasts, and a stream that is open then ends.
fn both(reply: fn() -> Reply, from: f64, to: f64) -> Script {
    let now_is_bad = move |now: Span| (secs(from)..secs(to)).contains(&now).then(reply);
    Script::stream(move |now, _| StreamFault {
        reply: now_is_bad(now),
        ends_after: (now < secs(from)).then(|| (secs(from) - now, StreamEnd::Broken)),
        ..StreamFault::default()
    })
    .reading(move |now, _| now_is_bad(now))
}

scenario!(retry_after, |_| both(|| Reply::retry_after(503, 20), 0.0, 60.0), |world| {
    world.run_to(secs(60.0));
    assert!(world.watch.requests() <= 6, "{} requests", world.watch.requests());
    assert!(matches!(world.session.picture().connection, Connection::Reconnecting { why: Why::Trouble, .. }));
    world.run_to(secs(150.0)).is_complete();
});

scenario!(
    captive_portal,
    |_| both(|| Reply::of(200, "text/html", "<html>please sign in"), 5.0, 40.0).with(Job::of(400)),
    |world| {
        world.run_to(secs(7.0));
        let got = world.watch.html.len();
        world.run_to(secs(39.9));
        assert!(matches!(world.session.picture().connection, Connection::Reconnecting { .. }));
        assert_eq!((world.outcome(), world.watch.html.len()), (None, got), "no content, no end");
        world.run_to(secs(57.0));
        assert!(world.watch.html.len() > got, "content 17 s after it is gone");
        world.run_to(secs(100.0));
        assert_eq!(world.session.picture().connection, Connection::Live, "the stream 60 s after it is gone");
        world.run_to(secs(300.0)).is_complete();
    }
);

scenario!(
    forbidden,
    |seed| {
        let status = if seed.is_multiple_of(2) { 403 } else { 410 };
        always(&Reply::status(status)).reading(move |_, _| Some(Reply::status(status)))
    },
    |world| {
        world.run_to(secs(20.0));
        let outcome = if world.seed.is_multiple_of(2) { Outcome::Forbidden } else { Outcome::Gone };
        assert_eq!(world.outcome(), Some(outcome));
        assert!(world.watch.requests() <= 2);
        assert!(!world.session.picture().marks.partial, "there is nothing of it");
    }
);

scenario!(not_yet, |_| both(|| Reply::status(404), 0.0, 2.0), |world| {
    world.run_to(secs(60.0)).is_complete();
    assert!(world.watch.was_live());
});

scenario!(not_found, |_| always(&Reply::status(404)).reading(|_, _| Some(Reply::status(404))), |world| {
    world.run_to(secs(20.0));
    assert_eq!(world.outcome(), Some(Outcome::NotFound));
    assert!(world.watch.requests() <= 5);
    assert!(world.watch.ended_at < Some(secs(4.6)));
});

scenario!(
    restarted,
    |seed| Script::stream(move |_, _| instead((seed.is_multiple_of(3)).then(|| Reply::status(501))))
        .reading(move |now, _| {
            let hangs = seed % 3 == 1 && (secs(5.0)..secs(20.0)).contains(&now);
            hangs.then_some(Reply::Never)
        })
        .with(Job { restarts_at: Some(secs(7.0)), ..Job::default() }),
    |world| {
        world.run_to(secs(90.0)).is_complete();
        assert_eq!((world.session.picture().run, world.watch.resets), (2, 1));
        assert!(!world.watch.html.contains("run 1"), "no byte of the old run stays");
        assert!(world.watch.notes.contains(&Note::NewRun { run: 2 }));
    }
);

scenario!(
    restart_while_away,
    |_| both(|| Reply::Broken, 5.0, 9.0).with(Job { restarts_at: Some(secs(7.0)), ..Job::default() }),
    |world| {
        world.run_to(secs(90.0)).is_complete();
        assert_eq!((world.session.picture().run, world.watch.resets), (2, 1));
        assert!(!world.watch.html.contains("run 1"));
    }
);

scenario!(
    stale_old_run,
    |_| Script {
        read: Box::new(|now, n| ReadFault {
            as_of: (now > secs(8.0) && n.is_multiple_of(2)).then_some(secs(6.0)),
            ..ReadFault::default()
        }),
        ..Script::stream(|now, _| instead((now > secs(3.0)).then_some(Reply::Broken)))
    }
    .with(Job { restarts_at: Some(secs(7.0)), ..Job::default() }),
    |world| {
        world.run_to(secs(120.0)).is_complete();
        assert_eq!((world.session.picture().run, world.watch.resets), (2, 1), "run 1 does not come back");
        assert!(world.watch.notes.iter().any(|note| matches!(note, Note::Dropped { .. })));
    }
);

scenario!(
    stale_state,
    |_| Script {
        read: Box::new(|now, n| ReadFault {
            as_of: (n % 3 == 2).then(|| now - secs(5.0)),
            ..ReadFault::default()
        }),
        ..always(&Reply::status(501))
    },
    |world| {
        world.run_to(secs(90.0)).is_complete();
        assert_eq!(world.watch.resets, 0, "nothing rolls back");
    }
);

scenario!(
    empty_polls,
    |_| Script {
        read: Box::new(|now, _| ReadFault {
            reply: (secs(10.0)..secs(150.0)).contains(&now).then(|| Reply::status(204)),
            does_not_hold: true,
            ..ReadFault::default()
        }),
        ..always(&Reply::status(501))
    },
    |world| {
        world.run_to(secs(150.0));
        assert!(!world.watch.has_seat(), "what keeps nothing open needs no seat");
        for from in [10.0, 40.0, 90.0] {
            assert!(within(&world.watch.reads, secs(from), secs(from + 60.0)) <= 25);
        }
        world.run_to(secs(200.0)).is_complete();
    }
);

scenario!(
    poll_hangs,
    |_| first(|| StreamFault { ends_after: Some((secs(5.0), StreamEnd::Broken)), ..StreamFault::default() })
        .reading(|now, _| (now < secs(30.0)).then_some(Reply::Never)),
    |world| {
        world.run_to(secs(90.0)).is_complete();
        assert!(world.watch.was_live(), "the stream is still tried");
    }
);

scenario!(
    proxy_cuts_holds,
    |_| Script {
        read: Box::new(|_, _| ReadFault { hold_cut_after: Some(secs(5.0)), ..ReadFault::default() }),
        ..always(&Reply::status(501))
    }
    .with(Job { pause: secs(120.0), ..Job::default() }),
    |world| {
        world.run_to(secs(120.0));
        let cuts = world.watch.notes.iter().filter(|note| **note == Note::ReadFailed { status: 504 }).count();
        assert!((2..=3).contains(&cuts), "half the wait, and then timed polling: {cuts} cuts");
        world.run_to(secs(200.0)).is_complete();
    }
);

scenario!(
    cors_blind,
    |seed| Script {
        read: Box::new(|_, _| ReadFault { is_blind: true, ..ReadFault::default() }),
        ..Script::stream(move |now, _| StreamFault {
            ends_after: (now < secs(5.0)).then_some((secs(5.0), StreamEnd::Broken)),
            reply: (seed.is_multiple_of(2) && now > secs(3.0)).then(|| Reply::status(501)),
            ..StreamFault::default()
        })
    },
    |world| {
        if world.seed.is_multiple_of(2) {
            world.run_to(secs(15.0));
            assert!(!world.watch.has_seat(), "no stream, and no read can be held");
        }
        world.run_to(secs(90.0)).is_complete();
    }
);

scenario!(
    begins_after_the_end,
    |_| Script::default().with(Job { first_after: Span::ZERO, apart: Span::ZERO, ..Job::of(4) }),
    |world| {
        world.run_to(secs(10.0)).is_complete();
        assert_eq!((world.watch.reads.len(), world.watch.streams.len()), (1, 0));
        assert_eq!(world.session.picture().phase, Phase::Ended(Outcome::Complete));
    }
);

scenario!(server_away, |_| both(|| Reply::Broken, 15.0, 45.0).with(Job::of(240)), |world| {
    world.run_to(secs(44.0));
    assert!(matches!(world.session.picture().connection, Connection::Reconnecting { .. }));
    let got = world.watch.html.len();
    world.run_to(secs(61.0));
    assert!(world.watch.html.len() > got, "content 16 s after it is back");
    let said = |is: fn(&Connection) -> bool| {
        let mut after = world.watch.connections.iter().filter(|(at, _)| *at > secs(45.0));
        after.find(|(_, connection)| is(connection)).map(|(at, _)| *at)
    };
    let read = said(|c| matches!(c, Connection::Polling { .. }));
    let live = said(|c| *c == Connection::Live).expect("the stream is back");
    // Unless the ten attempts of the last minute are spent.
    let spent = within(&world.watch.streams, live - secs(61.0), live) >= 10;
    let soon = read.is_none_or(|read| live < read + secs(3.0));
    assert!(spent || soon, "a good answer ends the wait of both");
    world.run_to(secs(200.0)).is_complete();
});

scenario!(
    only_held_reads,
    |_| always(&Reply::status(501)).with(Job { pause: secs(120.0), ..Job::default() }),
    |world| {
        world.run_to(secs(120.0));
        let failed = world.watch.notes.iter().any(|note| matches!(note, Note::ReadFailed { .. }));
        assert!(!failed, "a held read has its wait");
        assert!(within(&world.watch.reads, secs(10.0), secs(120.0)) <= 6);
        world.run_to(secs(200.0)).is_complete();
    }
);

scenario!(
    live_beside_a_state_that_is_gone,
    |seed| Script::default()
        .reading(move |now, _| {
            let index = usize::try_from(seed % 3).unwrap_or_default();
            (now > secs(5.0)).then(|| Reply::status([403, 404, 410][index]))
        })
        .with(Job { pause: secs(200.0), ..Job::default() }),
    |world| {
        world.run_to(secs(190.0));
        assert!(world.watch.reads.len() >= 3, "the quiet checks asked");
        assert_eq!(world.session.picture().connection, Connection::Live, "what is live is not gone");
        world.run_to(secs(300.0)).is_complete();
        assert!(world.session.picture().marks.unconfirmed);
    }
);

scenario!(
    restarted_under_a_mute_stream,
    |_| first(|| StreamFault {
        mute_from: Some(secs(6.0)),
        // What cuts it does not tell us.
        ends_after: Some((secs(300.0), StreamEnd::Broken)),
        ..StreamFault::default()
    })
    .with(Job { restarts_at: Some(secs(7.0)), ..Job::of(100) }),
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert_eq!((world.session.picture().run, world.watch.resets), (2, 1));
        // Read at half the idle time; a stream of run 1 has nothing to say any more.
        let [_, second, ..] = world.watch.streams[..] else { panic!("one for each run") };
        assert!(second < secs(26.0), "at once: {second:?}");
    }
);
