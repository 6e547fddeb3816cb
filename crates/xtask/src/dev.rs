//! `cargo xtask dev` and `cargo xtask gallery`: set up, build, then the reference server and `trunk serve` side by side
//! until one of them ends or Ctrl-C is pressed. It never restarts either: trunk rebuilds the page by itself, the server is started anew by hand.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use crate::args::Args;
use crate::command::Cmd;
use crate::fail::Fail;
use crate::group::Group;
use crate::site::Site;
use crate::tools::Tools;
use crate::{page, place, ports, trunk_config};

/// How long the server may take from its start to its address.
const SERVER_START: Duration = Duration::from_secs(10);
/// How often we look whether a process has ended.
const LOOK: Duration = Duration::from_millis(100);

/// What the command line chose.
pub(crate) struct Options {
    site: Site,
    port: u16,
    api_port: u16,
    release: bool,
}

impl Options {
    pub(crate) fn read(site: Site, args: &mut Args) -> Result<Self, Fail> {
        let options = Self {
            port: args.value("--port")?.unwrap_or(site.port),
            api_port: args.value("--api-port")?.unwrap_or(site.api_port),
            release: args.flag("--release"),
            site,
        };
        args.finish()?;
        if options.port == 0 || options.api_port == 0 {
            return Err(Fail::usage(
                "a port is a number from 1 to 65535: trunk and the page have to know it",
            ));
        }
        if options.port == options.api_port {
            return Err(Fail::usage(
                "`--port` and `--api-port` must differ: one is the page's, one the server's",
            ));
        }
        Ok(options)
    }
}

/// Runs until Ctrl-C, or until a process ends by itself.
pub(crate) fn run(options: &Options) -> Result<(), Fail> {
    ports::check_free(options.port, "--port")?;
    ports::check_free(options.api_port, "--api-port")?;
    let tools = Tools::for_page()?;
    Cmd::words("cargo build -p server")
        .run("the server does not compile: put right what cargo says above, and start again")?;
    page::compile(&options.site, options.release)?;

    let (stop, stopped) = mpsc::channel();
    // A send fails only when everything ends already.
    ctrlc::set_handler(move || stop.send(()).unwrap_or_default())
        .map_err(|error| Fail::task(format!("Ctrl-C cannot be watched ({error})")))?;
    let mut server = Group::start("the server", &server_command(options), |command| {
        command.stdout(Stdio::piped());
    })?;
    wait_for_address(&mut server, options.api_port, &stopped)?;
    let trunk = Group::start("trunk serve", &trunk_command(options, &tools)?, |_| {})?;
    watch(options.port, &mut [trunk, server], &stopped)
}

fn server_command(options: &Options) -> Cmd {
    let program = place::target().join("debug").join(format!("server{}", std::env::consts::EXE_SUFFIX));
    let listen = format!("127.0.0.1:{}", options.api_port);
    Cmd::new(program.display().to_string()).args(["--listen", &listen]).args(options.site.server.to_vec())
}

fn trunk_command(options: &Options, tools: &Tools) -> Result<Cmd, Fail> {
    let site = &options.site;
    let mut cmd = match trunk_config::for_api_port(site, options.api_port)? {
        Some(config) => site.configured(tools.trunk(), &config),
        None => site.trunk(tools.trunk()),
    };
    // A folder of its own: dist/ belongs to release builds, which tests and sizes read.
    let dist: PathBuf = place::target().join(format!("xtask/{}-dist", site.name));
    cmd = cmd
        .args(["serve", "--port"])
        .arg(options.port.to_string())
        .args(["--dist"])
        .arg(dist.display().to_string());
    if options.release {
        cmd = cmd.arg("--release");
    }
    Ok(cmd)
}

/// Hands the server's lines on, and waits for the one that says where it listens.
fn wait_for_address(server: &mut Group, port: u16, stopped: &mpsc::Receiver<()>) -> Result<(), Fail> {
    let (listens, listening) = mpsc::channel();
    if let Some(out) = server.child().stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                println!("{line}");
                if line.starts_with("listening on ") {
                    let _ = listens.send(());
                }
            }
        });
    }
    let waits = u32::try_from(SERVER_START.as_millis() / LOOK.as_millis()).unwrap_or(u32::MAX);
    for _ in 0..waits {
        if listening.recv_timeout(LOOK).is_ok() {
            return Ok(());
        }
        if stopped.try_recv().is_ok() {
            return Err(Fail::task("stopped before the server listened"));
        }
        if let Some(status) = server.ended() {
            return Err(Fail::task(format!("the server ended at once ({status}), see above")));
        }
    }
    Err(Fail::task(format!(
        "the server said no address within {} s: look whether 127.0.0.1:{port} is what it listens on",
        SERVER_START.as_secs()
    )))
}

/// Tells the page's address once it answers, then waits for the end of anything.
fn watch(port: u16, groups: &mut [Group], stopped: &mpsc::Receiver<()>) -> Result<(), Fail> {
    let mut told = false;
    loop {
        if stopped.recv_timeout(LOOK).is_ok() {
            println!("\nending trunk serve and the server");
            return Ok(());
        }
        for group in groups.iter_mut() {
            if let Some(status) = group.ended() {
                let name = group.name();
                return Err(Fail::task(format!(
                    "{name} ended ({status}), so everything ends; see its words above"
                )));
            }
        }
        if !told && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            told = true;
            println!(
                "\nOpen http://127.0.0.1:{port}/ in a browser. Ctrl-C ends the page's server and the API's.\n"
            );
        }
    }
}
