//! What goes wrong, and what comes of it: each test is a scenario by its name in the project's list.

mod end;
mod page;
mod state;
mod stream;
mod token;

use generation_screen::engine::Span;

use generation_screen::engine::Connection;

use crate::sim::{Reply, Script, StreamFault, World};

const SEEDS: u64 = 20;

/// Runs the script with many seeds; all that is checked must hold in each.
fn each_seed(script: impl Fn() -> Script, check: impl Fn(&mut World)) {
    for seed in 0..SEEDS {
        let run = std::panic::AssertUnwindSafe(|| check(&mut World::new(script(), seed)));
        if let Err(panic) = std::panic::catch_unwind(run) {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(panic);
        }
    }
}

fn stream(fault: impl Fn(Span, u32) -> StreamFault + 'static) -> Script {
    Script { stream: Box::new(fault), ..Script::default() }
}

fn always(reply: Reply) -> impl Fn(Span, u32) -> StreamFault {
    move |_, _| StreamFault { reply: Some(reply.clone()), ..StreamFault::default() }
}

fn was_live(world: &World) -> bool {
    world.watch.connections.iter().any(|(_, c)| *c == Connection::Live)
}
