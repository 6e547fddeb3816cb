//! Where bearer tokens come from, and where they may go. Stores none, and never prints one.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use crate::engine::{TokenAnswer, TokenReason};

/// A bearer token, as the host's provider hands it out.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Goes into `Authorization: Bearer …`, and nowhere else. Visible ASCII characters only.
    pub value: String,
    /// How long it lives from now on, if that is known: then it is renewed before it expires.
    pub expires_in: Option<Duration>,
}

impl fmt::Debug for Token {
    // A token in a log is a token lost.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// There is none for this user, and asking again will not help: the screen shows *signed out*.
    Refused,
    /// It could not be had now (no network, the token server is down): it is asked for again, with a backoff.
    Unavailable,
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TokenError::Refused => "there is no token for this user",
            TokenError::Unavailable => "the token could not be had now",
        })
    }
}

impl std::error::Error for TokenError {}

impl From<TokenError> for TokenAnswer {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Refused => TokenAnswer::Refused,
            TokenError::Unavailable => TokenAnswer::Failed,
        }
    }
}

type TokenFuture = Pin<Box<dyn Future<Output = Result<Token, TokenError>>>>;

/// Asks the host for bearer tokens, and knows the one API origin that they may be sent to.
///
/// A cheap handle of this thread: clones share the host's function. It is called when a session starts, 30 s before a
/// token's known expiry, and when the server refuses the token; never under server-side rendering. Dropping the
/// session drops the future that it waits for.
///
/// ```
/// # use generation_screen::browser::{Token, TokenProvider};
/// let provider = TokenProvider::new(|_why| async { Ok(Token { value: "secret".into(), expires_in: None }) })
///     .for_origin("https://api.example.org");
/// ```
#[derive(Clone)]
pub struct TokenProvider {
    ask: Rc<dyn Fn(TokenReason) -> TokenFuture>,
    origin: Option<Rc<str>>,
}

impl TokenProvider {
    /// A provider that calls `ask`, for the page's own origin.
    pub fn new<F, R>(ask: F) -> Self
    where
        F: Fn(TokenReason) -> R + 'static,
        R: Future<Output = Result<Token, TokenError>> + 'static,
    {
        TokenProvider { ask: Rc::new(move |why| Box::pin(ask(why))), origin: None }
    }

    /// The same, for an API on another origin, such as `https://api.example.org`. A token is sent there only: a
    /// `src` on any other origin is refused before anything is sent.
    #[must_use]
    pub fn for_origin(mut self, origin: &str) -> Self {
        self.origin = Some(origin.into());
        self
    }

    /// The origin that was named, `None` for the page's own.
    pub(crate) fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// Asks for a token. Dropping the future gives up waiting.
    pub(crate) fn ask(&self, why: TokenReason) -> TokenFuture {
        (self.ask)(why)
    }
}

impl fmt::Debug for TokenProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenProvider").field("origin", &self.origin).finish_non_exhaustive()
    }
}
