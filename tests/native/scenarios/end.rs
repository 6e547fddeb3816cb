//! How it ends, and what is asked then.

use generation_screen::engine::Outcome;

use super::each_seed;
use crate::sim::{Reply, Script, secs};

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
