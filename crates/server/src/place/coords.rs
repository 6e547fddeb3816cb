//! Coordinates: numbers on Earth, and the ways in which people and maps write them. It never guesses an order other
//! than latitude, longitude.

use super::PlaceError;

/// A point on Earth in degrees (WGS 84): latitude in -90 to 90, longitude in -180 to 180.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coords {
    lat: f64,
    lng: f64,
}

impl Coords {
    /// A point.
    ///
    /// # Errors
    /// [`PlaceError::OutOfRange`] if there is no such point, NaN included.
    pub fn new(lat: f64, lng: f64) -> Result<Self, PlaceError> {
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lng) {
            // No "-0": it would be written as south of the equator.
            Ok(Self { lat: lat + 0.0, lng: lng + 0.0 })
        } else {
            Err(PlaceError::OutOfRange)
        }
    }

    /// Degrees north; negative is south.
    #[must_use]
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east; negative is west.
    #[must_use]
    pub fn lng(self) -> f64 {
        self.lng
    }
}

/// Latitude and longitude as two texts.
pub(super) fn from_parts(lat: &str, lng: &str) -> Option<Result<Coords, PlaceError>> {
    Some(Coords::new(number(lat)?, number(lng)?))
}

/// `48.85, 2.29`, `48.85 2.29`, `48.85°N 2.29°E`, `N48.85 E2.29`, `48°51'29.9"N 2°17'40.2"E`; `None` if `text` is
/// anything else.
pub(super) fn parse_pair(text: &str) -> Option<Result<Coords, PlaceError>> {
    let text = text.trim();
    if text.len() > 80 {
        return None;
    }
    let (lat, lng) = split_pair(text)?;
    match (angle(lat, ['N', 'S'])?, angle(lng, ['E', 'W'])?) {
        (lat, lng) if lat.is_finite() && lng.is_finite() => Some(Coords::new(lat, lng)),
        _ => None,
    }
}

/// `48.85,2.29` and what follows the second number, for texts that go on: `48.85,2.29(Name)`, `48.85,2.29,17z`.
pub(super) fn split_coordinates(text: &str) -> Option<(Result<Coords, PlaceError>, &str)> {
    let (lat, rest) = text.split_once(',')?;
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+')).unwrap_or(rest.len());
    let (lng, rest) = rest.split_at(end);
    Some((from_parts(lat, lng)?, rest))
}

/// At a comma or semicolon; else after the first letter N or S; else at the only space.
fn split_pair(text: &str) -> Option<(&str, &str)> {
    if let Some(pair) = text.split_once([',', ';']) {
        return Some(pair);
    }
    if let Some(at) = text.find(['N', 'S', 'n', 's']).filter(|&at| at > 0) {
        return Some(text.split_at(at + 1));
    }
    if let Some(at) = text.find(['E', 'W', 'e', 'w']).filter(|&at| at > 0) {
        return Some(text.split_at(at));
    }
    text.split_once(char::is_whitespace)
}

/// Degrees, with minutes and seconds if they are there, and one of two letters (the second is negative) on either end.
fn angle(text: &str, letters: [char; 2]) -> Option<f64> {
    let mut text = text.trim();
    let mut sign = None;
    for (letter, factor) in [(letters[0], 1.0), (letters[1], -1.0)] {
        for case in [letter, letter.to_ascii_lowercase()] {
            if let Some(rest) = text.strip_suffix(case).or_else(|| text.strip_prefix(case)) {
                text = rest.trim();
                sign = Some(factor);
            }
        }
    }
    let degrees = sexagesimal(text)?;
    match sign {
        Some(_) if degrees < 0.0 => None,
        sign => Some(degrees * sign.unwrap_or(1.0)),
    }
}

/// `48.85`, `48.85°`, `48°51.5'`, `48°51'29.9"`.
fn sexagesimal(text: &str) -> Option<f64> {
    let Some((degrees, rest)) = text.split_once(['°', 'º']) else { return number(text) };
    let degrees = number(degrees.trim())?;
    let (minutes, rest) = match rest.trim() {
        "" => return Some(degrees),
        rest => rest.split_once(['\'', '′', '’'])?,
    };
    let seconds = rest.trim().trim_end_matches(['"', '″', '”', '\'', '′']).trim();
    let minutes = number(minutes.trim())?;
    let seconds = if seconds.is_empty() { 0.0 } else { number(seconds)? };
    let within = (0.0..60.0).contains(&minutes) && (0.0..60.0).contains(&seconds);
    within.then(|| degrees.signum() * (degrees.abs() + minutes / 60.0 + seconds / 3600.0))
}

/// A plain decimal number: no exponent, no `inf`, no `NaN`.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+', '\u{2212}']).unwrap_or(text);
    let plain =
        digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.bytes().any(|b| b.is_ascii_digit());
    if !plain || text.len() > 40 {
        return None;
    }
    text.replace('\u{2212}', "-").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(text: &str) -> Option<(f64, f64)> {
        parse_pair(text).map(|at| at.unwrap()).map(|at| (at.lat(), at.lng()))
    }

    #[test]
    fn people_write_coordinates_in_many_ways() {
        for text in [
            "48.85, 2.29",
            "48.85,2.29",
            " 48.85 2.29 ",
            "48.85;2.29",
            "48.85° N, 2.29° E",
            "48.85N 2.29E",
            "N48.85 E2.29",
            "48.85°,2.29°",
            "n 48.85, e 2.29",
            "+48.85, +2.29",
            "48°51'N 2°17'24\"E",
            "48° 51′ 0″ N, 2° 17′ 24″ E",
        ] {
            let (lat, lng) = pair(text).unwrap_or_else(|| panic!("{text}"));
            assert!((lat - 48.85).abs() < 1e-9 && (lng - 2.29).abs() < 1e-9, "{text}: {lat} {lng}");
        }
        assert_eq!(pair("33.86 S, 151.21 E"), Some((-33.86, 151.21)));
        assert_eq!(pair("-22.95,-43.21"), Some((-22.95, -43.21)));
        assert_eq!(pair("\u{2212}22.95, 43.21 W"), Some((-22.95, -43.21)));
    }

    #[test]
    fn what_is_no_pair_of_numbers_is_none() {
        for text in [
            "",
            "48.85",
            "48.85,",
            "1e3,2",
            "inf,nan",
            "48,85,2,29",
            "hello, world",
            "1.2.3,4",
            "-5S,1E",
            "N,E",
        ] {
            assert_eq!(parse_pair(text), None, "{text}");
        }
    }

    #[test]
    fn a_point_that_is_nowhere_is_out_of_range() {
        for text in ["90.1, 0", "-91,0", "0,180.5", "48.85, 999", "123456789, 1"] {
            assert_eq!(parse_pair(text), Some(Err(PlaceError::OutOfRange)), "{text}");
        }
        assert_eq!(pair("90, -180"), Some((90.0, -180.0)));
        assert!(Coords::new(f64::NAN, 0.0).is_err());
    }
}
