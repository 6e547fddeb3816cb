//! Arithmetic on the globe: distances, directions, grids, and how the sun moves. The Earth is a sphere of mean radius
//! here, good to half a percent; nothing claims more.

use crate::place::Coords;

/// Mean radius of the Earth in km (IUGG).
const RADIUS_KM: f64 = 6371.0088;
/// Tilt of the Earth's axis in degrees: the latitude of the tropics.
pub(crate) const TILT: f64 = 23.436;
/// How far below the horizon the sun's middle is when its rim, bent by the air, appears.
const SUNRISE_ALTITUDE: f64 = -0.833;

/// Great-circle distance.
pub(crate) fn distance_km(a: Coords, b: Coords) -> f64 {
    let (lat_a, lat_b) = (a.lat().to_radians(), b.lat().to_radians());
    let (d_lat, d_lng) = (lat_b - lat_a, (b.lng() - a.lng()).to_radians());
    let h = (d_lat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (d_lng / 2.0).sin().powi(2);
    2.0 * RADIUS_KM * h.sqrt().min(1.0).asin()
}

/// The direction in which to leave `from` for `to`, in degrees clockwise from north, 0 to 360.
pub(crate) fn bearing(from: Coords, to: Coords) -> f64 {
    let (lat_a, lat_b) = (from.lat().to_radians(), to.lat().to_radians());
    let d_lng = (to.lng() - from.lng()).to_radians();
    let east = d_lng.sin() * lat_b.cos();
    let north = lat_a.cos() * lat_b.sin() - lat_a.sin() * lat_b.cos() * d_lng.cos();
    east.atan2(north).to_degrees().rem_euclid(360.0)
}

/// The eight points of the compass, as words.
pub(crate) fn compass(bearing: f64) -> &'static str {
    const WORDS: [&str; 8] =
        ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];
    // Saturates, and NaN is 0: always within the table.
    let eighth = (bearing.rem_euclid(360.0) / 45.0).round() as usize % 8;
    WORDS[eighth]
}

/// Where one arrives after `km` in direction `bearing`.
pub(crate) fn travel(from: Coords, bearing: f64, km: f64) -> Coords {
    let (lat, angle, way) = (from.lat().to_radians(), bearing.to_radians(), km / RADIUS_KM);
    let lat_to = (lat.sin() * way.cos() + lat.cos() * way.sin() * angle.cos()).clamp(-1.0, 1.0).asin();
    let d_lng = (angle.sin() * way.sin() * lat.cos()).atan2(way.cos() - lat.sin() * lat_to.sin());
    let lng_to = (from.lng() + d_lng.to_degrees() + 180.0).rem_euclid(360.0) - 180.0;
    Coords::new(lat_to.to_degrees(), lng_to).unwrap_or(from)
}

/// The point on the other side.
pub(crate) fn antipode(at: Coords) -> Coords {
    let lng = if at.lng() > 0.0 { at.lng() - 180.0 } else { at.lng() + 180.0 };
    Coords::new(-at.lat(), lng).unwrap_or(at)
}

/// Way along the meridian from `lat` to `to`.
pub(crate) fn along_meridian_km(lat: f64, to: f64) -> f64 {
    (lat - to).abs().to_radians() * RADIUS_KM
}

/// Length of one degree of longitude.
pub(crate) fn degree_of_longitude_km(at: Coords) -> f64 {
    1f64.to_radians() * RADIUS_KM * at.lat().to_radians().cos().max(0.0)
}

/// How fast the ground moves eastwards, in km/h.
pub(crate) fn rotation_km_h(at: Coords) -> f64 {
    const SIDEREAL_DAY_H: f64 = 23.934_47;
    degree_of_longitude_km(at) * 360.0 / SIDEREAL_DAY_H
}

/// When the sun stands highest on average, in hours UTC, 0 to 24.
pub(crate) fn mean_solar_noon_h(at: Coords) -> f64 {
    (12.0 - at.lng() / 15.0).rem_euclid(24.0)
}

/// From sunrise to sunset in hours, when the sun stands over latitude `sun`; 0 if it stays down, 24 if up.
pub(crate) fn day_length_h(at: Coords, sun: f64) -> f64 {
    let (lat, sun) = (at.lat().to_radians(), sun.to_radians());
    let cosine = (SUNRISE_ALTITUDE.to_radians().sin() - lat.sin() * sun.sin()) / (lat.cos() * sun.cos());
    cosine.clamp(-1.0, 1.0).acos().to_degrees() * 2.0 / 15.0
}

/// How high the sun stands at noon in degrees, when it stands over latitude `sun`.
pub(crate) fn noon_altitude(at: Coords, sun: f64) -> f64 {
    90.0 - (at.lat() - sun).abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lng: f64) -> Coords {
        Coords::new(lat, lng).unwrap()
    }

    const PARIS: (f64, f64) = (48.8566, 2.3522);
    const BERLIN: (f64, f64) = (52.52, 13.405);

    #[test]
    fn known_distances_and_directions_come_out() {
        let (paris, berlin) = (at(PARIS.0, PARIS.1), at(BERLIN.0, BERLIN.1));
        assert!((distance_km(paris, berlin) - 878.0).abs() < 2.0);
        assert_eq!(compass(bearing(paris, berlin)), "north-east");
        assert_eq!(compass(bearing(berlin, paris)), "south-west");
        assert_eq!((compass(359.9), compass(-45.0), compass(f64::NAN)), ("north", "north-west", "north"));
    }

    #[test]
    fn travelling_there_takes_the_distance() {
        for (from, bearing, km) in
            [(at(PARIS.0, PARIS.1), 77.0, 50.0), (at(89.9, 0.0), 0.0, 100.0), (at(0.0, 179.9), 90.0, 90.0)]
        {
            assert!((distance_km(from, travel(from, bearing, km)) - km).abs() < 0.01);
        }
    }

    #[test]
    fn the_antipode_is_half_the_way_around() {
        for point in [at(PARIS.0, PARIS.1), at(0.0, 0.0), at(-90.0, 12.0), at(1.0, -180.0)] {
            assert!((distance_km(point, antipode(point)) - 20_015.0).abs() < 1.0);
        }
    }

    #[test]
    fn the_sun_obeys() {
        let paris = at(PARIS.0, PARIS.1);
        assert!((day_length_h(paris, TILT) - 16.18).abs() < 0.1);
        assert!((day_length_h(paris, -TILT) - 8.25).abs() < 0.1);
        assert_eq!(day_length_h(at(80.0, 0.0), TILT), 24.0);
        assert_eq!(day_length_h(at(80.0, 0.0), -TILT), 0.0);
        assert!((noon_altitude(paris, 0.0) - 41.14).abs() < 0.01);
        assert!((mean_solar_noon_h(at(0.0, -90.0)) - 18.0).abs() < 1e-9);
        assert!((rotation_km_h(at(0.0, 0.0)) - 1672.0).abs() < 2.0);
    }
}
