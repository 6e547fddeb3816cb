//! Tokens expire, are refused, do not come.

use generation_screen::engine::{Connection, Input, StreamEnd, TokenAnswer};

use super::{each_seed, stream};
use crate::sim::{Job, Script, StreamFault, secs};

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
