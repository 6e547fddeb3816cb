//! The timeline of one screen as a signal, with the clock that it is read by.

use generation_screen::Note;
use leptos::prelude::*;

use super::timeline::{Kind, OVER, Timeline};
use super::words;
use crate::clock::now_ms;

/// How often a growing bar is drawn anew.
const TICK: std::time::Duration = std::time::Duration::from_millis(200);

/// A cheap handle; belongs to the current owner.
#[derive(Clone, Copy)]
pub(crate) struct Track {
    timeline: RwSignal<Timeline>,
    /// Milliseconds since the start.
    now: RwSignal<f64>,
    began_ms: f64,
}

impl Track {
    /// Begins now. Its clock ticks while something runs.
    pub(crate) fn begin() -> Track {
        let track = Track { timeline: RwSignal::default(), now: RwSignal::new(0.0), began_ms: now_ms() };
        let tick = move || {
            if track.timeline.try_with_untracked(Timeline::is_running) == Some(true) {
                track.now.set(track.passed_ms());
            }
        };
        if let Ok(ticking) = set_interval_with_handle(tick, TICK) {
            on_cleanup(move || ticking.clear());
        }
        track
    }

    /// When it began, by the page's clock.
    pub(crate) fn began_ms(&self) -> f64 {
        self.began_ms
    }

    fn passed_ms(&self) -> f64 {
        now_ms() - self.began_ms
    }

    /// Milliseconds since the start, as it was drawn last. Tracked.
    pub(crate) fn now(&self) -> f64 {
        self.now.get()
    }

    /// Something of the timeline. Tracked.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&Timeline) -> T) -> T {
        self.timeline.with(read)
    }

    fn change(&self, change: impl FnOnce(&mut Timeline, f64)) {
        let passed = self.passed_ms();
        self.now.try_set(passed);
        // What is told by a screen whose panel is gone is told to nobody.
        self.timeline.try_update(|timeline| change(timeline, passed));
    }

    /// The session told the host.
    pub(crate) fn note(&self, note: &Note) {
        let said = words::note(note);
        self.change(|timeline, at| timeline.note(at, Kind::Note, said.name, said.detail, said.text));
    }

    /// The gallery did something.
    pub(crate) fn host(&self, name: &str, text: &str) {
        self.change(|timeline, at| timeline.note(at, Kind::Host, name, String::new(), text.to_owned()));
    }

    /// The screen shows that the work is there now.
    pub(crate) fn phase(&self, name: &str, detail: &str) {
        let text = match name {
            "connecting" => "Nothing is known yet".to_owned(),
            "queued" => "The work waits for its turn".to_owned(),
            "running" => "The work goes on".to_owned(),
            "finishing" => "The last pieces are put in place".to_owned(),
            "first-piece" => "The first piece of the page is there".to_owned(),
            "ended" => format!("It has ended: {}", detail.replace('-', " ")),
            other => format!("Nothing is shown ({other})"),
        };
        self.change(|timeline, at| timeline.note(at, Kind::Phase, name, detail.to_owned(), text));
    }

    /// The screen shows that the connection is that now, and says why.
    pub(crate) fn connection(&self, name: &str, why: &str) {
        let word = match name {
            "opening" => "Opening",
            "live" => "Live",
            "reconnecting" => "Reconnecting",
            "polling" => "Polling",
            "offline" => "Offline",
            "signed-out" => "Signed out",
            other => other,
        };
        let text = if why.is_empty() { word.to_owned() } else { format!("{word}. {why}") };
        self.change(|timeline, at| {
            timeline.turns(at, name);
            timeline.note(at, Kind::Connection, name, String::new(), text);
        });
    }

    /// Nothing runs any more.
    pub(crate) fn over(&self) {
        self.change(|timeline, at| timeline.turns(at, OVER));
    }
}
