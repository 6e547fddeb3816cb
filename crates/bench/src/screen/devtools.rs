//! A headless Chromium, and the DevTools protocol with it over a pipe: no socket, no driver, no library. Knows nothing
//! of what is measured.
//!
//! With `--remote-debugging-pipe` Chromium reads commands from descriptor 3 and writes answers to descriptor 4, each a
//! JSON text and a NUL. A shell puts its own input and output there. When the pipe closes the browser ends, so it
//! never outlives this program.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Why something could not be measured, for people.
pub type Failed = Box<dyn std::error::Error>;

/// What the web tests start Chromium with.
const CAPABILITIES: &str = include_str!("../../../../webdriver.json");
/// And what is wanted beside it: loopback without a proxy, a window of a usual size, and nothing slowed down because
/// nobody looks.
const ARGUMENTS: &[&str] = &[
    "--no-proxy-server",
    "--window-size=1280,900",
    "--remote-debugging-pipe",
    "--disable-renderer-backgrounding",
];
const SHELL: &str = "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null";

/// How long a command may take: a page under load answers between two tasks.
const ANSWER_WITHIN: Duration = Duration::from_secs(180);

/// A running browser.
pub struct Chromium {
    child: Child,
    commands: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Those that nobody has asked for yet.
    answers: HashMap<u64, Value>,
    events: VecDeque<Value>,
    last_id: u64,
    profile: PathBuf,
}

impl Chromium {
    /// Starts it with a new profile in this folder.
    ///
    /// # Errors
    /// If it does not start.
    pub fn start(program: &Path, profile: &Path) -> Result<Self, Failed> {
        let _ = std::fs::remove_dir_all(profile);
        let capabilities: Value = serde_json::from_str(CAPABILITIES)?;
        let flags = capabilities["goog:chromeOptions"]["args"].as_array().cloned().unwrap_or_default();
        let mut command = Command::new("sh");
        command.args(["-c", SHELL, "sh"]).arg(program).args(flags.iter().filter_map(Value::as_str));
        command.args(ARGUMENTS).arg(format!("--user-data-dir={}", profile.display()));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(commands), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the browser has no pipe".into());
        };
        let (sender, messages) = mpsc::channel();
        std::thread::spawn(move || {
            for message in BufReader::new(answers).split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else { continue };
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Ok(Chromium {
            child,
            commands: Some(commands),
            messages,
            answers: HashMap::new(),
            events: VecDeque::new(),
            last_id: 0,
            profile: profile.to_owned(),
        })
    }

    /// Sends a command to a session, or to the browser itself, and waits for its answer.
    ///
    /// # Errors
    /// What the browser says, or that it says nothing.
    pub fn call(&mut self, session: Option<&str>, method: &str, params: Value) -> Result<Value, Failed> {
        let id = self.send(session, method, params)?;
        let answer = self.answer(id, ANSWER_WITHIN)?;
        answer.ok_or_else(|| format!("the browser did not answer to {method}").into())
    }

    /// Sends a command, and gives the number that its answer will have.
    ///
    /// # Errors
    /// If the browser is gone.
    pub fn send(&mut self, session: Option<&str>, method: &str, params: Value) -> Result<u64, Failed> {
        self.last_id += 1;
        let mut command = json!({ "id": self.last_id, "method": method });
        command["params"] = params;
        if let Some(session) = session {
            command["sessionId"] = json!(session);
        }
        let mut bytes = serde_json::to_vec(&command)?;
        bytes.push(0);
        self.commands.as_mut().ok_or("the browser was closed")?.write_all(&bytes)?;
        Ok(self.last_id)
    }

    /// The answer to a command; nothing if it has not come within so long.
    ///
    /// # Errors
    /// What the browser says.
    pub fn answer(&mut self, id: u64, within: Duration) -> Result<Option<Value>, Failed> {
        let started = Instant::now();
        loop {
            if let Some(answer) = self.answers.remove(&id) {
                return match answer.get("error") {
                    Some(error) => Err(error.to_string().into()),
                    None => Ok(Some(answer["result"].clone())),
                };
            }
            let message = match self.messages.recv_timeout(within.saturating_sub(started.elapsed())) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => return Ok(None),
                Err(RecvTimeoutError::Disconnected) => return Err("the browser has ended".into()),
            };
            self.keep(message);
        }
    }

    /// All events of this name up to one of that name, whose coming is waited for.
    ///
    /// # Errors
    /// If it does not come.
    pub fn events_until(&mut self, name: &str, last: &str) -> Result<Vec<Value>, Failed> {
        let mut found = Vec::new();
        loop {
            let event = match self.events.pop_front() {
                Some(event) => event,
                None => self.messages.recv_timeout(ANSWER_WITHIN)?,
            };
            if event["method"] == last {
                return Ok(found);
            }
            if event["method"] == name {
                found.push(event["params"].clone());
            }
        }
    }

    /// All answers are kept, and of events what somebody asks for.
    fn keep(&mut self, message: Value) {
        if let Some(id) = message["id"].as_u64() {
            self.answers.insert(id, message);
        } else if message["method"].as_str().is_some_and(|method| method.starts_with("Tracing.")) {
            self.events.push_back(message);
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It ends when nobody can command it any more.
        drop(self.commands.take());
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}
