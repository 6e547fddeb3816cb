//! Compresses the page's files once. Best quality where that takes a moment, less where it would take minutes: large
//! files, and a server built without optimisation. It never touches an answer of the API.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Shorter than this, headers cost more than is saved.
const WORTH_IT: usize = 512;
/// Longer than this, the best quality takes too long.
const LARGE: usize = 1024 * 1024;

/// One content, as it can be sent.
pub(super) struct Encoded {
    pub(super) plain: Vec<u8>,
    /// `None` where it would not be shorter.
    pub(super) gzip: Option<Vec<u8>>,
    pub(super) brotli: Option<Vec<u8>>,
}

/// `plain`, and what it can be shortened to.
pub(super) fn encode(plain: Vec<u8>, text: bool) -> Encoded {
    if !text || plain.len() < WORTH_IT {
        return Encoded { plain, gzip: None, brotli: None };
    }
    let shorter = |encoded: Vec<u8>| (encoded.len() < plain.len()).then_some(encoded);
    let (gzip, brotli) = (gzip(&plain).and_then(shorter), brotli(&plain).and_then(shorter));
    Encoded { plain, gzip, brotli }
}

fn hurried(len: usize) -> bool {
    cfg!(debug_assertions) || len > LARGE
}

fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let level = if hurried(plain.len()) { Compression::fast() } else { Compression::best() };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

fn brotli(plain: &[u8]) -> Option<Vec<u8>> {
    let quality = if hurried(plain.len()) { 2 } else { 11 };
    let params = brotli::enc::BrotliEncoderParams { quality, lgwin: 22, ..Default::default() };
    let mut encoded = Vec::new();
    brotli::BrotliCompress(&mut &*plain, &mut encoded, &params).ok()?;
    Some(encoded)
}
