//! Other names for a point: geohash, Plus Code, Maidenhead, UTM zone. Pure arithmetic from their public definitions.

use crate::place::Coords;

/// [Geohash](https://en.wikipedia.org/wiki/Geohash) of nine characters, about 5 m.
pub(super) fn geohash(at: Coords) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";
    let (mut lat, mut lng) = ((-90.0, 90.0), (-180.0, 180.0));
    let mut halve = |n: usize| {
        let (range, value) = if n.is_multiple_of(2) { (&mut lng, at.lng()) } else { (&mut lat, at.lat()) };
        let middle = (range.0 + range.1) / 2.0;
        let upper = value >= middle;
        *(if upper { &mut range.0 } else { &mut range.1 }) = middle;
        usize::from(upper)
    };
    let mut character = |n: usize| (0..5).fold(0, |bits, bit| bits << 1 | halve(n * 5 + bit));
    (0..9).map(|n| char::from(ALPHABET[character(n)])).collect()
}

/// [Open Location Code](https://github.com/google/open-location-code/blob/main/Documentation/Specification/specification.md)
/// of ten digits, about 14 m.
pub(super) fn plus_code(at: Coords) -> String {
    const ALPHABET: &[u8; 20] = b"23456789CFGHJMPQRVWX";
    const STEPS_PER_DEGREE: f64 = 8000.0;
    // A hair more, so that 0.000125 times 8000 is not floored to 0; the north pole belongs to the last cell.
    let steps = |degrees: f64, max: f64| (degrees * STEPS_PER_DEGREE + 1e-6).floor().clamp(0.0, max) as usize;
    let mut lat = steps(at.lat() + 90.0, 180.0 * STEPS_PER_DEGREE - 1.0);
    let mut lng = steps((at.lng() + 180.0).rem_euclid(360.0), 360.0 * STEPS_PER_DEGREE - 1.0);
    let mut pairs = Vec::new();
    for _ in 0..5 {
        pairs.push([ALPHABET[lat % 20], ALPHABET[lng % 20]].map(char::from));
        (lat, lng) = (lat / 20, lng / 20);
    }
    let digits: String = pairs.into_iter().rev().flatten().collect();
    let (area, rest) = digits.split_at(8);
    format!("{area}+{rest}")
}

/// [Maidenhead locator](https://en.wikipedia.org/wiki/Maidenhead_Locator_System) of six characters, as radio amateurs
/// give it.
pub(super) fn maidenhead(at: Coords) -> String {
    // In subsquares: 2.5' of latitude, 5' of longitude.
    let lat = (((at.lat() + 90.0) * 24.0) as usize).min(180 * 24 - 1);
    let lng = (((at.lng() + 180.0) * 12.0) as usize).min(360 * 12 - 1);
    let letter = |base: u8, n: usize| char::from(base.saturating_add(u8::try_from(n).unwrap_or(0)));
    let field = [letter(b'A', lng / 240), letter(b'A', lat / 240)];
    let square = [letter(b'0', lng / 24 % 10), letter(b'0', lat / 24 % 10)];
    let sub = [letter(b'a', lng % 24), letter(b'a', lat % 24)];
    [field, square, sub].into_iter().flatten().collect()
}

/// `31U`, with the exceptions for Norway and Svalbard; `None` near the poles, where UTM ends.
pub(super) fn utm_zone(at: Coords) -> Option<String> {
    const BANDS: &[u8; 20] = b"CDEFGHJKLMNPQRSTUVWX";
    let (lat, lng) = (at.lat(), at.lng());
    if !(-80.0..=84.0).contains(&lat) {
        return None;
    }
    let band = char::from(BANDS[(((lat + 80.0) / 8.0) as usize).min(19)]);
    let zone = match band {
        'V' if (3.0..12.0).contains(&lng) => 32,
        'X' if (0.0..42.0).contains(&lng) => [31, 33, 35, 37][((lng + 3.0) / 12.0) as usize],
        _ => (((lng + 180.0) / 6.0) as usize).min(59) + 1,
    };
    Some(format!("{zone}{band}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lng: f64) -> Coords {
        Coords::new(lat, lng).unwrap()
    }

    #[test]
    fn published_examples_come_out() {
        assert_eq!(geohash(at(57.64911, 10.40744)), "u4pruydqq");
        assert_eq!(plus_code(at(47.365590, 8.524997)), "8FVC9G8F+6X");
        assert_eq!(plus_code(at(47.0000625, 8.0000625)), "8FVC2222+22");
        assert_eq!(maidenhead(at(48.14666, 11.60833)), "JN58td");
        assert_eq!(utm_zone(at(48.8584, 2.2945)).as_deref(), Some("31U"));
        assert_eq!(utm_zone(at(60.39, 5.32)).as_deref(), Some("32V"));
        assert_eq!(utm_zone(at(78.22, 15.65)).as_deref(), Some("33X"));
    }

    #[test]
    fn the_edges_of_the_world_have_names_too() {
        for lat in [-90.0, -80.0, 0.0, 84.0, 90.0] {
            for lng in [-180.0, 0.0, 41.999, 180.0] {
                let point = at(lat, lng);
                assert_eq!(
                    (geohash(point).len(), plus_code(point).len(), maidenhead(point).len()),
                    (9, 11, 6)
                );
                assert_eq!(utm_zone(point).is_none(), lat.abs() == 90.0);
            }
        }
    }
}
