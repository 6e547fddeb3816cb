//! `cargo xtask css`: the files of style/ in the order of style/order.txt as one stylesheet, for hosts that link one.
//! It changes nothing in them.

use std::fs;

use crate::fail::Fail;
use crate::place;

/// Writes the stylesheet and says where.
pub(crate) fn run() -> Result<(), Fail> {
    let text = stylesheet()?;
    let file = place::target().join("generation-screen.css");
    fs::create_dir_all(place::target())
        .and_then(|()| fs::write(&file, &text))
        .map_err(|error| Fail::task(format!("{} could not be written ({error})", file.display())))?;
    println!("{}: {} bytes", file.display(), text.len());
    Ok(())
}

fn stylesheet() -> Result<String, Fail> {
    let mut text = String::new();
    for name in order()? {
        let part = fs::read_to_string(place::root().join("style").join(&name)).map_err(|error| {
            Fail::task(format!("style/{name}, named in style/order.txt, could not be read ({error})"))
        })?;
        text += &part;
    }
    Ok(text)
}

fn order() -> Result<Vec<String>, Fail> {
    let text = fs::read_to_string(place::root().join("style/order.txt"))
        .map_err(|error| Fail::task(format!("style/order.txt could not be read ({error})")))?;
    let names = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(names.map(String::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the demo page alone wears.
    const NOT_OF_THE_COMPONENT: &[&str] = &["demo.css"];

    #[test]
    fn every_stylesheet_has_its_place_in_the_order() {
        let mut there: Vec<String> = fs::read_dir(place::root().join("style"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".css") && !NOT_OF_THE_COMPONENT.contains(&name.as_str()))
            .collect();
        let mut named = order().unwrap();
        there.sort();
        named.sort();
        assert_eq!(named, there, "style/order.txt and the files of style/");
    }
}
