//! What is seen from outside: every request, every word to the screen; and the invariants that hold at each step.

use generation_screen::engine::Span;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use generation_screen::engine::{Command, Connection, Note, Phase, RequestId, Session, Update};

use super::{Server, secs};

#[derive(Default)]
pub(crate) struct Watch {
    /// The page as the screen has it.
    pub(crate) html: String,
    pub(crate) resets: u32,
    pub(crate) streams: Vec<Span>,
    pub(crate) reads: Vec<Span>,
    pub(crate) token_asks: Vec<Span>,
    pub(crate) cancels: u32,
    pub(crate) notes: Vec<Note>,
    pub(crate) byte_at: Span,
    pub(crate) open_streams: BTreeSet<RequestId>,
    open_reads: BTreeSet<RequestId>,
    /// What the connection was said to be, and since when.
    pub(crate) connections: Vec<(Span, Connection)>,
    /// When the first byte of the page was shown.
    pub(crate) content_at: Option<Span>,
    pub(crate) ended_at: Option<Span>,
    timeline: String,
}

impl Watch {
    pub(crate) fn timeline(&self) -> &str {
        &self.timeline
    }

    pub(crate) fn command(&mut self, now: Span, command: &Command) {
        let _ = writeln!(self.timeline, "{:9.3} ▶ {command:?}", seconds(now));
        assert!(
            self.ended_at.is_none_or(|at| at == now && matches!(command, Command::Abort { .. })),
            "{command:?}"
        );
        match command {
            Command::OpenStream { id, .. } => {
                self.streams.push(now);
                self.open_streams.insert(*id);
            }
            Command::Read { id, .. } => {
                if let Some(last) = self.reads.last() {
                    assert!(now - *last >= secs(0.499), "reads are half a second apart\n{}", self.timeline);
                }
                self.reads.push(now);
                self.open_reads.insert(*id);
            }
            Command::Abort { id } => self.closed(*id),
            Command::AskToken { .. } => self.token_asks.push(now),
            Command::PostCancel { .. } => self.cancels += 1,
        }
    }

    pub(crate) fn closed(&mut self, id: RequestId) {
        self.open_streams.remove(&id);
        self.open_reads.remove(&id);
    }

    pub(crate) fn update(&mut self, now: Span, update: Update) {
        match update {
            Update::Html(text) => {
                self.html.push_str(&text);
                self.content_at.get_or_insert(now);
            }
            Update::HtmlReset => {
                self.html.clear();
                self.resets += 1;
            }
            Update::Picture(picture) => {
                let _ = writeln!(
                    self.timeline,
                    "{:9.3} ◀ {:?} {:?}",
                    seconds(now),
                    picture.phase,
                    picture.connection
                );
                if self.connections.last().is_none_or(|(_, last)| *last != picture.connection) {
                    self.connections.push((now, picture.connection));
                }
                if matches!(picture.phase, Phase::Ended(_)) {
                    assert!(self.ended_at.is_none(), "it ends once");
                    self.ended_at = Some(now);
                }
            }
            Update::Note(note) => {
                let _ = writeln!(self.timeline, "{:9.3} ◀ {note:?}", seconds(now));
                self.notes.push(note);
            }
        }
    }

    /// Most of `times` in any minute.
    pub(crate) fn most_in_a_minute(times: &[Span]) -> usize {
        (0..times.len())
            .map(|i| times[i..].iter().take_while(|t| **t < times[i] + secs(60.0)).count())
            .max()
            .unwrap_or(0)
    }

    pub(crate) fn check(&self, now: Span, session: &Session, server: &Server) {
        let line = &self.timeline;
        assert!(self.open_streams.len() <= 1 && self.open_reads.len() <= 1, "two requests at most\n{line}");
        assert!(Self::most_in_a_minute(&self.streams) <= 10, "ten attempts a minute\n{line}");
        assert!(Self::most_in_a_minute(&self.reads) <= 75, "75 reads a minute\n{line}");
        assert!(Self::most_in_a_minute(&self.token_asks) <= 6, "six tokens a minute\n{line}");
        let wakes = session.next_wake();
        assert!(wakes.is_none_or(|at| at.since_origin() > now), "{wakes:?} is over\n{line}");
        if self.ended_at.is_some() {
            assert!(
                wakes.is_none() && self.open_streams.is_empty() && self.open_reads.is_empty(),
                "over\n{line}"
            );
            return;
        }
        if session.picture().connection == Connection::Live {
            assert!(now - self.byte_at <= secs(19.0), "live is not said over silence\n{line}");
        }
        let run = session.picture().run;
        let theirs = server.html_of(run, now);
        let fits = theirs.starts_with(&self.html);
        let at = seconds(now);
        assert!(
            fits,
            "{at}: what is shown of run {run} is the server's\n{line}\nours: {}\ntheirs: {theirs}",
            self.html
        );
    }
}

/// For the timeline.
fn seconds(span: Span) -> f64 {
    Duration::from(span).as_secs_f64()
}
