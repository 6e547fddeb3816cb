//! The command line: reads it, prints the report, chooses the exit code. It checks nothing itself.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use lexopt::ValueExt as _;

use crate::options::Options;
use crate::point::LEVELS;

const HELP: &str = "\
Checks a server, written in whatever language, against the contract of the generation screen.

Usage: cargo xtask contract-check URL [options]

URL is the origin of the API, or the address that /api stands below: http://127.0.0.1:8787

  --level N          the level that is required, 1 to 3 (default: 1)
                       1  plain events and a state: a stream of events with JSON data, one terminal event, and a state
                          that agrees with it
                       2  resume: Last-Event-ID, event_id, Html-From, ETag and If-None-Match
                       3  held polls: Prefer: wait
  --path PATH        where generations are made (default: /api/generations)
  --body JSON        what is posted there (default: {\"url\": \"https://www.google.com/maps/place/Eiffel+Tower/…\"})
  --within SECONDS   the limit of one generation (default: 120)
  --origin ORIGIN    a web origin that must be allowed to use the API, as in https://app.example
  --token TOKEN      the bearer token; without one POST URL/api/session is asked for it
  --other-token T    the token of another user, who must not see the first one's generations
  --help             this text

Environment: CONTRACT_CHECK_TOKEN and CONTRACT_CHECK_OTHER_TOKEN are the tokens, so that they stand in no shell history
and no list of processes. They are never printed. SSL_CERT_FILE names certificates to trust, for https.

Three generations are made; the second and the third are cancelled early. Each point is told in a line: ok, FAIL (its
level is not reached), advice (the screen does without), or skipped, with the reason. The exit code is 0 if the level is
reached, 1 if not, 2 if the command line is not understood.
";

/// What the command line asks for.
#[derive(Debug)]
struct Command {
    options: Options,
    level: u8,
}

/// The command: reads arguments and environment, checks, prints.
pub async fn command() -> ExitCode {
    let read = read(std::env::args_os().skip(1), &|name| std::env::var(name).ok());
    let command = match read {
        Ok(Some(command)) => command,
        Ok(None) => {
            let _ = write!(std::io::stdout(), "{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => return refused(&error.to_string()),
    };
    if let Err(error) = crate::target(&command.options) {
        return refused(&error);
    }
    // Where nobody reads any more, the exit code still tells.
    let (mut out, url) = (std::io::stdout(), &command.options.url);
    let _ = writeln!(out, "contract-check {url}: takes as long as one generation, and some seconds more\n");
    match crate::check(&command.options).await {
        Ok(report) => {
            let _ = write!(out, "{report}");
            if report.level() >= command.level { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &str) -> ExitCode {
    eprintln!("error: {error}; --help says what is understood");
    ExitCode::from(2)
}

/// `None` asks for help. What the command line says counts more than the environment.
fn read(
    arguments: impl Iterator<Item = OsString>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Command>, lexopt::Error> {
    let mut command = Command { options: Options::new(""), level: 1 };
    let options = &mut command.options;
    let set = |name| environment(name).filter(|value| !value.is_empty());
    options.token = set("CONTRACT_CHECK_TOKEN");
    options.other_token = set("CONTRACT_CHECK_OTHER_TOKEN");
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Value(url) if options.url.is_empty() => options.url = url.string()?,
            lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => return Ok(None),
            lexopt::Arg::Long("token") => options.token = Some(parser.value()?.string()?),
            lexopt::Arg::Long("other-token") => options.other_token = Some(parser.value()?.string()?),
            lexopt::Arg::Long("path") => options.path = parser.value()?.string()?,
            lexopt::Arg::Long("body") => options.body = parser.value()?.string()?,
            lexopt::Arg::Long("origin") => options.origin = Some(parser.value()?.string()?),
            lexopt::Arg::Long("within") => {
                let seconds = parser.value()?.parse()?;
                options.within = Duration::try_from_secs_f64(seconds)
                    .ok()
                    .filter(|within| !within.is_zero() && *within <= WITHIN_MAX)
                    .ok_or_else(|| {
                        format!("--within {seconds}: give seconds, at most {}", WITHIN_MAX.as_secs())
                    })?;
            }
            lexopt::Arg::Long("level") => {
                command.level = parser.value()?.parse()?;
                if !(1..=LEVELS.len()).contains(&usize::from(command.level)) {
                    return Err(format!("--level {}: there are the levels 1 to 3", command.level).into());
                }
            }
            _ => return Err(argument.unexpected()),
        }
    }
    if command.options.url.is_empty() {
        return Err("which server? give its URL, as in http://127.0.0.1:8787".into());
    }
    Ok(Some(command))
}

/// The longest that a generation is waited for.
const WITHIN_MAX: Duration = Duration::from_secs(3600);

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &[&str]) -> Result<Option<Command>, lexopt::Error> {
        let environment = |name: &str| (name == "CONTRACT_CHECK_TOKEN").then(|| "of-environment".to_owned());
        read(line.iter().map(OsString::from), &environment)
    }

    #[test]
    fn options_are_read_and_count_more_than_the_environment() {
        let line = ["http://a", "--level", "3", "--within=2.5", "--token", "of-line", "--path", "/jobs"];
        let read = command(&line).unwrap().unwrap();
        assert_eq!((read.options.url.as_str(), read.level), ("http://a", 3));
        assert_eq!(read.options.within, Duration::from_millis(2500));
        assert_eq!(read.options.token.as_deref(), Some("of-line"));
        assert_eq!(read.options.path, "/jobs");
        let read = command(&["http://a"]).unwrap().unwrap();
        assert_eq!((read.options.token.as_deref(), read.level), (Some("of-environment"), 1));
    }

    #[test]
    fn nonsense_is_refused_with_what_to_write() {
        for (line, said) in [
            (&[][..], "give its URL"),
            (&["http://a", "http://b"], "unexpected argument"),
            (&["http://a", "--level", "4"], "levels 1 to 3"),
            (&["http://a", "--level", "one"], "one"),
            (&["http://a", "--within", "-1"], "give seconds"),
            (&["http://a", "--within", "0"], "give seconds"),
            (&["http://a", "--within", "1e9"], "at most 3600"),
            (&["http://a", "--tokn", "x"], "--tokn"),
            (&["http://a", "--token"], "--token"),
        ] {
            let error = command(line).unwrap_err().to_string();
            assert!(error.contains(said), "{line:?}: {error}");
        }
        assert!(command(&["--help"]).unwrap().is_none());
    }

    #[test]
    fn help_names_every_option_and_a_token_is_not_shown() {
        for name in ["level", "path", "body", "within", "origin", "token", "other-token", "help"] {
            assert!(HELP.contains(&format!("\n  --{name} ")), "{name}");
        }
        let shown = format!("{:?}", command(&["http://a"]).unwrap());
        assert!(!shown.contains("of-environment"), "{shown}");
    }
}
