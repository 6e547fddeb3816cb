//! The two drawings, as numbers for the template: the world made of dots where towns are, and the towns around. No map
//! service, no coastline: what is drawn is what the gazetteer lists.

use std::fmt::Write as _;

use crate::gazetteer::{CELL, Town};
use crate::geodesy;
use crate::place::Coords;

/// The world in the plate carrée projection, 720 by 360 units: two to a degree.
#[derive(Debug)]
pub(super) struct World {
    /// All dots in one path: round caps of lines without length.
    pub(super) dots: String,
    /// Where the place is.
    pub(super) x: String,
    pub(super) y: String,
}

impl World {
    pub(super) fn new(at: Coords, dots: &[(f64, f64)]) -> Self {
        let mut path = String::new();
        // Row by row from the left, each dot as a step from the one before: a third of the bytes.
        let mut last: Option<(f64, f64)> = None;
        for &(lat, lng) in dots {
            let _ = match last {
                Some((row, before)) if row == lat => write!(path, "m{} 0h0", (lng - before) * 2.0),
                _ => write!(path, "M{} {}h0", x(lng), y(lat)),
            };
            last = Some((lat, lng));
        }
        Self { dots: path, x: format!("{:.1}", x(at.lng())), y: format!("{:.1}", y(at.lat())) }
    }
}

fn x(lng: f64) -> f64 {
    (lng + 180.0) * 2.0
}

fn y(lat: f64) -> f64 {
    (90.0 - lat) * 2.0
}

const _: () = assert!(CELL * 2.0 == 5.0, "the stroke in the template fits dots five units apart");

/// The towns around: the place in the middle, north up, the outer circle at a round distance.
#[derive(Debug)]
pub(super) struct Local {
    /// What the outer circle stands for.
    pub(super) radius: String,
    /// What the inner circle stands for.
    pub(super) half: String,
    pub(super) towns: Vec<Mark>,
}

/// A town on the drawing, which is 400 by 400 units.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) x: String,
    pub(super) y: String,
    /// The label only where there is room for it.
    pub(super) label: Option<String>,
    /// Labels on the right half end at their dot.
    pub(super) left: bool,
}

impl Local {
    /// `None` if there is no town around.
    pub(super) fn new(at: Coords, towns: &[Town]) -> Option<Self> {
        let farthest = geodesy::distance_km(at, towns.last()?.at);
        let radius = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 150.0].into_iter().find(|&r| r >= farthest)?;
        let mut rows: Vec<f64> = Vec::new();
        let mark = |town: &Town| {
            let away = geodesy::distance_km(at, town.at) / radius * 170.0;
            let angle = geodesy::bearing(at, town.at).to_radians();
            let (x, y) = (200.0 + away * angle.sin(), 200.0 - away * angle.cos());
            let free = rows.iter().all(|row| (row - y).abs() >= 15.0);
            if free {
                rows.push(y);
            }
            let label = free.then(|| short(&town.name));
            Mark { x: format!("{x:.1}"), y: format!("{y:.1}"), label, left: x > 200.0 }
        };
        let towns = towns.iter().map(mark).collect();
        Some(Self { radius: format!("{radius} km"), half: format!("{} km", radius / 2.0), towns })
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= 22 { name.to_owned() } else { name.chars().take(21).chain(['…']).collect() }
}
