//! HTML and CSS without comments and indentation. Tags, attributes, strings and every word stay as they stand; what
//! does not end as expected is left alone as a whole.

/// Elements whose text is no markup, or whose white space shows: a page that has one is left as it is.
const VERBATIM: &[&str] = &["<pre", "<textarea", "<script>", "<template", "<title>\n"];

/// The page; nothing if it holds what this does not understand.
pub(crate) fn slim(html: &str) -> Option<String> {
    if VERBATIM.iter().any(|tag| html.contains(tag)) {
        return None;
    }
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while !rest.is_empty() {
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = &comment[comment.find("-->")? + 3..];
        } else if let Some(sheet) = rest.strip_prefix("<style>") {
            let end = sheet.find("</style>")?;
            text += "<style>";
            text += &css(&sheet[..end])?;
            rest = &sheet[end..];
        } else if rest.starts_with('<') {
            let end = tag_end(rest)?;
            text += &rest[..end];
            rest = &rest[end..];
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            words(&rest[..end], &mut text);
            rest = &rest[end..];
        }
    }
    Some(text)
}

/// Behind the `>` of a tag; quotes may hold others.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    tag.bytes()
        .position(|byte| {
            match (quote, byte) {
                (None, b'>') => return true,
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                _ => {}
            }
            false
        })
        .map(|end| end + 1)
}

/// Text with one line end for each run of white space that holds one: to a reader, the same.
fn words(text: &str, to: &mut String) {
    let is_space = |c: char| c.is_ascii_whitespace();
    let mut rest = text;
    while let Some(start) = rest.find(is_space) {
        let end = rest[start..].find(|c| !is_space(c)).map_or(rest.len(), |end| start + end);
        let space = &rest[start..end];
        *to += &rest[..start];
        // Beside a comment that has gone there may be one already.
        let doubled = start == 0 && to.ends_with('\n');
        *to += match (space.contains('\n'), doubled) {
            (true, true) => "",
            (true, false) => "\n",
            (false, _) => space,
        };
        rest = &rest[end..];
    }
    *to += rest;
}

/// The stylesheet; nothing if a comment, a string or a `url(` does not end.
pub(crate) fn css(source: &str) -> Option<String> {
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    // White space, or a comment with some beside it, between what is written and what comes.
    let mut gap = false;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("/*") => {
                let end = rest[2..].find("*/")? + 4;
                // Without white space it keeps two words apart, and joins none.
                if is_gap(rest[end..].chars().next()) || gap || ends_open(&text) {
                    gap = true;
                    rest = &rest[end..];
                    continue;
                }
                text += "/**/";
                rest = &rest[end..];
                continue;
            }
            _ if first.is_ascii_whitespace() => {
                gap = true;
                rest = &rest[1..];
                continue;
            }
            '"' | '\'' => string_end(rest, first)?,
            _ if is_unquoted_url(rest) => rest.find(')')? + 1,
            '\\' => 1 + rest[1..].chars().next()?.len_utf8(),
            _ => first.len_utf8(),
        };
        if std::mem::take(&mut gap) && needs_gap(&text, first) {
            text.push(' ');
        }
        if first == '}' && text.ends_with(';') && ![":;", ": ;", "\\;"].iter().any(|end| text.ends_with(end))
        {
            text.pop();
        }
        text += &rest[..length];
        rest = &rest[length..];
    }
    Some(text)
}

fn is_gap(next: Option<char>) -> bool {
    next.is_none_or(|next| next.is_ascii_whitespace())
}

fn ends_open(text: &str) -> bool {
    text.is_empty() || text.ends_with(['{', '}', ';', ','])
}

/// Whether white space between these has a meaning: `a b`, `and (`, `--x: ;`.
fn needs_gap(before: &str, after: char) -> bool {
    if before.ends_with(':') {
        // A selector's colon stands against its name; an empty value is white space.
        return matches!(after, ';' | '}');
    }
    !ends_open(before) && !matches!(after, '{' | '}' | ';' | ',')
}

fn string_end(rest: &str, quote: char) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b'\n' => return None,
            byte if char::from(byte) == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

fn is_unquoted_url(rest: &str) -> bool {
    rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("url("))
        && !rest[4..].trim_start().starts_with(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn sheet(source: &str, slimmed: &str) {
        assert_eq!(css(source).as_deref(), Some(slimmed), "{source}");
        assert_eq!(css(slimmed).as_deref(), Some(slimmed), "a second time changes nothing: {source}");
    }

    #[test]
    fn a_stylesheet_loses_comments_and_indentation() {
        sheet(
            "/* x */\na, b {\n  color: red;\n\n  &:hover { top: 0; }\n}\n",
            "a,b{color:red;&:hover{top:0}}",
        );
        sheet("@layer a, b;\n@media (min-width: 1rem) {\n}\n", "@layer a,b;@media (min-width:1rem){}");
    }

    #[test]
    fn white_space_that_means_something_stays() {
        for source in [
            "a b{}",
            "a :hover{}",
            "a > b{}",
            "@media a and (b){}",
            "a{b:calc(1px + 2px)}",
            "a{--b: ;}",
            r"a{b:c\;}",
            "a/**/b{}",
        ] {
            sheet(source, source);
        }
        sheet("a{margin: 0 /* x */ auto}", "a{margin:0 auto}");
    }

    #[test]
    fn strings_and_addresses_stay_as_they_stand() {
        for source in
            [r#"a{content:"/*  ; }  \" '"}"#, "a{b:url(data:x;y,/*  */z)}", r"a\;b{}", "a{content:'  '}"]
        {
            sheet(source, source);
        }
    }

    #[test]
    fn what_does_not_end_is_left_alone() {
        for source in ["/* x", "a{b:'c", "a{b:url(c", "a{b:'c\n'}"] {
            assert_eq!(css(source), None, "{source}");
        }
        for source in ["<!-- x", "<style>a{}", "<p class=\"a>", "<pre> x </pre>"] {
            assert_eq!(slim(source), None, "{source}");
        }
    }

    #[test]
    fn a_page_keeps_its_tags_and_words() {
        assert_eq!(
            slim("<!doctype html>\n<p title=\"a > b\n  c\">\n   one <b>two</b> three\n  four  five\n</p>\n<!-- x -->\n  <i>").unwrap(),
            "<!doctype html>\n<p title=\"a > b\n  c\">\none <b>two</b> three\nfour  five\n</p>\n<i>"
        );
        assert_eq!(slim("<style>\na { b: c; }\n</style> <p>").unwrap(), "<style>a{b:c}</style> <p>");
    }
}
