//! The command line of the server: reads its options, listens, says where, and serves until Ctrl-C. It decides nothing
//! else.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::signal::unix::{SignalKind, signal};

use crate::config::Config;
use crate::serve::serve_with;

const HELP: &str = "\
The reference server of the generation screen.

Usage: server [options]

  --listen ADDRESS        where to listen (127.0.0.1:8787)
  --static DIR            serve the built page from there
  --seconds N             how long a generation takes (20)
  --token-seconds N       how long an access token lives (900)
  --heartbeat-ms N        time between heartbeats of a stream (15000)
  --data FILE             where generations are kept, or none: only in memory (generations.db)
  --survive-power-loss    each event waits for the disk; otherwise a crash of the server loses nothing, and one of the
                          machine its last moments
  --generations-max N     generations kept; the oldest that has ended goes first (1000)
  --retention-days N      how long one is kept (7)
  --running-max N         of one user, at work at the same time (8)
  --drain-seconds N       over how long streams end when the server is told to stop (4; at most 7)
  --allow-origin ORIGIN   a web origin that may call the API; may be repeated
  --scripted              let requests ask for faults, by name; for tests only
  --script-speed N        the same, with the times of the scripts divided by N (1)
  --help                  this text

Each option can be set by an environment variable too: SERVER_LISTEN for --listen, and so on.
";

/// Options as they were given.
struct Options {
    listen: String,
    config: Config,
}

/// The command `server`: does what its arguments and the environment say, until Ctrl-C. `more` are routes of the caller's own,
/// which come before those of the built page; the API's addresses are taken. Their answers get the headers that keep a page safe (a
/// policy that allows nothing foreign, `nosniff`, and others) where they do not say them themselves. Says what it does on standard output, and what is
/// wrong on standard error.
///
/// # Panics
/// If a route of `more` is one of the API's, or `more` has a fallback: the built page is one.
pub async fn command(more: Router) -> ExitCode {
    let options = match read(std::env::args_os().skip(1), &|name| std::env::var_os(name)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}; server --help lists the options");
            return ExitCode::from(2);
        }
    };
    match run(options, more).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options, more: Router) -> Result<(), String> {
    let Options { listen, config } = options;
    if let Some(dir) = &config.static_dir {
        std::fs::read_dir(dir)
            .map_err(|error| format!("cannot read {} ({error}): build the page first", dir.display()))?;
    }
    let listener = TcpListener::bind(&listen).await.map_err(|error| {
        format!(
            "cannot listen on {listen} ({error}): stop what uses the port, or choose another with --listen"
        )
    })?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("listening on http://{address}");
    serve_with(config, more, listener, told_to_stop()).await.map_err(|error| error.to_string())
}

/// Ctrl-C, or the `SIGTERM` of whatever runs the server.
async fn told_to_stop() {
    #[cfg(unix)]
    if let Ok(mut terminate) = signal(SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// `None` asks for help. What the command line says counts more than the environment.
fn read(
    arguments: impl Iterator<Item = OsString>,
    environment: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<Options>, lexopt::Error> {
    let config = Config { data: Some("generations.db".into()), ..Config::default() };
    let mut options = Options { listen: "127.0.0.1:8787".to_owned(), config };
    for name in NAMES {
        let variable = format!("SERVER_{}", name.replace('-', "_").to_ascii_uppercase());
        if let Some(value) = environment(&variable) {
            set(&mut options, name, value)?;
        }
    }
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        let lexopt::Arg::Long(name) = argument else { return Err(argument.unexpected()) };
        let name = name.to_owned();
        match name.as_str() {
            "help" => return Ok(None),
            "scripted" | "survive-power-loss" => set(&mut options, &name, "1".into())?,
            known if NAMES.contains(&known) => {
                let value = parser.value()?;
                set(&mut options, known, value)?;
            }
            unknown => return Err(format!("there is no option --{unknown}").into()),
        }
    }
    Ok(Some(options))
}

const NAMES: [&str; 14] = [
    "listen",
    "static",
    "seconds",
    "token-seconds",
    "heartbeat-ms",
    "data",
    "survive-power-loss",
    "generations-max",
    "retention-days",
    "running-max",
    "drain-seconds",
    "allow-origin",
    "scripted",
    "script-speed",
];

fn set(options: &mut Options, name: &str, value: OsString) -> Result<(), lexopt::Error> {
    use lexopt::ValueExt as _;
    let config = &mut options.config;
    match name {
        "listen" => options.listen = value.string()?,
        "static" => config.static_dir = Some(value.into()),
        "seconds" => config.generation_time = seconds(&value)?,
        "token-seconds" => config.token_lifetime = seconds(&value)?,
        "heartbeat-ms" => config.heartbeat = Duration::from_millis(value.parse::<u64>()?.max(10)),
        "data" => config.data = Some(PathBuf::from(value)).filter(|path| path != Path::new("none")),
        "survive-power-loss" => config.survives_power_loss = true,
        "generations-max" => config.generations_max = at_least_one(&value)?,
        "retention-days" => config.retention = days(&value)?,
        "running-max" => config.running_max = at_least_one(&value)?,
        "drain-seconds" => config.drain = seconds(&value)?,
        "allow-origin" => config.allowed_origins.push(value.string()?),
        "scripted" => {
            config.scripted.get_or_insert_default();
        }
        "script-speed" => config.scripted.get_or_insert_default().speed = value.parse()?,
        _ => {}
    }
    Ok(())
}

fn seconds(value: &OsString) -> Result<Duration, lexopt::Error> {
    use lexopt::ValueExt as _;
    Duration::try_from_secs_f64(value.parse()?).map_err(|error| error.to_string().into())
}

fn days(value: &OsString) -> Result<Duration, lexopt::Error> {
    use lexopt::ValueExt as _;
    let days: f64 = value.parse()?;
    Duration::try_from_secs_f64(days * 86_400.0).map_err(|error| error.to_string().into())
}

fn at_least_one(value: &OsString) -> Result<usize, lexopt::Error> {
    use lexopt::ValueExt as _;
    let number = value.parse()?;
    if number == 0 { Err("it has to be at least 1".into()) } else { Ok(number) }
}

#[cfg(test)]
mod tests {
    use crate::config::Scripted;

    use super::*;

    fn options(arguments: &[&str]) -> Result<Option<Options>, lexopt::Error> {
        read(arguments.iter().map(OsString::from), &|name| (name == "SERVER_SECONDS").then(|| "3".into()))
    }

    #[test]
    fn options_are_read_and_count_more_than_the_environment() {
        let Ok(Some(read)) = options(&["--listen", "127.0.0.1:0", "--static=dist", "--scripted"]) else {
            panic!()
        };
        assert_eq!(
            (read.listen.as_str(), read.config.generation_time),
            ("127.0.0.1:0", Duration::from_secs(3))
        );
        assert_eq!(read.config.scripted, Some(Scripted { speed: 1.0 }));
        let Ok(Some(read)) = options(&["--seconds", "1.5", "--script-speed", "20"]) else { panic!() };
        assert_eq!(read.config.generation_time, Duration::from_millis(1500));
        assert_eq!(read.config.scripted, Some(Scripted { speed: 20.0 }));
    }

    #[test]
    fn nonsense_is_refused() {
        for arguments in
            [&["--seconds", "-1"][..], &["--seconds", "x"], &["--unknown"], &["file"], &["--listen"]]
        {
            assert!(options(arguments).is_err(), "{arguments:?}");
        }
    }
}
