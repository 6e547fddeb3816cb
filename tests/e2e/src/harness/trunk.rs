//! `trunk serve` with its proxy, as `cargo xtask dev` starts it: the page in front, the API behind. Changes nothing of
//! the repository's configuration but where the server listens.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::given::target;
use crate::port::free_port;
use crate::process::Process;

/// Where Trunk.toml expects the server.
const EXPECTED: &str = "http://127.0.0.1:8787/";

/// How long trunk may take: seconds, as the page was built before; more where its sources have changed since.
const READY_WITHIN: Duration = Duration::from_secs(300);

/// A development server. It ends when this is dropped.
pub(crate) struct Trunk {
    origin: String,
    _process: Process,
}

impl Trunk {
    /// Builds the page as the release is built, which `cargo xtask test e2e` has done before, and serves it with its
    /// proxy to `api`.
    pub(crate) async fn serve(api: &str) -> Trunk {
        // It does not say which port it got, so it has to be given one.
        let port = free_port();
        let config = target().join("Trunk.toml");
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .canonicalize()
            .expect("the repository is there");
        let own = std::fs::read_to_string(root.join("Trunk.toml")).expect("Trunk.toml is there");
        assert!(own.contains(EXPECTED), "Trunk.toml has no proxy to {EXPECTED}");
        std::fs::write(&config, configured(&own, &root, api)).expect("target/e2e can be written to");
        let mut command = Command::new("sh");
        // Its log goes to the error output.
        command
            .args(["-c", "exec trunk \"$@\" 2>&1", "trunk", "serve", "--release", "--config"])
            .arg(&config);
        command.arg("--dist").arg(target().join("trunk-dist")).args(["--port", &port.to_string()]);
        command.env("TRUNK_SKIP_VERSION_CHECK", "true").env("NO_COLOR", "true");
        let listening = format!("http://127.0.0.1:{port}");
        let wait = move || {
            Process::start(&command, READY_WITHIN, move |line| line.contains(&listening).then_some(()))
        };
        let (process, ()) = tokio::task::spawn_blocking(wait)
            .await
            .expect("trunk starts; `cargo xtask test e2e` puts it into PATH");
        Trunk { origin: format!("http://127.0.0.1:{port}"), _process: process }
    }

    /// The page's origin.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
}

/// The text of Trunk.toml with the server at `api`, and with paths that are right from anywhere.
fn configured(own: &str, root: &Path, api: &str) -> String {
    let whole = |line: &str| {
        let is_path = ["target =", "watch =", "dist ="].iter().any(|key| line.starts_with(key));
        if !is_path {
            return line.replace(EXPECTED, &format!("{api}/"));
        }
        let quoted: Vec<&str> = line.split('"').collect();
        let absolute = |(at, text): (usize, &&str)| {
            if at % 2 == 1 { root.join(text).display().to_string() } else { (*text).to_owned() }
        };
        quoted.iter().enumerate().map(absolute).collect::<Vec<_>>().join("\"")
    };
    own.lines().map(|line| whole(line) + "\n").collect()
}
