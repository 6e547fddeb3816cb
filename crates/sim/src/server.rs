//! The simulated server: a job whose events happen at known times, so that any moment's truth can be computed.

use generation_screen::contract::{
    Event, EventBody, Hello, HtmlPart, PageResult, RunStatus, State, Step, StepState, WireFrame,
};
use generation_screen::engine::{ResponseHead, Span, StreamEnd};

use crate::path::Frame;
use crate::script::{EventIds, Job, Reply};

/// Heartbeats of a stream: at once, a second later, then this far apart.
const HEARTBEAT: Span = Span::from_secs(15);
/// How long a stream is computed ahead.
const HORIZON: Span = Span::from_secs(3600);

struct Run {
    number: u64,
    begins: Span,
    log: Vec<Entry>,
    /// The whole page, as it will be.
    html: String,
    ids: EventIds,
}

/// An event of the log, as it is written, and how long the page is after it.
struct Entry {
    at: Span,
    event: Event,
    text: String,
    html_len: usize,
}

/// The server, and all that it will ever do.
pub struct Server {
    runs: Vec<Run>,
    replays: u64,
}

impl Server {
    /// One that does this job.
    #[must_use]
    pub fn new(job: &Job) -> Self {
        let mut runs = vec![Run::new(1, Span::ZERO, job)];
        if let Some(at) = job.restarts_at {
            runs.push(Run::new(2, at, job));
        }
        Server { runs, replays: job.replays }
    }

    fn run_at(&self, now: Span) -> &Run {
        self.runs.iter().rev().find(|run| run.begins <= now).expect("run 1 begins at 0")
    }

    /// The newest event's number.
    #[must_use]
    pub fn seq_at(&self, now: Span) -> u64 {
        self.run_at(now).seq_at(now)
    }

    /// What a screen may show of a run.
    #[must_use]
    pub fn html_of(&self, run: u64, now: Span) -> &str {
        let run = self.runs.iter().find(|r| r.number == run);
        run.map(|run| &run.html[..run.html_len_at(now)]).unwrap_or_default()
    }

    /// From now on nothing more happens but the cancellation.
    pub fn cancel(&mut self, now: Span) {
        let run = self.runs.last_mut().expect("there is one");
        run.log.retain(|entry| entry.at <= now);
        let len = run.log.last().map_or(0, |entry| entry.html_len);
        run.html.truncate(len);
        run.push(now, EventBody::Cancelled);
    }

    /// The frames behind an event, none before `now`.
    #[must_use]
    pub fn frames_after(&self, now: Span, after: u64) -> Vec<Frame> {
        let run = self.run_at(now);
        let log = run.log.iter().filter(|entry| entry.event.seq > after);
        log.map(|entry| Frame { at: now.max(entry.at), seq: entry.event.seq, text: entry.text.clone() })
            .collect()
    }

    /// The head of a stream.
    #[must_use]
    pub fn stream_head() -> ResponseHead {
        let content_type = Some("text/event-stream; charset=utf-8".to_owned());
        ResponseHead { status: 200, content_type, ..ResponseHead::default() }
    }

    /// The frames of a stream opened now, and when it ends.
    #[must_use]
    pub fn stream(&self, now: Span, last_event_id: Option<&str>) -> (Vec<Frame>, Option<(Span, StreamEnd)>) {
        let run = self.run_at(now);
        let next_run = self.runs.iter().map(|r| r.begins).find(|begins| *begins > now);
        let known = last_event_id
            .and_then(|id| (1..=run.seq_at(now)).rev().find(|seq| (run.ids)(run.number, *seq) == id));
        let after = known.unwrap_or(0).saturating_sub(self.replays);
        let over = run.log.last().filter(|e| e.event.body.is_terminal()).map(|e| now.max(e.at));
        let ends = match (over, next_run) {
            (Some(over), Some(next)) => Some(over.min(next)),
            (over, next) => over.or(next),
        };
        let horizon = ends.unwrap_or(now + HORIZON);
        let mut frames = self.frames_after(now, after);
        let beats = [Span::ZERO, Span::from_secs(1)].into_iter().chain((1..).map(|n| HEARTBEAT * n));
        for at in beats.map(|beat| now + beat).take_while(|at| *at <= horizon) {
            frames.push(Frame { at, seq: 0, text: run.hello(after, at) });
        }
        frames.retain(|frame| frame.at <= horizon);
        frames.sort_by_key(|frame| (frame.at, frame.seq));
        (frames, ends.map(|at| (at + Span::from_millis(20), StreamEnd::Closed)))
    }

    /// The answer to a read that arrives now, and when it is given.
    #[must_use]
    pub fn read(&self, now: Span, etag: Option<&str>, html_from: u64, wait: Option<Span>) -> (Span, Reply) {
        let unchanged = etag == Some(&self.run_at(now).etag(now));
        if !unchanged {
            return (now, self.state(now, html_from));
        }
        let not_modified = Reply::Head(ResponseHead { status: 304, ..ResponseHead::default() }, Vec::new());
        let Some(wait) = wait else { return (now, not_modified) };
        let changes = self.runs.iter().flat_map(|run| run.log.iter().map(|e| e.at).chain([run.begins]));
        match changes.filter(|at| *at > now && *at <= now + wait).min() {
            Some(at) => (at, self.state(at, html_from)),
            None => (now + wait, not_modified),
        }
    }

    /// The state as of a time.
    #[must_use]
    pub fn state(&self, now: Span, html_from: u64) -> Reply {
        self.run_at(now).state(now, html_from)
    }
}

impl Run {
    fn new(number: u64, begins: Span, job: &Job) -> Self {
        let mut run = Run { number, begins, log: Vec::new(), html: String::new(), ids: job.ids };
        let mut at = begins;
        let status = |step: &str, progress| EventBody::Status { step: step.into(), label: None, progress };
        run.push(at, status("place", Some(0.0)));
        at = at + job.first_after;
        run.push(at, status("page", None));
        for piece in 0..job.pieces {
            let text = format!("<p>piece {piece} of run {number}: é😀 \"quoted\"</p>\n");
            run.push(at, EventBody::Html { offset: run.html.len() as u64, text });
            at = at + job.apart + if piece == 4 { job.pause } else { Span::ZERO };
        }
        run.push(at, EventBody::Done { html_len: run.html.len() as u64, result: PageResult::default() });
        run
    }

    fn push(&mut self, at: Span, body: EventBody) {
        if let EventBody::Html { text, .. } = &body {
            self.html.push_str(text);
        }
        let seq = self.log.len() as u64 + 1;
        let event = Event { seq, at: Some(written(at)), body };
        let json = serde_json::to_string(&WireFrame::from(event.clone())).expect("it is plain data");
        let text = format!("id: {}\ndata: {json}\n\n", (self.ids)(self.number, seq));
        self.log.push(Entry { at, event, text, html_len: self.html.len() });
    }

    fn newest(&self, now: Span) -> Option<&Entry> {
        self.log[..self.log.partition_point(|entry| entry.at <= now)].last()
    }

    fn seq_at(&self, now: Span) -> u64 {
        self.newest(now).map_or(0, |entry| entry.event.seq)
    }

    fn html_len_at(&self, now: Span) -> usize {
        self.newest(now).map_or(0, |entry| entry.html_len)
    }

    fn etag(&self, now: Span) -> String {
        format!("\"{}-{}\"", self.number, self.seq_at(now))
    }

    fn hello(&self, after: u64, now: Span) -> String {
        let heartbeat_ms = Some(HEARTBEAT.as_millis());
        let hello = Hello { run: self.number, after, head: self.seq_at(now), now: None, heartbeat_ms };
        format!("data: {}\n\n", serde_json::to_string(&WireFrame::from(hello)).expect("it is plain data"))
    }

    fn state(&self, now: Span, html_from: u64) -> Reply {
        let html = &self.html[..self.html_len_at(now)];
        let status = match self.newest(now).map(|entry| &entry.event.body) {
            Some(EventBody::Done { .. }) => RunStatus::Done,
            Some(EventBody::Cancelled) => RunStatus::Cancelled,
            Some(_) => RunStatus::Running,
            None => RunStatus::Queued,
        };
        let mut from = usize::try_from(html_from).ok().filter(|from| *from <= html.len()).unwrap_or(0);
        while !html.is_char_boundary(from) {
            from -= 1;
        }
        let seq = self.seq_at(now);
        let state = State {
            id: "g".into(),
            run: self.number,
            seq,
            event_id: (seq > 0).then(|| (self.ids)(self.number, seq)),
            now: None,
            status,
            steps: vec![Step { name: "page".into(), state: StepState::Running, ..Step::default() }],
            progress: None,
            preview: None,
            html: HtmlPart { from: from as u64, len: html.len() as u64, text: html[from..].to_owned() },
            error: None,
            result: None,
        };
        let head = ResponseHead {
            status: 200,
            content_type: Some("application/json".into()),
            etag: Some(self.etag(now)),
            ..ResponseHead::default()
        };
        Reply::Head(head, serde_json::to_vec(&state).expect("it is plain data"))
    }
}

/// The server's own time, which is not the page's.
fn written(at: Span) -> String {
    let ms = at.as_millis();
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    format!("2026-03-01T{hours:02}:{minutes:02}:{seconds:02}.{:03}Z", ms % 1000)
}
