//! The page's Content-Security-Policy. Scripts come from this server; the ones that stand in index.html itself (Trunk
//! writes one that starts the wasm) are named by their hash, so that no other inline script ever runs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The policy under which `index` works.
pub(super) fn policy(index: &str) -> String {
    let mut scripts = String::from("script-src 'self' 'wasm-unsafe-eval'");
    for script in inline_scripts(index) {
        scripts.push_str(" 'sha256-");
        // A browser hashes what its parser made of the text: line ends are LF there.
        scripts.push_str(&STANDARD.encode(Sha256::digest(script.replace("\r\n", "\n").replace('\r', "\n"))));
        scripts.push('\'');
    }
    format!(
        "default-src 'none'; {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         font-src 'self' data:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

/// What stands between `<script …>` without `src`, and `</script>`.
fn inline_scripts(html: &str) -> Vec<&str> {
    // ASCII only: the offsets stay those of `html`.
    let lower = html.to_ascii_lowercase();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(open) = find(&lower, "<script", at) {
        let Some(start) = find(&lower, ">", open).map(|end| end + 1) else { break };
        let Some(end) = find(&lower, "</script", start) else { break };
        let tag = &lower[open..start];
        let named = |boundary: char| tag.contains(&format!("{boundary}src=") as &str);
        if ![' ', '\n', '\t', '"', '\''].into_iter().any(named) {
            found.push(&html[start..end]);
        }
        at = end;
    }
    found
}

fn find(text: &str, what: &str, from: usize) -> Option<usize> {
    text[from..].find(what).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inline_script_is_named_by_its_hash_and_a_loaded_one_is_not() {
        let html =
            "<script src=\"/a.js\">ignored</script><SCRIPT type=\"module\">alert('Hello, world.');</SCRIPT>";
        let policy = policy(html);
        // The example of https://www.w3.org/TR/CSP3/#framework-directive-source-list
        assert!(policy.contains("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 1);
    }

    #[test]
    fn line_ends_are_hashed_as_a_browser_sees_them() {
        assert_eq!(policy("<script>a\r\nb\rc</script>"), policy("<script>a\nb\nc</script>"));
    }

    #[test]
    fn without_a_page_no_inline_script_may_run() {
        for html in ["", "<script", "<script>", "<script>never closed", "plain"] {
            assert!(
                policy(html).starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style"),
                "{html}"
            );
        }
    }
}
