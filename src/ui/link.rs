//! Decides whether the address of a finished page may be a link. Opens nothing.

/// The address that `url` stands for, if it may be linked: `https:`, or of the page's own `origin`.
///
/// A path belongs to the origin that `src`, the generation's address, lies on. Anything that browsers read in more
/// than one way (white space, control characters, backslashes) is no address.
pub(crate) fn linkable(url: &str, src: &str, origin: &str) -> Option<String> {
    if url.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return None;
    }
    let absolute = match url.strip_prefix('/') {
        Some(path) if !path.starts_with('/') => format!("{}{url}", origin_of(src).unwrap_or(origin)),
        Some(_) => return None,
        None => url.to_owned(),
    };
    let is_https = absolute.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    let is_own = absolute.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/'));
    (is_own && !origin.is_empty() || is_https).then_some(absolute)
}

/// Scheme, host and port of an absolute address.
fn origin_of(src: &str) -> Option<&str> {
    let scheme_to = src.find(':')?;
    let host_from = scheme_to + 3;
    src.get(scheme_to..host_from).filter(|between| *between == "://")?;
    let host_len = src[host_from..].find(['/', '?', '#']).unwrap_or(src.len() - host_from);
    Some(&src[..host_from + host_len])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_the_own_origin_are_linked() {
        let own = "http://127.0.0.1:8787";
        let src = "/api/generations/a";
        for (url, link) in [
            ("/pages/x", Some("http://127.0.0.1:8787/pages/x")),
            ("http://127.0.0.1:8787/pages/x", Some("http://127.0.0.1:8787/pages/x")),
            ("https://example.org/x", Some("https://example.org/x")),
            ("HTTPS://example.org/x", Some("HTTPS://example.org/x")),
            ("http://127.0.0.1:87871/x", None),
            ("http://127.0.0.1:8787@evil.example/", None),
            ("http://example.org/", None),
            ("//example.org/", None),
            ("/\\example.org/", None),
            ("javascript:alert(1)", None),
            (" javascript:alert(1)", None),
            ("java\nscript:alert(1)", None),
            ("data:text/html,x", None),
            ("pages/x", None),
            ("", None),
        ] {
            assert_eq!(linkable(url, src, own).as_deref(), link, "{url:?}");
        }
    }

    #[test]
    fn a_path_belongs_to_where_the_generation_lies() {
        let link =
            linkable("/pages/x", "https://api.example.org/api/generations/a", "https://app.example.org");
        assert_eq!(link.as_deref(), Some("https://api.example.org/pages/x"));
    }
}
