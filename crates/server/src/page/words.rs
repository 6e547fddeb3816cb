//! Numbers in words for people: distances, angles, times. It computes nothing else.

use crate::place::Coords;

/// `48.8584° N, 2.2945° E`.
pub(super) fn decimal_pair(at: Coords) -> String {
    let (ns, ew) = letters(at);
    format!("{:.4}° {ns}, {:.4}° {ew}", at.lat().abs(), at.lng().abs())
}

/// `48° 51′ 30.1″ N, 2° 17′ 40.1″ E`.
pub(super) fn sexagesimal_pair(at: Coords) -> String {
    let (ns, ew) = letters(at);
    format!("{} {ns}, {} {ew}", sexagesimal(at.lat()), sexagesimal(at.lng()))
}

fn letters(at: Coords) -> (char, char) {
    (if at.lat() < 0.0 { 'S' } else { 'N' }, if at.lng() < 0.0 { 'W' } else { 'E' })
}

fn sexagesimal(degrees: f64) -> String {
    // In tenths of a second, so that 59.96″ becomes the next minute and never 60.0″.
    let tenths = (degrees.abs() * 36_000.0).round() as u64;
    let (minutes, tenths) = (tenths / 600, tenths % 600);
    format!("{}° {:02}′ {:02}.{}″", minutes / 60, minutes % 60, tenths / 10, tenths % 10)
}

/// `850 m`, `3.4 km`, `1,234 km`.
pub(super) fn km(km: f64) -> String {
    if km < 0.995 {
        format!("{:.0} m", km * 1000.0)
    } else if km < 99.95 {
        format!("{km:.1} km")
    } else {
        format!("{} km", grouped(km))
    }
}

/// `1,234`.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `11:51` for 11.85 hours.
pub(super) fn clock(hours: f64) -> String {
    let minutes = (hours * 60.0).round() as u64 % (24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `16 h 11 min` for 16.18 hours; the extremes in words.
pub(super) fn day(hours: f64) -> String {
    let minutes = (hours * 60.0).round() as u64;
    match minutes {
        0 => "none: the sun stays below the horizon".to_owned(),
        m if m >= 24 * 60 => "24 h: the sun does not set".to_owned(),
        m => format!("{} h {:02} min", m / 60, m % 60),
    }
}

/// The page's colour: each place has its own.
pub(super) fn hue(at: Coords) -> u32 {
    (at.lat() * 7.0 + at.lng() * 3.0).rem_euclid(360.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well_at_their_edges() {
        let at = |lat, lng| Coords::new(lat, lng).unwrap();
        assert_eq!(decimal_pair(at(-33.8568, 151.2153)), "33.8568° S, 151.2153° E");
        assert_eq!(sexagesimal_pair(at(48.99999, -0.5)), "49° 00′ 00.0″ N, 0° 30′ 00.0″ W");
        assert_eq!(
            [km(0.0), km(0.85), km(0.999), km(99.97), km(12_345.6)],
            ["0 m", "850 m", "1.0 km", "100 km", "12,346 km"]
        );
        assert_eq!([clock(11.85), clock(23.999)], ["11:51", "00:00"]);
        assert_eq!(
            [day(0.0), day(24.0), day(8.25)].map(|text| text.chars().take(4).collect::<String>()),
            ["none", "24 h", "8 h "]
        );
    }
}
