//! What the stream says is not what comes next.

use generation_screen::engine::{Note, Span, StreamEnd, Why};

use super::{first, scenario};
use crate::path::{Frame, change_places};
use crate::script::{Job, ReadFault, Reply, Script, StreamFault, secs};
use crate::world::World;

/// The first stream's frames are changed so.
fn edited(edit: fn(&mut Vec<Frame>)) -> Script {
    first(move || StreamFault { edit: Some(Box::new(edit)), ..StreamFault::default() })
}

fn frame(frames: &mut [Frame], seq: u64) -> Option<&mut Frame> {
    frames.iter_mut().find(|frame| frame.seq == seq)
}

/// Repaired from the state, with one reconnection, and never a hole in the page.
fn repaired(world: &mut World) {
    world.run_to(secs(60.0)).is_complete();
    assert_eq!(world.watch.streams.len(), 2, "one reconnection");
    assert!(world.watch.reads.len() <= 5, "one at the start, at most three for the repair, one at the end");
    assert_eq!(world.watch.resets, 0);
}

scenario!(
    replay_50,
    |_| first(|| StreamFault { ends_after: Some((secs(30.0), StreamEnd::Broken)), ..StreamFault::default() })
        .with(Job { replays: 50, ..Job::of(120) }),
    |world| {
        world.run_to(secs(90.0)).is_complete();
        assert_eq!((world.watch.streams.len(), world.watch.resets), (2, 0));
        assert!(world.watch.was_live());
    }
);

scenario!(
    reordered,
    |_| edited(|frames| {
        let at = frames.iter().position(|frame| frame.seq == 17).expect("there are more");
        change_places(frames, at - 1, at);
    }),
    |world| {
        repaired(world);
    }
);

scenario!(
    missing_one,
    |_| first(|| StreamFault { lost_seqs: [17].into(), ..StreamFault::default() }),
    |world| {
        repaired(world);
    }
);

scenario!(
    after_the_end,
    |_| edited(|frames| {
        let Some(last) = frames.last().cloned() else { return };
        let more = |seq: u64, json: &str| Frame {
            at: last.at,
            seq,
            text: format!("id: 1-{seq}\ndata: {{\"seq\": {seq}, {json}}}\n\n"),
        };
        frames.push(more(last.seq + 1, "\"type\": \"html\", \"offset\": 0, \"text\": \"<p>more\""));
        frames.push(more(last.seq + 2, "\"type\": \"cancelled\""));
    }),
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert!(!world.watch.html.contains("more"));
    }
);

scenario!(
    garbage_frame,
    |_| edited(|frames| {
        if let Some(frame) = frame(frames, 12) {
            frame.text = "data: {\"seq\": 12, \"type\"\n\n".to_owned();
        }
    }),
    |world| {
        repaired(world);
    }
);

scenario!(
    endless_line,
    |_| edited(|frames| {
        if let Some(frame) = frame(frames, 10) {
            frame.text = format!("data: {}", "x".repeat(3 << 20));
        }
    }),
    |world| {
        repaired(world);
        assert!(
            world.watch.notes.iter().any(|note| matches!(note, Note::StreamLost { why: Why::Limit, .. }))
        );
    }
);

scenario!(
    gap_and_slow_state,
    |_| Script {
        read: Box::new(|_, _| ReadFault { delay: secs(1.0), ..ReadFault::default() }),
        ..first(|| StreamFault { lost_seqs: [60].into(), ..StreamFault::default() })
    }
    .with(Job { apart: Span::from_millis(50), ..Job::of(600) }),
    |world| {
        world.run_to(secs(90.0)).is_complete();
        assert!(world.watch.reads.len() <= 4, "no livelock: {} reads", world.watch.reads.len());
        assert_eq!(world.watch.streams.len(), 2);
    }
);

scenario!(
    hello_lost,
    |_| Script::stream(|_, n| StreamFault {
        ends_after: (n == 0).then_some((secs(5.0), StreamEnd::Broken)),
        edit: (n == 1)
            .then(|| -> crate::script::Edit { Box::new(|frames| frames.retain(|frame| frame.seq > 0)) }),
        ..StreamFault::default()
    }),
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert_eq!(world.watch.streams.len(), 3, "without it nobody knows whose events they are");
    }
);

scenario!(
    foreign_id,
    |seed| Script::stream(|_, n| StreamFault {
        ends_after: (n == 0).then_some((secs(5.0), StreamEnd::Broken)),
        ..StreamFault::default()
    })
    .with(Job {
        ids: match seed % 3 {
            0 => |run, seq| format!("née 🍉 {run} / {seq}"),
            1 => |run, seq| format!("{run}:{seq}:{}", "x".repeat(10 << 10)),
            _ => |run, seq| format!("{run}:{seq}:{}", "é".repeat(511)),
        },
        ..Job::default()
    })
    .reading(|_, _| None::<Reply>),
    |world| {
        world.run_to(secs(60.0)).is_complete();
        assert_eq!(world.watch.resets, 0);
    }
);
