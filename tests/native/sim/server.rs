//! The simulated server: a job whose events happen at known times, so that any moment's truth can be computed.

use generation_screen::engine::Span;

use generation_screen::contract::{
    Event, EventBody, Hello, HtmlPart, PageResult, RunStatus, State, Step, StepState, WireFrame,
};
use generation_screen::engine::{ResponseHead, StreamEnd};

/// What a request is answered with, if not with the truth.
#[derive(Clone)]
pub(crate) enum Reply {
    Never,
    Broken,
    Head(ResponseHead, Vec<u8>),
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Reply::of(status, "application/problem+json", "{}")
    }

    pub(crate) fn of(status: u16, content_type: &str, body: &str) -> Self {
        let content_type = Some(content_type.to_owned());
        Reply::Head(
            ResponseHead { status, content_type, ..ResponseHead::default() },
            body.as_bytes().to_vec(),
        )
    }

    pub(crate) fn retry_after(status: u16, seconds: u64) -> Self {
        let retry_after = Some(seconds.to_string());
        Reply::Head(ResponseHead { status, retry_after, ..ResponseHead::default() }, Vec::new())
    }
}

/// The work to be done, run after run.
#[derive(Clone)]
pub(crate) struct Job {
    /// When the pieces of the page come, and how far apart.
    pub(crate) pieces: u64,
    pub(crate) first_after: Span,
    pub(crate) apart: Span,
    /// When run 2 takes its place, if it does.
    pub(crate) restarts_at: Option<Span>,
}

impl Default for Job {
    fn default() -> Self {
        Job {
            pieces: 40,
            first_after: Span::from_millis(800),
            apart: Span::from_millis(500),
            restarts_at: None,
        }
    }
}

struct Run {
    number: u64,
    begins: Span,
    log: Vec<(Span, Event)>,
}

pub(crate) struct Server {
    runs: Vec<Run>,
    pub(crate) holds_reads: bool,
}

impl Server {
    pub(crate) fn new(job: &Job) -> Self {
        let mut runs = vec![Run::new(1, Span::ZERO, job)];
        if let Some(at) = job.restarts_at {
            runs.push(Run::new(2, at, job));
        }
        Server { runs, holds_reads: true }
    }

    fn run_at(&self, now: Span) -> &Run {
        self.runs.iter().rev().find(|run| run.begins <= now).expect("run 1 begins at 0")
    }

    pub(crate) fn seq_at(&self, now: Span) -> u64 {
        self.run_at(now).seq_at(now)
    }

    /// What a screen may show of a run.
    pub(crate) fn html_of(&self, run: u64, now: Span) -> String {
        self.runs.iter().find(|r| r.number == run).map(|run| run.html_at(now)).unwrap_or_default()
    }

    /// From now on nothing more happens but the cancellation.
    pub(crate) fn cancel(&mut self, now: Span) {
        let run = self.runs.last_mut().expect("there is one");
        run.log.retain(|(at, _)| *at <= now);
        let seq = run.log.len() as u64 + 1;
        run.log.push((now, Event { seq, at: None, body: EventBody::Cancelled }));
    }

    pub(crate) fn frames_after(&self, now: Span, after: u64) -> Vec<(Span, String)> {
        let run = self.run_at(now);
        run.log.iter().filter(|(_, e)| e.seq > after).map(|(at, e)| (now.max(*at), run.frame(e))).collect()
    }

    pub(crate) fn stream_head() -> ResponseHead {
        let content_type = Some("text/event-stream; charset=utf-8".to_owned());
        ResponseHead { status: 200, content_type, ..ResponseHead::default() }
    }

    /// The frames of a stream opened now, each with its time and number (0: hello), and how it ends.
    #[expect(clippy::type_complexity, reason = "a list of what happens when")]
    pub(crate) fn stream(
        &self,
        now: Span,
        last_event_id: Option<&str>,
    ) -> (Vec<(Span, u64, String)>, Option<(Span, StreamEnd)>) {
        let run = self.run_at(now);
        let next_run = self.runs.iter().map(|r| r.begins).find(|begins| *begins > now);
        let after = last_event_id
            .and_then(|id| id.strip_prefix(&format!("{}-", run.number))?.parse::<u64>().ok())
            .filter(|after| *after <= run.seq_at(now))
            .unwrap_or(0);
        let over = run.log.last().filter(|(_, e)| e.body.is_terminal()).map(|(at, _)| now.max(*at));
        let ends = match (over, next_run) {
            (Some(over), Some(next)) => Some(over.min(next)),
            (over, next) => over.or(next),
        };
        let mut frames = Vec::new();
        let horizon = ends.unwrap_or(now + Span::from_secs(3600));
        let beats = [Span::ZERO, Span::from_secs(1)].into_iter();
        for beat in beats.chain((1..).map(|n| Span::from_secs(15 * n))).map(|beat| now + beat) {
            if beat > horizon {
                break;
            }
            frames.push((beat, 0, run.hello(after, beat)));
        }
        for (at, event) in run.log.iter().filter(|(_, e)| e.seq > after) {
            frames.push((now.max(*at), event.seq, run.frame(event)));
        }
        frames.sort_by_key(|(at, seq, _)| (*at, *seq));
        frames.retain(|(at, ..)| *at <= horizon);
        (frames, ends.map(|at| (at + Span::from_millis(60), StreamEnd::Closed)))
    }

    /// The answer to a read that arrives now, and when it is given.
    pub(crate) fn read(
        &self,
        now: Span,
        etag: Option<&str>,
        html_from: u64,
        wait: Option<Span>,
    ) -> (Span, Reply) {
        let run = self.run_at(now);
        let unchanged = |at: Span| etag == Some(&self.run_at(at).etag(at));
        if !unchanged(now) {
            return (now, run.state(now, html_from));
        }
        let not_modified = Reply::Head(ResponseHead { status: 304, ..ResponseHead::default() }, Vec::new());
        let Some(wait) = wait.filter(|_| self.holds_reads) else { return (now, not_modified) };
        let changes = self.runs.iter().flat_map(|run| run.log.iter().map(|(at, _)| *at).chain([run.begins]));
        match changes.filter(|at| *at > now && *at <= now + wait).min() {
            Some(at) => (at, self.run_at(at).state(at, html_from)),
            None => (now + wait, not_modified),
        }
    }
}

impl Run {
    fn new(number: u64, begins: Span, job: &Job) -> Self {
        let mut run = Run { number, begins, log: Vec::new() };
        let mut at = begins;
        let status = |step: &str, progress| EventBody::Status { step: step.into(), label: None, progress };
        run.push(at, status("place", Some(0.0)));
        at = at + job.first_after;
        run.push(at, status("page", None));
        let mut offset = 0;
        for piece in 0..job.pieces {
            let text = format!("<p>piece {piece} of run {number}: é😀 \"quoted\"</p>\n");
            let len = text.len() as u64;
            run.push(at, EventBody::Html { offset, text });
            offset += len;
            at = at + job.apart;
        }
        run.push(at, EventBody::Done { html_len: offset, result: PageResult::default() });
        run
    }

    fn push(&mut self, at: Span, body: EventBody) {
        let seq = self.log.len() as u64 + 1;
        self.log.push((at, Event { seq, at: None, body }));
    }

    fn seq_at(&self, now: Span) -> u64 {
        self.log.iter().filter(|(at, _)| *at <= now).count() as u64
    }

    fn html_at(&self, now: Span) -> String {
        let pieces = self.log.iter().filter(|(at, _)| *at <= now).map(|(_, event)| &event.body);
        pieces
            .filter_map(|body| if let EventBody::Html { text, .. } = body { Some(&**text) } else { None })
            .collect()
    }

    fn etag(&self, now: Span) -> String {
        format!("\"{}-{}\"", self.number, self.seq_at(now))
    }

    fn hello(&self, after: u64, now: Span) -> String {
        let head = self.seq_at(now);
        let hello = Hello { run: self.number, after, head, now: None, heartbeat_ms: Some(15_000) };
        format!("data: {}\n\n", serde_json::to_string(&WireFrame::from(hello)).expect("it is plain data"))
    }

    fn frame(&self, event: &Event) -> String {
        let json = serde_json::to_string(&WireFrame::from(event.clone())).expect("it is plain data");
        format!("id: {}-{}\ndata: {json}\n\n", self.number, event.seq)
    }

    fn state(&self, now: Span, html_from: u64) -> Reply {
        let html = self.html_at(now);
        let last = self.log.iter().rfind(|(at, _)| *at <= now).map(|(_, event)| &event.body);
        let status = match last {
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
            event_id: (seq > 0).then(|| format!("{}-{seq}", self.number)),
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
