//! `geo:` addresses ([RFC 5870](https://www.rfc-editor.org/rfc/rfc5870#section-3.3)), and the query that phones add to
//! them: `?q=lat,lng(Name)`.

use super::address::{decode, parameters};
use super::{Found, PlaceError, coords};

/// `rest` is what follows `geo:`.
pub(super) fn read(rest: &str) -> Result<Found, PlaceError> {
    let rest = rest.split('#').next().unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut numbers = path.split(';').next().unwrap_or(path).split(',');
    let (Some(lat), Some(lng)) = (numbers.next(), numbers.next()) else { return Err(PlaceError::NotAPlace) };
    let point = coords::from_parts(&decode(lat), &decode(lng)).ok_or(PlaceError::NotAPlace)?;

    let asked = parameters(query).into_iter().find(|(key, _)| key == "q").map(|(_, value)| value);
    let Some(asked) = asked else { return Ok(Found::new("geo: address", None, Some(point))) };
    if let Some((pin, label)) = coords::split_coordinates(&asked) {
        let label = label.trim().trim_start_matches('(').trim_end_matches(')');
        return Ok(Found::new("geo: address", Some(label.to_owned()), Some(pin)));
    }
    // geo:0,0?q=words is Android's way to search: 0,0 then means nowhere in particular.
    let nowhere = point.is_ok_and(|at| (at.lat(), at.lng()) == (0.0, 0.0));
    Ok(Found::new("geo: address", Some(asked), (!nowhere).then_some(point)))
}
