//! Looks at what was pasted before it is sent: could this be the address of a place? The server has the last word.

/// Longest address, in bytes.
const ADDRESS_BYTES_MAX: usize = 2048;

/// What to send for a pasted text.
///
/// # Errors
/// A sentence for the reader.
pub(crate) fn address(pasted: &str) -> Result<String, &'static str> {
    let text = pasted.trim();
    if text.is_empty() {
        return Err("Paste the address of a place first, or choose one of the examples.");
    }
    if text.len() > ADDRESS_BYTES_MAX {
        return Err(
            "That is too long for an address: 2,048 characters are the most. Paste only the address of the place.",
        );
    }
    if text.chars().any(char::is_control) {
        return Err("That is more than one line. Paste only the address of the place.");
    }
    let is_geo = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("geo:"));
    if let Some(pair) = coordinates(if is_geo { &text[4..] } else { text }) {
        return pair.map(|()| text.to_owned());
    }
    if is_geo {
        return Err("A geo: address needs two numbers, such as geo:48.8584,2.2945.");
    }
    if are_angles(text) {
        return Ok(text.to_owned());
    }
    web_address(text).ok_or(
        "That does not look like the address of a place. Paste a link from a map, or coordinates such as 48.8584, 2.2945.",
    )
}

/// Angles as maps and people write them (`48°51'29.9"N 2°17'40.2"E`): the server reads them.
fn are_angles(text: &str) -> bool {
    let fits = |c: char| {
        !c.is_alphabetic() || matches!(c, 'N' | 'S' | 'E' | 'W' | 'O' | 'n' | 's' | 'e' | 'w' | 'o')
    };
    text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(|c| fits(c) && c != '/')
}

/// The text as a web address; a scheme that was left out is added.
fn web_address(text: &str) -> Option<String> {
    let split = text.split_once(':').and_then(|(scheme, rest)| Some((scheme, rest.strip_prefix("//")?)));
    let (scheme, rest) = split.unwrap_or(("https", text));
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let looks_like_host = host.contains('.') && !host.contains(char::is_whitespace) && !host.starts_with('.');
    (is_web && looks_like_host).then(|| [scheme, "://", rest].concat())
}

/// `None` if the text is no pair of numbers; an error if it is one that lies nowhere on earth.
fn coordinates(text: &str) -> Option<Result<(), &'static str>> {
    let (lat, lng) = text.split_once([',', ';'])?;
    // What a geo: address may say beyond the pair is the server's to read.
    let lng = lng.split([';', '?', ',', '#']).next().unwrap_or(lng);
    let (lat, lng) = (whole_degrees(lat.trim())?, whole_degrees(lng.trim())?);
    let on_earth = lat <= 90 && lng <= 180;
    Some(if on_earth {
        Ok(())
    } else {
        Err(
            "Those coordinates lie nowhere on earth: latitude goes from -90 to 90, longitude from -180 to 180.",
        )
    })
}

/// The size of a decimal number, without its sign and fraction; `None` if it is none.
fn whole_degrees(number: &str) -> Option<u32> {
    let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !(all_digits(whole) && all_digits(fraction)) {
        return None;
    }
    // A number too long to be one lies outside any range.
    Some(whole.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_is_taken() {
        for text in [
            "https://www.google.com/maps/place/Eiffel+Tower/@48.8583701,2.2944813,17z",
            "https://www.openstreetmap.org/?mlat=48.8584&mlon=2.2945#map=17/48.8584/2.2945",
            "geo:48.8584,2.2945?z=17",
            "geo:48.2010,16.3695,183",
            "48.8584, 2.2945",
            "  -33.8568,151.2153\n",
            "GEO:48.8584,2.2945",
            "48°51'29.9\"N 2°17'40.2\"E",
            "48.85° N, 2.29° E",
            "\u{2212}22.95, \u{2212}43.21",
        ] {
            assert_eq!(address(text).as_deref(), Ok(text.trim()), "{text}");
        }
        assert_eq!(address("maps.google.com/?q=x").as_deref(), Ok("https://maps.google.com/?q=x"));
    }

    #[test]
    fn what_cannot_be_a_place_is_answered_with_a_sentence() {
        let large = "x".repeat(100_000);
        for text in [
            "",
            "  ",
            "hello",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "geo:here",
            "91, 0",
            "0, 181",
            &large,
        ] {
            assert!(address(text).is_err(), "{}", &text[..text.len().min(20)]);
        }
        assert!(address("a\nb").is_err_and(|said| said.contains("one line")));
        assert!(address("99999999999, 0").is_err_and(|said| said.contains("nowhere on earth")));
    }
}
