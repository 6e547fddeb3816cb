//! OpenStreetMap: the marker `mlat`, `mlon`, the view `#map=zoom/lat/lon`, and objects by number.

use super::address::Address;
use super::{Coords, Found, PlaceError, coords};

/// `None` if the address is not one of OpenStreetMap.
pub(super) fn read(address: &Address) -> Option<Found> {
    if !address.is_at("openstreetmap.org") && address.host != "osm.org" && address.host != "www.osm.org" {
        return None;
    }
    let pair = |lat: &str, lng: &str| coords::from_parts(address.query(lat)?, address.query(lng)?);
    let at = pair("mlat", "mlon").or_else(|| view(address)).or_else(|| pair("lat", "lon"));
    let name = match address.segments.first().map(String::as_str) {
        Some(kind @ ("node" | "way" | "relation")) => {
            let number = address.segments.get(1).filter(|id| id.bytes().all(|b| b.is_ascii_digit()));
            number.map(|number| format!("OpenStreetMap {kind} {number}"))
        }
        Some("search") => address.query("query").map(str::to_owned),
        _ => None,
    };
    Some(Found::new("OpenStreetMap", name, at))
}

fn view(address: &Address) -> Option<Result<Coords, PlaceError>> {
    let map = address.fragment_parameter("map").or_else(|| address.query("map").map(str::to_owned))?;
    let mut parts = map.split('/').skip(1);
    coords::from_parts(parts.next()?, parts.next()?)
}
