//! What is checked, and how long it may take. It reads no command line; that is `command`'s.

use std::time::Duration;

/// The place that is asked for where nothing else is.
const BODY: &str = r#"{"url": "https://www.google.com/maps/place/Eiffel+Tower/@48.8583701,2.2944813,17z"}"#;

/// One check of one server.
#[derive(Clone)]
pub struct Options {
    /// The origin, or the address that `/api` stands below: `http://127.0.0.1:8787`, `https://example.org/base`.
    pub url: String,
    /// A bearer token; without one `POST /api/session` is asked for it. It is never shown.
    pub token: Option<String>,
    /// The token of another user, who must not see the first one's generations. Without one the session is asked.
    pub other_token: Option<String>,
    /// Where generations are made, below `url`. Default: `/api/generations`.
    pub path: String,
    /// The JSON that makes one. Default: the Eiffel Tower.
    pub body: String,
    /// A web origin that must be allowed to use the API. Default: none, and nothing is said of it.
    pub origin: Option<String>,
    /// The limit of one generation. Default: 120 s.
    pub within: Duration,
    /// The limit of one request that is not held. Default: 10 s.
    pub request_limit: Duration,
}

impl Options {
    /// The defaults for the server at `url`.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            token: None,
            other_token: None,
            path: "/api/generations".to_owned(),
            body: BODY.to_owned(),
            origin: None,
            within: Duration::from_secs(120),
            request_limit: Duration::from_secs(10),
        }
    }
}

impl std::fmt::Debug for Options {
    // A token in a log is a token lost.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("url", &self.url).field("path", &self.path).finish_non_exhaustive()
    }
}
