//! How the wire types are read: objects only, field by field into a default.
//!
//! What serde derives reads arrays as well, counts duplicates and keeps every field twice; for the types of this
//! contract that made a quarter of the program that a browser loads. Unknown fields are stepped over; of a field
//! that comes twice the last one counts. Nothing is decided here.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::{
    Card, Failure, HtmlPart, NewGeneration, PageResult, Problem, RunStatus, SessionToken, State, Step,
};
use super::{LaterFrame, StepState, WireFrame};

/// A string, borrowed where it lies in one piece: a field's name, or a word of an enumeration.
struct Word<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Word<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Word<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, word: &'de str) -> Result<Word<'de>, E> {
                Ok(Word(Cow::Borrowed(word)))
            }
            fn visit_str<E>(self, word: &str) -> Result<Word<'de>, E> {
                Ok(Word(Cow::Owned(word.to_owned())))
            }
        }
        deserializer.deserialize_str(Read)
    }
}

/// Reads an object: each field under its name on the wire; those in `needs` must be there.
macro_rules! read_object {
    ($type:ident, needs $needs:expr, $($wire:literal => $field:ident),+ $(,)?) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Read;
                impl<'de> Visitor<'de> for Read {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }
                    fn visit_map<M: serde::de::MapAccess<'de>>(self, mut map: M) -> Result<$type, M::Error> {
                        const NEEDS: &[&str] = &$needs;
                        let mut missing = NEEDS.to_vec();
                        let mut object = $type::default();
                        while let Some(Word(name)) = map.next_key()? {
                            match &*name {
                                $($wire => object.$field = map.next_value()?,)+
                                _ => {
                                    map.next_value::<serde::de::IgnoredAny>()?;
                                }
                            }
                            missing.retain(|needed| *needed != name);
                        }
                        match missing.first() {
                            Some(name) => Err(M::Error::missing_field(name)),
                            None => Ok(object),
                        }
                    }
                }
                deserializer.deserialize_map(Read)
            }
        }
    };
}

/// Reads an enumeration by its words.
macro_rules! read_word {
    ($type:ident, $($wire:literal => $variant:ident),+ $(,)?) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match &*Word::deserialize(deserializer)?.0 {
                    $($wire => Ok($type::$variant),)+
                    _ => Err(D::Error::custom(concat!("no word of ", stringify!($type)))),
                }
            }
        }
    };
}

read_word!(RunStatus, "queued" => Queued, "running" => Running, "done" => Done, "error" => Error,
    "cancelled" => Cancelled);
read_word!(StepState, "pending" => Pending, "running" => Running, "done" => Done, "failed" => Failed);
read_object!(Step, needs ["name"], "name" => name, "label" => label, "state" => state, "started_at" => started_at,
    "finished_at" => finished_at);
read_object!(Card, needs ["title"], "title" => title, "subtitle" => subtitle, "summary" => summary,
    "image" => image);
read_object!(Failure, needs [], "code" => code, "message" => message, "retryable" => retryable);
read_object!(PageResult, needs [], "url" => url, "title" => title);
read_object!(HtmlPart, needs [], "from" => from, "len" => len, "text" => text);
read_object!(State, needs ["seq", "status"], "id" => id, "run" => run, "seq" => seq, "event_id" => event_id,
    "now" => now, "status" => status, "steps" => steps, "progress" => progress, "preview" => preview,
    "html" => html, "error" => error, "result" => result);
read_object!(NewGeneration, needs ["url"], "url" => url);
read_object!(SessionToken, needs ["access_token"], "access_token" => access_token, "expires_in" => expires_in);
read_object!(Problem, needs [], "type" => kind, "title" => title, "status" => status, "detail" => detail,
    "code" => code);
read_object!(WireFrame, needs [], "seq" => seq, "at" => at, "type" => kind, "run" => run, "after" => after,
    "head" => head, "now" => now, "heartbeat_ms" => heartbeat_ms, "step" => step, "label" => label,
    "progress" => progress, "title" => title, "subtitle" => subtitle, "summary" => summary, "image" => image,
    "offset" => offset, "text" => text, "html_len" => html_len, "result" => result, "code" => code,
    "message" => message, "retryable" => retryable);

read_object!(LaterFrame, needs ["seq", "type"], "seq" => seq, "type" => kind);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fields_are_stepped_over_and_needed_ones_are_missed() {
        let step: Step = serde_json::from_str(r#"{"extra": [{"a": 1}], "name": "n", "name": "m"}"#).unwrap();
        assert_eq!(step.name, "m");
        let error = serde_json::from_str::<State>(r#"{"seq": 1}"#).unwrap_err().to_string();
        assert!(error.starts_with("missing field `status`"), "{error}");
        assert!(serde_json::from_str::<State>(r#"{"seq": 1, "status": "asleep"}"#).is_err());
        assert!(serde_json::from_str::<Step>(r#"["n"]"#).is_err());
    }

    #[test]
    fn a_name_may_be_written_with_escapes() {
        let card: Card = serde_json::from_str(r#"{"\u0074itle": "T", "subtitle": null}"#).unwrap();
        assert_eq!((card.title.as_str(), card.subtitle), ("T", None));
    }
}
