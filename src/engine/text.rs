//! What of a foreign text may be shown, and what may stand in a header. Never markup: text only.

/// Most characters of a text from the server that are shown.
const SHOWN_CHARS_MAX: usize = 500;

/// The last place between two characters that is not past byte `at`: where `text` may be cut.
///
/// ```
/// # use generation_screen::engine::cut_before;
/// assert_eq!(["aé", "a"].map(|text| cut_before(text, 2)), [1, 1]);
/// ```
#[must_use]
pub fn cut_before(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// `text` as it may be shown: control and bidirectional formatting characters stripped, white space trimmed and
/// written as spaces, at most
/// 500 characters (then an ellipsis stands for the rest).
///
/// ```
/// # use generation_screen::engine::plain_text;
/// assert_eq!(plain_text(" Caf\u{e9}\u{202e}\u{0}\nParis\n"), "Caf\u{e9} Paris");
/// ```
#[must_use]
pub fn plain_text(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let mut chars = spaced.filter(|&c| !is_invisible(c)).skip_while(|&c| c == ' ');
    let mut shown: String = chars.by_ref().take(SHOWN_CHARS_MAX).collect();
    if chars.any(|c| c != ' ') {
        shown.pop();
        shown.push('…');
    }
    shown.truncate(shown.trim_end().len());
    shown
}

/// Control characters, and the marks, embeddings, overrides and isolates of the bidirectional algorithm, with which a
/// text could reorder what stands around it.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// True if `value` can stand in a request header as it is: at least one visible ASCII character, and nothing else.
///
/// ```
/// # use generation_screen::engine::is_header_value;
/// assert!(is_header_value("eyJhbGciOi.x-y_z="));
/// assert!(!is_header_value("a\nb") && !is_header_value("") && !is_header_value("é"));
/// ```
#[must_use]
pub fn is_header_value(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let shown = plain_text(&"é".repeat(900));
        assert_eq!(shown.chars().count(), SHOWN_CHARS_MAX);
        assert!(shown.ends_with('…'));
        assert_eq!(plain_text(&"é".repeat(500)), "é".repeat(500));
    }
}
