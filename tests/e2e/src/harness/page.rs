//! The page as a test sees and uses it: what it shows, what a person can do, and waiting for what it will show. Asks
//! the page only; what was sent is the proxy's to tell.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::browser::Browser;
use crate::engine::{Engine, Wishes};
use crate::given::target;

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(30);
/// How long anything may take to come true.
const TRUE_WITHIN: Duration = Duration::from_secs(30);

/// Short names for what the scripts of the tests look at.
const WORDS: &str = include_str!("words.js");

/// As a person who has signed in in this browser: asks for a token, and with it for the generation of the address.
/// The header keeps it apart from what the page asks.
const ASK_SERVER: &str = include_str!("ask_server.js");

/// What the server says of the generation that the page shows.
pub struct Truth {
    /// The whole state.
    pub state: Value,
    /// The page's HTML in the state.
    pub html: String,
    /// The finished page, as its own address serves it.
    pub page: Option<String>,
}

/// The page in one test's browser.
pub struct Page {
    browser: Browser,
    test: String,
    origin: String,
}

impl Page {
    /// Opens a browser. It shows nothing yet. What an earlier run of the test has reported is taken away.
    pub async fn open(test: &str, origin: &str, engine: Engine, wishes: Wishes) -> Page {
        for kind in ["json", "png"] {
            let _ = std::fs::remove_file(target().join(format!("{test}.{kind}")));
        }
        let browser = Browser::open(engine, wishes).await;
        Page { browser, test: test.to_owned(), origin: origin.to_owned() }
    }

    /// Which one the browser is.
    pub fn engine(&self) -> Engine {
        self.browser.engine
    }

    /// For what a test wants of the browser alone.
    pub fn driver(&self) -> &WebDriver {
        &self.browser.driver
    }

    /// Sends a command of the DevTools protocol.
    pub async fn devtools(&self, method: &str, parameters: Value) {
        self.browser.devtools(method, parameters).await;
    }

    /// Opens the page with this fragment, anew even where only that differs, and waits until its program runs.
    pub async fn visit(&self, fragment: &str) {
        let address = format!("{}/{fragment}", self.origin);
        self.driver().goto("about:blank").await.expect("an empty page opens");
        self.driver().goto(&address).await.unwrap_or_else(|error| panic!("{address} did not open: {error}"));
        self.until("the program runs", "return document.querySelector('[data-shown]')").await;
    }

    /// Opens what stands behind the origin; waits for nothing but the load.
    pub async fn open_at(&self, query: &str) {
        let address = format!("{}/{query}", self.origin);
        self.driver().goto(&address).await.unwrap_or_else(|error| panic!("{address} did not open: {error}"));
    }

    /// Presses the button with these words, once it can be.
    pub async fn click(&self, words: &str) {
        let find = format!(
            "return [...document.querySelectorAll('button:enabled')].find((button) => button.textContent === {})",
            json!(words)
        );
        self.until(&format!("the button {words} can be pressed"), &format!("{find} !== undefined")).await;
        let found = self.driver().execute(format!("{WORDS}{find}"), vec![]).await;
        let button = found.and_then(|found| found.element());
        let button = button.unwrap_or_else(|error| panic!("no button {words}: {error}"));
        button.click().await.unwrap_or_else(|error| panic!("{words} could not be pressed: {error}"));
    }

    /// Loads the page again, as a person would.
    pub async fn reload(&self) {
        self.driver().refresh().await.expect("the page loads again");
        self.until("the program runs again", "return document.querySelector('[data-shown]')").await;
    }

    /// What a script returns. It can use the short names above.
    pub async fn ask(&self, script: &str) -> Value {
        self.ask_with(script, vec![]).await
    }

    async fn try_ask(&self, script: &str, arguments: Vec<Value>) -> WebDriverResult<Value> {
        Ok(self.driver().execute(format!("{WORDS}{script}"), arguments).await?.json().clone())
    }

    /// The same, for a script that gets something to work with.
    pub async fn ask_with(&self, script: &str, arguments: Vec<Value>) -> Value {
        match self.try_ask(script, arguments).await {
            Ok(value) => value,
            Err(error) => panic!("`{}` failed: {error}", own_part(script)),
        }
    }

    /// What a script returns, as text.
    pub async fn text(&self, script: &str) -> String {
        self.ask(script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a script returns something true, and gives it.
    pub async fn until(&self, what: &str, script: &str) -> Value {
        match self.try_until(script).await {
            Some(value) => value,
            None => panic!("waited {TRUE_WITHIN:?} in vain until {what}: `{}`", own_part(script)),
        }
    }

    /// The same; `None` if that did not come true.
    pub async fn try_until(&self, script: &str) -> Option<Value> {
        let started = Instant::now();
        while started.elapsed() < TRUE_WITHIN {
            // While a page is loading there may be nothing to ask: that is the same as not yet.
            let value = self.try_ask(script, vec![]).await.unwrap_or(Value::Null);
            if !matches!(value, Value::Null | Value::Bool(false)) && value != json!(0) && value != json!("") {
                return Some(value);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        None
    }

    /// Waits until something holds that the test itself can see.
    pub async fn until_true(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let started = Instant::now();
        while !holds() {
            assert!(started.elapsed() < TRUE_WITHIN, "waited {TRUE_WITHIN:?} in vain until {what}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Puts a text into the field as pasting does, and sends the form.
    pub async fn submit(&self, place: &str) {
        let script = "const field = document.querySelector('input[name=place]'); field.focus(); \
                      field.value = arguments[0]; field.dispatchEvent(new Event('input', { bubbles: true })); \
                      action('start').click();";
        let sent = self.try_ask(script, vec![json!(place)]).await;
        sent.unwrap_or_else(|error| panic!("the form could not be sent: {error}"));
    }

    /// Starts a generation from the form; its screen is there when this returns. Gives its id.
    pub async fn start(&self, place: &str) -> String {
        self.visit("").await;
        self.submit(place).await;
        self.until("the screen of the new generation shows", "return screen.phase && id").await;
        self.text("return id").await
    }

    /// Presses a button with the mouse, once it is there to be pressed.
    pub async fn press(&self, action: &str) {
        let shows = format!("const button = action('{action}'); return !!button && button.checkVisibility()");
        self.until(&format!("the button {action} shows"), &shows).await;
        let button = self.driver().find(By::Css(format!("[data-action=\"{action}\"]"))).await;
        let button = button.unwrap_or_else(|error| panic!("no button {action}: {error}"));
        button.click().await.unwrap_or_else(|error| panic!("{action} could not be pressed: {error}"));
    }

    /// Waits for the end, and gives its name.
    pub async fn until_ended(&self) -> String {
        let outcome =
            self.until("the generation has ended", "return screen.phase === 'ended' && screen.outcome").await;
        outcome.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until so many bytes of source stand on the screen.
    pub async fn until_source(&self, len: usize) {
        let enough = format!("return source().length >= {len} && screen.phase === 'running'");
        self.until("enough of the page has arrived, and more is to come", &enough).await;
    }

    /// Waits for a window that the page has opened, and looks at that from now on.
    pub async fn follow_to_new_window(&self) {
        let started = Instant::now();
        loop {
            let windows = self.driver().windows().await.expect("windows can be listed");
            if let [_, new] = windows.as_slice() {
                return self
                    .driver()
                    .switch_to_window(new.clone())
                    .await
                    .expect("the new one can be looked at");
            }
            assert!(
                started.elapsed() < TRUE_WITHIN,
                "waited {TRUE_WITHIN:?} in vain for a second window: {windows:?}"
            );
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// The connection's states so far in this document, in order, without repetition.
    pub async fn connections(&self) -> Vec<String> {
        let states = self
            .ask("return __seen.states.filter((s) => s.phase !== 'ended').map((s) => s.connection)")
            .await;
        let states = states.as_array().cloned().unwrap_or_default();
        let mut names: Vec<String> =
            states.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect();
        names.dedup();
        names
    }

    /// What the server says of the generation whose page this is.
    pub async fn truth(&self) -> Truth {
        let answer = self.driver().execute_async(ASK_SERVER, vec![]).await.expect("the server can be asked");
        let answer = answer.json().clone();
        assert!(answer["error"].is_null(), "the server could not be asked: {}", answer["error"]);
        Truth {
            html: answer["state"]["html"]["text"].as_str().unwrap_or_default().to_owned(),
            page: answer["page"].as_str().map(str::to_owned),
            state: answer["state"].clone(),
        }
    }

    /// Saves a picture of the page as `target/e2e/NAME.png`.
    pub async fn picture(&self, name: &str) -> PathBuf {
        let path = target().join(format!("{name}.png"));
        if let Err(error) = self.driver().screenshot(&path).await {
            println!("no picture could be taken: {error}");
        }
        path
    }

    /// For the one who has to find out why a test failed: a picture, and what the page holds.
    pub async fn report(&self) {
        let script = "return { address: location.href, screen: { ...screen }, seen: window.__seen, \
                      source: source().length, text: document.body?.innerText }";
        let state = self.try_ask(script, vec![]).await.unwrap_or_else(|error| json!(error.to_string()));
        let log = self.driver().browser_log().await.unwrap_or_default();
        let log: Vec<String> =
            log.into_iter().map(|entry| format!("{} {}", entry.level, entry.message)).collect();
        let text =
            serde_json::to_string_pretty(&json!({ "page": state, "console": log })).unwrap_or_default();
        let path = target().join(format!("{}.json", self.test));
        let _ = std::fs::write(&path, &text);
        let picture = self.picture(&self.test).await;
        println!(
            "{}: what the page held: {}\n{}: a picture: {}",
            self.test,
            path.display(),
            self.test,
            picture.display()
        );
    }

    /// What was reported as an error and should not have been, since the last look. Requests that fail are the
    /// network's, and a test's own doing where there are any.
    pub async fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        // Only Chromium's driver has a log; in the others the page's own hooks see what scripts report.
        for entry in self.driver().browser_log().await.unwrap_or_default() {
            let is_network = entry.source.as_deref() == Some("network");
            if entry.level == "SEVERE" && !is_network {
                complaints.push(format!("console: {}", entry.message));
            }
        }
        let seen = self.try_ask("return window.__seen ?? null", vec![]).await.unwrap_or(Value::Null);
        for kind in ["violations", "errors", "dialogs"] {
            for what in seen[kind].as_array().into_iter().flatten() {
                complaints.push(format!("{kind}: {what}"));
            }
        }
        complaints
    }

    /// Ends the browser.
    pub async fn close(self) {
        self.browser.close().await;
    }
}

/// What a test has written of a script, without the short names before it.
fn own_part(script: &str) -> &str {
    script.rsplit("\n").next().unwrap_or(script)
}
