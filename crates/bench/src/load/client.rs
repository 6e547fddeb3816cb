//! The requests that viewers begin with: a token, the generations, a stream. Plain HTTP/1.1 over one connection each; it
//! retries nothing.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use generation_screen::contract::{GENERATIONS_PATH, SessionToken};

use crate::screen::devtools::Failed;

/// Longer than any of these answers takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Generations that wait for their events, and a token that opens their streams.
pub struct Begun {
    /// Their paths.
    pub paths: Vec<String>,
    token: String,
}

/// Begins so many generations, all of one user.
///
/// # Errors
/// If the server does not do it.
pub fn begin(address: SocketAddr, generations: usize) -> Result<Begun, Failed> {
    let session = post(address, "/api/session", "", "{}")?;
    let (_, body) = session.split_once("\r\n\r\n").ok_or("a session's answer has no body")?;
    let token = serde_json::from_str::<SessionToken>(body)?.access_token;
    let authorization = format!("Authorization: Bearer {token}\r\n");
    let begin_one = |_| {
        let answer = post(address, GENERATIONS_PATH, &authorization, r#"{"url":"geo:48.8584,2.2945"}"#)?;
        location(&answer).ok_or_else(|| format!("no generation was begun: {answer}").into())
    };
    let paths = (0..generations).map(begin_one).collect::<Result<_, Failed>>()?;
    Ok(Begun { paths, token })
}

impl Begun {
    /// The request for this generation's stream, from its beginning.
    #[must_use]
    pub fn stream_request(&self, address: SocketAddr, generation: usize) -> String {
        let path = &self.paths[generation % self.paths.len()];
        format!(
            "GET {path}/events HTTP/1.1\r\nHost: {address}\r\nAccept: text/event-stream\r\nAuthorization: Bearer {}\r\n\r\n",
            self.token
        )
    }
}

fn post(address: SocketAddr, path: &str, headers: &str, body: &str) -> Result<String, Failed> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    socket.write_all(
        format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}\
             Content-Length: {length}\r\n\r\n{body}"
        )
        .as_bytes(),
    )?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer)?;
    let is_good = answer.starts_with("HTTP/1.1 20");
    if is_good { Ok(answer) } else { Err(format!("{path} was refused: {answer}").into()) }
}

fn location(answer: &str) -> Option<String> {
    let (head, _) = answer.split_once("\r\n\r\n")?;
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_found_however_its_name_is_written() {
        assert_eq!(location("HTTP/1.1 202 Accepted\r\nlocation: /a\r\n\r\n"), Some("/a".to_owned()));
        assert_eq!(location("HTTP/1.1 202 Accepted\r\nLOCATION:/b\r\n\r\n"), Some("/b".to_owned()));
        assert_eq!(location("HTTP/1.1 202 Accepted\r\n\r\nlocation: /a"), None);
    }
}
