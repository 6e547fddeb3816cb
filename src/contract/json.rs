//! JSON as it stands, and the way from it to a field. Knows no field by name, and decides nothing.
//!
//! All wire types are read by way of this one type: a visitor of its own for each of them, as serde derives them,
//! made a quarter of the program that a browser loads. Texts are borrowed where they lie in one piece.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::json_text;

/// A JSON value.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Whole(u64),
    Number(f64),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// What a field is not: its name.
pub(super) struct Unfit(pub(super) &'static str);

/// Reads a field's value. A type that has no such value gives `None`.
pub(super) trait Field<'a>: Sized {
    fn read(json: Json<'a>) -> Option<Self>;
}

/// A type that is read from an object.
pub(super) trait FromObject: Sized {
    fn from_object(object: &mut Object<'_>) -> Result<Self, Unfit>;
}

/// An object whose fields are taken out one by one; what is left over was not known.
pub(super) struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Object<'a> {
    /// Takes the last field of that name; nothing if there is none, or if it is null.
    fn take(&mut self, name: &str) -> Json<'a> {
        match self.0.iter().rposition(|(known, _)| known == name) {
            Some(at) => self.0.swap_remove(at).1,
            None => Json::Null,
        }
    }

    /// A field that may be missing.
    pub(super) fn optional<T: Field<'a>>(&mut self, name: &'static str) -> Result<Option<T>, Unfit> {
        match self.take(name) {
            Json::Null => Ok(None),
            value => T::read(value).map(Some).ok_or(Unfit(name)),
        }
    }

    /// A field that must be there.
    pub(super) fn needed<T: Field<'a>>(&mut self, name: &'static str) -> Result<T, Unfit> {
        T::read(self.take(name)).ok_or(Unfit(name))
    }
}

impl<'a> Field<'a> for bool {
    fn read(json: Json<'a>) -> Option<Self> {
        if let Json::Bool(value) = json { Some(value) } else { None }
    }
}

impl<'a> Field<'a> for u64 {
    fn read(json: Json<'a>) -> Option<Self> {
        if let Json::Whole(value) = json { Some(value) } else { None }
    }
}

impl<'a> Field<'a> for f64 {
    fn read(json: Json<'a>) -> Option<Self> {
        match json {
            #[expect(clippy::cast_precision_loss, reason = "a number is wanted that may have a fraction")]
            Json::Whole(value) => Some(value as f64),
            Json::Number(value) => Some(value),
            _ => None,
        }
    }
}

impl<'a> Field<'a> for Cow<'a, str> {
    fn read(json: Json<'a>) -> Option<Self> {
        if let Json::Text(value) = json { Some(value) } else { None }
    }
}

impl<'a> Field<'a> for String {
    fn read(json: Json<'a>) -> Option<Self> {
        Cow::read(json).map(Cow::into_owned)
    }
}

impl<'a, T: FromObject> Field<'a> for T {
    fn read(json: Json<'a>) -> Option<Self> {
        let Json::Object(fields) = json else { return None };
        T::from_object(&mut Object(fields)).ok()
    }
}

impl<'a, T: FromObject> Field<'a> for Vec<T> {
    fn read(json: Json<'a>) -> Option<Self> {
        let Json::List(list) = json else { return None };
        list.into_iter().map(T::read).collect()
    }
}

/// Reads an object's fields: the way in for all that serde reads.
pub(super) fn read_fields<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Object<'de>, D::Error> {
    match Json::deserialize(deserializer)? {
        Json::Object(fields) => Ok(Object(fields)),
        _ => Err(D::Error::custom("not an object")),
    }
}

/// The same from a text, by our own reader.
pub(super) fn object(text: &str) -> Option<Object<'_>> {
    match json_text::parse(text) {
        Some(Json::Object(fields)) => Some(Object(fields)),
        _ => None,
    }
}

/// Reads a wire type.
pub(super) fn read<'de, T: FromObject, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::from_object(&mut read_fields(deserializer)?)
        .map_err(|Unfit(name)| D::Error::custom(["missing or unfit field `", name, "`"].concat()))
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Json::Whole(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "no field of the contract is below zero")]
        Ok(Json::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Json::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(value)))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let mut object = Vec::new();
        while let Some(Json::Text(name)) = fields.next_key()? {
            object.push((name, fields.next_value()?));
        }
        Ok(Json::Object(object))
    }
}
