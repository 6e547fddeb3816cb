//! A random script of everything that can go wrong, by seed. All heals in the end, and the end is the server's.

use generation_screen::engine::{Input, LifeState, PageEvent, Span, StreamEnd, TokenAnswer};

use crate::draw::draw;
use crate::path::{Frame, change_places};
use crate::script::{Cut, Job, ReadFault, Reply, Script, StreamFault, secs};
use crate::world::World;

/// From then on nothing goes wrong any more.
const HEALED: f64 = 150.0;
/// By then all has ended.
const OVER: f64 = 900.0;

/// Runs one seed. Gives what was seen.
///
/// # Panics
/// If an invariant breaks, or the end is not the server's.
#[must_use]
pub fn run(seed: u64, tells: bool) -> World {
    let mut world = World::new(script(seed), seed, tells);
    if draw(seed, "reload", 0, 4) == 0 {
        world.run_to(Span::from_millis(draw(seed, "reloaded", 0, 140_000)));
        if world.outcome().is_none() {
            world.reload();
        }
    }
    world.run_to(secs(HEALED));
    if world.session.legs().life == LifeState::SignedOut {
        // A server that refused one token after the other: the user signs in again.
        world.input(&Input::Start);
    }
    world.run_to(secs(OVER)).is_complete();
    world
}

/// Which stretch of the story a time is in: 2 to 17 s each, by seed.
fn stretch(seed: u64, now: Span) -> u64 {
    now.as_secs() / (2 + draw(seed, "stretch", 0, 15))
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn tenths(n: u64) -> Span {
    secs(n as f64 / 10.0)
}

fn stream_fault(seed: u64, now: Span, attempt: u32) -> StreamFault {
    let mut fault = StreamFault::default();
    if now >= secs(HEALED) {
        return fault;
    }
    let step = stretch(seed, now);
    let attempt_draw = |name, below| draw(seed, name, u64::from(attempt), below);
    match draw(seed, "stream", step, 23) {
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
        10 => {
            fault.lost_seqs =
                (0..5).map(|n| 1 + draw(seed, "lost", n + u64::from(attempt) * 7, 119)).collect();
        }
        11 => fault.cut = Cut::Anywhere(seed + u64::from(attempt)),
        12 => fault.lump_bytes = Some(1 + usize::try_from(attempt_draw("lump", 9000)).expect("it is small")),
        13 => {
            fault.gathered_from = Some(now + tenths(attempt_draw("gather", 150)));
            fault.first_passes = attempt_draw("passes", 2) == 0;
            fault.ends_after = Some((tenths(attempt_draw("end", 400)), StreamEnd::Closed));
        }
        14 => fault.edit = Some(Box::new(move |frames| garble(seed, attempt, frames))),
        15 => {
            let status = draw(seed, "status", step, 5);
            let status = [404, 410, 501, 204, 401][usize::try_from(status).expect("it is small")];
            fault.reply = Some(Reply::status(status));
        }
        16 => fault.reply = Some(Reply::of(200, "application/json", "{}")),
        17 => fault.edit = Some(Box::new(|frames| told_to_wait(frames))),
        _ => {}
    }
    fault
}

/// The server says when to come back.
fn told_to_wait(frames: &mut [Frame]) {
    if let Some(first) = frames.first_mut() {
        first.text.insert_str(0, "retry: 4000\n");
    }
}

/// Two frames change places, or one is cut, or comes twice. The hello stays the first: without it nobody could say which
/// run the others belong to.
fn garble(seed: u64, attempt: u32, frames: &mut Vec<Frame>) {
    let places = frames.len().saturating_sub(2).min(30) as u64;
    if places == 0 {
        return;
    }
    let at = 1 + usize::try_from(draw(seed, "garble", u64::from(attempt), places)).expect("it is small");
    match draw(seed, "how", u64::from(attempt), 3) {
        0 => change_places(frames, at, at + 1),
        1 => frames[at].text.truncate(7),
        _ => frames.insert(at, frames[at].clone()),
    }
}

fn read_fault(seed: u64, now: Span, n: u32) -> ReadFault {
    let mut fault = ReadFault::default();
    if now >= secs(HEALED) {
        return fault;
    }
    fault.reply = match draw(seed, "read", stretch(seed, now), 17) {
        0 => Some(Reply::Never),
        1 => Some(Reply::Broken),
        2 => Some(Reply::of(502, "text/html", "<html>")),
        3 => Some(Reply::retry_after(429, draw(seed, "again", u64::from(n), 12))),
        4 => Some(Reply::of(200, "text/html", "<html>please sign in</html>")),
        5 => Some(Reply::of(200, "application/json", "{")),
        6 => Some(Reply::of(200, "application/json", r#"{"run": 1, "seq": 0, "status": "queued"}"#)),
        7 => Some(Reply::status(204)),
        _ => None,
    };
    match draw(seed, "odd read", stretch(seed, now), 8) {
        0 => fault.delay = tenths(draw(seed, "delay", u64::from(n), 80)),
        1 => fault.as_of = Some(now - tenths(draw(seed, "as of", u64::from(n), 100))),
        2 => fault.is_blind = true,
        3 => fault.hold_cut_after = Some(tenths(draw(seed, "hold cut", u64::from(n), 90))),
        4 => fault.does_not_hold = true,
        _ => {}
    }
    fault
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

/// How long a seat is waited for.
fn seat(seed: u64, now: Span) -> Option<Span> {
    match draw(seed, "seat", stretch(seed, now), 5) {
        0 => None,
        1 => Some(tenths(draw(seed, "seat wait", stretch(seed, now), 300))),
        _ => Some(Span::from_millis(1)),
    }
}

fn script(seed: u64) -> Script {
    let token_life = match draw(seed, "token", 0, 3) {
        0 => None,
        _ => Some(Span::from_secs(40 + draw(seed, "life", 0, 100))),
    };
    let restarts_at =
        (draw(seed, "restart", 0, 4) == 0).then(|| Span::from_secs(5 + draw(seed, "when", 0, 90)));
    Script {
        job: Job {
            pieces: 20 + draw(seed, "pieces", 0, 180),
            replays: draw(seed, "replays", 0, 3) * 10,
            restarts_at,
            ..Job::default()
        },
        stream: Box::new(move |now, n| stream_fault(seed, now, n)),
        read: Box::new(move |now, n| read_fault(seed, now, n)),
        token: Box::new(move |now, n| {
            let bad = now < secs(60.0) && n > 0 && draw(seed, "provider", u64::from(n), 4) == 0;
            Some(if bad { TokenAnswer::Failed } else { TokenAnswer::Fresh { expires_in: token_life } })
        }),
        seat: Box::new(move |now| seat(seed, now)),
        page: page_events(seed),
        ..Script::default()
    }
}
