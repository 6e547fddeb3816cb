//! A web address, taken apart: host, path segments, query, fragment, each decoded. It knows no map and never opens one.
//!
//! Lenient, because people paste: the scheme may be missing, percent signs may be plain, bytes may not be UTF-8.

use percent_encoding::percent_decode_str;

/// An address in parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Lower case, without user, port and final dot.
    pub(super) host: String,
    /// The path's parts, decoded, `+` as a space; empty ones left out.
    pub(super) segments: Vec<String>,
    /// The path as it came, with the query: Google hides its `data` in either.
    pub(super) raw: String,
    query: Vec<(String, String)>,
    /// What follows `#`, as it came.
    pub(super) fragment: String,
}

impl Address {
    /// `None` if `text` is not the address of a web page.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.chars().any(|c| c.is_control() || c == ' ') && !text.contains("://") {
            return None;
        }
        let rest = match text.split_once("://") {
            Some((scheme, rest)) => {
                let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
                web.then_some(rest)?
            }
            None => text,
        };
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, raw) = rest.split_at(authority_end);
        // Whatever stands before @ is a user name, not a host: google.com@evil.example is evil.example.
        let host =
            authority.rsplit('@').next()?.split(':').next()?.trim_end_matches('.').to_ascii_lowercase();
        is_host(&host).then_some(())?;
        let (path, query) = raw.split_once('?').unwrap_or((raw, ""));
        Some(Self {
            host,
            segments: path.split('/').filter(|part| !part.is_empty()).map(decode).collect(),
            raw: raw.to_owned(),
            query: parameters(query),
            fragment: fragment.to_owned(),
        })
    }

    /// The first query parameter of that name, decoded, unless it is empty.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let first = self.query.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        first.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// A parameter in the fragment, as in `#map=17/48.85/2.29`.
    pub(super) fn fragment_parameter(&self, name: &str) -> Option<String> {
        parameters(&self.fragment).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// True for `domain` itself and everything below it.
    pub(super) fn is_at(&self, domain: &str) -> bool {
        self.host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

fn is_host(host: &str) -> bool {
    let label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let last_is_a_word =
        host.rsplit('.').next().is_some_and(|last| last.bytes().any(|b| b.is_ascii_alphabetic()));
    host.contains('.') && last_is_a_word && host.split('.').all(label)
}

/// `a=b&c=d`, decoded; a name without `=` has an empty value.
pub(super) fn parameters(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(k, v)| (decode(k), decode(v)))
        .collect()
}

/// Percent-decoded, `+` as a space; what is not UTF-8 becomes U+FFFD.
pub(super) fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_apart() {
        let address =
            Address::parse("HTTPS://user@WWW.Example.org.:443/a//b+c%C3%A9?Q=1%2C2&x#map=3/4&y").unwrap();
        assert_eq!(address.host, "www.example.org");
        assert_eq!(address.segments, ["a", "b cé"]);
        assert_eq!((address.query("q"), address.query("x"), address.query("z")), (Some("1,2"), None, None));
        assert_eq!(address.fragment_parameter("map").as_deref(), Some("3/4"));
        assert!(address.is_at("example.org") && !address.is_at("ample.org"));
    }

    #[test]
    fn what_is_no_web_address_is_none() {
        for text in
            ["hello", "ftp://a.b/c", "javascript://a.b/%0Aalert(1)", "https://", "https:///x", "a b.c", "1.5"]
        {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_host_is_what_a_browser_would_open() {
        let address = Address::parse("https://maps.google.com@evil.example/maps?q=1,2").unwrap();
        assert_eq!(address.host, "evil.example");
    }
}
