//! Tokens and the session cookie: what they say, and whether this server said it. It never stores one, and never
//! writes one to a log.
//!
//! A token is `user.expiry.signature`, a cookie `user.signature`. Each is signed for its own purpose, so that one can
//! never be used as the other. The key is the store's, and lives as long as that.

use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::ids::{self, ID_LEN};

/// An anonymous user: the name in the cookie.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct UserId(String);

impl UserId {
    /// Somebody new.
    ///
    /// # Errors
    /// If the operating system gives no random bytes.
    pub(crate) fn new() -> io::Result<Self> {
        ids::random_id().map(Self)
    }

    /// Somebody whom the store knows.
    pub(crate) fn kept(name: String) -> Self {
        Self(name)
    }

    /// As it stands in the store.
    pub(crate) fn name(&self) -> &str {
        &self.0
    }
}

/// What a valid token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    /// Whose it is.
    pub(crate) user: UserId,
    /// When it ends, in milliseconds since 1970.
    pub(crate) expires_ms: u64,
}

/// Signs, and knows its own signatures again.
pub(crate) struct Signer {
    key: Hmac<Sha256>,
}

impl Signer {
    /// With a key that nobody else has: whoever has it can sign, too.
    ///
    /// # Errors
    /// Never, with a key of this length.
    pub(crate) fn new(key: &[u8; 32]) -> io::Result<Self> {
        Ok(Self { key: Hmac::new_from_slice(key).map_err(io::Error::other)? })
    }

    /// A token for `user` that ends `lifetime` after `now_ms`.
    pub(crate) fn token(&self, user: &UserId, now_ms: u64, lifetime: Duration) -> String {
        let lifetime_ms = u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX);
        let said = format!("{}.{}", user.0, now_ms.saturating_add(lifetime_ms));
        let signature = self.sign("token", &said);
        format!("{said}.{signature}")
    }

    /// What `token` says, if this server signed it and it has not ended at `now_ms`.
    pub(crate) fn read_token(&self, token: &str, now_ms: u64) -> Option<Claims> {
        let (said, signature) = token.rsplit_once('.')?;
        self.verify("token", said, signature)?;
        let (user, expires) = said.split_once('.')?;
        let expires_ms = expires.parse().ok()?;
        (now_ms < expires_ms).then(|| Claims { user: UserId(user.to_owned()), expires_ms })
    }

    /// The cookie's value for `user`.
    pub(crate) fn cookie(&self, user: &UserId) -> String {
        format!("{}.{}", user.0, self.sign("cookie", &user.0))
    }

    /// Who the cookie names, if this server signed it.
    pub(crate) fn read_cookie(&self, value: &str) -> Option<UserId> {
        let (user, signature) = value.split_once('.')?;
        self.verify("cookie", user, signature)?;
        (user.len() == ID_LEN).then(|| UserId(user.to_owned()))
    }

    fn mac(&self, purpose: &str, said: &str) -> Hmac<Sha256> {
        let mut mac = self.key.clone();
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac.update(said.as_bytes());
        mac
    }

    fn sign(&self, purpose: &str, said: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(purpose, said).finalize().into_bytes())
    }

    /// In constant time: how much of a forged signature is right must not show.
    fn verify(&self, purpose: &str, said: &str, signature: &str) -> Option<()> {
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.mac(purpose, said).verify_slice(&signature).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer_of(key: u8) -> Signer {
        Signer::new(&[key; 32]).unwrap()
    }

    const QUARTER_HOUR: Duration = Duration::from_secs(900);

    #[test]
    fn a_token_says_whose_it_is_until_it_ends() {
        let (signer, user) = (signer_of(1), UserId::new().unwrap());
        let token = signer.token(&user, 1_000, QUARTER_HOUR);
        assert_eq!(signer.read_token(&token, 900_999).unwrap().user, user);
        assert_eq!(signer.read_token(&token, 901_000), None);
    }

    #[test]
    fn what_was_changed_or_signed_by_somebody_else_is_refused() {
        let (signer, user) = (signer_of(1), UserId::new().unwrap());
        let token = signer.token(&user, 1_000, QUARTER_HOUR);
        assert_eq!(signer.read_token(&token.replace("901000", "999999"), 2_000), None);
        assert_eq!(signer_of(2).read_token(&token, 2_000), None);
        for garbage in ["", ".", "..", "a.b.c", "\u{1f5fc}.1.x"] {
            assert_eq!(signer.read_token(garbage, 0), None, "{garbage}");
            assert_eq!(signer.read_cookie(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn a_cookie_is_no_token_and_a_token_no_cookie() {
        let (signer, user) = (signer_of(1), UserId::new().unwrap());
        let cookie = signer.cookie(&user);
        assert_eq!(signer.read_cookie(&cookie), Some(user.clone()));
        assert_eq!(signer.read_token(&cookie, 0), None);
        assert_eq!(signer.read_cookie(&signer.token(&user, 0, QUARTER_HOUR)), None);
    }
}
