//! What people really paste, and what must come of it.

use super::*;

/// Text, name, latitude, longitude.
type Case = (&'static str, Option<&'static str>, f64, f64);

const GOOGLE: &[Case] = &[
    (
        "https://www.google.com/maps/place/Eiffel+Tower/@48.8583701,2.2944813,17z",
        Some("Eiffel Tower"),
        48.8583701,
        2.2944813,
    ),
    (
        "https://www.google.com/maps/place/Eiffel+Tower/@48.8583701,2.2919064,17z/data=!3m1!4b1!4m6!3m5!1s0x47e66e2964e34e2d:0x8ddca9ee380ef7e0!8m2!3d48.8583701!4d2.2944813!16zL20vMDJqODE?entry=ttu",
        Some("Eiffel Tower"),
        48.8583701,
        2.2944813,
    ),
    (
        "https://www.google.de/maps/place/Brandenburger+Tor/@52.5162746,13.3777041,17z/data=!3m1!4b1!4m5!3m4!1s0x47a851c655f20989:0x26bbfb4e84674c63!8m2!3d52.5162746!4d13.3777041",
        Some("Brandenburger Tor"),
        52.5162746,
        13.3777041,
    ),
    (
        "https://www.google.co.uk/maps/place/Big+Ben/@51.5007292,-0.1268141,17z/data=!4m5!3m4!1s0x487604c38c8cd1d9:0xb78f2474b9a45aa9!8m2!3d51.5007292!4d-0.1246254",
        Some("Big Ben"),
        51.5007292,
        -0.1246254,
    ),
    (
        "https://www.google.com.au/maps/place/Sydney+Opera+House/@-33.8567844,151.213108,17z",
        Some("Sydney Opera House"),
        -33.8567844,
        151.213108,
    ),
    ("https://maps.google.com/?q=48.8583701,2.2944813", None, 48.8583701, 2.2944813),
    ("https://maps.google.com/maps?q=loc:40.6892494,-74.0445004&z=17", None, 40.6892494, -74.0445004),
    (
        "http://maps.google.com/maps?q=40.6892,-74.0445(Statue+of+Liberty)",
        Some("Statue of Liberty"),
        40.6892,
        -74.0445,
    ),
    ("https://www.google.com/maps/@35.6585805,139.7454329,15z", None, 35.6585805, 139.7454329),
    (
        "https://www.google.com/maps/@48.8577,2.2950,3a,75y,90t/data=!3m6!1e1!3m4!1sABC!2e0!7i16384!8i8192",
        None,
        48.8577,
        2.2950,
    ),
    (
        "https://www.google.com/maps/search/?api=1&query=47.5951518%2C-122.3316393",
        None,
        47.5951518,
        -122.3316393,
    ),
    ("https://www.google.com/maps/search/coffee/@47.6,-122.33,14z", Some("coffee"), 47.6, -122.33),
    ("https://www.google.com/maps/search/48.85,2.29", None, 48.85, 2.29),
    (
        "https://www.google.com/maps/@?api=1&map_action=map&center=-33.712206%2C150.311941&zoom=12",
        None,
        -33.712206,
        150.311941,
    ),
    (
        "https://www.google.com/maps/place/48%C2%B051'29.9%22N+2%C2%B017'40.2%22E/@48.8583,2.2945,17z",
        None,
        48.8583055556,
        2.2945,
    ),
    (
        "https://www.google.com/maps/place/%E6%9D%B1%E4%BA%AC%E3%82%BF%E3%83%AF%E3%83%BC/@35.6585805,139.7454329,17z",
        Some("東京タワー"),
        35.6585805,
        139.7454329,
    ),
    (
        "https://www.google.fr/maps/place/Caf%C3%A9+de+Flore/@48.8540,2.3326,17z",
        Some("Café de Flore"),
        48.8540,
        2.3326,
    ),
    (
        "www.google.com/maps/place/Machu+Picchu/@-13.1631412,-72.5449629,17z",
        Some("Machu Picchu"),
        -13.1631412,
        -72.5449629,
    ),
    (
        "https://www.google.com/maps/dir/Berlin/Potsdam/@52.45,13.1,11z/data=!4m14!4m13!1m5!1m1!1s0x1!2m2!1d13.404954!2d52.5200066!1m5!1m1!1s0x2!2m2!1d13.0644729!2d52.3905689!3e0",
        Some("Potsdam"),
        52.3905689,
        13.0644729,
    ),
    ("https://www.google.com/maps?ll=51.5,-0.12&z=10", None, 51.5, -0.12),
];

const OTHERS: &[Case] = &[
    ("https://www.openstreetmap.org/?mlat=48.8584&mlon=2.2945#map=17/48.8590/2.2950", None, 48.8584, 2.2945),
    ("https://www.openstreetmap.org/#map=17/52.51627/13.37770", None, 52.51627, 13.37770),
    ("https://www.openstreetmap.org/#map=5/51.50/-0.12&layers=T", None, 51.50, -0.12),
    (
        "https://www.openstreetmap.org/node/240109189#map=16/52.5170/13.3889",
        Some("OpenStreetMap node 240109189"),
        52.5170,
        13.3889,
    ),
    (
        "https://openstreetmap.org/way/5013364#map=18/48.85826/2.29450",
        Some("OpenStreetMap way 5013364"),
        48.85826,
        2.29450,
    ),
    (
        "https://www.openstreetmap.org/relation/62422#map=10/52.5069/13.2846",
        Some("OpenStreetMap relation 62422"),
        52.5069,
        13.2846,
    ),
    (
        "https://www.openstreetmap.org/search?query=Eiffel%20Tower#map=17/48.8584/2.2945",
        Some("Eiffel Tower"),
        48.8584,
        2.2945,
    ),
    ("https://www.openstreetmap.org/?lat=47.37&lon=8.54&zoom=13", None, 47.37, 8.54),
    ("https://osm.org/?mlat=-22.9519&mlon=-43.2105", None, -22.9519, -43.2105),
    (
        "https://maps.apple.com/?ll=37.334859,-122.009040&q=Apple+Park",
        Some("Apple Park"),
        37.334859,
        -122.009040,
    ),
    ("https://maps.apple.com/?q=37.33,-122.01", None, 37.33, -122.01),
    (
        "https://maps.apple.com/?address=1%20Infinite%20Loop&ll=37.3318,-122.0312",
        Some("1 Infinite Loop"),
        37.3318,
        -122.0312,
    ),
    (
        "https://maps.apple.com/place?coordinate=48.858370,2.294481&name=Eiffel%20Tower&place-id=I123",
        Some("Eiffel Tower"),
        48.858370,
        2.294481,
    ),
    ("https://www.bing.com/maps?cp=48.858284~2.294501&lvl=17.0", None, 48.858284, 2.294501),
    (
        "https://www.bing.com/maps/?v=2&cp=47.6205~-122.3493&where1=Space+Needle",
        Some("Space Needle"),
        47.6205,
        -122.3493,
    ),
    (
        "https://bing.com/maps/default.aspx?sp=point.41.8902_12.4922_Colosseum_Rome&cp=41.9~12.5",
        Some("Colosseum"),
        41.8902,
        12.4922,
    ),
    ("geo:48.85,2.29", None, 48.85, 2.29),
    ("GEO:48.2010,16.3695,183;crs=wgs84;u=40", None, 48.2010, 16.3695),
    ("geo:37.786971,-122.399677?z=17&q=Moscone%20Center", Some("Moscone Center"), 37.786971, -122.399677),
    ("geo:0,0?q=-33.8568,151.2153(Sydney+Opera+House)", Some("Sydney Opera House"), -33.8568, 151.2153),
    ("48.85, 2.29", None, 48.85, 2.29),
    ("  40.6892° N, 74.0445° W ", None, 40.6892, -74.0445),
];

const REFUSED: &[(&str, PlaceError)] = &[
    ("", PlaceError::Empty),
    (" \n ", PlaceError::Empty),
    ("hello", PlaceError::NotAUrl),
    ("Eiffel Tower, Paris", PlaceError::NotAUrl),
    ("javascript:alert(1)", PlaceError::NotAUrl),
    ("data:text/html,<p>", PlaceError::NotAUrl),
    ("file:///etc/passwd", PlaceError::NotAUrl),
    ("https://", PlaceError::NotAUrl),
    ("https://example.org/", PlaceError::NotAPlace),
    ("https://www.google.com/search?q=eiffel+tower", PlaceError::NotAPlace),
    ("https://google.evil.example/maps/@1,2,3z", PlaceError::NotAPlace),
    ("https://www.google.com@evil.example/maps/@1,2,3z", PlaceError::NotAPlace),
    ("https://www.bing.com/search?q=paris", PlaceError::NotAPlace),
    ("geo:", PlaceError::NotAPlace),
    ("geo:north,east", PlaceError::NotAPlace),
    ("https://maps.app.goo.gl/abcdEFGH12345", PlaceError::ShortLink),
    ("https://goo.gl/maps/abcdEFGH", PlaceError::ShortLink),
    ("https://osm.org/go/0EEQjE--", PlaceError::ShortLink),
    ("https://maps.apple/p/abc", PlaceError::ShortLink),
    ("91, 0", PlaceError::OutOfRange),
    ("geo:48.85,182", PlaceError::OutOfRange),
    ("https://www.google.com/maps/@999,2.29,17z", PlaceError::OutOfRange),
    ("https://www.openstreetmap.org/?mlat=100&mlon=0", PlaceError::OutOfRange),
    ("https://www.google.com/maps/search/coffee", PlaceError::NoCoordinates),
    ("https://www.google.com/maps?q=Eiffel+Tower", PlaceError::NoCoordinates),
    ("https://www.openstreetmap.org/node/240109189", PlaceError::NoCoordinates),
    ("geo:0,0?q=Eiffel+Tower", PlaceError::NoCoordinates),
];

#[test]
fn real_addresses_give_the_name_and_the_pin() {
    for (text, name, lat, lng) in GOOGLE.iter().chain(OTHERS) {
        let place = read(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(place.name.as_deref(), *name, "{text}");
        let off = (place.at.lat() - lat).abs().max((place.at.lng() - lng).abs());
        assert!(off < 1e-9, "{text}: {:?}", place.at);
    }
}

#[test]
fn every_other_text_is_refused_for_its_own_reason() {
    for (text, error) in REFUSED {
        assert_eq!(read(text).as_ref().err(), Some(error), "{text}");
    }
    assert_eq!(read(&"x".repeat(TEXT_MAX + 1)), Err(PlaceError::TooLong));
    assert_eq!(read(&"x".repeat(100_000)), Err(PlaceError::TooLong));
}

#[test]
fn a_hostile_name_stays_text() {
    let named = |name: &str| read(&format!("https://www.google.com/maps/place/{name}/@1,2,3z")).unwrap().name;
    assert_eq!(named("%3Cscript%3Ealert(1)%3C%2Fscript%3E").as_deref(), Some("<script>alert(1)</script>"));
    assert_eq!(named("%7B%7B7*7%7D%7D").as_deref(), Some("{{7*7}}"));
    assert_eq!(named("%00%0A%E2%80%AE%FF").as_deref(), None);
    assert_eq!(named("100%").as_deref(), Some("100%"));
}

#[test]
fn no_cut_of_a_real_address_panics() {
    for (text, ..) in GOOGLE.iter().chain(OTHERS) {
        for (at, _) in text.char_indices() {
            let _ = read(&text[..at]);
            let _ = read(&text[at..]);
        }
    }
}
