//! Bing Maps: a pin in `sp=point.lat_lng_name`, the view in `cp=lat~lng`, a search in `where1`, `q` or `ss`.

use super::address::Address;
use super::{Coords, Found, PlaceError, coords};

/// `None` if the address is not one of Bing Maps.
pub(super) fn read(address: &Address) -> Option<Found> {
    let is_maps = address.segments.first().is_some_and(|first| first.eq_ignore_ascii_case("maps"));
    if !(address.is_at("bing.com") && (is_maps || address.host.starts_with("maps."))) {
        return None;
    }
    let pin = address.query("sp").and_then(pin);
    let asked = ["where1", "q", "ss"].iter().find_map(|name| address.query(name));
    let view = || {
        address
            .query("cp")
            .and_then(|cp| cp.split_once('~'))
            .and_then(|(lat, lng)| coords::from_parts(lat, lng))
    };
    let (pinned_at, pinned_name) = pin.unzip();
    let at = pinned_at.or_else(|| asked.and_then(coords::parse_pair)).or_else(view);
    let name = pinned_name.flatten().or_else(|| asked.map(str::to_owned));
    Some(Found::new("Bing Maps", name, at))
}

/// `point.48.85_2.29_Name_Notes`; several are joined by `~`, the first counts.
fn pin(sp: &str) -> Option<(Result<Coords, PlaceError>, Option<String>)> {
    let point = sp.split('~').next()?.strip_prefix("point.")?;
    let mut parts = point.split('_');
    let at = coords::from_parts(parts.next()?, parts.next()?)?;
    Some((at, parts.next().map(str::to_owned)))
}
