//! The page goes offline, sleeps, is left, goes away, or is not alone.

use generation_screen::engine::{Connection, Input, PageEvent, Span, StreamEnd, TokenAnswer, Why};

use super::{always, instead, scenario, within};
use crate::script::{Job, Reply, Script, StreamFault, secs};
use crate::world::World;

/// No network, and the browser says so.
fn no_network(now: Span) -> Option<Reply> {
    (secs(10.0)..secs(40.0)).contains(&now).then_some(Reply::Broken)
}

scenario!(
    offline,
    |_| Script {
        page: vec![(secs(10.1), PageEvent::Offline), (secs(40.0), PageEvent::Online)],
        ..Script::stream(|now, _| StreamFault {
            mute_from: (now < secs(40.0)).then_some(secs(10.0)),
            ..instead(no_network(now))
        })
    }
    .reading(|now, _| no_network(now))
    .with(Job::of(120)),
    |world| {
        world.run_to(secs(11.0));
        assert_eq!(world.session.picture().connection, Connection::Offline);
        let requests = world.watch.requests();
        world.run_to(secs(39.9));
        assert_eq!(requests, world.watch.requests(), "nothing is sent");
        let got = world.watch.html.len();
        world.run_to(secs(41.5));
        assert!(world.watch.html.len() > got, "resumed within 1.5 s");
        world.run_to(secs(120.0)).is_complete();
    }
);

scenario!(
    offline_is_false,
    |seed| Script {
        page: vec![(Span::ZERO, PageEvent::Offline)],
        // Bytes say otherwise, or answers alone.
        ..Script::stream(move |_, _| instead((seed % 2 == 1).then(|| Reply::status(501))))
    },
    |world| {
        world.run_to(secs(1.0));
        assert_ne!(world.session.picture().connection, Connection::Offline);
        world.run_to(secs(60.0)).is_complete();
        assert_eq!(world.watch.was_live(), world.seed.is_multiple_of(2));
    }
);

scenario!(asleep, |_| Script::default(), |world| {
    world.run_to(secs(5.0));
    world.sleep_to(secs(3600.0));
    world.run_to(secs(3602.0)).is_complete();
    assert!(world.watch.reads.len() <= 4, "one late wake, one read, done");
});

scenario!(
    hidden,
    |seed| Script {
        page: vec![(secs(5.0), PageEvent::Hidden), (secs(605.0), PageEvent::Visible)],
        // With a stream that goes on, and with one that went silent meanwhile.
        ..Script::stream(move |now, _| StreamFault {
            mute_from: (seed.is_multiple_of(2) && now < secs(600.0)).then_some(secs(20.0).max(now)),
            ..StreamFault::default()
        })
    }
    .with(Job::of(1300)),
    |world| {
        world.run_to(secs(604.9));
        assert!(within(&world.watch.reads, secs(100.0), secs(600.0)) <= 20, "nobody looks: little is asked");
        world.run_to(secs(606.0));
        assert!(
            world.watch.html.len() >= world.server.html_of(1, secs(605.0)).len(),
            "right within a second"
        );
        world.run_to(secs(615.0));
        let sent =
            [&world.watch.reads, &world.watch.streams].map(|times| within(times, secs(605.0), secs(615.0)));
        assert!(sent[0] + sent[1] <= 4, "{sent:?} requests in the ten seconds after");
        world.run_to(secs(900.0)).is_complete();
    }
);

scenario!(reload, |_| Script::default(), |world| {
    world.run_to(secs(8.0));
    world.reload();
    world.run_to(secs(9.0));
    assert!(world.watch.html.len() >= world.server.html_of(1, secs(8.0)).len(), "all there was, at once");
    assert!(world.session.picture().marks.resumed);
    world.run_to(secs(60.0)).is_complete();
    assert_eq!(world.watch.streams.len(), 2, "one before, one after");
});

scenario!(
    back_button,
    |_| Script {
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
    }
);

scenario!(
    unmount,
    |seed| match seed % 4 {
        0 => Script::default(),
        // While it opens, while it waits, while it refreshes.
        1 => always(&Reply::Never),
        2 => always(&Reply::Broken),
        _ => Script {
            token: Box::new(|_, n| (n == 0).then_some(TokenAnswer::Fresh { expires_in: Some(secs(6.0)) })),
            ..Script::default()
        },
    },
    |world| {
        let at = Span::from_millis(world.seed * 173 % 26_000);
        world.run_to(at);
        world.input(&Input::Stop);
        assert!(world.watch.open_streams.is_empty());
        assert_eq!(world.session.next_wake(), None);
        let requests = world.watch.requests();
        world.run_to(at + secs(60.0));
        for input in [Input::Start, Input::Cancel, Input::Seat, Input::Page(PageEvent::Online)] {
            world.input(&input);
        }
        assert_eq!(world.watch.requests(), requests, "nothing after it");
    }
);

scenario!(two_screens, |_| Script::default(), |world| {
    let mut other = World::new(Script::default(), world.seed + 1, false);
    for second in 1..60 {
        world.run_to(Span::from_secs(second));
        other.run_to(Span::from_secs(second));
    }
    world.is_complete();
    other.is_complete();
    assert!(world.watch.was_live() && other.watch.was_live());
});

scenario!(crowded_out, |_| Script { seat: Box::new(|_| None), ..Script::default() }, |world| {
    world.run_to(secs(10.0));
    assert_eq!(world.session.picture().connection, Connection::Polling { why: Why::Crowded });
    world.run_to(secs(60.0)).is_complete();
    assert!(world.watch.streams.is_empty(), "no seat, no stream");
    assert!(world.watch.content_at < Some(secs(3.7)));
});

scenario!(
    seat_comes_late,
    |_| Script { seat: Box::new(|now| Some(secs(8.0) - now)), ..Script::default() },
    |world| {
        world.run_to(secs(7.9));
        assert!(world.watch.streams.is_empty());
        world.run_to(secs(10.0));
        assert_eq!(world.session.picture().connection, Connection::Live);
        world.run_to(secs(60.0)).is_complete();
    }
);

scenario!(
    hidden_without_a_network,
    |_| Script {
        page: vec![(secs(5.0), PageEvent::Hidden), (secs(605.0), PageEvent::Visible)],
        ..Script::stream(|now, _| StreamFault {
            ends_after: (now < secs(6.0)).then(|| (secs(6.0) - now, StreamEnd::Broken)),
            ..instead((secs(6.0)..secs(600.0)).contains(&now).then_some(Reply::Broken))
        })
    }
    .reading(|now, _| (secs(6.0)..secs(600.0)).contains(&now).then_some(Reply::Broken))
    .with(Job::of(1300)),
    |world| {
        world.run_to(secs(604.9));
        let sent = [&world.watch.reads, &world.watch.streams].map(|at| within(at, secs(6.0), secs(605.0)));
        assert!(sent[0] + sent[1] <= 50, "{sent:?} requests in ten minutes that nobody sees");
        assert!(!world.session.picture().marks.stalled, "it is not connected");
        world.run_to(secs(606.0));
        assert!(
            world.watch.html.len() >= world.server.html_of(1, secs(605.0)).len(),
            "right within a second"
        );
        world.run_to(secs(900.0)).is_complete();
    }
);

scenario!(
    offline_for_long,
    |_| Script {
        page: vec![(secs(10.1), PageEvent::Offline)],
        ..Script::stream(|now, _| StreamFault {
            ends_after: (now < secs(10.0)).then(|| (secs(10.0) - now, StreamEnd::Broken)),
            ..instead((secs(10.0)..secs(45.0)).contains(&now).then_some(Reply::Broken))
        })
    }
    .reading(|now, _| (secs(10.0)..secs(45.0)).contains(&now).then_some(Reply::Broken))
    .with(Job::of(300)),
    |world| {
        world.run_to(secs(44.0));
        let sent = [&world.watch.streams, &world.watch.reads].map(|at| within(at, secs(10.2), secs(44.0)));
        assert_eq!(sent, [0, 1], "one look each half minute, and no stream");
        let got = world.watch.html.len();
        // The browser never says that it is online again.
        world.run_to(secs(75.0));
        assert!(world.watch.html.len() > got, "an answer says so");
        world.run_to(secs(300.0)).is_complete();
    }
);

scenario!(
    left_early,
    |seed| {
        let at = Span::from_millis(seed * 7 % 140);
        Script {
            page: vec![(at, PageEvent::PageHide), (secs(30.0), PageEvent::PageShow)],
            ..Script::default()
        }
    },
    |world| {
        world.run_to(Span::from_millis(150));
        let before = (world.watch.requests(), world.watch.token_asks.len());
        world.run_to(secs(29.9));
        let after = (world.watch.requests(), world.watch.token_asks.len());
        assert_eq!(before, after, "a page that was left asks for nothing");
        assert!(!world.watch.has_seat(), "and takes nobody's seat");
        world.run_to(secs(60.0)).is_complete();
    }
);

scenario!(
    crowded_out_without_a_network,
    |_| Script { seat: Box::new(|_| None), ..Script::default() }
        .reading(|now, _| (now < secs(60.0)).then_some(Reply::Broken)),
    |world| {
        world.run_to(secs(50.0));
        let Connection::Reconnecting { at, why } = world.session.picture().connection else {
            panic!("{:?}", world.session.picture().connection)
        };
        assert!(why != Why::Crowded && at.since_origin() > secs(45.0), "{why:?} at {at:?}");
        world.run_to(secs(120.0)).is_complete();
    }
);
