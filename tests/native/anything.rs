//! A random script of everything that can go wrong, by seed. All heals in the end, and the end is the server's.
//!
//! `SIM_SEED=n cargo test --no-default-features --test native anything -- --nocapture` runs one seed and prints it;
//! `SIM_SEEDS=n` runs that many.

use generation_screen::engine::Span;

use generation_screen::engine::{PageEvent, StreamEnd, TokenAnswer};

use crate::sim::{Job, Reply, Script, StreamFault, World, secs};

const SEEDS: u64 = 200;
/// From then on nothing goes wrong any more.
const HEALED: f64 = 150.0;

/// A number in `0..below` that depends on the seed, a name and a time alone: a script has no memory.
fn draw(seed: u64, name: &str, step: u64, below: u64) -> u64 {
    let mut z = seed ^ 0x9E37_79B9_7F4A_7C15;
    for byte in name.bytes().map(u64::from).chain([step]) {
        z = (z ^ byte).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z ^= z >> 29;
        z = z.wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 32;
    }
    z % below
}

/// Which stretch of the story a time is in: 2 to 17 s each, by seed.
fn stretch(seed: u64, now: Span) -> u64 {
    now.as_secs() / (2 + draw(seed, "stretch", 0, 15))
}

fn stream_fault(seed: u64, now: Span, attempt: u32) -> StreamFault {
    let mut fault = StreamFault::default();
    if now >= secs(HEALED) {
        return fault;
    }
    let step = stretch(seed, now);
    let attempt_draw = |name, below| draw(seed, name, u64::from(attempt), below);
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let tenths = |n: u64| secs(n as f64 / 10.0);
    match draw(seed, "stream", step, 14) {
        0 => fault.reply = Some(Reply::Never),
        1 => fault.reply = Some(Reply::Broken),
        2 => fault.reply = Some(Reply::of(502, "text/html", "<html>")),
        3 => fault.reply = Some(Reply::retry_after(503, attempt_draw("after", 9))),
        4 => fault.reply = Some(Reply::of(200, "text/html", "<html>please sign in</html>")),
        5 => fault.hold_for = tenths(attempt_draw("hold", 400)),
        6 => fault.mute_from = Some(now + tenths(attempt_draw("mute", 100))),
        7 => fault.ends_after = Some((tenths(attempt_draw("end", 200)), StreamEnd::Closed)),
        8 | 9 => {
            fault.ends_after = Some((tenths(attempt_draw("cut", 60)), StreamEnd::Broken));
            fault.cut_mid_event = true;
        }
        10 => fault.lost_seqs = (0..5).map(|n| draw(seed, "lost", n + u64::from(attempt) * 7, 120)).collect(),
        11 => fault.chunk_bytes = 1 + usize::try_from(attempt_draw("chunk", 90)).expect("it is small"),
        _ => {}
    }
    fault
}

fn read_fault(seed: u64, now: Span, n: u32) -> Option<Reply> {
    if now >= secs(HEALED) {
        return None;
    }
    match draw(seed, "read", stretch(seed, now), 12) {
        0 => Some(Reply::Never),
        1 => Some(Reply::Broken),
        2 => Some(Reply::of(502, "text/html", "<html>")),
        3 => Some(Reply::retry_after(429, draw(seed, "again", u64::from(n), 12))),
        4 => Some(Reply::of(200, "text/html", "<html>please sign in</html>")),
        5 => Some(Reply::of(200, "application/json", "{")),
        6 => Some(Reply::of(200, "application/json", r#"{"run": 1, "seq": 0, "status": "queued"}"#)),
        7 => Some(Reply::status(204)),
        _ => None,
    }
}

fn page_events(seed: u64) -> Vec<(Span, PageEvent)> {
    let mut events = Vec::new();
    for n in 0..draw(seed, "pages", 0, 6) {
        let at = Span::from_millis(500 + draw(seed, "page", n, 120_000));
        let back = at + Span::from_millis(100 + draw(seed, "back", n, 25_000));
        let (go, come) = match draw(seed, "kind", n, 3) {
            0 => (PageEvent::Offline, PageEvent::Online),
            1 => (PageEvent::Hidden, PageEvent::Visible),
            _ => (PageEvent::PageHide, PageEvent::PageShow),
        };
        events.extend([(at, go), (back, come)]);
    }
    // Whatever overlapped, in the end the page is there.
    let healed = secs(HEALED);
    events.extend([PageEvent::PageShow, PageEvent::Online, PageEvent::Visible].map(|event| (healed, event)));
    events
}

fn script(seed: u64) -> Script {
    let token_life = match draw(seed, "token", 0, 3) {
        0 => None,
        _ => Some(Span::from_secs(40 + draw(seed, "life", 0, 100))),
    };
    let restarts_at =
        (draw(seed, "restart", 0, 4) == 0).then(|| Span::from_secs(5 + draw(seed, "when", 0, 90)));
    Script {
        job: Job { pieces: 20 + draw(seed, "pieces", 0, 180), restarts_at, ..Job::default() },
        stream: Box::new(move |now, n| stream_fault(seed, now, n)),
        read: Box::new(move |now, n| read_fault(seed, now, n)),
        token: Box::new(move |now, n| {
            let bad = now < secs(60.0) && n > 0 && draw(seed, "provider", u64::from(n), 4) == 0;
            Some(if bad { TokenAnswer::Failed } else { TokenAnswer::Fresh { expires_in: token_life } })
        }),
        page: page_events(seed),
        ..Script::default()
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "which seeds a test runs is told by its environment")]
fn anything() {
    let number = |name| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let one = number("SIM_SEED");
    let all = 0..number("SIM_SEEDS").unwrap_or(SEEDS);
    for seed in one.map_or(all, |seed| seed..seed + 1) {
        let run = std::panic::AssertUnwindSafe(|| {
            let mut world = World::new(script(seed), seed);
            world.run_to(secs(900.0)).is_complete();
            if one.is_some() {
                eprintln!("{}", world.watch.timeline());
            }
        });
        if let Err(panic) = std::panic::catch_unwind(run) {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(panic);
        }
    }
}
