//! What must come of every scenario: the page is the server's, byte by byte; it ends once; nothing is sent or open after
//! the end; and no limit was broken on the way. Asks the server as the person who is signed in.

use harness::assert_same;
use serde_json::{Value, json};

use super::figures::Figures;
use super::gallery::Gallery;

/// As the person who is signed in: the state of a generation. The header keeps it apart from what the page asks; to
/// another origin it would be one header too many.
const ASK_SERVER: &str = "const done = arguments[arguments.length - 1]; const [api, id] = arguments; \
    const mark = api ? {} : { 'x-test': '1' }; \
    const read = async () => { \
      const session = await (await fetch('/api/session', { method: 'POST', headers: { 'x-test': '1' } })).json(); \
      const headers = { ...mark, authorization: `Bearer ${session.access_token}` }; \
      return (await fetch(`${api}/api/generations/${id}`, { headers })).json(); }; \
    read().then(done, (error) => done({ error: String(error) }))";

impl Gallery<'_> {
    /// The server's state of a generation.
    pub(crate) async fn state(&self, api: &str, id: &str) -> Value {
        let asked = self.stage.page.driver().execute_async(ASK_SERVER, vec![json!(api), json!(id)]).await;
        let state = asked.expect("the server can be asked").json().clone();
        assert!(
            state["error"].is_null() || state["status"].is_string(),
            "the server could not be asked: {state}"
        );
        state
    }

    /// The source on a screen is what the server has, to the last byte.
    pub(crate) async fn assert_exact(&self, n: usize, api: &str) -> Value {
        let shown = self.text(&format!("return html({n})")).await;
        let state = self.state(api, &self.id(n).await).await;
        let server = state["html"]["text"].as_str().unwrap_or_default();
        assert_same(&format!("{}: screen {n} and server", self.name), &shown, server);
        state
    }

    /// The first screen's work has ended, complete, and all that holds of every scenario holds.
    pub(crate) async fn assert_complete(&self) {
        self.assert_ended(1, "complete").await;
        self.print_figures(1, self.name).await;
    }

    /// A screen's work has ended so, and all that holds of every scenario holds.
    pub(crate) async fn assert_ended(&self, n: usize, outcome: &str) {
        assert_eq!(self.until_ended(n).await, outcome);
        let proxy = &self.stage.proxy;
        let id = self.id(n).await;
        let sent = self.requests(&id).len();
        let state = self.assert_exact(n, "").await;
        assert_eq!(state["status"], if outcome == "complete" { "done" } else { outcome });
        if outcome == "complete" {
            assert!(
                state["html"]["len"].as_u64() > Some(5_000),
                "a page of {} bytes is none",
                state["html"]["len"]
            );
        }
        let rows = self.rows(n).await;
        assert_eq!(rows.iter().filter(|row| row.name == "ended").count(), 1, "it ends once: {rows:?}");
        if n == 1 && self.ask("return !panel(2)").await == true {
            self.stage.page.until_true("nothing is open", || proxy.open() == 0).await;
        }
        assert_eq!(self.requests(&id).len(), sent, "something was sent after the end");
        Figures::of(self, &self.requests(&id), &rows).assert_within_limits();
    }

    /// Prints what a screen's work came to.
    pub(crate) async fn print_figures(&self, n: usize, name: &str) {
        let requests = self.requests(&self.id(n).await);
        Figures::of(self, &requests, &self.rows(n).await).print(name);
    }
}
