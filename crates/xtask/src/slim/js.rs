//! JavaScript as a row of tokens, and written again without comments and indentation. It keeps every token as it
//! stands and every line end that could end a statement; what it is not sure to read rightly it refuses as a whole.

/// What a piece of the source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name, a keyword or a number.
    Word,
    /// A string in quotes, a whole template, or a regular expression: taken as it stands.
    Verbatim,
    Sign,
    /// White space and comments.
    Gap,
}

/// One piece. All of them in a row are the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

/// After these a slash begins a regular expression.
const BEFORE_A_VALUE: &[&str] = &[
    "return",
    "typeof",
    "case",
    "in",
    "of",
    "delete",
    "void",
    "throw",
    "new",
    "else",
    "do",
    "instanceof",
    "await",
    "yield",
];
/// What stands behind the parenthesis of these is a statement, not a division.
const WITH_A_CONDITION: &[&str] = &["if", "while", "for", "with"];

/// The tokens of a script; nothing if one of them does not end, or could be read in two ways.
pub(crate) fn tokens(source: &str) -> Option<Vec<Token<'_>>> {
    // Line ends that are more than one byte long would have to be looked for inside comments.
    if source.contains(['\u{2028}', '\u{2029}']) || source.starts_with("#!") {
        return None;
    }
    let mut reader =
        Reader { source, at: 0, tokens: Vec::new(), conditions: Vec::new(), closed_condition: false };
    while reader.at < source.len() {
        let (kind, end) = reader.next()?;
        let text = source.get(reader.at..end)?;
        reader.note(kind, text);
        reader.tokens.push(Token { kind, text });
        reader.at = end;
    }
    Some(reader.tokens)
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    tokens: Vec<Token<'a>>,
    /// For each open parenthesis, whether it holds the condition of a statement.
    conditions: Vec<bool>,
    /// Whether the last parenthesis that was closed held one.
    closed_condition: bool,
}

impl<'a> Reader<'a> {
    fn next(&self) -> Option<(Kind, usize)> {
        let bytes = self.source.as_bytes();
        let rest = &self.source[self.at..];
        match bytes[self.at] {
            b' ' | b'\t' | b'\n' | b'\r' => {
                let end = rest.find(|c| !matches!(c, ' ' | '\t' | '\n' | '\r')).unwrap_or(rest.len());
                Some((Kind::Gap, self.at + end))
            }
            b'/' if rest.starts_with("//") => {
                Some((Kind::Gap, self.at + rest.find(['\n', '\r']).unwrap_or(rest.len())))
            }
            b'/' if rest.starts_with("/*") => Some((Kind::Gap, self.at + 2 + rest[2..].find("*/")? + 2)),
            b'/' if self.begins_value()? => Some((Kind::Verbatim, regex_end(bytes, self.at)?)),
            b'"' | b'\'' => Some((Kind::Verbatim, string_end(bytes, self.at)?)),
            b'`' => Some((Kind::Verbatim, template_end(bytes, self.at)?)),
            first if is_word(first) => {
                let end = rest.bytes().position(|byte| !is_word(byte)).unwrap_or(rest.len());
                Some((Kind::Word, self.at + end))
            }
            _ => Some((Kind::Sign, self.at + 1)),
        }
    }

    /// Whether a slash here begins a regular expression; nothing if that takes more than the tokens to know.
    fn begins_value(&self) -> Option<bool> {
        let mut before = self.tokens.iter().rev().filter(|token| token.kind != Kind::Gap);
        let Some(last) = before.next() else { return Some(true) };
        let is_property = before.next().is_some_and(|token| token.text == ".");
        match (last.kind, last.text) {
            (Kind::Word, word) => Some(!is_property && BEFORE_A_VALUE.contains(&word)),
            (Kind::Verbatim, _) | (_, "]") => Some(false),
            (_, ")") => Some(self.closed_condition),
            // The end of a block or of an object; `++` before or behind a value.
            (_, "}" | "+" | "-") => None,
            _ => Some(true),
        }
    }

    fn note(&mut self, kind: Kind, text: &str) {
        if kind != Kind::Sign {
            return;
        }
        if text == "(" {
            let last = self.tokens.iter().rev().find(|token| token.kind != Kind::Gap);
            self.conditions.push(last.is_some_and(|token| WITH_A_CONDITION.contains(&token.text)));
        } else if text == ")" {
            self.closed_condition = self.conditions.pop().unwrap_or(false);
        }
    }
}

/// Bytes beyond ASCII belong to names here: nothing around them is dropped.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#' | b'\\') || !byte.is_ascii()
}

fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b'\n' | b'\r' => return None,
            byte if byte == bytes[start] => return Some(at + 1),
            _ => at += 1,
        }
    }
}

fn template_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b'`' => return Some(at + 1),
            b'$' if bytes.get(at + 1) == Some(&b'{') => at = expression_end(bytes, at + 2)?,
            _ => at += 1,
        }
    }
}

/// Behind the brace that ends the expression of a template.
fn expression_end(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 1);
    while depth > 0 {
        match *bytes.get(at)? {
            b'"' | b'\'' => at = string_end(bytes, at)?,
            b'`' => at = template_end(bytes, at)?,
            // A comment, a division or a regular expression: rare here, and not worth being wrong.
            b'/' => return None,
            byte => {
                depth = if byte == b'{' { depth + 1 } else { depth - i32::from(byte == b'}') };
                at += 1;
            }
        }
    }
    Some(at)
}

fn regex_end(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut in_class) = (start + 1, false);
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 1,
            b'\n' | b'\r' => return None,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'/' if !in_class => break,
            _ => {}
        }
        at += 1;
    }
    let flags = bytes[at + 1..].iter().position(|byte| !is_word(*byte));
    Some(flags.map_or(bytes.len(), |flags| at + 1 + flags))
}

/// The script without comments and indentation.
pub(crate) fn written(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut last: Option<Token<'_>> = None;
    let (mut gap, mut line_end) = (false, false);
    for token in tokens {
        if token.kind == Kind::Gap {
            gap = true;
            line_end |= token.text.contains(['\n', '\r']);
            continue;
        }
        if let Some(last) = last.filter(|_| gap) {
            text += between(last, *token, line_end);
        }
        text += token.text;
        (last, gap, line_end) = (Some(*token), false, false);
    }
    text
}

/// What has to stand between two tokens that stood apart.
fn between(before: Token<'_>, after: Token<'_>, line_end: bool) -> &'static str {
    let sign = |token: Token<'_>, signs: &[&str]| token.kind == Kind::Sign && signs.contains(&token.text);
    if line_end {
        // Nothing can end between these and their neighbour, so the line end has no meaning.
        let has_none = sign(before, &["{", ";", ",", "(", "["]) || sign(after, &["}", ")", "]", ","]);
        return if has_none { "" } else { "\n" };
    }
    if before.text.starts_with(|c: char| c.is_ascii_digit()) && after.text == "." {
        return " ";
    }
    // Two signs in a row could make another sign: `+ +`, `- -`, `< !`. A regular expression ends in a word.
    let loose = ["(", ")", "[", "]", "{", "}", ",", ";"];
    match (before.kind, after.kind) {
        (Kind::Sign, Kind::Sign) if sign(before, &loose) || sign(after, &loose) => "",
        (Kind::Sign, Kind::Sign) => " ",
        (Kind::Sign, _) | (_, Kind::Sign) if !sign(before, &["/"]) && !sign(after, &["/"]) => "",
        _ => " ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slim(source: &str) -> Option<String> {
        let tokens = tokens(source)?;
        assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), source, "nothing is lost");
        Some(written(&tokens))
    }

    #[track_caller]
    fn becomes(source: &str, slimmed: &str) {
        assert_eq!(slim(source).as_deref(), Some(slimmed), "{source}");
        assert_eq!(slim(slimmed).as_deref(), Some(slimmed), "a second time changes nothing: {source}");
    }

    #[test]
    fn comments_and_indentation_go() {
        becomes(
            "/** x */\nfunction f(a, b) {\n    // why\n    return a + b;\n}\n",
            "function f(a,b){return a+b;}",
        );
        becomes("let a = 1; /* one */ let b = 2; // two", "let a=1;let b=2;");
    }

    #[test]
    fn what_looks_like_a_comment_in_a_string_stays() {
        for source in ["'a // b'", r#""a /* \" */ b""#, "`a // b`", r"'it\'s // so'", "'`'", "`'`"] {
            becomes(source, source);
        }
    }

    #[test]
    fn templates_stay_as_they_stand_with_what_they_compute() {
        for source in
            ["`a ${ f({ b: '}' }) }  c`", "`${ `in  ${ x }` }`", r"`\`  ${a}\${`", "`a\n    b`", "`$ {  }`"]
        {
            becomes(source, source);
        }
    }

    #[test]
    fn regular_expressions_are_told_from_divisions() {
        becomes("x = /\\/\\* ['\"/] /g.exec( y );", "x=/\\/\\* ['\"/] /g.exec(y);");
        becomes("if (x) /'  /.test(y);", "if(x)/'  /.test(y);");
        becomes("return /  \"/ ;", "return /  \"/;");
        becomes("a = (b + c) / 2; d = e[0] / f / 2;", "a=(b+c)/ 2;d=e[0]/ f / 2;");
        becomes("a.return / 2 / b", "a.return / 2 / b");
        becomes("a / /  b/ / c", "a / /  b/ / c");
    }

    #[test]
    fn a_line_end_that_could_end_a_statement_stays() {
        becomes("a = b\n(c)", "a=b\n(c)");
        becomes("a\n++b", "a\n++b");
        becomes("return\n{}", "return\n{}");
        becomes("return /* x\n */ a", "return\na");
        becomes("x = function() {\n}\nf()", "x=function(){}\nf()");
        becomes("f(\n  a,\n  b\n)", "f(a,b)");
    }

    #[test]
    fn words_and_signs_do_not_grow_together() {
        becomes("return a in b", "return a in b");
        becomes("a + +b - -c", "a+ +b- -c");
        becomes("a /**/ b", "a b");
        becomes("1 .toString()", "1 .toString()");
        becomes("let ä = 1", "let ä=1");
        becomes("case 'a': return 'b'", "case 'a':return 'b'");
        becomes("a = b ? c : !d", "a=b?c: !d");
    }

    #[test]
    fn what_is_not_sure_is_refused() {
        for source in [
            "'no end",
            "'a\nb'",
            "`no end",
            "/* no end",
            "{}\n/x/.test(y)",
            "a++ / 2",
            "`${ a / b }`",
            "/no end",
        ] {
            assert_eq!(slim(source), None, "{source}");
        }
        assert_eq!(slim("// a\u{2028}b"), None);
    }
}
