//! How the wire types are read: which field goes where, which may be missing and what stands for it then. Nothing
//! else is decided here. Unknown fields are stepped over; of a field that comes twice the last one counts.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer};

use super::json::{self, Field, FromObject, Json, Object, Unfit};
use super::{
    Card, Failure, HtmlPart, NewGeneration, PageResult, Problem, RunStatus, SessionToken, State, Step,
    StepState,
};

/// Reads an object: `field: must` has to be there, `field: may` may be missing, `field: or(value)` has a stand-in.
macro_rules! read_object {
    ($type:ident { $($wire:literal => $field:ident: $how:ident $(($default:expr))?),+ $(,)? }) => {
        impl FromObject for $type {
            fn from_object(object: &mut Object<'_>) -> Result<Self, Unfit> {
                Ok($type { $($field: read_object!(@$how object, $wire $(, $default)?)),+ })
            }
        }

        impl $type {
            /// Reads it from JSON; nothing if that is none, or lacks what it must have. The same as by way of serde, but
            /// without the words for what is wrong, which a browser would load, and nobody would read there.
            #[must_use]
            pub fn from_json(text: &str) -> Option<Self> {
                Self::from_object(&mut json::object(text)?).ok()
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                json::read(deserializer)
            }
        }
    };
    (@must $object:ident, $wire:literal) => { $object.needed($wire)? };
    (@may $object:ident, $wire:literal) => { $object.optional($wire)? };
    (@or $object:ident, $wire:literal, $default:expr) => { $object.optional($wire)?.unwrap_or($default) };
}

/// Reads an enumeration by its words.
macro_rules! read_word {
    ($type:ident, $($wire:literal => $variant:ident),+ $(,)?) => {
        impl<'a> Field<'a> for $type {
            fn read(json: Json<'a>) -> Option<Self> {
                match &*Cow::read(json)? {
                    $($wire => Some($type::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

read_word!(RunStatus, "queued" => Queued, "running" => Running, "done" => Done, "error" => Error,
    "cancelled" => Cancelled);
read_word!(StepState, "pending" => Pending, "running" => Running, "done" => Done, "failed" => Failed);

read_object!(Step { "name" => name: must, "label" => label: may, "state" => state: or(StepState::Pending),
    "started_at" => started_at: may, "finished_at" => finished_at: may });
read_object!(Card { "title" => title: must, "subtitle" => subtitle: may, "summary" => summary: may,
    "image" => image: may });
read_object!(Failure { "code" => code: or(String::new()), "message" => message: or(String::new()),
    "retryable" => retryable: or(false) });
read_object!(PageResult { "url" => url: may, "title" => title: may });
read_object!(HtmlPart { "from" => from: or(0), "len" => len: or(0), "text" => text: or(String::new()) });
read_object!(State { "id" => id: or(String::new()), "run" => run: or(1), "seq" => seq: must,
    "event_id" => event_id: may, "now" => now: may, "status" => status: must, "steps" => steps: or(Vec::new()),
    "progress" => progress: may, "preview" => preview: may, "html" => html: or(HtmlPart::default()),
    "error" => error: may, "result" => result: may });
read_object!(NewGeneration { "url" => url: must });
read_object!(SessionToken { "access_token" => access_token: must, "expires_in" => expires_in: may });
read_object!(Problem { "type" => kind: may, "title" => title: or(String::new()), "status" => status: or(0),
    "detail" => detail: may, "code" => code: may });

impl<'a> Field<'a> for u16 {
    fn read(json: Json<'a>) -> Option<Self> {
        u64::read(json)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fields_are_stepped_over_and_needed_ones_are_missed() {
        let step: Step =
            serde_json::from_str(r#"{"extra": [{"a": -1.5}], "name": "n", "name": "m"}"#).unwrap();
        assert_eq!(step.name, "m");
        let error = serde_json::from_str::<State>(r#"{"seq": 1}"#).unwrap_err().to_string();
        assert!(error.contains("`status`"), "{error}");
        assert_eq!(State::from_json(r#"{"seq": 1}"#), None);
        assert!(State::from_json(r#"{"seq": 1, "status": "done"}"#).is_some());
        assert_eq!(State::from_json(r#"{"seq": 1, "status": "done"} {"#), None);
        assert!(serde_json::from_str::<State>(r#"{"seq": 1, "status": "asleep"}"#).is_err());
        assert!(serde_json::from_str::<State>(r#"{"seq": -1, "status": "done"}"#).is_err());
        assert!(serde_json::from_str::<Step>(r#"["n"]"#).is_err());
    }

    #[test]
    fn a_name_may_be_written_with_escapes_and_null_counts_as_missing() {
        let card: Card = serde_json::from_str(r#"{"\u0074itle": "T\n", "subtitle": null}"#).unwrap();
        assert_eq!((card.title.as_str(), card.subtitle), ("T\n", None));
    }

    #[test]
    fn a_whole_number_serves_where_a_fraction_may_stand() {
        let state: State = serde_json::from_str(r#"{"seq": 1, "status": "running", "progress": 1}"#).unwrap();
        assert_eq!(state.progress, Some(1.0));
    }
}
