//! A process beside the tests, which ends with them however they end: on a return, a panic, Ctrl-C or a kill.
//!
//! A shell leads its group and waits on a pipe that only this program holds. When the pipe closes, whoever was the
//! reason, the shell ends the group.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Starts the program, then waits for the end of the pipe and ends the group. A program that ends early leaves the
/// shell, which is told of by its silence.
const LEADER: &str = "\"$@\" & read -r _; trap '' TERM; kill -TERM 0; sleep 0.5; kill -KILL 0";

/// How often one that says nothing is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(30);

/// A running process and all that it started. Dropping it ends them.
pub(crate) struct Process {
    leader: Child,
    lifeline: Option<ChildStdin>,
}

impl Process {
    /// Starts a command and waits so long for the line of its output in which `find` finds something.
    pub(crate) fn start<T: Send + 'static>(
        command: &Command,
        within: Duration,
        find: impl Fn(&str) -> Option<T> + Send + 'static,
    ) -> (Process, T) {
        let name = name(command);
        let mut leader = lead(command, Stdio::piped());
        let out = leader.stdout.take().expect("its output is piped");
        let (say, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let found = find(&line);
                // Once the line was found nobody listens any more; reading goes on, so that the process can write.
                let _ = say.send((line, found));
            }
        });
        let process = Process { lifeline: leader.stdin.take(), leader };
        let (started, mut lines) = (Instant::now(), Vec::new());
        while let Ok((line, found)) = said.recv_timeout(within.saturating_sub(started.elapsed())) {
            lines.push(line);
            if let Some(found) = found {
                return (process, found);
            }
        }
        panic!("{name} did not say within {within:?} that it is ready, but:\n{}", lines.join("\n"));
    }

    /// Starts a command that says nothing, and waits so long until it is ready. What it complains of goes to our own
    /// error output.
    pub(crate) fn start_until(
        command: &Command,
        within: Duration,
        mut is_ready: impl FnMut() -> bool,
    ) -> Process {
        let mut leader = lead(command, Stdio::null());
        let process = Process { lifeline: leader.stdin.take(), leader };
        let started = Instant::now();
        while !is_ready() {
            assert!(started.elapsed() < within, "{} was not ready within {within:?}", name(command));
            std::thread::sleep(LOOK_EVERY);
        }
        process
    }
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// Starts the shell that leads the command.
fn lead(command: &Command, out: Stdio) -> Child {
    let mut leading = Command::new("sh");
    leading.args(["-c", LEADER, "sh"]).arg(command.get_program()).args(command.get_args());
    for (variable, value) in command.get_envs() {
        match value {
            Some(value) => leading.env(variable, value),
            None => leading.env_remove(variable),
        };
    }
    leading.stdin(Stdio::piped()).stdout(out).process_group(0);
    leading.spawn().unwrap_or_else(|error| panic!("{} could not be started: {error}", name(command)))
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.leader.wait();
    }
}
