//! Hands folders to one browser on this machine, and takes what its page reports. It serves nothing else to nobody.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use tiny_http::{Header, Method, Response, StatusCode};

use crate::fail::Fail;

/// Longer than any benchmark takes.
const PATIENCE: Duration = Duration::from_secs(900);
const REPORT_BYTES_MAX: u64 = 4 << 20;

/// A server on loopback, for as long as the process lives.
pub(crate) struct Server {
    address: String,
    reports: Receiver<Vec<u8>>,
}

impl Server {
    /// Serves each folder below its path; the first path that fits counts.
    pub(crate) fn start(folders: &[(&'static str, PathBuf)]) -> Result<Self, Fail> {
        let failed = |error: &dyn std::fmt::Display| Fail::task(format!("no server on loopback ({error})"));
        let server = tiny_http::Server::http("127.0.0.1:0").map_err(|error| failed(&error))?;
        let address = format!("http://{}/", server.server_addr());
        let (sender, reports) = mpsc::channel();
        let folders = folders.to_vec();
        std::thread::spawn(move || {
            for mut request in server.incoming_requests() {
                if *request.method() == Method::Post {
                    let mut report = Vec::new();
                    let _ = request.as_reader().take(REPORT_BYTES_MAX).read_to_end(&mut report);
                    let _ = request.respond(Response::empty(StatusCode(204)));
                    let _ = sender.send(report);
                    continue;
                }
                let _ = match file(&folders, request.url())
                    .and_then(|path| Some((File::open(&path).ok()?, path)))
                {
                    Some((file, path)) => {
                        request.respond(Response::from_file(file).with_header(content_type(&path)))
                    }
                    None => request.respond(Response::empty(StatusCode(404))),
                };
            }
        });
        Ok(Self { address, reports })
    }

    /// The page's address, asked to measure only what has this text in its name.
    pub(crate) fn address(&self, only: &str) -> String {
        format!("{}?only={}", self.address, only.replace(' ', "%20"))
    }

    /// What the page reports, once it does.
    pub(crate) fn report(&self) -> Result<Vec<u8>, Fail> {
        let late = |_| Fail::task("the page that measures did not report: open crates/bench/page by hand");
        self.reports.recv_timeout(PATIENCE).map_err(late)
    }
}

/// The file that a path names, if it lies in the folder.
fn file(folders: &[(&'static str, PathBuf)], url: &str) -> Option<PathBuf> {
    let (url, _) = url.split_once('?').unwrap_or((url, ""));
    let (path, folder) =
        folders.iter().find_map(|(below, folder)| Some((url.strip_prefix(below)?, folder)))?;
    let path = Path::new(if path.is_empty() { "index.html" } else { path });
    let stays = path.components().all(|part| matches!(part, Component::Normal(_)));
    Some(folder.join(path)).filter(|path| stays && fs::metadata(path).is_ok_and(|file| file.is_file()))
}

fn content_type(path: &Path) -> Header {
    let kind: &[u8] = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => b"text/html",
        Some("js") => b"text/javascript",
        Some("wasm") => b"application/wasm",
        _ => b"application/octet-stream",
    };
    // Two literals that are valid.
    Header::from_bytes(&b"Content-Type"[..], kind).unwrap_or_else(|()| unreachable!())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_folders_are_served() {
        let src = crate::place::root().join("crates/xtask/src");
        let folders = [("/x/", src.join("bench")), ("/", src)];
        assert!(file(&folders, "/main.rs").is_some());
        assert!(file(&folders, "/x/serve.rs").is_some());
        for url in ["/x/main.rs", "/../Cargo.toml", "/bench", "/", "main.rs", "//etc/passwd"] {
            assert_eq!(file(&folders, url), None, "{url}");
        }
    }
}
