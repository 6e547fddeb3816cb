//! The gallery as a test sees and uses it: screens and timelines by number, and what each has sent. Times are the
//! session's, in seconds: those of this machine, multiplied by the speed.

use harness::{Request, Setup, Stage, on_stage};
use serde_json::Value;

const WORDS: &str = include_str!("gallery.js");

/// A server for a job of so many seconds, with all times divided by `speed`.
pub(crate) fn setup(speed: f64, job_s: f64) -> Setup {
    let heartbeat_ms = (15_000.0 / speed).round() as u64;
    Setup { seconds: job_s / speed, heartbeat_ms, script_speed: speed, ..Setup::default() }
}

/// Runs a test on the gallery, with all times divided by `speed`, and a job of so many seconds.
pub(crate) async fn play(name: &'static str, speed: f64, job_s: f64, test: impl AsyncFnOnce(&Gallery<'_>)) {
    play_on(name, speed, setup(speed, job_s), test).await;
}

/// The same, on a server of this setup.
pub(crate) async fn play_on(
    name: &'static str,
    speed: f64,
    setup: Setup,
    test: impl AsyncFnOnce(&Gallery<'_>),
) {
    on_stage(name, setup, async |stage| test(&Gallery { name, stage, speed }).await).await;
}

/// The page of one test.
pub(crate) struct Gallery<'a> {
    pub(crate) name: &'static str,
    pub(crate) stage: &'a Stage,
    pub(crate) speed: f64,
}

/// A row of a timeline.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Milliseconds since 1970, as the proxy counts them.
    pub(crate) at_unix_ms: f64,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) detail: String,
}

impl Gallery<'_> {
    /// Opens the page, which starts so many screens of a scenario of the server's.
    pub(crate) async fn start(&self, scenario: &str, screens: usize) {
        self.visit(&format!("scenario={scenario}&screens={screens}")).await;
    }

    /// Opens the page with this query, and waits for its first screen.
    pub(crate) async fn visit(&self, query: &str) {
        let address = format!("{}/?{query}&speed={}", self.stage.proxy.origin(), self.speed);
        let opened = self.stage.page.driver().goto(&address).await;
        opened.unwrap_or_else(|error| panic!("{address} did not open: {error}"));
        self.until("a screen is there", "return shown(1).phase").await;
    }

    /// What a script returns. It can use the short names.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        self.stage.page.ask(&format!("{WORDS}{script}")).await
    }

    pub(crate) async fn text(&self, script: &str) -> String {
        self.ask(script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a script returns something true.
    pub(crate) async fn until(&self, what: &str, script: &str) -> Value {
        self.stage.page.until(what, &format!("{WORDS}{script}")).await
    }

    /// Waits until the first screen says that its connection is that.
    pub(crate) async fn until_connection(&self, name: &str) {
        let script = format!("return shown(1).phase !== 'ended' && shown(1).connection === '{name}'");
        self.until(&format!("the connection is {name}"), &script).await;
    }

    /// Waits until so much of the page stands on the first screen.
    pub(crate) async fn until_html(&self, len: usize) {
        self.until(&format!("{len} bytes of the page are there"), &format!("return html(1).length >= {len}"))
            .await;
    }

    /// Waits for a row of the first screen's timeline, and gives it.
    pub(crate) async fn until_row(&self, name: &str, detail: &str) -> Row {
        let what = format!("the timeline says {name} {detail}");
        Row::of(&self.until(&what, &format!("return row(1, '{name}', '{detail}')")).await)
    }

    /// All rows of a timeline, in order.
    pub(crate) async fn rows(&self, n: usize) -> Vec<Row> {
        let rows = self.ask(&format!("return rows({n})")).await;
        rows.as_array().into_iter().flatten().map(Row::of).collect()
    }

    /// What the connection of a screen was, one after the other.
    pub(crate) async fn connections(&self, n: usize) -> Vec<String> {
        let mut names: Vec<String> = self
            .rows(n)
            .await
            .into_iter()
            .filter(|row| row.kind == "connection")
            .map(|row| row.name)
            .collect();
        names.dedup();
        names
    }

    /// Presses a button of a panel.
    pub(crate) async fn press(&self, n: usize, action: &str) {
        let shows = format!("const it = button({n}, '{action}'); return !!it && it.checkVisibility()");
        self.until(&format!("the button {action} shows"), &shows).await;
        self.ask(&format!("button({n}, '{action}').click()")).await;
    }

    /// Waits for the end of a screen's work, and gives its name.
    pub(crate) async fn until_ended(&self, n: usize) -> String {
        let ended = format!("return shown({n}).phase === 'ended' && shown({n}).outcome");
        self.until("the work has ended", &ended).await.as_str().unwrap_or_default().to_owned()
    }

    /// The generation that a panel shows.
    pub(crate) async fn id(&self, n: usize) -> String {
        self.text(&format!("return panel({n}).dataset.id")).await
    }

    /// What was asked of a generation so far, at the page's own origin.
    pub(crate) fn requests(&self, id: &str) -> Vec<Request> {
        requests_of(&self.stage.proxy.api_requests(), id)
    }

    /// Waits until so many seconds have gone by since `from_unix_ms`.
    pub(crate) async fn until_passed(&self, from_unix_ms: f64, seconds: f64) {
        let end = from_unix_ms + seconds * 1000.0 / self.speed;
        self.until(&format!("{seconds} s have gone by"), &format!("return Date.now() >= {end}")).await;
    }

    /// Now, in milliseconds since 1970.
    pub(crate) async fn now_unix_ms(&self) -> f64 {
        self.ask("return Date.now()").await.as_f64().unwrap_or(f64::NAN)
    }

    /// Seconds between two moments.
    pub(crate) fn seconds(&self, from_unix_ms: f64, to_unix_ms: f64) -> f64 {
        (to_unix_ms - from_unix_ms) * self.speed / 1000.0
    }
}

/// Those for one generation, without the questions that browsers ask before a request to another origin.
pub(crate) fn requests_of(all: &[Request], id: &str) -> Vec<Request> {
    let own = format!("/api/generations/{id}");
    all.iter()
        .filter(|request| request.path.starts_with(&own) && request.method != "OPTIONS")
        .cloned()
        .collect()
}

impl Row {
    fn of(value: &Value) -> Row {
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let at_unix_ms = value["at"].as_f64().unwrap_or(f64::NAN);
        Row { at_unix_ms, kind: text("kind"), name: text("name"), detail: text("detail") }
    }

    /// Whether it is a stream that was given up for this reason.
    pub(crate) fn is_lost(&self, why: &str) -> bool {
        self.name == "stream-lost" && self.detail == why
    }
}
