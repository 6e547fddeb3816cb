//! Which towns are near a point, and where on Earth towns are at all: from GeoNames' list, embedded, offline. It is
//! built on first use (about 0.1 s and 45 MB), never at the start. It knows places that people live in, and nothing else:
//! what country a point itself belongs to, it cannot say.

use std::sync::OnceLock;

use reverse_geocoder::{Record, ReverseGeocoder};

use crate::country;
use crate::geodesy;
use crate::place::Coords;

/// A town as GeoNames lists it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Town {
    pub(crate) name: String,
    /// The first-order region; often empty.
    pub(crate) region: String,
    pub(crate) country: String,
    pub(crate) at: Coords,
}

impl Town {
    /// `None` for coordinates that are nowhere; the list has none.
    fn read(record: &Record) -> Option<Self> {
        Some(Self {
            name: record.name.clone(),
            region: record.admin1.clone(),
            country: country::name(&record.cc).unwrap_or(&record.cc).to_owned(),
            at: Coords::new(record.lat, record.lon).ok()?,
        })
    }

    /// `Ile-de-France, France`.
    pub(crate) fn whereabouts(&self) -> String {
        let known = [self.region.as_str(), &self.country].into_iter().filter(|part| !part.is_empty());
        known.collect::<Vec<_>>().join(", ")
    }
}

/// The list, built when it is first asked.
#[derive(Default)]
pub(crate) struct Gazetteer {
    towns: OnceLock<ReverseGeocoder>,
    dots: OnceLock<Vec<(f64, f64)>>,
}

/// Where to look for towns around a point: so far, in this many directions.
const RINGS_KM: [f64; 8] = [3.0, 7.0, 12.0, 20.0, 32.0, 50.0, 75.0, 110.0];
const DIRECTIONS: u32 = 12;

/// Size of a cell of [`Gazetteer::dots`], in degrees.
pub(crate) const CELL: f64 = 2.5;

impl Gazetteer {
    fn towns(&self) -> &ReverseGeocoder {
        self.towns.get_or_init(ReverseGeocoder::new)
    }

    /// The nearest town, however far.
    pub(crate) fn nearest(&self, at: Coords) -> Option<Town> {
        Town::read(self.towns().search((at.lat(), at.lng())).record)
    }

    /// Up to `count` towns around `at`, nearest first. In dense places some in between are left out.
    pub(crate) fn around(&self, at: Coords, count: usize) -> Vec<Town> {
        let mut found: Vec<Town> = Vec::new();
        let points = RINGS_KM.iter().flat_map(|&km| {
            (0..DIRECTIONS)
                .map(move |n| geodesy::travel(at, f64::from(n) * 360.0 / f64::from(DIRECTIONS), km))
        });
        for town in std::iter::once(at).chain(points).filter_map(|point| self.nearest(point)) {
            if !found.contains(&town) {
                found.push(town);
            }
        }
        found.retain(|town| geodesy::distance_km(at, town.at) < 150.0);
        found.sort_by(|a, b| geodesy::distance_km(at, a.at).total_cmp(&geodesy::distance_km(at, b.at)));
        found.truncate(count);
        found
    }

    /// The middles (latitude, longitude) of the cells of 2.5 degrees that have a town: together they look like the
    /// continents.
    pub(crate) fn dots(&self) -> &[(f64, f64)] {
        self.dots.get_or_init(|| {
            let rows = (0..58).map(|row| -60.0 + CELL * (f64::from(row) + 0.5));
            let cells =
                rows.flat_map(|lat| (0..144).map(move |n| (lat, -180.0 + CELL * (f64::from(n) + 0.5))));
            let settled = |&(lat, lng): &(f64, f64)| {
                let town = self.towns().search((lat, lng)).record;
                (town.lat - lat).abs() <= CELL / 2.0 && (town.lon - lng).abs() <= CELL / 2.0
            };
            cells.filter(settled).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_has_a_nearest_town_with_region_and_country() {
        let gazetteer = Gazetteer::default();
        let town = gazetteer.nearest(Coords::new(48.8583701, 2.2944813).unwrap()).unwrap();
        assert_eq!((town.name.as_str(), town.country.as_str()), ("Neuilly-sur-Seine", "France"));
        assert_eq!(town.whereabouts(), "Ile-de-France, France");
        let around = gazetteer.around(Coords::new(48.8583701, 2.2944813).unwrap(), 10);
        assert_eq!((around.len(), &around[0]), (10, &town));
        for (lat, lng) in [(90.0, 0.0), (-90.0, 180.0), (0.0, -180.0), (0.0, 0.0)] {
            assert!(gazetteer.nearest(Coords::new(lat, lng).unwrap()).is_some());
        }
        assert!(gazetteer.around(Coords::new(-50.0, -120.0).unwrap(), 10).is_empty());
        assert!((1000..4000).contains(&gazetteer.dots().len()), "{}", gazetteer.dots().len());
    }
}
