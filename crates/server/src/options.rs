//! The options of the command `server`: what may be said on its command line or in the environment, and what it means. It
//! never acts on it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use lexopt::ValueExt as _;

use crate::config::{Config, DRAIN_MAX};

pub(crate) const HELP: &str = "\
The reference server of the generation screen.

Usage: server [options]

  --listen ADDRESS          where to listen (127.0.0.1:8787)
  --static DIR              serve the built page from there
  --data FILE               where generations are kept, or none: only in memory (generations.db)
  --survive-power-loss      each event waits for the disk; otherwise a crash of the server loses nothing, and one of the
                            machine its last moments
  --generations-max N       generations kept; the oldest that has ended goes first (1000)
  --retention-days N        how long one is kept (7)
  --seconds N               how long a generation takes (20)
  --token-seconds N         how long an access token lives (900)
  --heartbeat-ms N          time between heartbeats of a stream (15000)
  --drain-seconds N         over how long streams end when the server is told to stop (4; at most 7)

Limits, to each of which 429 or 503 says when to come back:
  --running-max N           generations of one user at work at the same time (8)
  --open-max-per-user N     streams and held reads of one user open at the same time (32)
  --open-max N              those of all users (20000)
  --requests-per-minute N   of one user; 0: no limit (1200)
  --newcomers-per-minute N  new users from one address; 0: no limit, for a server behind a proxy (60)
  --reads-per-second N      state reads of all users; 0: no limit (2000)

Operations:
  --metrics ADDRESS         serve Prometheus metrics there, at /metrics; keep it from the public (nowhere)
  --log LEVEL               what is written to standard error: error, warn, info, debug or trace (info)
  --allow-origin ORIGIN     a web origin that may call the API, as in https://app.example; may be repeated, or divided by commas

For tests only:
  --scripted                let requests ask for faults, by name
  --script-speed N          the same, with the times of the scripts divided by N (1)

  --help                    this text

Each option can be set by an environment variable too: SERVER_LISTEN for --listen, and so on. What the command line says counts
more. /healthz and /readyz tell a supervisor how the server is. SIGTERM ends it: it takes no new work, and is gone within 10 s.
";

/// Options as they were given.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) listen: String,
    pub(crate) log: tracing::Level,
    pub(crate) config: Config,
}

/// An option, and whether it takes a value.
const NAMES: [(&str, bool); 21] = [
    ("listen", true),
    ("static", true),
    ("data", true),
    ("survive-power-loss", false),
    ("generations-max", true),
    ("retention-days", true),
    ("seconds", true),
    ("token-seconds", true),
    ("heartbeat-ms", true),
    ("drain-seconds", true),
    ("running-max", true),
    ("open-max-per-user", true),
    ("open-max", true),
    ("requests-per-minute", true),
    ("newcomers-per-minute", true),
    ("reads-per-second", true),
    ("metrics", true),
    ("log", true),
    ("allow-origin", true),
    ("scripted", false),
    ("script-speed", true),
];

/// `None` asks for help. What the command line says counts more than the environment.
///
/// # Errors
/// A line that names the option, what is wrong with it, and what it takes.
pub(crate) fn read(
    arguments: impl Iterator<Item = OsString>,
    environment: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<Options>, String> {
    let config = Config { data: Some("generations.db".into()), ..Config::default() };
    let mut options = Options { listen: "127.0.0.1:8787".to_owned(), log: tracing::Level::INFO, config };
    for (name, _) in NAMES {
        let variable = format!("SERVER_{}", name.replace('-', "_").to_ascii_uppercase());
        if let Some(value) = environment(&variable) {
            set(&mut options, name, &value).map_err(|why| format!("{variable}: {why}"))?;
        }
    }
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        let lexopt::Arg::Long(name) = argument else { return Err(argument.unexpected().to_string()) };
        if name == "help" {
            return Ok(None);
        }
        let Some((name, takes_value)) = NAMES.into_iter().find(|(known, _)| *known == name) else {
            return Err(format!("there is no option --{name}"));
        };
        let value = if takes_value { parser.value().map_err(|error| error.to_string())? } else { "1".into() };
        set(&mut options, name, &value).map_err(|why| format!("--{name}: {why}"))?;
    }
    Ok(Some(options))
}

fn set(options: &mut Options, name: &str, value: &OsString) -> Result<(), String> {
    let config = &mut options.config;
    match name {
        "listen" => options.listen = text(value)?,
        "static" => config.static_dir = Some(value.into()),
        "data" => config.data = Some(PathBuf::from(value)).filter(|path| path != Path::new("none")),
        "survive-power-loss" => config.survives_power_loss = switch(value)?,
        "generations-max" => config.generations_max = at_least_one(value)?,
        "retention-days" => config.retention = span(value, 86_400.0)?,
        "seconds" => config.generation_time = span(value, 1.0)?,
        "token-seconds" => config.token_lifetime = within(span(value, 1.0)?, 1.0, 86_400.0)?,
        "heartbeat-ms" => config.heartbeat = within(span(value, 0.001)?, 0.01, 300.0)?,
        "drain-seconds" => config.drain = within(span(value, 1.0)?, 0.0, DRAIN_MAX.as_secs_f64())?,
        "running-max" => config.running_max = at_least_one(value)?,
        "open-max-per-user" => config.open_of_one_max = at_least_one(value)?,
        "open-max" => config.open_max = at_least_one(value)?,
        "requests-per-minute" => config.requests_per_minute = number(value, WHOLE)?,
        "newcomers-per-minute" => config.newcomers_per_minute = number(value, WHOLE)?,
        "reads-per-second" => config.reads_per_second = number(value, WHOLE)?,
        "metrics" => config.metrics = Some(number(value, "an address and a port, as in 127.0.0.1:9100")?),
        "log" => options.log = number(value, "error, warn, info, debug or trace")?,
        "allow-origin" => config.allowed_origins.extend(origins(value)?),
        "scripted" => config.scripted = switch(value)?.then(|| config.scripted.unwrap_or_default()),
        "script-speed" => config.scripted.get_or_insert_default().speed = positive(value)?,
        _ => {}
    }
    Ok(())
}

const WHOLE: &str = "a whole number, 0 or more";

fn text(value: &OsString) -> Result<String, String> {
    value.clone().string().map_err(|_| "it has to be text".to_owned())
}

fn number<T: FromStr>(value: &OsString, what: &str) -> Result<T, String> {
    let said = text(value)?;
    said.parse().map_err(|_| format!("“{said}” is not {what}"))
}

fn at_least_one(value: &OsString) -> Result<usize, String> {
    let number = number(value, "a whole number, 1 or more")?;
    if number == 0 { Err("it has to be 1 or more".to_owned()) } else { Ok(number) }
}

fn positive(value: &OsString) -> Result<f64, String> {
    let number: f64 = number(value, "a number above 0")?;
    if number.is_finite() && number > 0.0 { Ok(number) } else { Err("it has to be above 0".to_owned()) }
}

/// So many times `unit_s` seconds.
fn span(value: &OsString, unit_s: f64) -> Result<Duration, String> {
    let number: f64 = number(value, "a number, 0 or more")?;
    Duration::try_from_secs_f64(number * unit_s)
        .map_err(|_| "it has to be 0 or more, and not endless".to_owned())
}

/// # Errors
/// If it is shorter or longer than so many seconds.
fn within(time: Duration, least_s: f64, most_s: f64) -> Result<Duration, String> {
    if (least_s..=most_s).contains(&time.as_secs_f64()) {
        return Ok(time);
    }
    Err(format!("it has to be from {least_s} s to {most_s} s"))
}

/// In the environment something has to stand there.
fn switch(value: &OsString) -> Result<bool, String> {
    match text(value)?.as_str() {
        "1" | "true" | "yes" => Ok(true),
        "" | "0" | "false" | "no" => Ok(false),
        other => Err(format!("“{other}” is neither 1 nor 0")),
    }
}

/// Several are divided by commas.
fn origins(value: &OsString) -> Result<Vec<String>, String> {
    text(value)?.split(',').map(|one| origin(one.trim())).collect()
}

/// Scheme and host, as browsers send it: anything else would never match.
fn origin(said: &str) -> Result<String, String> {
    let host = said.strip_prefix("https://").or_else(|| said.strip_prefix("http://"));
    let is_plain = |host: &str| {
        let may = |byte: u8| {
            byte.is_ascii_digit()
                || byte.is_ascii_lowercase()
                || matches!(byte, b'-' | b'.' | b':' | b'[' | b']')
        };
        !host.is_empty() && host.bytes().all(may)
    };
    if host.is_some_and(is_plain) {
        Ok(said.to_owned())
    } else {
        Err(format!(
            "“{said}” is no origin: scheme and host in small letters, without a path, as in https://app.example"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Scripted;

    fn options(arguments: &[&str]) -> Result<Option<Options>, String> {
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
    fn nonsense_is_refused_in_a_line_that_names_the_option() {
        for (arguments, line) in [
            (&["--seconds", "-1"][..], "--seconds: it has to be 0 or more, and not endless"),
            (&["--seconds", "x"], "--seconds: “x” is not a number, 0 or more"),
            (&["--open-max", "0"], "--open-max: it has to be 1 or more"),
            (&["--drain-seconds", "60"], "--drain-seconds: it has to be from 0 s to 7 s"),
            (&["--heartbeat-ms", "0"], "--heartbeat-ms: it has to be from 0.01 s to 300 s"),
            (&["--token-seconds", "0"], "--token-seconds: it has to be from 1 s to 86400 s"),
            (&["--script-speed", "0"], "--script-speed: it has to be above 0"),
            (&["--metrics", "9100"], "--metrics: “9100” is not an address and a port, as in 127.0.0.1:9100"),
            (&["--log", "loud"], "--log: “loud” is not error, warn, info, debug or trace"),
            (&["--unknown"], "there is no option --unknown"),
            (&["file"], "unexpected argument \"file\""),
            (&["--listen"], "missing argument for option '--listen'"),
        ] {
            assert_eq!(options(arguments).unwrap_err(), line);
        }
        for odd in
            ["app.example", "https://", "https://app.example/", "https://App.example", "https://a b", "null"]
        {
            let refused = options(&["--allow-origin", odd]).unwrap_err();
            assert!(refused.contains("is no origin"), "{odd}: {refused}");
        }
        let two = options(&["--allow-origin", "http://[::1]:8080, https://app.example"]).unwrap().unwrap();
        assert_eq!(two.config.allowed_origins, ["http://[::1]:8080", "https://app.example"]);
        let wrong = read(std::iter::empty(), &|name| (name == "SERVER_OPEN_MAX").then(|| "many".into()));
        assert_eq!(wrong.unwrap_err(), "SERVER_OPEN_MAX: “many” is not a whole number, 1 or more");
    }

    #[test]
    fn each_option_is_explained() {
        for (name, takes_value) in NAMES {
            let line = HELP.lines().find(|line| line.trim_start().starts_with(&format!("--{name} ")));
            let line = line.unwrap_or_else(|| panic!("--{name}"));
            let is_loud = line.split_whitespace().nth(1).is_some_and(|word| word == word.to_uppercase());
            assert_eq!(is_loud, takes_value, "{line}");
        }
    }
}
