//! The benchmark's own server on loopback: the release page, the peers' pages, and generations that are let go when
//! everything is ready. Speaks the contract's happy path, and no more of it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use generation_screen::contract::{GENERATIONS_PATH, SessionToken};

use super::job::{Job, clock};

/// Bytes of events that are written at once, at most: what a socket takes.
const BATCH_BYTES: usize = 64 << 10;
/// How often `hello` comes before the events: a stream that goes on is one that is live.
const HELLO_EVERY: Duration = Duration::from_millis(600);

/// A running server. It ends with the process.
pub struct Server {
    address: SocketAddr,
    site: Arc<Site>,
}

struct Site {
    /// Each folder is served below its path; the first path that fits counts.
    folders: Vec<(&'static str, PathBuf)>,
    jobs: Mutex<HashMap<String, Arc<Job>>>,
    began: Instant,
}

impl Server {
    /// Starts it.
    ///
    /// # Errors
    /// If nothing can be bound on loopback.
    pub fn start(folders: Vec<(&'static str, PathBuf)>) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let site = Arc::new(Site { folders, jobs: Mutex::default(), began: Instant::now() });
        let serving = site.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let site = serving.clone();
                // Whoever goes away in the middle ends nothing but this.
                std::thread::spawn(move || site.answer(&socket));
            }
        });
        Ok(Server { address, site })
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a generation, in place of one of the same id.
    pub fn add(&self, id: &str, job: Job) -> Arc<Job> {
        let job = Arc::new(job);
        self.site.jobs().insert(id.to_owned(), job.clone());
        job
    }

    /// Forgets all generations.
    pub fn clear(&self) {
        self.site.jobs().clear();
    }
}

/// What is asked.
#[derive(Debug, Default, PartialEq, Eq)]
struct Request {
    method: String,
    path: String,
    headers: HashMap<String, String>,
}

impl Site {
    fn jobs(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Job>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, mut socket: &TcpStream) -> std::io::Result<()> {
        // A frame is small, and the next one may be a while away.
        socket.set_nodelay(true)?;
        let Some(request) = read(&mut BufReader::new(socket))? else { return Ok(()) };
        let path = request.path.split('?').next().unwrap_or_default();
        if request.method == "POST" && path == "/api/session" {
            let token = SessionToken { access_token: "measured".to_owned(), expires_in: None };
            let json = serde_json::to_vec(&token)?;
            return socket.write_all(&whole("application/json", &json));
        }
        if let Some(id) = path.strip_prefix(GENERATIONS_PATH).and_then(|path| path.strip_prefix('/')) {
            let (id, is_stream) = id.strip_suffix("/events").map_or((id, false), |id| (id, true));
            let job = self.jobs().get(id).cloned();
            return match job {
                Some(job) if is_stream => self.stream(socket, &job, &request),
                Some(job) => {
                    let from = request.headers.get("html-from").and_then(|from| from.parse().ok());
                    let state = job.state(from.unwrap_or_default(), &clock(self.began));
                    socket.write_all(&whole("application/json", &serde_json::to_vec(&state)?))
                }
                None => socket.write_all(NOT_FOUND),
            };
        }
        match file(&self.folders, path).and_then(|path| Some((std::fs::read(&path).ok()?, path))) {
            Some((bytes, path)) => socket.write_all(&whole(content_type(&path), &bytes)),
            None => socket.write_all(NOT_FOUND),
        }
    }

    /// Hellos, two at least; and, once they are let go, the events as they are due.
    fn stream(&self, mut socket: &TcpStream, job: &Job, request: &Request) -> std::io::Result<()> {
        let last = request.headers.get("last-event-id").and_then(|id| id.strip_prefix("1-")?.parse().ok());
        let mut sent: usize = last.unwrap_or_default();
        socket.write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-store\r\nconnection: close\r\n\r\n",
        )?;
        let hello = |mut socket: &TcpStream| socket.write_all(job.hello(sent, &clock(self.began)).as_bytes());
        hello(socket)?;
        std::thread::sleep(HELLO_EVERY);
        let opened = loop {
            hello(socket)?;
            if let Some(opened) = job.opened(HELLO_EVERY) {
                break opened;
            }
        };
        while sent < job.events() {
            std::thread::sleep(job.due(opened, sent).saturating_duration_since(Instant::now()));
            let (bytes, to) = job.batch(sent, opened, BATCH_BYTES, &clock(self.began));
            // Before they are read: what follows the last of them is a look at the state.
            job.sent(to);
            socket.write_all(&bytes)?;
            sent = to;
        }
        Ok(())
    }
}

const NOT_FOUND: &[u8] = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// An answer in one piece.
fn whole(content_type: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\ncache-control: no-store\r\n\
         connection: close\r\n\r\n"
    )
    .into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// Reads a request, its body too; `None` if the connection ends before.
fn read(from: &mut impl BufRead) -> std::io::Result<Option<Request>> {
    let mut request = Request::default();
    let mut line = String::new();
    loop {
        line.clear();
        if from.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let text = line.trim_end();
        if request.method.is_empty() {
            let mut words = text.split(' ').map(str::to_owned);
            request.method = words.next().unwrap_or_default();
            request.path = words.next().unwrap_or_default();
        } else if let Some((name, value)) = text.split_once(':') {
            request.headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        } else {
            break;
        }
    }
    let length = request.headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    std::io::copy(&mut from.take(length), &mut std::io::sink())?;
    Ok(Some(request))
}

/// The file that a path names, if it lies in its folder.
fn file(folders: &[(&'static str, PathBuf)], path: &str) -> Option<PathBuf> {
    let (rest, folder) =
        folders.iter().find_map(|(below, folder)| Some((path.strip_prefix(below)?, folder)))?;
    let rest = Path::new(if rest.is_empty() { "index.html" } else { rest });
    let stays = rest.components().all(|part| matches!(part, Component::Normal(_)));
    Some(folder.join(rest)).filter(|path| stays && path.is_file())
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::job::Pace;

    fn ask(server: &Server, request: &str) -> String {
        let mut socket = TcpStream::connect(server.address).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_stream_says_hello_twice_and_then_all_events_once_they_are_let_go() {
        let server = Server::start(Vec::new()).unwrap();
        let job = server.add("x", Job::new("x", "<p>page".to_owned(), 3, Pace::Full));
        job.open();
        let stream = ask(&server, "GET /api/generations/x/events HTTP/1.1\r\nLast-Event-ID: 1-1\r\n\r\n");
        assert_eq!(stream.matches("\"type\":\"hello\"").count(), 2);
        assert_eq!(stream.matches("\"type\":\"html\"").count(), 3);
        assert!(stream.contains("id: 1-2\n") && !stream.contains("id: 1-1\n"), "after the last event ID");
        let state = ask(&server, "GET /api/generations/x HTTP/1.1\r\nHtml-From: 3\r\n\r\n");
        assert!(state.ends_with("\r\n\r\n") || state.contains("\"text\":\"page\""), "{state}");
        assert!(ask(&server, "GET /api/generations/y HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
    }

    #[test]
    fn only_files_below_the_folders_are_served() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = [("/x/", here.join("src/bin")), ("/", here.join("src"))];
        assert!(file(&folders, "/lib.rs").is_some());
        assert!(file(&folders, "/x/screen.rs").is_some());
        for path in ["/x/lib.rs", "/../Cargo.toml", "/screen", "/", "lib.rs", "//etc/passwd"] {
            assert_eq!(file(&folders, path), None, "{path}");
        }
    }
}
