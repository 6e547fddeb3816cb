//! One request, from its head to its answer: headers that cannot break, an abort that cannot be forgotten.
//!
//! Knows how requests are written, not which ones are due. Whatever the browser throws comes out as "no answer":
//! network errors are never told apart by their text.

use gloo_net::http::{Headers, Method, RequestBuilder};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect, Response};

use super::body::Body;
use super::live::Counted;
use crate::engine::{ResponseHead, is_header_value};

/// There was no answer: the network, the browser or the request itself did not let it through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unanswered;

/// Ends one request, whatever it is doing, when it is dropped.
pub struct Aborting {
    controller: AbortController,
    _live: Counted,
}

impl Drop for Aborting {
    fn drop(&mut self) {
        // Without a reason: the browser then throws an `AbortError`, which is a true `Error`.
        self.controller.abort();
    }
}

/// A request that has not been sent.
pub struct Outgoing {
    url: String,
    method: Method,
    headers: web_sys::Headers,
    sends_cookies: bool,
    is_whole: bool,
}

impl Outgoing {
    /// A request with a bearer token. `url` was checked by [`Target`](super::Target).
    #[must_use]
    pub fn new(method: Method, url: &str, token: &str, sends_cookies: bool) -> Self {
        let (headers, made) = match web_sys::Headers::new() {
            Ok(headers) => (headers, true),
            Err(_) => (JsValue::UNDEFINED.unchecked_into(), false),
        };
        let is_whole = made && is_header_value(token);
        let mut this = Outgoing { url: url.to_owned(), method, headers, sends_cookies, is_whole };
        this.put("authorization", &["Bearer ", token].concat());
        this
    }

    /// Adds a header. A value that cannot stand in a header keeps the request from being sent.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.put(name, value);
        self
    }

    /// Adds `Last-Event-ID`: its UTF-8 bytes, one by one, as browsers' own event sources send it.
    #[must_use]
    pub fn last_event_id(self, id: &str) -> Self {
        self.header("last-event-id", &id.bytes().map(char::from).collect::<String>())
    }

    fn put(&mut self, name: &str, value: &str) {
        // Looked at here, because what a wrong value does (gloo-net: panic) is not for us to find out.
        let fits = value.chars().all(|c| c <= '\u{ff}' && !matches!(c, '\0' | '\r' | '\n'));
        self.is_whole = self.is_whole && fits && self.headers.set(name, value).is_ok();
    }

    /// Sends it. The answer is waited for with [`InFlight::answer`].
    ///
    /// # Errors
    /// If it cannot be sent as it is: nothing was.
    pub fn send(self) -> Result<(Aborting, InFlight), Unanswered> {
        if !self.is_whole {
            return Err(Unanswered);
        }
        let controller = AbortController::new().map_err(|_| Unanswered)?;
        let credentials =
            if self.sends_cookies { RequestCredentials::SameOrigin } else { RequestCredentials::Omit };
        let request = RequestBuilder::new(&self.url)
            .method(self.method)
            .headers(Headers::from_raw(self.headers))
            .abort_signal(Some(&controller.signal()))
            .redirect(RequestRedirect::Error)
            .credentials(credentials)
            .cache(RequestCache::NoStore)
            .referrer_policy(ReferrerPolicy::NoReferrer)
            .build()
            .map_err(|_| Unanswered)?;
        // Sent by hand: gloo-net panics on whatever is thrown that is not an `Error`.
        let promise = web_sys::window().ok_or(Unanswered)?.fetch_with_request(&request.into());
        let aborting = Aborting { controller, _live: Counted::request() };
        Ok((aborting, InFlight(JsFuture::from(promise))))
    }
}

/// A request that has been sent. Dropping its [`Aborting`] ends it; dropping this only stops listening.
pub struct InFlight(JsFuture);

impl InFlight {
    /// Waits for the head of the answer.
    ///
    /// # Errors
    /// If there is none.
    pub async fn answer(self) -> Result<(ResponseHead, Body), Unanswered> {
        let response: Response = self.0.await.map_err(|_| Unanswered)?.dyn_into().map_err(|_| Unanswered)?;
        let headers = response.headers();
        let header = |name| headers.get(name).ok().flatten();
        let head = ResponseHead {
            status: response.status(),
            content_type: header("content-type"),
            etag: header("etag"),
            retry_after: header("retry-after"),
        };
        Ok((head, Body::of(&response)))
    }
}
