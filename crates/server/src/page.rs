//! The page about a place: which facts stand on it, in which words. Every fact is computed from the coordinates, read from
//! the pasted address, or looked up in the gazetteer; nothing is invented. The template escapes all of it.

mod facts;
mod grids;
mod maps;
mod words;

use askama::Template;
use generation_screen::contract::Card;

use crate::gazetteer::{Gazetteer, Town};
use crate::geodesy;
use crate::place::Place;
use facts::{Fact, Neighbour};

/// Further away than this, the nearest town says nothing about a place.
const NEAR_KM: f64 = 300.0;

/// What is known about a place before its page is written.
#[derive(Debug)]
pub(crate) struct Brief {
    place: Place,
    title: String,
    nearest: Option<Town>,
    around: Vec<Town>,
    opposite: Option<Town>,
    dots: Vec<(f64, f64)>,
}

/// The card as soon as the address is read.
pub(crate) fn first_card(place: &Place) -> Card {
    let subtitle = match place.name {
        Some(_) => format!("{} · {}", words::decimal_pair(place.at), place.source),
        None => place.source.to_owned(),
    };
    Card { title: title(place), subtitle: Some(subtitle), ..Card::default() }
}

fn title(place: &Place) -> String {
    place.name.clone().unwrap_or_else(|| words::decimal_pair(place.at))
}

impl Brief {
    /// Looks everything up. May take a tenth of a second: not for a task that serves.
    pub(crate) fn new(place: Place, gazetteer: &Gazetteer) -> Self {
        let opposite = geodesy::antipode(place.at);
        Self {
            title: title(&place),
            nearest: gazetteer.nearest(place.at),
            around: gazetteer.around(place.at, 12),
            opposite: gazetteer.nearest(opposite),
            dots: gazetteer.dots().to_vec(),
            place,
        }
    }

    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// The card once the facts are known.
    pub(crate) fn card(&self) -> Card {
        Card {
            title: self.title.clone(),
            subtitle: Some(self.whereabouts()),
            summary: Some(self.summary()),
            image: None,
        }
    }

    /// `Near Neuilly-sur-Seine, Ile-de-France, France`, or far from everywhere.
    fn whereabouts(&self) -> String {
        match &self.nearest {
            Some(town) if geodesy::distance_km(self.place.at, town.at) <= NEAR_KM => {
                format!("Near {}, {}", town.name, town.whereabouts())
            }
            _ => "Far from every town that GeoNames lists".to_owned(),
        }
    }

    fn summary(&self) -> String {
        let at = words::decimal_pair(self.place.at);
        let Some(town) = &self.nearest else { return format!("{} lies at {at}.", self.title) };
        let away = words::km(geodesy::distance_km(self.place.at, town.at));
        let direction = geodesy::compass(geodesy::bearing(town.at, self.place.at));
        format!(
            "{} lies at {at}, {away} {direction} of {} ({}), the nearest town in GeoNames’ list.",
            self.title,
            town.name,
            town.whereabouts()
        )
    }
}

/// Everything that the template shows.
#[derive(Template)]
#[template(path = "place.html")]
struct Page<'a> {
    title: &'a str,
    whereabouts: String,
    summary: String,
    source: &'a str,
    hue: u32,
    glance: Vec<Fact>,
    sun: Vec<Fact>,
    globe: Vec<Fact>,
    writings: Vec<Fact>,
    neighbours: Vec<Neighbour>,
    world: maps::World,
    local: Option<maps::Local>,
    links: Vec<(&'static str, String)>,
}

/// Writes the page.
///
/// # Errors
/// Only if the template itself is broken.
pub(crate) fn render(brief: &Brief) -> Result<String, askama::Error> {
    let at = brief.place.at;
    let neighbours: Vec<Neighbour> = brief.around.iter().map(|town| Neighbour::new(at, town)).collect();
    let page = Page {
        title: &brief.title,
        whereabouts: brief.whereabouts(),
        summary: brief.summary(),
        source: brief.place.source,
        hue: words::hue(at),
        glance: facts::at_a_glance(brief),
        sun: facts::sun(at),
        globe: facts::globe(at, brief.opposite.as_ref()),
        writings: facts::writings(at),
        world: maps::World::new(at, &brief.dots),
        local: maps::Local::new(at, &brief.around),
        links: facts::links(at),
        neighbours,
    };
    page.render()
}

#[cfg(test)]
mod tests;
