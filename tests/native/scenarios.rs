//! Everything that goes wrong, in the simulated world: each test is a scenario by its name.

use sim::herd::{self, Manner};
use sim::scenarios::{ALL, Scenario};
use sim::secs;

/// How many seeds each scenario runs with here; `cargo xtask sim` runs more.
const SEEDS: u64 = 20;
/// How many random runs.
const RANDOM_SEEDS: u64 = 200;

/// Runs it with each seed; what fails names the seed, and how to see it.
fn each_seed(name: &str, seeds: u64, run: impl Fn(u64)) {
    for seed in 0..seeds {
        let this = std::panic::AssertUnwindSafe(|| run(seed));
        if let Err(panic) = std::panic::catch_unwind(this) {
            eprintln!("{name}, seed {seed}: cargo xtask sim --scenario {name} --seed {seed}");
            std::panic::resume_unwind(panic);
        }
    }
}

macro_rules! scenarios {
    ($($name:ident)*) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];
        $(#[test]
        fn $name() {
            let name = stringify!($name);
            let scenario = Scenario::named(name).expect("there is one of that name");
            each_seed(name, SEEDS, |seed| drop(scenario.run(seed, false)));
        })*
    };
}

scenarios! {
    clean_drip
    one_gulp
    split_anywhere
    headers_never
    body_held
    half_open
    only_heartbeats
    cut_mid_event
    clean_eof
    eof_every_minute
    dies_young
    stream_429
    bad_gateway
    not_a_stream
    no_stream
    stream_204
    block_4k
    hello_then_held
    live_then_buffered
    heals
    slow_start
    refused_again_and_again
    half_open_and_quiet
    stream_410
    replay_50
    reordered
    missing_one
    after_the_end
    garbage_frame
    endless_line
    gap_and_slow_state
    hello_lost
    foreign_id
    retry_after
    captive_portal
    forbidden
    not_yet
    not_found
    restarted
    restart_while_away
    stale_old_run
    stale_state
    server_away
    empty_polls
    poll_hangs
    proxy_cuts_holds
    cors_blind
    begins_after_the_end
    only_held_reads
    live_beside_a_state_that_is_gone
    restarted_under_a_mute_stream
    expired_token
    short_tokens
    tokens_end_unannounced
    signed_out
    token_hangs
    two_401s
    offline
    offline_is_false
    offline_for_long
    left_early
    asleep
    hidden
    hidden_without_a_network
    reload
    back_button
    unmount
    two_screens
    crowded_out
    crowded_out_without_a_network
    seat_comes_late
    final_read_hangs
    final_read_says_another_length
    cancel
    cancel_is_not_taken
    ends_while_cancelling
}

#[test]
fn every_scenario_is_tested() {
    assert_eq!(TESTED, ALL.iter().map(|scenario| scenario.name).collect::<Vec<_>>());
}

#[test]
fn anything() {
    each_seed("anything", RANDOM_SEEDS, |seed| drop(sim::anything::run(seed, false)));
}

#[test]
fn deploy() {
    // A tenth of the herd before a tenth of the server, where chance weighs more; `cargo xtask sim` lets all of it run.
    let figures = herd::run(1000, 100, Manner::Refuses);
    assert_eq!(figures.live_at_end, 1000, "{figures:?}");
    assert!(figures.peak_per_s <= 1900, "{figures:?}");
    assert!(figures.content_p99 <= secs(27.0) && figures.stream_p99 <= secs(30.0), "{figures:?}");
    let figures = herd::run(1000, 100, Manner::SaysLater);
    assert!(figures.live_at_end == 1000 && figures.peak_per_s <= 1100, "{figures:?}");
    let figures = herd::run(1000, 100, Manner::SaidRetry);
    assert!(figures.live_at_end == 1000 && figures.peak_per_s <= 1000, "{figures:?}");
}

#[test]
fn a_seed_is_a_run() {
    let [once, again] = [1, 1].map(|seed| sim::anything::run(seed, false).watch);
    assert_eq!((once.steps, &once.reads, &once.streams), (again.steps, &again.reads, &again.streams));
    assert_ne!(once.reads, sim::anything::run(2, false).watch.reads);
}
