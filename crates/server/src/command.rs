//! The command line of the server: reads its options, listens, says where, and serves until Ctrl-C. It decides nothing
//! else.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use axum::Router;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::signal::unix::{SignalKind, signal};

use crate::options::{self, HELP, Options};
use crate::serve::Server;

/// The command `server`: does what its arguments and the environment say, until Ctrl-C. `more` are routes of the caller's own,
/// which come before those of the built page; the API's addresses are taken. Their answers get the headers that keep a page safe (a
/// policy that allows nothing foreign, `nosniff`, and others) where they do not say them themselves. Says what it does on standard output, and what is
/// wrong on standard error.
///
/// # Panics
/// If a route of `more` is one of the API's, or `more` has a fallback: the built page is one.
pub async fn command(more: Router) -> ExitCode {
    let options = match options::read(std::env::args_os().skip(1), &|name| std::env::var_os(name)) {
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
    let Options { listen, log, config } = options;
    // To standard error: what stands on standard output is for programs.
    let log = tracing_subscriber::fmt().with_max_level(log).with_writer(std::io::stderr);
    // A host's own command may have set one up.
    let _ = log.with_ansi(std::io::stderr().is_terminal()).try_init();
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
    let server = Server::open(config, more, listener).await.map_err(|error| error.to_string())?;
    println!("listening on http://{address}");
    server.run(told_to_stop()).await;
    Ok(())
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
