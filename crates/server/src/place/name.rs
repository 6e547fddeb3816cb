//! A name from an address, made fit to be shown: one line, short, without characters that change how text around them
//! is read. It never escapes; that is the template's work.

/// The longest name, in characters.
const NAME_MAX: usize = 120;

/// One line without control and bidirectional characters, at most [`NAME_MAX`] characters.
pub(super) fn tidy(raw: &str) -> String {
    let visible: String =
        raw.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|&c| !hidden(c)).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(NAME_MAX) {
        None => line,
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
    }
}

/// Controls, marks and overrides of direction, invisible separators, and what stands for broken bytes.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(tidy("  Café\n\tdu\u{202e} Nord\0 "), "Café du Nord");
        let long = tidy(&"ä".repeat(5000));
        assert_eq!(long.chars().count(), NAME_MAX + 1);
        assert!(long.ends_with('…'));
    }
}
