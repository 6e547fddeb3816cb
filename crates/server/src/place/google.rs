//! Google Maps: the pin in `!3d…!4d…`, the view in `@lat,lng`, names in the path, `q`, `query` and their likes.

use super::address::{Address, decode};
use super::{Coords, Found, PlaceError, coords};

const SOURCE: &str = "Google Maps";

/// `None` if the address is not one of Google Maps.
pub(super) fn read(address: &Address) -> Option<Found> {
    if !is_google(&address.host) {
        return None;
    }
    let is_map_host = address.host.starts_with("maps.");
    let mut segments = address.segments.iter().map(String::as_str);
    let first = segments.next();
    if first != Some("maps") && !is_map_host {
        return None;
    }
    let kind = if first == Some("maps") { segments.next() } else { first };
    let in_path = match kind {
        Some("place" | "search") => segments.next().filter(|part| !part.starts_with('@')),
        Some("dir") => {
            segments.take_while(|part| !part.starts_with('@') && !part.starts_with("data=")).last()
        }
        _ => None,
    };
    let asked = ["q", "query", "destination", "daddr"].iter().find_map(|name| address.query(name));
    let text = in_path.or(asked);

    let named = text.and_then(point_and_name);
    let at = pin(&address.raw)
        .or_else(|| named.as_ref().map(|(at, _)| *at))
        .or_else(|| view(address))
        .or_else(|| {
            ["ll", "center", "viewpoint", "sll"]
                .iter()
                .find_map(|name| coords::parse_pair(address.query(name)?))
        });
    let name = match named {
        Some((_, name)) => name,
        None => text.map(str::to_owned),
    };
    Some(Found::new(SOURCE, name, at))
}

/// `google.com`, `www.google.de`, `maps.google.co.uk`.
fn is_google(host: &str) -> bool {
    let host = host.strip_prefix("www.").or_else(|| host.strip_prefix("maps.")).unwrap_or(host);
    let Some(ending) = host.strip_prefix("google.") else { return false };
    let country = |part: &str| part.len() == 2;
    match ending.split_once('.') {
        None => ending == "com" || country(ending),
        Some(("co" | "com", last)) => country(last),
        Some(_) => false,
    }
}

/// `48.85,2.29`, `loc:48.85,2.29`, `48.85,2.29(Name)`, `48°51'29.9"N 2°17'40.2"E`.
fn point_and_name(text: &str) -> Option<(Result<Coords, PlaceError>, Option<String>)> {
    let text = text.trim().trim_start_matches("loc:").trim_start();
    if let Some(at) = coords::parse_pair(text) {
        return Some((at, None));
    }
    let (at, rest) = coords::split_coordinates(text)?;
    let label = rest.trim().strip_prefix('(')?.trim_end_matches(')');
    Some((at, Some(label.to_owned())))
}

/// The last `!3d<lat>!4d<lng>`: the pin itself. In directions, `!1d<lng>!2d<lat>` of the last stop.
fn pin(raw: &str) -> Option<Result<Coords, PlaceError>> {
    let raw = decode(raw);
    let pair = |first: &str, second: &str| {
        raw.rmatch_indices(first).find_map(|(at, _)| {
            let (one, rest) = raw[at + first.len()..].split_once(second)?;
            Some((coords::number(one)?, coords::number(rest.split(['!', '?', '&', '/']).next()?)?))
        })
    };
    let stop = || pair("!2m2!1d", "!2d").map(|(lng, lat)| (lat, lng));
    pair("!3d", "!4d").or_else(stop).map(|(lat, lng)| Coords::new(lat, lng))
}

/// `@lat,lng,17z`: the middle of the view.
fn view(address: &Address) -> Option<Result<Coords, PlaceError>> {
    let view = address.segments.iter().find_map(|part| part.strip_prefix('@'))?;
    coords::split_coordinates(view).map(|(at, _)| at)
}
