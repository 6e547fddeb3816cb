//! How it ends, and what is asked then.

use generation_screen::engine::{Note, Outcome};

use super::{instead, scenario, within};
use crate::script::{Job, Reply, Script, secs};
use crate::world::World;

scenario!(
    final_read_hangs,
    |seed| Script::default().reading(move |now, _| {
        let reply = match seed % 3 {
            0 => Reply::Never,
            1 => Reply::Broken,
            _ => Reply::status(500),
        };
        (now > secs(20.0)).then_some(reply)
    }),
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert!(world.session.picture().marks.unconfirmed);
        assert!(world.watch.ended_at < Some(secs(32.0)));
        let reads = within(&world.watch.reads, secs(20.0), secs(60.0));
        assert_eq!(reads, if world.seed.is_multiple_of(3) { 1 } else { 3 }, "three tries, or ten seconds");
    }
);

scenario!(
    final_read_says_another_length,
    |_| Script::default().reading(|now, _| {
        let short =
            r#"{"run": 1, "seq": 99, "status": "done", "html": {"from": 0, "len": 3, "text": "<p>"}}"#;
        (now > secs(20.0)).then(|| Reply::of(200, "application/json", short))
    }),
    |world| {
        world.run_to(secs(60.0));
        assert_eq!(world.outcome(), Some(Outcome::Incomplete));
        assert_eq!(world.watch.html, "<p>", "read once more from 0");
        let reads = within(&world.watch.reads, secs(20.0), secs(60.0));
        assert_eq!(reads, 2, "and no more than that");
    }
);

scenario!(
    cancel,
    |seed| Script {
        // While it streams; while it polls.
        cancel_at: Some(secs(5.0)),
        ..Script::stream(move |_, _| instead((seed.is_multiple_of(2)).then(|| Reply::status(501))))
    },
    |world| {
        world.run_to(secs(5.01));
        assert!(world.session.picture().marks.cancelling);
        world.run_to(secs(60.0));
        assert_eq!((world.outcome(), world.watch.cancels), (Some(Outcome::Cancelled), 1));
        assert!(world.session.picture().marks.partial);
        assert!(world.watch.ended_at < Some(secs(6.6)));
        assert!(!world.watch.notes.iter().any(|note| matches!(note, Note::CancelFailed { .. })));
    }
);

scenario!(
    cancel_is_not_taken,
    |seed| Script {
        cancel_at: Some(secs(5.0)),
        cancel: Box::new(move |n| match (seed % 6, n) {
            // It gets through in the end; it is refused; nobody ever answers.
            (0, 0) => Some(Reply::status(503)),
            (0, 1) => Some(Reply::Broken),
            (1, _) => Some(Reply::status(403)),
            (2, _) => Some(Reply::Never),
            // The token is renewed; it never helps; the work is over already, says the server.
            (3, 0) | (4, _) => Some(Reply::status(401)),
            (5, _) => Some(Reply::status(409)),
            _ => None,
        }),
        ..Script::default().with(Job::of(400))
    },
    |world| {
        world.run_to(secs(5.01));
        assert!(world.session.picture().marks.cancelling);
        world.run_to(secs(400.0));
        let failed = world.watch.notes.iter().find_map(|note| match note {
            Note::CancelFailed { status } => Some(*status),
            _ => None,
        });
        let (outcome, status, cancels, tokens) = match world.seed % 6 {
            0 => (Some(Outcome::Cancelled), None, 3, 1),
            1 => (Some(Outcome::Complete), Some(403), 1, 1),
            2 => (Some(Outcome::Complete), Some(0), 4, 1),
            3 => (Some(Outcome::Cancelled), None, 2, 2),
            // Refused again with nothing accepted in between: signed out.
            4 => (None, Some(401), 2, 2),
            _ => (Some(Outcome::Complete), None, 1, 1),
        };
        assert_eq!((world.outcome(), failed), (outcome, status));
        let is_prompt = world.watch.ended_at < Some(secs(16.0));
        assert!(is_prompt || !world.seed.is_multiple_of(6), "no answer is an answer, too");
        assert_eq!((world.watch.cancels, world.watch.token_asks.len()), (cancels, tokens));
    }
);

scenario!(
    ends_while_cancelling,
    |_| Script { cancel_at: Some(secs(15.0)), cancel: Box::new(|_| Some(Reply::Never)), ..Script::default() },
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert!(!world.session.picture().marks.cancelling);
    }
);
