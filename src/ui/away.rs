//! For readers who look elsewhere: the page's title tells progress and end, and so do its icon and a notification where the
//! host lets them. Decides what they say, never when something is over.

use leptos::prelude::*;

use super::dom::{Root, Word, yes_no};
use super::head::headline;
use super::hooks::{Generation, Lent, OneOf, ask_to_notify, effect, is_hidden, notify, notify_permission};
use super::knobs::Knobs;
use super::labels::Labels;
use super::progress::percent;
use crate::engine::{Outcome, Phase};

/// What a screen may use of the page outside itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    /// The page's title tells how far it is and how it ended, before the host's own. Of several screens on one page that
    /// may use it, the first has it.
    pub title: bool,
    /// The page's icon, the first that it names, is the progress, as a ring. Where the host's policy forbids `data:` images,
    /// it is missing. Of several screens on one page that may use it, the first has it.
    pub favicon: bool,
    /// There is a button *Tell me when it is ready*: it asks for the browser's permission, and a notification tells the end
    /// if the page is hidden then. On some mobile browsers only a service worker can show notifications; there the button goes
    /// away when it is pressed.
    pub notification: bool,
}

impl Away {
    /// Nothing outside the screen.
    pub const NOTHING: Away = Away { title: false, favicon: false, notification: false };
}

impl Default for Away {
    /// The title only.
    fn default() -> Self {
        Away { title: true, ..Away::NOTHING }
    }
}

const WORDS: [Word; 1] = [("[data-action=notify]", |l| l.notify)];

/// What a press of `action` does; false if it is nothing of this.
pub(crate) fn act(action: &str, knobs: Knobs) -> bool {
    if action == "notify" {
        let tells = !knobs.peek().tells;
        leptos::task::spawn_local(async move {
            let may_tell = tells && ask_to_notify().await;
            knobs.set(|knobs| (knobs.tells, knobs.was_refused) = (may_tell, tells && !may_tell));
        });
    }
    action == "notify"
}

/// Keeps title, icon and button right, and tells the end.
pub(crate) fn paint(root: Root, generation: Generation, labels: Signal<Labels>, knobs: Knobs, away: Away) {
    let (mut before, mut may_ask) = (None, false);
    root.paint(move |dom| {
        dom.words(&labels.get(), &WORDS);
        let is_going = matches!(generation.phase().get(), Phase::Connecting | Phase::Queued | Phase::Running);
        let tells = knobs.get().tells;
        dom.attr("[data-action=notify]", "aria-pressed", yes_no(tells));
        // A browser asks another process what is permitted: that costs milliseconds.
        let now = (is_going, tells, knobs.get().was_refused);
        if before.replace(now) != Some(now) {
            may_ask = away.notification
                && is_going
                && matches!(notify_permission().as_str(), "default" | "granted");
        }
        dom.show_or_pass_on("[data-action=notify]", may_ask, ".gs-actions");
    });
    let (mut title, mut favicon, mut before) = (None, None, Phase::Idle);
    effect(move || {
        let (words, phase, progress) = (labels.get(), generation.phase().get(), generation.progress().get());
        if phase == Phase::Idle {
            (title, favicon) = (None, None);
        } else {
            let is_over = matches!(phase, Phase::Ended(_));
            if away.title && title.is_none() {
                title = Lent::borrow(OneOf::Title);
            }
            if away.favicon && favicon.is_none() {
                favicon = Lent::borrow(OneOf::Icon);
            }
            let done = progress.filter(|_| !is_over);
            let done = done.map(|_| [&*(words.progress_reached)(twentieths(progress)), " · "].concat());
            let host = title.as_mut().map_or("", Lent::before);
            let dash = if host.is_empty() { "" } else { " – " };
            let text = [done.as_deref().unwrap_or(""), &headline(generation, &words), dash, host].concat();
            if is_over && before != phase && knobs.peek().tells && is_hidden() {
                notify(&text);
            }
            if let Some(title) = &mut title {
                title.set(&text);
            }
            if let Some(favicon) = &mut favicon {
                favicon.set(&ring(phase, progress));
            }
        }
        before = phase;
    });
}

/// Percents in steps of five: a new title costs a browser some milliseconds, and a new icon more.
fn twentieths(progress: Option<f64>) -> u64 {
    percent(progress) / 5 * 5
}

/// The address of an icon: the progress as a ring; whole at a good end, and a square at another one. The drawing has no `#` and
/// no `%`, which mean something in an address.
fn ring(phase: Phase, progress: Option<f64>) -> String {
    let (shape, colour, percent) = match phase {
        Phase::Ended(Outcome::Complete) => ("a16 16 0 0 1 0 32a16 16 0 0 1 0-32", "teal", 100),
        Phase::Ended(_) => ("h16v32h-32v-32z", "firebrick", 100),
        _ => ("a16 16 0 0 1 0 32a16 16 0 0 1 0-32", "teal", twentieths(progress)),
    };
    let path = ["' d='M24 8", shape, "'/>"].concat();
    [
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 48' fill='none' stroke-width='12'><path stroke='silver",
        &path,
        "<path pathLength='100' stroke-dasharray='",
        &percent.to_string(),
        " 100' stroke='",
        colour,
        &path,
        "</svg>",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_is_as_full_as_the_server_says_and_a_bad_end_is_no_ring() {
        let dashes = |phase, progress| {
            let svg = ring(phase, progress);
            svg.split("stroke-dasharray='").nth(1).and_then(|rest| rest.split('\'').next()).map(str::to_owned)
        };
        assert_eq!(dashes(Phase::Running, Some(0.42)).as_deref(), Some("40 100"));
        assert_eq!(dashes(Phase::Running, None).as_deref(), Some("0 100"));
        assert_eq!(dashes(Phase::Ended(Outcome::Complete), Some(0.9)).as_deref(), Some("100 100"));
        let cancelled = ring(Phase::Ended(Outcome::Cancelled), None);
        assert!(cancelled.contains("h16v32") && !cancelled.contains(['#', '%']), "{cancelled}");
    }
}
