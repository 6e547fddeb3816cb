//! The reference server, with events of one size at one pace in the place of pages: what `load` loads. Everything between an event
//! and its viewers is the server's own. It begins to write when it is told `go`, and ends with its standard input.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() -> ExitCode {
    match linux::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("error: {failed}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("error: server and viewers share a clock of Linux: run this benchmark there");
    ExitCode::FAILURE
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{BufRead as _, Write as _};
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use bench::load::clock::now_us;
    use bench::load::pace::{self, Pace};
    use bench::screen::devtools::Failed;
    use server::{Config, Log, Over, Work};
    use tokio::sync::watch;

    const USAGE: &str = "load-server EVENTS-PER-SECOND SECONDS GENERATIONS TEXT-BYTES [DATABASE]: `cargo xtask bench server` starts it";

    pub(super) async fn run() -> Result<(), Failed> {
        let mut args = std::env::args().skip(1);
        let mut number = || args.next().and_then(|number| number.parse::<f64>().ok()).ok_or(USAGE);
        let (per_second, seconds, generations) = (number()?, number()?, number()? as usize);
        if number()? as usize != pace::TEXT_BYTES {
            return Err(format!("its texts have {} bytes", pace::TEXT_BYTES).into());
        }
        let pace = Pace { per_second, seconds, generations };
        let (go, going) = watch::channel(None);
        let running = server::start(Config {
            work: Some(work(pace, going)),
            data: args.next().map(PathBuf::from),
            running_max: generations,
            // One user has them all, and all viewers.
            requests_per_minute: 0,
            open_of_one_max: usize::MAX,
            open_max: usize::MAX,
            ..Config::default()
        })
        .await?;
        println!("listening on {}", running.address());
        std::io::stdout().flush()?;
        tokio::task::spawn_blocking(move || {
            for line in std::io::stdin().lock().lines() {
                if line.is_ok_and(|line| line == "go") {
                    go.send_replace(Some(now_us()));
                }
            }
        })
        .await?;
        Ok(running.stop().await?)
    }

    /// Each generation gets the next place in the pace.
    fn work(pace: Pace, going: watch::Receiver<Option<u64>>) -> Work {
        let places = Arc::new(AtomicUsize::new(0));
        Work::new(move |log| {
            let (place, going) = (places.fetch_add(1, Ordering::Relaxed), going.clone());
            async move {
                // The server stops, or its generation was cancelled: nobody waits for more.
                let _over = write(log, pace, place, going).await;
            }
        })
    }

    async fn write(
        mut log: Log,
        pace: Pace,
        place: usize,
        mut going: watch::Receiver<Option<u64>>,
    ) -> Result<(), Over> {
        let start = going.wait_for(Option::is_some).await.ok().and_then(|start| *start).ok_or(Over)?;
        for written in 0..pace.pieces() {
            let due = start + pace.due_us(place, written);
            let early = due.saturating_sub(now_us());
            if early > 0 {
                tokio::time::sleep(Duration::from_micros(early)).await;
            }
            log.html(pace::text(due)).await?;
        }
        log.done().await
    }
}
