//! The heads of HTTP/1.1 messages, as far as the proxy has to read them. Never looks into a body.

use std::time::SystemTime;

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// More than this is no head.
const HEAD_BYTES_MAX: usize = 64 << 10;

/// The head of a request.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, or another.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// All header lines, as they came.
    pub headers: Vec<(String, String)>,
    /// When it came: milliseconds since 1970, as the page's own notes have it.
    pub at_unix_ms: u128,
}

impl Request {
    /// Reads the text of a head.
    pub fn parse(head: &str) -> Option<Request> {
        let mut lines = head.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers =
            headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
        Some(Request { method, path, headers, at_unix_ms: unix_ms() })
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// Whether it asks for an event stream.
    pub fn is_stream(&self) -> bool {
        self.path.ends_with("/events")
    }

    /// Whether it goes to the API, and not for a part of the page.
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api")
    }

    /// `POST /api/generations`.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Now, in milliseconds since 1970.
pub(crate) fn unix_ms() -> u128 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis()
}

/// Reads up to and including the empty line: the head as text, and the bytes of the body that came along. `None` if
/// the connection ended before.
pub(crate) async fn read_head(from: &mut (impl AsyncRead + Unpin)) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let body = bytes.split_off(at + 4);
            return Some((String::from_utf8(bytes).ok()?, body));
        }
        if bytes.len() > HEAD_BYTES_MAX || from.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// The head without its `Connection` header, and with `close`: one request for each connection.
pub(crate) fn closing(head: &str) -> String {
    let lines =
        head.trim_end().split("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let mut closing = lines.collect::<Vec<_>>().join("\r\n");
    closing.push_str("\r\nConnection: close\r\n\r\n");
    closing
}
