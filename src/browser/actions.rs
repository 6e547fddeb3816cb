//! What the user asks of the server outside of a session: the next run of an ended generation.

use std::pin::pin;

use futures_util::future::{Either, select};
use gloo_net::http::Method;

use super::clock;
use super::fetch::{Outgoing, Unanswered};
use super::target::Target;
use super::timer::sleep;
use super::token::TokenProvider;
use crate::engine::{Span, TokenReason};

/// How long a post may take in all, its tokens included.
const POST_TIMEOUT: Span = Span::from_secs(15);

/// Asks for the next run of the generation at `target`, for at most 15 s.
///
/// A refused token is renewed once, and the request is sent again under the same `Idempotency-Key`. That something
/// runs already (409) is as good as a new run: somebody else was quicker.
///
/// # Errors
/// The HTTP status, or 0 if there was no answer, or no token. Dropping the future aborts the request.
pub async fn post_retry(target: &Target, provider: &TokenProvider, sends_cookies: bool) -> Result<(), u16> {
    let work = pin!(async {
        let key = key();
        let mut status = post(target, provider, TokenReason::Start, &key, sends_cookies).await?;
        if status == 401 {
            status = post(target, provider, TokenReason::Rejected, &key, sends_cookies).await?;
        }
        Ok(status)
    });
    let status = match select(work, pin!(sleep(POST_TIMEOUT))).await {
        Either::Left((Ok(status), _)) => status,
        Either::Left((Err(Unanswered), _)) | Either::Right(_) => 0,
    };
    if (200..300).contains(&status) || status == 409 { Ok(()) } else { Err(status) }
}

async fn post(
    target: &Target,
    provider: &TokenProvider,
    why: TokenReason,
    key: &str,
    sends_cookies: bool,
) -> Result<u16, Unanswered> {
    let token = provider.ask(why).await.map_err(|_| Unanswered)?;
    let request = Outgoing::new(Method::POST, &target.below("retry"), &token.value, sends_cookies);
    let (_aborting, answer) = request.header("idempotency-key", key).send()?;
    let (head, _body) = answer.answer().await?;
    Ok(head.status)
}

/// Names one try of the user, so that the server does it once.
fn key() -> String {
    let (mut rest, mut key) = (clock::seed(), String::with_capacity(16));
    for _ in 0..16 {
        key.push(char::from(b"0123456789abcdef"[(rest & 15) as usize]));
        rest >>= 4;
    }
    key
}
