//! The place reader: what people paste, turned into a name and coordinates. Pure: it never opens an address and never
//! asks anybody. What an address does not say stays unknown.
//!
//! ```
//! let place = server::place::read("https://www.google.com/maps/place/Eiffel+Tower/@48.8583701,2.2944813,17z")?;
//! assert_eq!(place.name.as_deref(), Some("Eiffel Tower"));
//! assert_eq!((place.at.lat(), place.at.lng()), (48.8583701, 2.2944813));
//! # Ok::<(), server::place::PlaceError>(())
//! ```

mod address;
mod apple;
mod bing;
mod coords;
mod geo_uri;
mod google;
mod name;
mod osm;

use std::fmt;

use address::Address;
pub use coords::Coords;

use name::tidy;

/// The longest text that is read, in bytes.
pub const TEXT_MAX: usize = 2048;

/// A place, as far as the pasted text tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its name: at most 120 characters, no control or bidirectional characters, otherwise as hostile as it came.
    pub name: Option<String>,
    /// Where it is.
    pub at: Coords,
    /// What kind of address said so, for people: `Google Maps`.
    pub source: &'static str,
}

/// Why a text names no place, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceError {
    /// Nothing was pasted.
    Empty,
    /// More than [`TEXT_MAX`] bytes.
    TooLong,
    /// Neither an address nor coordinates.
    NotAUrl,
    /// An address, but not of a place on a map.
    NotAPlace,
    /// A map's address that does not say where.
    NoCoordinates,
    /// Coordinates that are nowhere on Earth.
    OutOfRange,
    /// An address that only its service can resolve.
    ShortLink,
}

impl PlaceError {
    /// A short stable name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::NotAUrl => "not_a_url",
            Self::NotAPlace => "not_a_place",
            Self::NoCoordinates => "no_coordinates",
            Self::OutOfRange => "out_of_range",
            Self::ShortLink => "short_link",
        }
    }
}

impl fmt::Display for PlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Nothing was pasted. Paste the address of a place on a map.",
            Self::TooLong => "That is too long for an address. Paste only the address of the place.",
            Self::NotAUrl => "That is not an address. Open the place on a map and copy the address from there.",
            Self::NotAPlace => {
                "That address is not a place on a map. Use one from Google Maps, OpenStreetMap, Apple Maps or Bing \
                 Maps, a geo: address, or coordinates such as 48.85, 2.29."
            }
            Self::NoCoordinates => {
                "That address does not say where the place is. Open it, wait until the map shows the place, and copy \
                 the address again."
            }
            Self::OutOfRange => {
                "Those coordinates are nowhere on Earth. Latitude goes from -90 to 90, longitude from -180 to 180."
            }
            Self::ShortLink => "That is a short link. Open it and copy the long address.",
        })
    }
}

impl std::error::Error for PlaceError {}

/// What one kind of address knows: a raw name, and where.
struct Found {
    name: Option<String>,
    at: Result<Coords, PlaceError>,
    source: &'static str,
}

impl Found {
    /// `at` is `None` where the address does not say.
    fn new(source: &'static str, name: Option<String>, at: Option<Result<Coords, PlaceError>>) -> Self {
        Self { name, at: at.unwrap_or(Err(PlaceError::NoCoordinates)), source }
    }
}

/// Reads what was pasted.
///
/// # Errors
/// [`PlaceError`] says what is wrong and what to do.
pub fn read(text: &str) -> Result<Place, PlaceError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(PlaceError::Empty);
    }
    if text.len() > TEXT_MAX {
        return Err(PlaceError::TooLong);
    }
    if let Some(at) = coords::parse_pair(text) {
        return Ok(Place { name: None, at: at?, source: "Coordinates" });
    }
    let found = match text.split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("geo:") => geo_uri::read(rest)?,
        _ => read_address(&Address::parse(text).ok_or(PlaceError::NotAUrl)?)?,
    };
    // A name that is only the coordinates again is no name.
    let name = found.name.map(|raw| tidy(&raw)).filter(|name| !name.is_empty());
    let name = name.filter(|name| coords::parse_pair(name).is_none());
    Ok(Place { name, at: found.at?, source: found.source })
}

fn read_address(address: &Address) -> Result<Found, PlaceError> {
    if is_short_link(address) {
        return Err(PlaceError::ShortLink);
    }
    [google::read, osm::read, apple::read, bing::read]
        .iter()
        .find_map(|read| read(address))
        .ok_or(PlaceError::NotAPlace)
}

fn is_short_link(address: &Address) -> bool {
    let first = address.segments.first().map(String::as_str);
    match address.host.as_str() {
        "maps.app.goo.gl" | "g.co" | "maps.apple" | "binged.it" => true,
        "goo.gl" => first == Some("maps"),
        "osm.org" | "www.openstreetmap.org" | "openstreetmap.org" => first == Some("go"),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
