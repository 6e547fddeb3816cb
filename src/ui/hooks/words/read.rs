//! The entries of a language's file, one by one. Every entry of [`Labels`] stands here once.

use super::LabelsError;
use super::template::{Plural, fill, kept};
use crate::contract::{Json, parse_json};
use crate::engine::{PreviewOff, Why};
use crate::ui::{Labels, Said, Say};

/// The words of a file.
pub(super) fn labels(text: &str) -> Result<Labels, LabelsError> {
    let Some(Json::Object(mut entries)) = parse_json(text) else { return Err(LabelsError::NoJson) };
    let mut labels = Labels::default();
    // The language first: plurals are chosen by it.
    entries.sort_by_key(|(name, _)| name != "lang");
    for (name, value) in entries {
        entry(&mut labels, &name, value).ok_or_else(|| LabelsError::Entry(name.into_owned()))?;
    }
    Ok(labels)
}

/// What an entry is made of.
enum Slot<'a> {
    Text(&'a mut &'static str),
    Texts(&'a mut [&'static str]),
    Said(&'a mut Said),
}

macro_rules! slots {
    ($labels:ident, $name:ident, Text $($text:ident)*, Texts $($texts:ident)*, Said $($said:ident)*) => {
        match $name {
            $(stringify!($text) => Slot::Text(&mut $labels.$text),)*
            $(stringify!($texts) => Slot::Texts(&mut $labels.$texts),)*
            $(stringify!($said) => Slot::Said(&mut $labels.$said),)*
            _ => return None,
        }
    };
}

/// The entries that are the same whatever the number.
fn slot<'a>(labels: &'a mut Labels, name: &str) -> Option<Slot<'a>> {
    Some(slots!(labels, name,
        Text lang dir screen connecting queued running finishing idle elapsed_name progress steps steps_unknown
            details card card_empty opening live live_means polling offline offline_means signed_out stalled resumed
            cancelling unconfirmed server_says cancel notify retry retrying sign_in open open_note page preview source pause
            preview_frame preview_keys preview_empty preview_none preview_partial widths preview_note follow
            source_text copy copied copy_failed download download_failed wrap,
        Texts step_states width_names,
        Said complete incomplete failed_retryable failed cancelled not_found gone forbidden too_large src_foreign
            src_invalid signed_out_said))
}

/// Sets one entry; nothing if it is not known, or not what it has to be.
fn entry(labels: &mut Labels, name: &str, value: Json<'_>) -> Option<()> {
    let lang = labels.lang;
    match name {
        "progress_reached" => labels.progress_reached = say(lang, value)?,
        "reconnecting" => labels.reconnecting = say(lang, value)?,
        "run" => labels.run = say(lang, value)?,
        "outline" => labels.outline = say(lang, value)?,
        "retry_failed" => labels.retry_failed = say_status(lang, value)?,
        "cancel_failed" => labels.cancel_failed = say_status(lang, value)?,
        "step_began" => {
            let template = text(value)?;
            labels.step_began = lasting(move |step: &str, number: usize, of: usize| {
                fill(template, &[("step", step), ("n", &number.to_string()), ("of", &of.to_string())])
            });
        }
        "kept" => {
            let template = text(value)?;
            labels.kept = lasting(move |size: &str| fill(template, &[("size", size)]));
        }
        "step" => {
            let words = texts_by_name(value)?;
            labels.step = lasting(move |name: &str| word(&words, name));
        }
        "why" => {
            let words = every(&texts_by_name(value)?, &WHYS)?;
            labels.why = lasting(move |why: Why| words[why as usize]);
        }
        "preview_off" => {
            let words = every(&texts_by_name(value)?, &["too_long", "refused"])?;
            labels.preview_off = lasting(move |off: PreviewOff| words[off as usize]);
        }
        "size" => labels.size = size(lang, value)?,
        _ => return plain(labels, name, value),
    }
    Some(())
}

/// An entry that is the same whatever the number.
fn plain(labels: &mut Labels, name: &str, value: Json<'_>) -> Option<()> {
    match slot(labels, name)? {
        Slot::Text(place) => *place = text(value)?,
        Slot::Texts(places) => {
            let words = texts(value).filter(|words| words.len() == places.len())?;
            places.copy_from_slice(&words);
        }
        Slot::Said(said) => {
            let [title, text] = *texts(value)?.as_slice() else { return None };
            *said = Said { title, text };
        }
    }
    Some(())
}

/// The names of what [`Why`] lists, in its order.
const WHYS: [&str; 13] = [
    "unproven",
    "mute",
    "idle",
    "behind",
    "closed",
    "broken",
    "malformed",
    "limit",
    "trouble",
    "wrong_type",
    "not_offered",
    "token",
    "crowded",
];

/// A function that lives as long as the page.
fn lasting<F>(function: F) -> &'static F {
    Box::leak(Box::new(function))
}

fn say(lang: &'static str, value: Json<'_>) -> Option<Say<u64>> {
    let plural = Plural::read(lang, value)?;
    Some(lasting(move |number| plural.say(number)))
}

fn say_status(lang: &'static str, value: Json<'_>) -> Option<Say<u16>> {
    let plural = Plural::read(lang, value)?;
    Some(lasting(move |status: u16| plural.say(status.into())))
}

/// A number of bytes: templates for bytes, kB and MB, and what stands before a tenth.
fn size(lang: &'static str, value: Json<'_>) -> Option<Say<u64>> {
    let Json::Object(parts) = value else { return None };
    let (mut bytes, mut rest) = (None, Vec::new());
    for (name, part) in parts {
        match name.as_ref() {
            "bytes" => bytes = Some(Plural::read(lang, part)?),
            _ => rest.push((kept(&name), text(part)?)),
        }
    }
    let (bytes, words) = (bytes?, every(&rest, &["kb", "mb", "point"])?);
    Some(lasting(move |number: u64| match number {
        0..1000 => bytes.say(number),
        1000..1_000_000 => fill(words[0], &[("n", &(number / 1000).to_string())]),
        _ => {
            let (whole, tenth) = ((number / 1_000_000).to_string(), (number / 100_000 % 10).to_string());
            fill(words[1], &[("n", &[&whole, words[2], &tenth].concat())])
        }
    }))
}

fn text(value: Json<'_>) -> Option<&'static str> {
    if let Json::Text(text) = value { Some(kept(&text)) } else { None }
}

fn texts(value: Json<'_>) -> Option<Vec<&'static str>> {
    let Json::List(list) = value else { return None };
    list.into_iter().map(text).collect()
}

type ByName = Vec<(&'static str, &'static str)>;

fn texts_by_name(value: Json<'_>) -> Option<ByName> {
    let Json::Object(entries) = value else { return None };
    entries.into_iter().map(|(name, value)| Some((kept(&name), text(value)?))).collect()
}

fn word(words: &ByName, name: &str) -> Option<&'static str> {
    words.iter().find(|(known, _)| *known == name).map(|(_, word)| *word)
}

/// The words for exactly these names, in their order.
fn every(words: &ByName, names: &[&str]) -> Option<Vec<&'static str>> {
    let found: Option<Vec<_>> = names.iter().map(|name| word(words, name)).collect();
    found.filter(|found| found.len() == words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: &str = include_str!("../../../../words/de.json");
    const ARABIC: &str = include_str!("../../../../words/ar.json");

    /// The names of a file's entries.
    fn names(text: &str) -> Vec<String> {
        let Some(Json::Object(entries)) = parse_json(text) else { panic!("an object") };
        entries.into_iter().map(|(name, _)| name.into_owned()).collect()
    }

    /// Everything that is said, in words.
    fn all(labels: &Labels) -> Vec<String> {
        let mut said = Vec::new();
        for name in names(GERMAN).iter().filter(|name| !matches!(name.as_str(), "lang" | "dir")) {
            match slot(&mut labels.clone(), name) {
                Some(Slot::Text(text)) => said.push((*text).to_owned()),
                Some(Slot::Texts(texts)) => said.extend(texts.iter().map(|text| (*text).to_owned())),
                Some(Slot::Said(Said { title, text })) => said.extend([*title, *text].map(str::to_owned)),
                None => {}
            }
        }
        said.extend([0, 1, 2, 3, 11, 100].into_iter().flat_map(|n| {
            [labels.progress_reached, labels.reconnecting, labels.run, labels.outline, labels.size]
                .map(|say| say(n))
        }));
        said.extend(
            [0, 503].into_iter().flat_map(|n| [labels.retry_failed, labels.cancel_failed].map(|say| say(n))),
        );
        said.extend([(labels.step_began)("X", 2, 3), (labels.kept)("9 kB"), (labels.size)(1_950_000)]);
        said.extend(
            [PreviewOff::TooLong, PreviewOff::Refused].map(|off| (labels.preview_off)(off).to_owned()),
        );
        said
    }

    #[test]
    fn the_files_that_ship_say_everything_in_their_language() {
        let english = all(&Labels::default());
        for (text, lang, dir) in [(GERMAN, "de", "ltr"), (ARABIC, "ar", "rtl")] {
            let labels = Labels::read(text).unwrap();
            assert_eq!((labels.lang, labels.dir), (lang, dir));
            assert_eq!(names(text), names(GERMAN), "the same entries in the same order");
            let said = all(&labels);
            assert_eq!(said.len(), english.len());
            // A word may be the same in two languages.
            let same: Vec<_> = said.iter().zip(&english).filter(|(own, english)| own == english).collect();
            assert!(same.len() <= 6, "{lang}: not translated: {same:?}");
            for text in &said {
                assert!(!text.is_empty() && !text.contains(['{', '}']), "{lang}: {text:?}");
            }
            for number in ["2", "3", "X"] {
                assert!((labels.step_began)("X", 2, 3).contains(number), "{lang}");
            }
            assert!(
                (labels.kept)("9 kB").contains("9 kB") && (labels.retry_failed)(503).contains("503"),
                "{lang}"
            );
        }
    }

    #[test]
    fn every_entry_of_the_labels_stands_in_the_files() {
        let labels = include_str!("../../labels.rs");
        let body = labels.split_once("pub struct Labels {").unwrap().1.split_once("\n}").unwrap().0;
        let fields = body.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next());
        let known = names(GERMAN);
        // What a clock shows is the same in all of them.
        let missing: Vec<_> =
            fields.filter(|field| *field != "elapsed" && !known.contains(&(*field).to_owned())).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn what_is_left_out_stays_english_and_what_is_wrong_is_named() {
        let labels = Labels::read(r#"{"cancel": "Abbrechen"}"#).unwrap();
        assert_eq!((labels.cancel, labels.retry), ("Abbrechen", Labels::default().retry));
        for (text, name) in [
            (r#"{"cancel": "x", "abbrechen": "x"}"#, "abbrechen"),
            (r#"{"cancel": 1}"#, "cancel"),
            (r#"{"complete": ["only one"]}"#, "complete"),
            (r#"{"step_states": ["a", "b", "c"]}"#, "step_states"),
            (r#"{"run": {"one": "no other"}}"#, "run"),
            (r#"{"why": {"mute": "only one"}}"#, "why"),
            (r#"{"preview_off": {"too_long": "a", "refused": "b", "third": "c"}}"#, "preview_off"),
            (r#"{"size": {"bytes": "{n} B", "kb": "{n} kB"}}"#, "size"),
            (r#"{"elapsed": "{n} s"}"#, "elapsed"),
        ] {
            assert_eq!(Labels::read(text).err(), Some(LabelsError::Entry(name.to_owned())), "{text}");
        }
        for text in ["", "[]", "{", r#"{"cancel": "x"} x"#] {
            assert_eq!(Labels::read(text).err(), Some(LabelsError::NoJson), "{text}");
        }
    }

    #[test]
    fn the_names_of_the_reasons_stand_in_their_order() {
        let whys = WHYS.map(|name| format!("\"{name}\": \"{name}\""));
        let labels = Labels::read(&format!("{{\"why\": {{{}}}}}", whys.join(", "))).unwrap();
        // Without an end for what is new: whoever adds a reason has to add its name.
        let after = |why: Why| match why {
            Why::Unproven => Some(Why::Mute),
            Why::Mute => Some(Why::Idle),
            Why::Idle => Some(Why::Behind),
            Why::Behind => Some(Why::Closed),
            Why::Closed => Some(Why::Broken),
            Why::Broken => Some(Why::Malformed),
            Why::Malformed => Some(Why::Limit),
            Why::Limit => Some(Why::Trouble),
            Why::Trouble => Some(Why::WrongType),
            Why::WrongType => Some(Why::NotOffered),
            Why::NotOffered => Some(Why::Token),
            Why::Token => Some(Why::Crowded),
            Why::Crowded => None,
        };
        let all: Vec<Why> = std::iter::successors(Some(Why::Unproven), |why| after(*why)).collect();
        assert_eq!(all.len(), WHYS.len());
        // What each is called in code, in the way of a file.
        for why in all {
            let name = format!("{why:?}");
            let snake: String = name
                .chars()
                .enumerate()
                .flat_map(|(at, c)| {
                    let gap = (at > 0 && c.is_ascii_uppercase()).then_some('_');
                    gap.into_iter().chain([c.to_ascii_lowercase()])
                })
                .collect();
            assert_eq!((labels.why)(why), snake);
        }
    }

    #[test]
    fn steps_have_the_words_of_the_file_or_none() {
        let labels = Labels::read(r#"{"step": {"place": "Den Ort lesen"}}"#).unwrap();
        assert_eq!(((labels.step)("place"), (labels.step)("other")), (Some("Den Ort lesen"), None));
    }
}
