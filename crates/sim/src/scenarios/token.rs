//! Tokens expire, are refused, do not come.

use generation_screen::engine::{Connection, Input, Span, StreamEnd, TokenAnswer};

use super::scenario;
use crate::script::{Job, Script, StreamFault, secs};
use crate::world::World;

/// Streams end at that time, as a server ends them when their token does.
fn ending_at(at: f64) -> Script {
    Script::stream(move |now, _| StreamFault {
        ends_after: (now < secs(at)).then(|| (secs(at) - now, StreamEnd::Closed)),
        ..StreamFault::default()
    })
}

scenario!(
    expired_token,
    |_| Script { token_valid: Box::new(|now, number| now < secs(6.0) || number >= 2), ..ending_at(6.0) },
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert_eq!(world.watch.token_asks.len(), 2, "one refresh serves both legs");
        assert_eq!(world.watch.resets, 0);
    }
);

scenario!(
    short_tokens,
    |_| Script {
        token: Box::new(|_, _| Some(TokenAnswer::Fresh { expires_in: Some(secs(60.0)) })),
        token_valid: Box::new(|now, number| now < secs(61.0) * u32::try_from(number).unwrap_or(1)),
        ..Script::default().with(Job::of(240))
    },
    |world| {
        world.run_to(secs(200.0)).is_complete();
        assert!(world.watch.token_asks.len() >= 4, "renewed before it ends, each time");
        assert!(world.watch.streams.len() >= 4, "and the stream goes on with the new one");
        assert_eq!(world.watch.resets, 0);
    }
);

scenario!(
    signed_out,
    |_| Script { token_valid: Box::new(|now, _| now < secs(5.0) || now > secs(100.0)), ..ending_at(5.0) },
    |world| {
        world.run_to(secs(20.0));
        assert_eq!(world.session.picture().connection, Connection::SignedOut);
        assert_eq!(world.session.next_wake(), None);
        let before = (world.watch.requests(), world.watch.html.len());
        world.run_to(secs(101.0));
        assert_eq!((world.watch.requests(), world.watch.html.len()), before, "no more requests");
        world.input(&Input::Start);
        world.run_to(secs(120.0)).is_complete();
        assert_eq!(world.watch.resets, 0, "a later start goes on where it stopped");
    }
);

scenario!(
    token_hangs,
    |seed| Script {
        token: Box::new(move |now: Span, _| match seed % 2 {
            0 => None,
            _ if now < secs(8.0) => Some(TokenAnswer::Failed),
            _ => Some(TokenAnswer::Fresh { expires_in: None }),
        }),
        ..Script::default()
    },
    |world| {
        if world.seed.is_multiple_of(2) {
            world.run_to(secs(21.0));
            assert_eq!(world.session.picture().connection, Connection::SignedOut);
            assert_eq!((world.watch.token_asks.len(), world.watch.requests()), (2, 0));
        } else {
            world.run_to(secs(60.0)).is_complete();
        }
    }
);

scenario!(
    two_401s,
    |_| Script {
        token_valid: Box::new(|now, number| number >= 2 || now < secs(3.0)),
        // The stream is cut, so both legs send: within the refresh, and before it.
        ..ending_at(3.0)
    },
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert_eq!(world.watch.token_asks.len(), 2, "one refresh serves both");
    }
);

scenario!(
    tokens_end_unannounced,
    |_| Script {
        token_valid: Box::new(|now, number| now < secs(20.0) * u32::try_from(number).unwrap_or(1)),
        ..Script::stream(|now, _| {
            let next = secs(20.0) - Span::from_micros(now.as_micros() % 20_000_000);
            StreamFault { ends_after: Some((next, StreamEnd::Closed)), ..StreamFault::default() }
        })
    }
    .with(Job::of(200)),
    |world| {
        world.run_to(secs(150.0)).is_complete();
        assert!((5..=7).contains(&world.watch.token_asks.len()), "{} tokens", world.watch.token_asks.len());
        assert_eq!(world.watch.resets, 0);
    }
);
