//! An open event stream: reads what comes, until it is enough, within a limit. Dropping it closes the connection.

use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::HeaderMap;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};

use crate::client::{Client, NoAnswer, Open, header, is_type};
use crate::record::{End, Record, Seen};

/// What browsers accept, so that a server which compresses streams does so here.
const ENCODINGS: &str = "gzip, deflate, br, zstd";

/// One connection.
pub(crate) struct Stream {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) asked: Instant,
    pub(crate) record: Record,
    /// How it was compressed when that was allowed.
    pub(crate) compressed: Option<String>,
    body: Incoming,
    token: Option<String>,
    _open: Open,
}

impl Stream {
    /// Opens the stream of the generation at `path`, as a browser would.
    ///
    /// # Errors
    /// If there is no answer.
    pub(crate) async fn open(
        client: &Client,
        path: &str,
        last_event_id: Option<&str>,
    ) -> Result<Self, NoAnswer> {
        let stream = Self::open_with(client, path, last_event_id, ENCODINGS).await?;
        // It is noted, and read without.
        let Some(encoding) = stream.encoding().map(str::to_owned) else { return Ok(stream) };
        let plain = Self::open_with(client, path, last_event_id, "identity").await?;
        Ok(Self { compressed: Some(encoding), ..plain })
    }

    async fn open_with(
        client: &Client,
        path: &str,
        last_event_id: Option<&str>,
        encodings: &str,
    ) -> Result<Self, NoAnswer> {
        let mut asking = client
            .get(&format!("{path}/events"))
            .header("accept", "text/event-stream")
            .header("accept-encoding", encodings);
        if let Some(id) = last_event_id {
            asking = asking.header("last-event-id", id);
        }
        let (response, open, asked) = asking.open().await?;
        let (parts, body) = response.into_parts();
        Ok(Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            asked,
            record: Record::default(),
            compressed: None,
            body,
            token: client.token.clone(),
            _open: open,
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// How it is compressed, if it is.
    pub(crate) fn encoding(&self) -> Option<&str> {
        self.header("content-encoding").filter(|encoding| !encoding.eq_ignore_ascii_case("identity"))
    }

    /// Whether it can be read at all.
    pub(crate) fn is_stream(&self) -> bool {
        self.status == 200 && is_type(self.header("content-type"), "text/event-stream")
    }

    /// Reads until a frame is `enough`, the stream ends, or the limit is reached. True if a frame was. May be dropped and
    /// called again: nothing is lost.
    pub(crate) async fn until(&mut self, limit: Duration, mut enough: impl FnMut(&Seen) -> bool) -> bool {
        let deadline = Instant::now() + limit;
        // Looked at here, too: where bytes are always ready, a timeout is not.
        while self.record.end.is_none() && Instant::now() < deadline {
            let before = self.record.frames.len();
            let Ok(frame) = timeout_at(deadline, self.body.frame()).await else {
                self.record.silence_until(self.asked.elapsed());
                return false;
            };
            match frame {
                None => self.record.end = Some(End::Closed),
                Some(Err(error)) => self.record.end = Some(End::Broken(error.to_string())),
                Some(Ok(frame)) => {
                    let Some(chunk) = frame.data_ref() else { continue };
                    self.record.take(chunk, self.asked.elapsed(), self.token.as_deref());
                }
            }
            if self.record.frames[before..].iter().any(&mut enough) {
                return true;
            }
        }
        false
    }

    /// Reads until the terminal event.
    pub(crate) async fn until_terminal(&mut self, limit: Duration) -> bool {
        self.until(limit, Seen::is_terminal).await
    }

    /// Reads until the end. True if the server ended it.
    pub(crate) async fn until_end(&mut self, limit: Duration) -> bool {
        self.until(limit, |_| false).await;
        self.record.end == Some(End::Closed)
    }

    /// Whether an event has come, or comes within the limit.
    pub(crate) async fn has_event(&mut self, limit: Duration) -> bool {
        self.record.events().next().is_some() || self.until(limit, |seen| seen.event().is_some()).await
    }
}
