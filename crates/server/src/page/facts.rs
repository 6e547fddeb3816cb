//! The facts on the page, as rows of a label and a value. Each is computed or looked up; where something is not known,
//! there is no row.

use crate::gazetteer::Town;
use crate::geodesy::{self, TILT};
use crate::page::{Brief, grids, words};
use crate::place::Coords;

/// One row of a table.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: String,
    /// How it was found, or what it means.
    pub(super) note: &'static str,
}

fn fact(label: &'static str, value: impl Into<String>, note: &'static str) -> Fact {
    Fact { label, value: value.into(), note }
}

/// A town around, seen from the place.
#[derive(Debug)]
pub(super) struct Neighbour {
    pub(super) name: String,
    pub(super) whereabouts: String,
    pub(super) away: String,
    pub(super) direction: &'static str,
    /// Degrees clockwise from north, for the arrow.
    pub(super) bearing: u32,
}

impl Neighbour {
    pub(super) fn new(at: Coords, town: &Town) -> Self {
        let bearing = geodesy::bearing(at, town.at);
        Self {
            name: town.name.clone(),
            whereabouts: town.whereabouts(),
            away: words::km(geodesy::distance_km(at, town.at)),
            direction: geodesy::compass(bearing),
            bearing: bearing.round() as u32 % 360,
        }
    }
}

pub(super) fn at_a_glance(brief: &Brief) -> Vec<Fact> {
    let at = brief.place.at;
    let mut rows = vec![
        fact("Position", words::sexagesimal_pair(at), "Degrees, minutes, seconds (WGS 84)"),
        fact("Hemispheres", hemispheres(at), "Seen from the equator and the Greenwich meridian"),
    ];
    if let Some(town) = &brief.nearest {
        let away = words::km(geodesy::distance_km(at, town.at));
        let direction = geodesy::compass(geodesy::bearing(at, town.at));
        rows.push(fact(
            "Nearest town",
            format!("{}, {away} to the {direction}", town.name),
            "As GeoNames lists it",
        ));
        if !town.region.is_empty() {
            rows.push(fact("Its region", town.region.clone(), "First-order division of the nearest town"));
        }
        rows.push(fact(
            "Its country",
            town.country.clone(),
            "The nearest town’s, which need not be the place’s",
        ));
    }
    rows.push(fact("Climate belt", belt(at), "By latitude alone"));
    rows.push(fact(
        "Sea time zone",
        sea_zone(at),
        "15° of longitude each; clocks on land follow the law instead",
    ));
    rows
}

fn hemispheres(at: Coords) -> String {
    let ns = if at.lat() < 0.0 { "southern" } else { "northern" };
    let ew = if at.lng() < 0.0 { "western" } else { "eastern" };
    format!("{ns} and {ew}")
}

fn belt(at: Coords) -> &'static str {
    match at.lat().abs() {
        lat if lat <= TILT => "between the tropics: the sun can stand overhead",
        lat if lat < 35.0 => "subtropics",
        lat if lat < 90.0 - TILT => "middle latitudes",
        _ => "polar: there are days without sunrise and without sunset",
    }
}

fn sea_zone(at: Coords) -> String {
    let hours = (at.lng() / 15.0).round();
    if hours == 0.0 {
        "UTC".to_owned()
    } else {
        format!("UTC{}{:.0}", if hours < 0.0 { '−' } else { '+' }, hours.abs())
    }
}

pub(super) fn sun(at: Coords) -> Vec<Fact> {
    let day = |sun| words::day(geodesy::day_length_h(at, sun));
    let noon = |sun| {
        let altitude = geodesy::noon_altitude(at, sun);
        if altitude < 0.0 {
            "below the horizon".to_owned()
        } else {
            format!("{altitude:.1}° above the horizon")
        }
    };
    vec![
        fact(
            "Solar noon",
            format!("{} UTC on average", words::clock(geodesy::mean_solar_noon_h(at))),
            "Up to 16 minutes earlier or later in the course of the year",
        ),
        fact("Daylight in June", day(TILT), "At the solstice, sunrise to sunset, at sea level"),
        fact("Daylight in December", day(-TILT), "At the solstice"),
        fact("Noon sun in June", noon(TILT), "At the solstice"),
        fact("Noon sun in March and September", noon(0.0), "At the equinoxes"),
        fact("Noon sun in December", noon(-TILT), "At the solstice"),
    ]
}

pub(super) fn globe(at: Coords, opposite: Option<&Town>) -> Vec<Fact> {
    let (pole, pole_name) =
        if at.lat() < 0.0 { (-90.0, "To the South Pole") } else { (90.0, "To the North Pole") };
    let mut rows = vec![
        fact("To the equator", words::km(geodesy::along_meridian_km(at.lat(), 0.0)), "Along the meridian"),
        fact(pole_name, words::km(geodesy::along_meridian_km(at.lat(), pole)), "Along the meridian"),
        fact(
            "One degree east",
            words::km(geodesy::degree_of_longitude_km(at)),
            "Along the parallel; a degree north is about 111.2 km everywhere",
        ),
        fact(
            "Speed of the ground",
            format!("{} km/h", words::grouped(geodesy::rotation_km_h(at))),
            "Eastwards, from the Earth’s rotation",
        ),
    ];
    let other_side = geodesy::antipode(at);
    rows.push(fact("Antipode", words::decimal_pair(other_side), "The point on the other side of the Earth"));
    if let Some(town) = opposite {
        let away = words::km(geodesy::distance_km(other_side, town.at));
        rows.push(fact(
            "Nearest town there",
            format!("{}, {}, {away} away", town.name, town.country),
            "As GeoNames lists it",
        ));
    }
    rows
}

pub(super) fn writings(at: Coords) -> Vec<Fact> {
    let mut rows = vec![
        fact("Decimal degrees", format!("{:.6}, {:.6}", at.lat(), at.lng()), "Latitude, longitude"),
        fact("geo: address", format!("geo:{:.6},{:.6}", at.lat(), at.lng()), "RFC 5870"),
        fact("Plus Code", grids::plus_code(at), "About 14 m"),
        fact("Geohash", grids::geohash(at), "About 5 m"),
        fact("Maidenhead locator", grids::maidenhead(at), "As radio amateurs give it"),
    ];
    if let Some(zone) = grids::utm_zone(at) {
        rows.push(fact("UTM grid zone", zone, "Universal Transverse Mercator"));
    }
    rows
}

/// Maps that show the place. Made from numbers only: nothing of the pasted text gets into an address.
pub(super) fn links(at: Coords) -> Vec<(&'static str, String)> {
    let (lat, lng) = (format!("{:.6}", at.lat()), format!("{:.6}", at.lng()));
    vec![
        ("OpenStreetMap", format!("https://www.openstreetmap.org/?mlat={lat}&mlon={lng}#map=15/{lat}/{lng}")),
        ("Google Maps", format!("https://www.google.com/maps/search/?api=1&query={lat}%2C{lng}")),
        ("Apple Maps", format!("https://maps.apple.com/?ll={lat},{lng}&q={lat},{lng}")),
        ("Bing Maps", format!("https://www.bing.com/maps?cp={lat}~{lng}&lvl=15&sp=point.{lat}_{lng}_Place")),
        ("An app on this device", format!("geo:{lat},{lng}")),
    ]
}
