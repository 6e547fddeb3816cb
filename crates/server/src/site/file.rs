//! One file of the page: its type, its tag, how long it may be kept, and the headers that fence the page in. It is
//! made once and only copied from.

use axum::body::Bytes;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderName, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::compress;

/// A file, ready to be sent.
pub(super) struct File {
    plain: Bytes,
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
    tag: String,
    headers: HeaderMap,
}

impl File {
    /// `address` decides type and caching; `policy` fences HTML in.
    pub(super) fn new(address: &str, content: Vec<u8>, policy: &str) -> Self {
        let kind = content_type(address);
        let tag = URL_SAFE_NO_PAD.encode(&Sha256::digest(&content)[..12]);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        let caching = if is_hashed(address) { "public, max-age=31536000, immutable" } else { "no-cache" };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if kind.starts_with("text/html") {
            put_safety_headers(&mut headers, policy);
        }
        let encoded = compress::encode(content, is_text(kind));
        Self {
            plain: encoded.plain.into(),
            gzip: encoded.gzip.map(Bytes::from),
            brotli: encoded.brotli.map(Bytes::from),
            tag,
            headers,
        }
    }

    /// The shortest form that the client takes; 304 if `known` names it.
    pub(super) fn respond(&self, request: &HeaderMap, known: Option<&str>) -> Response {
        let (encoding, content) = match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if accepts(request, "br") => (Some("br"), brotli),
            (_, Some(gzip)) if accepts(request, "gzip") => (Some("gzip"), gzip),
            _ => (None, &self.plain),
        };
        // Each form has its own tag: they differ in every byte.
        let tag = format!("\"{}{}\"", self.tag, encoding.map(|name| format!("-{name}")).unwrap_or_default());
        let is_known =
            known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
        let mut response =
            if is_known { StatusCode::NOT_MODIFIED.into_response() } else { content.clone().into_response() };
        let headers = response.headers_mut();
        headers.extend(self.headers.clone());
        if let Ok(tag) = tag.parse() {
            headers.insert(ETAG, tag);
        }
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }
}

/// What a page of ours may do, and what others may do with it. What is said of that already stands.
pub(super) fn put_safety_headers(headers: &mut HeaderMap, policy: &str) {
    if let Ok(policy) = policy.parse() {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let values = request.get_all(ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    let mut offers = values.flat_map(|value| value.split(','));
    offers.any(|offer| {
        let (name, rest) = offer.split_once(';').unwrap_or((offer, ""));
        let refused =
            rest.trim().strip_prefix("q=").is_some_and(|q| q.parse::<f64>().is_ok_and(|q| q == 0.0));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

fn content_type(address: &str) -> &'static str {
    match address.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn is_text(kind: &str) -> bool {
    !matches!(kind, "image/png" | "image/webp" | "font/woff2")
}

/// `app-0123456789abcdef.css`, `app-0123456789abcdef_bg.wasm`: the name changes with the content.
fn is_hashed(address: &str) -> bool {
    let name = address.rsplit('/').next().unwrap_or(address);
    let stem = name.split('.').next().unwrap_or(name);
    let hash = stem.rsplit('-').next().unwrap_or_default().trim_end_matches("_bg");
    stem.contains('-') && hash.len() >= 8 && hash.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for (address, hashed) in [
            ("/app-0123456789abcdef.css", true),
            ("/generation-screen-demo-18f9e40d2c8a1b77_bg.wasm", true),
            ("/snippets/inline-0badcafe.js", true),
            ("/index.html", false),
            ("/favicon.svg", false),
            ("/a-cafe.js", false),
        ] {
            assert_eq!(is_hashed(address), hashed, "{address}");
        }
    }

    #[test]
    fn an_encoding_of_quality_zero_is_not_accepted() {
        for (offer, accepted) in
            [("gzip, br", true), ("br;q=1.0", true), ("br;q=0, gzip", false), ("*", false), ("", false)]
        {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, offer.parse().unwrap())]);
            assert_eq!(accepts(&headers, "br"), accepted, "{offer}");
        }
    }
}
