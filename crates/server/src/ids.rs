//! Random names: 128 bits from the operating system, as 22 characters of base64url. It never counts or guesses.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Length of a name in characters.
pub(crate) const ID_LEN: usize = 22;

/// `N` random bytes.
///
/// # Errors
/// If the operating system gives none; then nothing may be named at all.
pub(crate) fn random_bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

/// Somewhere from 0 to 1, for spreading; in the middle if there are no random bytes.
pub(crate) fn random_share() -> f64 {
    random_bytes::<4>().map_or(0.5, |bytes| f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX))
}

/// A name nobody can guess.
///
/// # Errors
/// If the operating system gives no random bytes.
pub(crate) fn random_id() -> io::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<16>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_generation_id_of_22_characters_and_new_each_time() {
        let (one, other) = (random_id().unwrap(), random_id().unwrap());
        assert_eq!(one.len(), ID_LEN);
        assert!(generation_screen::contract::is_generation_id(&one));
        assert_ne!(one, other);
    }
}
