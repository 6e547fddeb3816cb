//! The page goes offline, sleeps, is left, goes away.

use generation_screen::engine::Span;

use generation_screen::engine::{Connection, Input, PageEvent};

use super::each_seed;
use crate::sim::{Job, Reply, Script, StreamFault, World, secs};

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
fn unmount() {
    for ms in (0..25_000).step_by(170) {
        let mut world = World::new(Script::default(), ms);
        world.run_to(Span::from_millis(ms));
        world.input(Input::Stop);
        assert!(world.watch.open_streams.is_empty());
        assert_eq!(world.session.next_wake(), None);
    }
}
