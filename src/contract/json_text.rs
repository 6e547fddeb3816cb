//! JSON text, read strictly as RFC 8259 has it, in one pass; what lies in one piece is borrowed. Knows no field.
//!
//! Ours, and not `serde_json`'s, because frames are what a decoder of this project is measured by, and its page is
//! weighed: by way of serde each number cost an allocation or 3 KB of tables. What it says of a text is what serde_json
//! says of it (see the tests).

use std::borrow::Cow;

use super::json::Json;

/// How deep lists and objects may lie in one another: deeper ones are nobody's who speaks the contract, and would use up
/// the stack.
const DEPTH_MAX: usize = 127;

/// The value that `text` is; nothing if it is none, or something stands after it.
pub(crate) fn parse(text: &str) -> Option<Json<'_>> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(DEPTH_MAX)?;
    if reader.next_byte().is_none() { Some(value) } else { None }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space.
    fn next_byte(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Steps over this byte, if it is what stands here.
    fn skip(&mut self, byte: u8) -> bool {
        let is_here = self.byte() == Some(byte);
        self.at += usize::from(is_here);
        is_here
    }

    /// The same, for what has to stand here, perhaps after white space.
    fn need(&mut self, byte: u8) -> Option<()> {
        self.next_byte()?;
        self.skip(byte).then_some(())
    }

    fn value(&mut self, depth: usize) -> Option<Json<'a>> {
        match self.next_byte()? {
            b'{' => self.object(depth.checked_sub(1)?),
            b'[' => self.list(depth.checked_sub(1)?),
            b'"' => self.string().map(Json::Text),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Option<Json<'a>> {
        let is_here = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += word.len();
        is_here.then_some(value)
    }

    fn object(&mut self, depth: usize) -> Option<Json<'a>> {
        self.at += 1;
        let mut fields = Vec::new();
        if self.next_byte()? != b'}' {
            loop {
                if self.next_byte()? != b'"' {
                    return None;
                }
                let name = self.string()?;
                self.need(b':')?;
                fields.push((name, self.value(depth)?));
                if self.need(b',').is_none() {
                    break;
                }
            }
        }
        self.need(b'}')?;
        Some(Json::Object(fields))
    }

    fn list(&mut self, depth: usize) -> Option<Json<'a>> {
        self.at += 1;
        let mut items = Vec::new();
        if self.next_byte()? != b']' {
            loop {
                items.push(self.value(depth)?);
                if self.need(b',').is_none() {
                    break;
                }
            }
        }
        self.need(b']')?;
        Some(Json::List(items))
    }

    /// A string, from its first quote to its last.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.at += 1;
        let text = self.text;
        let mut from = self.at;
        let mut before: Option<String> = None;
        loop {
            self.at += plain_len(&text.as_bytes()[self.at..]);
            let part = text.get(from..self.at)?;
            match self.byte()? {
                b'"' => {
                    self.at += 1;
                    return Some(match before {
                        None => Cow::Borrowed(part),
                        Some(mut whole) => {
                            whole.push_str(part);
                            Cow::Owned(whole)
                        }
                    });
                }
                b'\\' => {
                    self.at += 1;
                    let whole = before.get_or_insert_default();
                    whole.push_str(part);
                    whole.push(self.escaped()?);
                    from = self.at;
                }
                _ => return None,
            }
        }
    }

    /// What stands after a backslash.
    fn escaped(&mut self) -> Option<char> {
        let byte = self.byte()?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_point(),
            _ => return None,
        })
    }

    /// One character in one unit of UTF-16, or in a pair of them. Half a pair is none.
    fn code_point(&mut self) -> Option<char> {
        let first = self.unit()?;
        if first & 0xfc00 != 0xd800 || !(self.skip(b'\\') && self.skip(b'u')) {
            return char::from_u32(first);
        }
        let second = self.unit()?;
        if second & 0xfc00 != 0xdc00 {
            return None;
        }
        char::from_u32(0x10000 + ((first & 0x3ff) << 10 | second & 0x3ff))
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit << 4 | char::from(self.byte()?).to_digit(16)?;
            self.at += 1;
        }
        Some(unit)
    }

    fn number(&mut self) -> Option<Json<'a>> {
        let start = self.at;
        self.skip(b'-');
        if !self.skip(b'0') {
            self.digits()?;
        }
        if self.skip(b'.') {
            self.digits()?;
        }
        if self.skip(b'e') || self.skip(b'E') {
            let _ = self.skip(b'-') || self.skip(b'+');
            self.digits()?;
        }
        read_number(&self.text[start..self.at])
    }

    /// At least one digit.
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}

/// How many bytes stand before a quote, a backslash or a control character; eight are looked at at a time.
///
/// `x - 1` borrows from its high bit exactly where `x` was 0, and the lowest such bit is never a false one: see
/// *Bit Twiddling Hacks*, "Determine if a word has a byte less than n".
fn plain_len(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES << 7;
    let is_less = |word: u64, than: u8| word.wrapping_sub(ONES * u64::from(than)) & !word;
    let (eights, rest) = bytes.as_chunks::<8>();
    for (at, eight) in eights.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        let quote = is_less(word ^ (ONES * u64::from(b'"')), 1);
        let backslash = is_less(word ^ (ONES * u64::from(b'\\')), 1);
        let found = (quote | backslash | is_less(word, b' ')) & HIGHS;
        if found != 0 {
            return at * 8 + (found.trailing_zeros() / 8) as usize;
        }
    }
    let plain = rest.iter().take_while(|&&byte| byte != b'"' && byte != b'\\' && byte >= b' ');
    eights.len() * 8 + plain.count()
}

/// A JSON number: whole if it is written so, else as near as a few operations come. Only a progress has a fraction. One
/// that is too large for a number is none.
fn read_number<'a>(text: &str) -> Option<Json<'a>> {
    if let Ok(whole) = text.parse() {
        return Some(Json::Whole(whole));
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    // One that does not fit is far beyond what changes anything.
    let far = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
    let mut scale = exponent.parse::<i64>().unwrap_or(far).clamp(i64::MIN / 2, i64::MAX / 2);
    let mut value = 0.0_f64;
    let mut is_fraction = false;
    for byte in mantissa.bytes() {
        match byte {
            // Digits that change nothing any more only count.
            b'0'..=b'9' if value > 1e30 => scale += i64::from(!is_fraction),
            b'0'..=b'9' => {
                value = value * 10.0 + f64::from(byte - b'0');
                scale -= i64::from(is_fraction);
            }
            b'.' => is_fraction = true,
            _ => {}
        }
    }
    // Beyond this it is 0, or too large.
    let scale = scale.clamp(-700, 700);
    for _ in 0..scale.unsigned_abs() {
        value = if scale < 0 { value / 10.0 } else { value * 10.0 };
    }
    value.is_finite().then(|| Json::Number(if text.starts_with('-') { -value } else { value }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What serde_json says of it.
    fn oracle(text: &str) -> Option<Json<'_>> {
        serde_json::from_str(text).ok()
    }

    /// The same but for the last digits of a fraction.
    fn is_same(ours: &Json<'_>, theirs: &Json<'_>) -> bool {
        match (ours, theirs) {
            (Json::Number(ours), Json::Number(theirs)) => {
                (ours - theirs).abs() <= theirs.abs() * 1e-12 || ours == theirs
            }
            (Json::List(ours), Json::List(theirs)) => {
                ours.len() == theirs.len()
                    && ours.iter().zip(theirs).all(|(ours, theirs)| is_same(ours, theirs))
            }
            (Json::Object(ours), Json::Object(theirs)) => {
                let is_same = |((name, ours), (other, theirs)): (&(_, _), &(_, _))| {
                    name == other && is_same(ours, theirs)
                };
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(is_same)
            }
            _ => ours == theirs,
        }
    }

    fn check(text: &str) {
        let (ours, theirs) = (parse(text), oracle(text));
        let is_same = match (&ours, &theirs) {
            (Some(ours), Some(theirs)) => is_same(ours, theirs),
            (ours, theirs) => ours.is_none() && theirs.is_none(),
        };
        assert!(is_same, "{text:?}: {ours:?}, and serde_json: {theirs:?}");
    }

    /// Every text of up to `len` of these parts.
    fn each(parts: &[&str], len: usize, so_far: &mut String) {
        check(so_far);
        if len > 0 {
            for part in parts {
                so_far.push_str(part);
                each(parts, len - 1, so_far);
                so_far.truncate(so_far.len() - part.len());
            }
        }
    }

    #[test]
    fn all_short_texts_mean_what_serde_json_says() {
        let structure = ["{", "}", "[", "]", ",", ":", "\"", "\"a\"", "1", "null", " "];
        each(&structure, 5, &mut String::new());
        let numbers = ["-", "+", "0", "1", "9", ".", "e", "E", " ", "20"];
        each(&numbers, 5, &mut String::new());
        let words =
            ["true", "false", "null", "nul", "l", "T", "\n", "\t", "\r", "\u{b}", "\u{feff}", "\u{a0}"];
        each(&words, 3, &mut String::new());
    }

    #[test]
    fn all_short_strings_mean_what_serde_json_says() {
        let parts = [
            "\\", "\"", "u", "n", "/", "00", "d83d", "\\ud83d", "\\uDE00", "\\u0041", "+041", "é", "🗼",
            "\u{1f}", "\u{7f}", "x",
        ];
        for first in parts {
            each(&parts, 3, &mut ["\"", first].concat());
        }
    }

    #[test]
    fn what_ends_a_string_is_found_at_every_place() {
        for len in 0..40 {
            for end in ["\"", "\\n\"", "\u{1}\"", "é\"", "\u{80}\"", "\u{7f}\u{ff}\"", "!#[]\""] {
                check(&["\"", &"a".repeat(len), end].concat());
                check(&["\"", &"\u{e9}".repeat(len), end, " "].concat());
            }
        }
    }

    #[test]
    fn numbers_are_whole_or_near_enough() {
        for long in ["3".repeat(400), "0".repeat(400), ["9", &"0".repeat(310)].concat()] {
            check(&["0.", &long].concat());
            check(&["1", &long, "e-420"].concat());
            check(&["-7", &long, ".5e-310"].concat());
        }
        check(&["1", &"0".repeat(20_000), "e-20000"].concat());
        for text in [
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775809",
            "0.1",
            "0.30000000000000004",
            "123456.789e-3",
            "1e22",
            "1E-7",
            "1e-300",
            "1e308",
            "0e99999999999",
            "1e-99999999999",
        ] {
            check(text);
        }
        for too_large in ["1e309", "-1e400", "1e99999999999"] {
            assert_eq!(parse(too_large), None);
        }
    }

    #[test]
    fn what_lies_too_deep_is_refused_and_the_stack_is_safe() {
        for depth in [126, 127, 128, 1_000_000] {
            check(&["[".repeat(depth), "]".repeat(depth)].concat());
            check(&[r#"{"a":"#.repeat(depth), "1".to_owned(), "}".repeat(depth)].concat());
        }
    }

    #[test]
    fn a_string_in_one_piece_is_borrowed() {
        assert!(matches!(parse(r#""plain é""#), Some(Json::Text(Cow::Borrowed("plain é")))));
        assert!(matches!(parse(r#""a\u00e9""#), Some(Json::Text(Cow::Owned(text))) if text == "aé"));
    }
}
