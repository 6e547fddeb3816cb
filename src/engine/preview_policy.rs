//! What a page in the live preview may load: nothing, unless the host names others for images and fonts. Pure text; it knows
//! no frame.

use std::fmt;

/// Stands before the first foreign byte: standards mode, a policy that loads nothing, links that lead nowhere, and a style
/// that shows whether the host's policy lets any apply.
const PRELUDE: &str = "<!doctype html><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src 'none'; connect-src 'none'; frame-src 'none'; object-src 'none'; form-action 'none'; base-uri 'none'\"><meta http-equiv=\"x-dns-prefetch-control\" content=\"off\"><meta name=\"referrer\" content=\"no-referrer\"><base target=\"_blank\"><style>:root{}</style><html inert>";

/// Most hosts that can be named for images, and for fonts.
const HOSTS_MAX: usize = 16;

/// Longest name of a host, with its port: 253 bytes by DNS, and `:65535`.
const HOST_BYTES_MAX: usize = 259;

/// What a page in the live preview may load. By default nothing: whatever a page names, no connection comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreviewPolicy {
    prelude: &'static str,
}

impl Default for PreviewPolicy {
    fn default() -> Self {
        PreviewPolicy { prelude: PRELUDE }
    }
}

impl PreviewPolicy {
    /// Lets pages load images and fonts from these hosts too, over `https` only: each a host's name in lower case, with a port
    /// if it has one of its own, such as `images.example` or `localhost:8443`. At most 16 of each.
    ///
    /// Whoever writes the page chooses the addresses: what is asked for can tell the named hosts that, when and from where a page
    /// is looked at. They get no referrer, but the cookies that they have set themselves where a browser still sends those. The
    /// page's own host, `own_host`, is never one of them: its users' cookies would go with each request. Keeps a text for as
    /// long as the program runs: make it once.
    ///
    /// # Errors
    /// The first name that is no such name, or `own_host`, or one too many.
    pub fn with_hosts(
        images: &[&str],
        fonts: &[&str],
        own_host: &str,
    ) -> Result<PreviewPolicy, PreviewHostError> {
        let mut prelude = PRELUDE.to_owned();
        for (source, hosts) in [("img-src data: blob:", images), ("font-src data:", fonts)] {
            let mut allowed = source.to_owned();
            for (at, host) in hosts.iter().enumerate() {
                if at >= HOSTS_MAX || !is_host(host) || host.eq_ignore_ascii_case(own_host) {
                    return Err(PreviewHostError((*host).to_owned()));
                }
                allowed.push_str(" https://");
                allowed.push_str(host);
            }
            prelude = prelude.replacen(source, &allowed, 1);
        }
        Ok(PreviewPolicy { prelude: prelude.leak() })
    }

    /// What is written into a frame before anything of the page.
    #[must_use]
    pub fn prelude(self) -> &'static str {
        self.prelude
    }
}

/// A host that a preview may not load from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewHostError(pub String);

impl fmt::Display for PreviewHostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} cannot be a host of the preview: at most {HOSTS_MAX} names such as images.example or localhost:8443, none of them the page's own",
            self.0
        )
    }
}

impl std::error::Error for PreviewHostError {}

/// Nothing that means more in a policy than one host: no wildcard, scheme, keyword or path.
fn is_host(name: &str) -> bool {
    let (host, port) = name.split_once(':').unwrap_or((name, "443"));
    let is_label = |label: &str| {
        let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        !label.is_empty() && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    name.len() <= HOST_BYTES_MAX
        && host.split('.').all(is_label)
        && port.bytes().all(|b| b.is_ascii_digit())
        && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(policy: PreviewPolicy, directive: &str) -> String {
        let (_, rest) = policy.prelude().split_once(&format!("; {directive} ")).unwrap();
        rest.split(';').next().unwrap().to_owned()
    }

    #[test]
    fn by_default_nothing_comes_from_the_network() {
        let policy = PreviewPolicy::default();
        assert_eq!([sources(policy, "img-src"), sources(policy, "font-src")], ["data: blob:", "data:"]);
        assert!(!policy.prelude().contains("http:") && !policy.prelude().contains("https:"));
    }

    #[test]
    fn named_hosts_are_named_and_nothing_else_changes() {
        let policy = PreviewPolicy::with_hosts(
            &["images.example", "localhost:8443"],
            &["fonts.example"],
            "app.example",
        )
        .unwrap();
        assert_eq!(
            [sources(policy, "img-src"), sources(policy, "font-src")],
            ["data: blob: https://images.example https://localhost:8443", "data: https://fonts.example"]
        );
        let without = policy
            .prelude()
            .replace(" https://images.example https://localhost:8443", "")
            .replace(" https://fonts.example", "");
        assert_eq!(without, PreviewPolicy::default().prelude());
        assert_eq!(PreviewPolicy::with_hosts(&[], &[], "").unwrap(), PreviewPolicy::default());
    }

    #[test]
    fn what_means_more_than_one_host_is_refused() {
        let long = "a".repeat(260);
        for name in [
            "",
            "*",
            "*.example",
            "'self'",
            "https:",
            "https://images.example",
            "images.example/",
            "images.example/a",
            "a b",
            "a;script-src",
            "a,b",
            "\"",
            "-a.example",
            "a-.example",
            "a..example",
            ".example",
            "IMAGES.example",
            "a:",
            "a:+1",
            "a:99999",
            "a:1:2",
            "a:*",
            "bücher.example",
            "data:",
            "a\n",
            long.as_str(),
            "app.example",
        ] {
            for (images, fonts) in [(vec![name], vec![]), (vec![], vec!["b.example", name])] {
                let refused = PreviewPolicy::with_hosts(&images, &fonts, "app.example");
                assert_eq!(refused, Err(PreviewHostError(name.to_owned())), "{name}");
            }
        }
        let many: Vec<String> = (0..=HOSTS_MAX).map(|n| format!("h{n}.example")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(PreviewPolicy::with_hosts(&many[1..], &many[1..], "").is_ok());
        assert_eq!(
            PreviewPolicy::with_hosts(&many, &[], ""),
            Err(PreviewHostError("h16.example".to_owned()))
        );
    }
}
