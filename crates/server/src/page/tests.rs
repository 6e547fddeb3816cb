//! The page says what it must, and a hostile name stays text.

use std::sync::LazyLock;

use super::*;
use crate::place;

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::default);

fn page(url: &str) -> String {
    render(&Brief::new(place::read(url).unwrap(), &GAZETTEER)).unwrap()
}

#[test]
fn a_page_is_whole_self_contained_and_as_long_as_a_real_one() {
    let html = page("https://www.google.com/maps/place/Eiffel+Tower/@48.8583701,2.2944813,17z");
    assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
    assert!((15_000..40_000).contains(&html.len()), "{} bytes", html.len());
    for fact in [
        "<h1>Eiffel Tower</h1>",
        "48° 51′ 30.1″ N",
        "Neuilly-sur-Seine",
        "France",
        "31U",
        "CC BY 4.0",
        "GeoNames",
    ] {
        assert!(html.contains(fact), "{fact}");
    }
    for loaded in ["<script", "<link", "<img", "url(", "@import"] {
        assert!(!html.contains(loaded), "{loaded}");
    }
}

#[test]
fn a_hostile_name_is_text_everywhere() {
    let name = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%26%7B%7B7*7%7D%7D";
    let html = page(&format!("https://www.google.com/maps/place/{name}/@48.85,2.29,17z"));
    assert!(!html.contains("<script") && !html.contains("49}") && html.contains("{{7*7}}"));
    assert_eq!(html.matches("&#60;script&#62;alert(1)").count(), 3);
}

#[test]
fn the_ends_of_the_world_have_pages_too() {
    for text in ["90, 0", "-90, 180", "0, 0", "-48.88, -123.39", "0, -180"] {
        assert!(page(text).contains("Antipode"), "{text}");
    }
    assert!(page("-48.88, -123.39").contains("Far from every town"));
}

#[test]
fn the_cards_say_what_is_known_by_then() {
    let place = place::read("geo:0,0?q=48.8583701,2.2944813(Eiffel Tower)").unwrap();
    let first = first_card(&place);
    assert_eq!(first.title, "Eiffel Tower");
    assert_eq!(first.subtitle.as_deref(), Some("48.8584° N, 2.2945° E · geo: address"));
    let card = Brief::new(place, &GAZETTEER).card();
    assert_eq!(card.subtitle.as_deref(), Some("Near Neuilly-sur-Seine, Ile-de-France, France"));
    assert!(card.summary.unwrap().contains("km south-east of Neuilly-sur-Seine"), "the way from the town");
}
