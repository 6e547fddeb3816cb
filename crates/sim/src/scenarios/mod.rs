//! What goes wrong, and what must come of it: each scenario is a script and what is checked of it, under the name that it
//! has in tests, in the server's scripted mode and in the browser's tests. Decides nothing but what is right.

mod end;
mod events;
mod page;
mod state;
mod stream;
mod token;

use generation_screen::engine::Span;

use crate::script::{Reply, Script, StreamFault};
use crate::world::World;

/// One thing that can go wrong.
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// What happens; variants by seed.
    pub script: fn(seed: u64) -> Script,
    /// Runs it, and panics if something else comes of it than must.
    pub check: fn(&mut World),
}

macro_rules! scenarios {
    ($($group:ident: $($name:ident)*;)*) => {
        /// All of them but the herd and the random script, which are no lists of facts.
        pub const ALL: &[Scenario] = &[$($(Scenario {
            name: stringify!($name),
            script: $group::$name::script,
            check: $group::$name::check,
        },)*)*];
    };
}

scenarios! {
    stream: clean_drip one_gulp split_anywhere headers_never body_held half_open only_heartbeats cut_mid_event
        clean_eof eof_every_minute dies_young stream_429 bad_gateway not_a_stream no_stream stream_204 block_4k
        hello_then_held live_then_buffered heals slow_start refused_again_and_again
        half_open_and_quiet stream_410;
    events: replay_50 reordered missing_one after_the_end garbage_frame endless_line gap_and_slow_state
        hello_lost foreign_id;
    state: retry_after captive_portal forbidden not_yet not_found restarted restart_while_away stale_old_run
        stale_state server_away empty_polls poll_hangs proxy_cuts_holds cors_blind begins_after_the_end
        only_held_reads live_beside_a_state_that_is_gone restarted_under_a_mute_stream;
    token: expired_token short_tokens tokens_end_unannounced signed_out token_hangs two_401s;
    page: offline offline_is_false offline_for_long left_early asleep hidden hidden_without_a_network reload
        back_button unmount two_screens crowded_out crowded_out_without_a_network seat_comes_late;
    end: final_read_hangs final_read_says_another_length cancel cancel_is_not_taken
        ends_while_cancelling;
}

impl Scenario {
    /// The one of that name; `-` and `_` are the same.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Scenario> {
        ALL.iter().find(|scenario| scenario.name == name.replace('-', "_"))
    }

    /// Runs it with one seed. Gives what was seen.
    ///
    /// # Panics
    /// If something else comes of it than must.
    pub fn run(&self, seed: u64, tells: bool) -> World {
        let mut world = World::new((self.script)(seed), seed, tells);
        (self.check)(&mut world);
        world
    }
}

/// A scenario: what happens, and what must come of it.
macro_rules! scenario {
    ($name:ident, |$seed:pat_param| $script:expr, |$world:ident| $check:block) => {
        pub(crate) mod $name {
            use super::*;
            pub(crate) fn script($seed: u64) -> Script {
                $script
            }
            pub(crate) fn check($world: &mut World) $check
        }
    };
}
pub(crate) use scenario;

/// Each attempt is answered so.
fn always(reply: &Reply) -> Script {
    let reply = reply.clone();
    Script::stream(move |_, _| instead(reply.clone()))
}

fn instead(reply: impl Into<Option<Reply>>) -> StreamFault {
    StreamFault { reply: reply.into(), ..StreamFault::default() }
}

/// Only the first stream has this fault.
fn first(fault: impl Fn() -> StreamFault + 'static) -> Script {
    Script::stream(move |_, n| if n == 0 { fault() } else { StreamFault::default() })
}

/// How many of these times lie in a stretch.
fn within(times: &[Span], from: Span, to: Span) -> usize {
    times.iter().filter(|at| (from..to).contains(*at)).count()
}
