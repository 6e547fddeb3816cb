//! A process that runs beside us, with everything it starts: one group, which ends when the value is dropped.
//! It never starts anything again.

use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use crate::command::Cmd;
use crate::fail::Fail;

/// How long a group may take to end by itself.
const GRACE: Duration = Duration::from_secs(2);

/// A running process and its children. Dropping it ends them all.
pub(crate) struct Group {
    name: &'static str,
    child: Child,
}

impl Group {
    /// Prints the command and starts it in a group of its own, so that a Ctrl-C of the terminal reaches us alone and
    /// we end things in order.
    pub(crate) fn start(
        name: &'static str,
        cmd: &Cmd,
        prepare: impl FnOnce(&mut std::process::Command),
    ) -> Result<Self, Fail> {
        println!("$ {}", cmd.line());
        let mut command = cmd.command();
        command.stdin(std::process::Stdio::null());
        prepare(&mut command);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child =
            command.spawn().map_err(|error| Fail::task(format!("{name} could not be started ({error})")))?;
        Ok(Self { name, child })
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The status of a process that has ended.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    #[cfg(unix)]
    fn signal(&self, signal: nix::sys::signal::Signal) {
        if let Ok(id) = i32::try_from(self.child.id()) {
            // An error means that nobody of the group is left.
            let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(id), signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        self.signal(nix::sys::signal::SIGTERM);
        let started = Instant::now();
        while cfg!(unix) && self.ended().is_none() && started.elapsed() < GRACE {
            std::thread::sleep(Duration::from_millis(20));
        }
        #[cfg(unix)]
        self.signal(nix::sys::signal::SIGKILL);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn dropping_a_group_ends_the_process_and_what_it_started() {
        let cmd = Cmd::new("sh").args(["-c", "sleep 1000 & echo $!; wait"]);
        let mut group = Group::start("a shell", &cmd, |command| {
            command.stdout(std::process::Stdio::piped());
        })
        .unwrap();
        let mut line = String::new();
        let out = group.child().stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line).unwrap();
        let grandchild = nix::unistd::Pid::from_raw(line.trim().parse().unwrap());
        assert!(nix::sys::signal::kill(grandchild, None).is_ok());
        drop(group);
        let started = Instant::now();
        // Its parent is gone: whoever adopts it has to reap it, which may take a moment, or leaves a zombie.
        while alive(grandchild.as_raw()) {
            assert!(started.elapsed() < Duration::from_secs(5), "the grandchild still runs");
            std::thread::yield_now();
        }
    }

    fn alive(id: i32) -> bool {
        let Ok(output) =
            std::process::Command::new("ps").args(["-o", "stat=", "-p", &id.to_string()]).output()
        else {
            return nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), None).is_ok();
        };
        let state = String::from_utf8_lossy(&output.stdout);
        !state.trim().is_empty() && !state.trim().starts_with('Z')
    }
}
