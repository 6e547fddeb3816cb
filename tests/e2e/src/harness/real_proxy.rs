//! A proxy as people run one, between the browser and the proxy that writes down: nginx or haproxy, with a configuration
//! of `tests/e2e/proxies`. It knows how each is started and how one sees that it listens, and never what comes of it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::given::{given, target};
use crate::port::{free_port, is_listening};
use crate::process::Process;

/// How long one may take to listen.
const READY_WITHIN: Duration = Duration::from_secs(20);

const README: &str = include_str!("../../../../README.md");
/// Where the block in README.md expects the server.
const EXPECTED: &str = "http://127.0.0.1:8787;";

/// What each nginx keeps to itself.
const HERE: &str = include_str!("../../proxies/nginx-here.conf");

/// Which proxy, and how it is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Real {
    /// nginx out of the box.
    NginxPlain,
    /// nginx that buffers, whatever the server asks for.
    NginxBuffering,
    /// nginx as README.md recommends it, encrypted.
    NginxRecommended,
    /// The same, with HTTP/2 in front.
    NginxHttp2,
    /// haproxy with a server timeout of 3 s.
    HaproxyShort,
}

impl Real {
    fn is_nginx(self) -> bool {
        self != Real::HaproxyShort
    }

    /// The configuration, with `@PORT@` and `@SERVER@` for what is known at the start.
    fn template(self) -> &'static str {
        match self {
            Real::NginxPlain => include_str!("../../proxies/nginx-plain.conf"),
            Real::NginxBuffering => include_str!("../../proxies/nginx-buffering.conf"),
            Real::NginxRecommended => include_str!("../../proxies/nginx-recommended.conf"),
            Real::NginxHttp2 => include_str!("../../proxies/nginx-h2.conf"),
            Real::HaproxyShort => include_str!("../../proxies/haproxy-short.cfg"),
        }
    }

    fn is_encrypted(self) -> bool {
        matches!(self, Real::NginxRecommended | Real::NginxHttp2)
    }
}

/// A running proxy. It ends when this is dropped.
pub struct RealProxy {
    real: Real,
    port: u16,
    folder: PathBuf,
    process: Mutex<Option<Process>>,
}

impl RealProxy {
    /// Starts one in front of `server`. What it writes goes into `target/e2e/TEST.proxy`.
    pub(crate) async fn start(real: Real, test: &str, server: &str) -> RealProxy {
        let folder = target().join(format!("{test}.proxy"));
        let port = free_port();
        write(&folder, real, port, server).expect("target/e2e can be written to");
        let proxy = RealProxy { real, port, folder, process: Mutex::default() };
        proxy.go_on().await;
        proxy
    }

    /// `http://127.0.0.1:PORT`, or `https://…`.
    pub fn origin(&self) -> String {
        let scheme = if self.real.is_encrypted() { "https" } else { "http" };
        format!("{scheme}://{}", SocketAddr::from(([127, 0, 0, 1], self.port)))
    }

    /// Ends it, with every connection through it. Nobody listens there any more when this returns.
    pub async fn stop(&self) {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Ending waits for the process: not on the thread that others run on.
        tokio::task::spawn_blocking(move || drop(process)).await.expect("it ends");
        assert!(!is_listening(self.port), "somebody listens on port {} still", self.port);
    }

    /// Starts it again, where it was before.
    pub async fn go_on(&self) {
        let (command, port) = (self.command(), self.port);
        let start = move || Process::start_until(&command, READY_WITHIN, || is_listening(port));
        let process = tokio::task::spawn_blocking(start).await.expect("it listens");
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
    }

    fn command(&self) -> Command {
        let config = config(&self.folder, self.real);
        if !self.real.is_nginx() {
            let mut command = Command::new(given("HAPROXY_PROGRAM"));
            command.arg("-db").arg("-f").arg(config);
            return command;
        }
        let mut command = Command::new(given("NGINX_PROGRAM"));
        command.arg("-p").arg(&self.folder).arg("-c").arg(config);
        // As root its workers would be somebody else, who may have no way into this folder.
        command.args(["-g", "daemon off; user root; pid nginx.pid; error_log error.log;"]);
        command
    }
}

fn config(folder: &Path, real: Real) -> PathBuf {
    folder.join(if real.is_nginx() { "nginx.conf" } else { "haproxy.cfg" })
}

/// Writes the configuration, with what it includes.
fn write(folder: &Path, real: Real, port: u16, server: &str) -> std::io::Result<()> {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder)?;
    let own = real.template().replace("@PORT@", &port.to_string()).replace("@SERVER@", server);
    std::fs::write(config(folder, real), own)?;
    std::fs::write(folder.join("here.conf"), HERE)?;
    std::fs::write(folder.join("readme.conf"), recommended(server))?;
    if real.is_encrypted() {
        certify(folder);
    }
    Ok(())
}

/// The block that README.md recommends, with the server where it is here. Nothing else is changed.
fn recommended(server: &str) -> String {
    let block = README.split_once("```nginx\n").and_then(|(_, behind)| behind.split_once("```"));
    let (block, _) = block.expect("README.md has a block of nginx's configuration");
    assert!(block.contains(EXPECTED), "the block in README.md does not pass on to {EXPECTED}");
    block.replace(EXPECTED, &format!("http://{server};"))
}

/// Makes a key, and a certificate that nobody but itself has signed.
fn certify(folder: &Path) {
    let mut command = Command::new(given("OPENSSL_PROGRAM"));
    command.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]);
    command.args(["-keyout", "key.pem", "-out", "certificate.pem"]).current_dir(folder);
    let output = command.stdin(Stdio::null()).output().expect("openssl starts");
    assert!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
}
