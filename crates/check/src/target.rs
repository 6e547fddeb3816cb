//! Where the server is, and which addresses are still there. It opens nothing, and lets no token go elsewhere.

use hyper::Uri;

/// The origin that is asked, and the path before `/api`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) is_tls: bool,
    /// Without the brackets of an IPv6 address.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// What `Host` says.
    pub(crate) authority: String,
    /// Empty, or begins with a slash and ends with none.
    pub(crate) base: String,
}

impl Target {
    /// Reads the URL that was given.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it, and what to write.
    pub(crate) fn read(url: &str) -> Result<Self, String> {
        let wrong = |what: &str| {
            Err(format!("`{url}` {what}: write it like http://127.0.0.1:8787 or https://example.org/base"))
        };
        if url.contains('@') {
            return Err(
                "a URL with a user name or password is not taken: use CONTRACT_CHECK_TOKEN".to_owned()
            );
        }
        if url.contains(['?', '#']) {
            return wrong("has a query or a fragment");
        }
        let Ok(uri) = url.parse::<Uri>() else { return wrong("is no URL") };
        let is_tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return wrong("is neither http nor https"),
        };
        let Some(authority) = uri.authority() else { return wrong("names no host") };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return wrong("names no host");
        }
        Ok(Self {
            is_tls,
            host: host.to_ascii_lowercase(),
            port: authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 }),
            authority: authority.as_str().to_owned(),
            base: uri.path().trim_end_matches('/').to_owned(),
        })
    }

    /// The path of `path` below the base.
    pub(crate) fn path(&self, path: &str) -> String {
        format!("{}/{}", self.base, path.trim_start_matches('/'))
    }

    /// The path and query that `location`, said by an answer of `from`, stands for on this origin; `None`: on another one,
    /// or no address at all.
    pub(crate) fn resolve(&self, location: &str, from: &str) -> Option<String> {
        let path = if location.contains("://") {
            let uri: Uri = location.parse().ok()?;
            let other = Self::read(&format!("{}://{}", uri.scheme_str()?, uri.authority()?)).ok()?;
            let is_here = (other.is_tls, &other.host, other.port) == (self.is_tls, &self.host, self.port);
            is_here.then(|| uri.path().to_owned())?
        } else if location.starts_with("//") || location.starts_with('\\') {
            return None;
        } else if location.starts_with('/') {
            location.to_owned()
        } else {
            let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{location}")
        };
        path.parse::<Uri>().is_ok().then_some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target {
        Target::read("http://Host.example:8080/base/").unwrap()
    }

    #[test]
    fn a_url_is_an_origin_and_a_base() {
        let target = target();
        assert_eq!((target.host.as_str(), target.port, target.is_tls), ("host.example", 8080, false));
        assert_eq!(target.path("/api/session"), "/base/api/session");
        let plain = Target::read("https://[::1]").unwrap();
        assert_eq!((plain.host.as_str(), plain.port, plain.base.as_str()), ("::1", 443, ""));
    }

    #[test]
    fn nonsense_is_refused_with_what_to_write() {
        for url in
            ["", "localhost:8080", "ftp://a", "http://", "http:///x", "http://a/?x", "http://a b", "/api"]
        {
            assert!(Target::read(url).unwrap_err().contains("write it like"), "{url}");
        }
        let secret = Target::read("http://user:secret@host").unwrap_err();
        assert!(!secret.contains("secret"), "{secret}");
    }

    #[test]
    fn an_address_elsewhere_is_no_address() {
        for (location, path) in [
            ("/base/api/generations/a", Some("/base/api/generations/a")),
            ("generations/a", Some("/base/api/generations/a")),
            ("http://host.example:8080/g/a", Some("/g/a")),
            ("https://host.example:8080/g/a", None),
            ("http://host.example/g/a", None),
            ("http://evil.example:8080/g/a", None),
            ("http://host.example:8080@evil.example/", None),
            ("//evil.example/g", None),
            ("/g\u{1b}", None),
        ] {
            let resolved = target().resolve(location, "/base/api/generations");
            assert_eq!(resolved.as_deref(), path, "{location}");
        }
    }
}
