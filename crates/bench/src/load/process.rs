//! What a process has used, as Linux counts it: processor time and memory. It changes nothing about the process.

use std::fs;
use std::time::Duration;

use nix::unistd::{SysconfVar, sysconf};

/// A process, by its id.
#[derive(Clone, Copy, Debug)]
pub struct Process(pub u32);

impl Process {
    /// This one.
    #[must_use]
    pub fn own() -> Self {
        Process(std::process::id())
    }

    /// Processor time so far, of all threads, in the kernel and out of it
    /// ([proc(5)](https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)). `None` if it has ended.
    #[must_use]
    pub fn cpu(self) -> Option<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0)).ok()?;
        let per_second = sysconf(SysconfVar::CLK_TCK).ok().flatten()?;
        Some(Duration::from_secs_f64(ticks(&stat)? as f64 / per_second as f64))
    }

    /// Resident memory in bytes. The kernel's buffers of its sockets are not in it. `None` if it has ended.
    #[must_use]
    pub fn memory(self) -> Option<u64> {
        resident(&fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?)
    }
}

/// `utime` and `stime`, the 14th and 15th field. The second is the program's name, which may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, behind_name) = stat.rsplit_once(')')?;
    let mut fields = behind_name.split_ascii_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_any_name() {
        assert_eq!(ticks("7 (a) b) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 0 0 20 0"), Some(300));
        assert_eq!(ticks("7 (a"), None);
    }

    #[test]
    fn memory_is_in_bytes() {
        assert_eq!(resident("Name:\tx\nVmHWM:\t  9 kB\nVmRSS:\t   2 kB\n"), Some(2048));
        assert_eq!(resident("Name:\tzombie\n"), None);
    }

    #[test]
    fn this_process_uses_something() {
        assert!(Process::own().memory().unwrap() > 1 << 20);
        assert!(Process::own().cpu().is_some());
    }
}
