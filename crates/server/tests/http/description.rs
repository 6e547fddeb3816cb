//! Reads `docs/openapi.json`, and says where an answer differs from it. In one point it is stricter than JSON Schema: a
//! field that no schema names is wrong. `pattern` and `format` it leaves to `cargo xtask test api`; a word of JSON Schema
//! that it does not know is wrong, too.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::client::Answer;

/// The text that the server was built with.
pub(crate) const TEXT: &str = include_str!("../../../../docs/openapi.json");

/// Headers that say something about the answer, so that one which comes has to be described.
const TELLING: [&str; 6] =
    ["etag", "location", "preference-applied", "retry-after", "set-cookie", "www-authenticate"];

/// The parsed description.
pub(crate) struct Description(pub(crate) Value);

impl Description {
    pub(crate) fn read() -> Self {
        Self(serde_json::from_str(TEXT).unwrap())
    }

    /// The methods of each path, in capitals; not of those that another listener has.
    pub(crate) fn methods(&self) -> BTreeMap<&str, BTreeSet<String>> {
        let paths = self.0["paths"].as_object().unwrap().iter();
        let paths = paths.filter(|(_, item)| item["servers"].is_null());
        let methods = |item: &Value| {
            let fields = item.as_object().unwrap().keys();
            fields.filter(|name| *name != "parameters").map(|name| name.to_uppercase()).collect()
        };
        paths.map(|(path, item)| (path.as_str(), methods(item))).collect()
    }

    pub(crate) fn schema(&self, name: &str) -> &Value {
        let schema = &self.0["components"]["schemas"][name];
        assert!(schema.is_object(), "there is no schema {name}");
        schema
    }

    /// What `answer` has that the operation does not describe, and the other way round.
    pub(crate) fn differences(&self, method: &str, path: &str, answer: &Answer) -> Vec<String> {
        let operation = &self.0["paths"][path][method.to_lowercase()];
        let status = answer.status.as_str();
        let response = self.resolved(&operation["responses"][status]);
        if !response.is_object() {
            return vec![format!("status {status} is not described")];
        }
        let mut wrong = self.headers(response, answer);
        match (answer.header("content-type"), response["content"].as_object()) {
            (None, None) => {}
            (Some(sent), Some(described)) => {
                // Of `text/html; charset=utf-8` the type.
                let sent = sent.split(';').next().unwrap();
                match described.get(sent) {
                    Some(content) if sent.ends_with("json") => {
                        wrong.extend(self.wrong(&content["schema"], &answer.json(), "body"));
                    }
                    Some(_) => {}
                    None => wrong.push(format!("{sent} is not described")),
                }
            }
            (sent, _) => wrong.push(format!("the type is {sent:?}, and the description has another")),
        }
        wrong
    }

    fn headers(&self, response: &Value, answer: &Answer) -> Vec<String> {
        let described: BTreeMap<String, &Value> = response["headers"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, header)| (name.to_lowercase(), self.resolved(header)))
            .collect();
        let is_missing = |name: &str| answer.header(name).is_none();
        let missing =
            described.iter().filter(|(name, header)| header["required"] == true && is_missing(name));
        let mut wrong: Vec<String> = missing.map(|(name, _)| format!("header {name} is missing")).collect();
        for name in TELLING.iter().filter(|name| !is_missing(name) && !described.contains_key(**name)) {
            wrong.push(format!("header {name} is not described"));
        }
        for (name, header) in described {
            let Some(text) = answer.header(&name) else { continue };
            let is_number = header["schema"]["type"] == "integer";
            let value = if is_number { serde_json::from_str(text).unwrap_or_default() } else { text.into() };
            wrong.extend(self.wrong(&header["schema"], &value, &name));
        }
        wrong
    }

    /// What `value` has against `schema`, each with its place; fields that the schema does not name included.
    pub(crate) fn wrong(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let mut wrong = self.against(schema, value, at);
        let known = self.fields(schema, value);
        let sent = value.as_object().into_iter().flatten();
        if let Some(known) = known {
            let strange = sent.filter(|(name, _)| !known.contains(name.as_str()));
            wrong.extend(strange.map(|(name, _)| format!("{at}: no schema names the field {name}")));
        }
        wrong
    }

    fn against(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        let parts = |says: &Value| says.as_array().unwrap().clone();
        for (word, says) in schema.as_object().unwrap() {
            let fits = match word.as_str() {
                "$ref" => {
                    wrong.extend(self.against(self.resolved(schema), value, at));
                    true
                }
                "allOf" => {
                    wrong.extend(parts(says).iter().flat_map(|part| self.against(part, value, at)));
                    true
                }
                "oneOf" => parts(says).iter().filter(|part| self.fits(part, value)).count() == 1,
                "properties" => {
                    for (name, schema) in says.as_object().unwrap() {
                        let field = value.get(name).into_iter();
                        wrong.extend(
                            field.flat_map(|field| self.wrong(schema, field, &format!("{at}/{name}"))),
                        );
                    }
                    true
                }
                "items" => {
                    let items = value.as_array().into_iter().flatten();
                    wrong.extend(items.flat_map(|item| self.wrong(says, item, &format!("{at}/*"))));
                    true
                }
                "contentSchema" => {
                    let inner = serde_json::from_str(value.as_str().unwrap_or_default()).unwrap_or_default();
                    wrong.extend(self.wrong(says, &inner, at));
                    true
                }
                "required" => parts(says).iter().all(|name| value.get(name.as_str().unwrap()).is_some()),
                "enum" => parts(says).contains(value),
                "const" => says == value,
                "type" => is_of_type(says, value),
                "minimum" => value.as_f64() >= says.as_f64(),
                "maximum" => value.as_f64() <= says.as_f64(),
                "minLength" => value.as_str().map(|text| text.chars().count() as u64) >= says.as_u64(),
                "maxLength" => value.as_str().map(|text| text.chars().count() as u64) <= says.as_u64(),
                "description" | "discriminator" | "examples" | "contentMediaType" | "pattern" | "format" => {
                    true
                }
                _ => false,
            };
            if !fits {
                wrong.push(format!("{at}: {word} {says} does not hold for {value}"));
            }
        }
        wrong
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        self.against(schema, value, "").is_empty()
    }

    /// The fields that the schema names for this value; `None` if it names none.
    pub(crate) fn fields<'a>(&'a self, schema: &'a Value, value: &Value) -> Option<BTreeSet<&'a str>> {
        let schema = self.resolved(schema);
        let properties = schema["properties"].as_object().into_iter();
        let mut named: Vec<BTreeSet<&str>> =
            properties.map(|fields| fields.keys().map(String::as_str).collect()).collect();
        let all = schema["allOf"].as_array().into_iter().flatten();
        let one = schema["oneOf"].as_array().into_iter().flatten().filter(|part| self.fits(part, value));
        named.extend(all.chain(one).filter_map(|part| self.fields(part, value)));
        named.into_iter().reduce(|one, other| &one | &other)
    }

    /// What stands behind a reference; anything else as it is.
    pub(crate) fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => {
                let target = self.0.pointer(reference.trim_start_matches('#'));
                self.resolved(target.unwrap_or_else(|| panic!("{reference} leads nowhere")))
            }
            None => value,
        }
    }
}

fn is_of_type(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        _ => false,
    }
}

#[test]
fn what_does_not_fit_is_said_with_its_place() {
    let description = Description::read();
    let wrong = |schema: &str, json: &str| {
        description.wrong(description.schema(schema), &serde_json::from_str(json).unwrap(), "body")
    };
    for (schema, json, said) in [
        ("HtmlPart", r#"{"from": 0, "len": 0, "text": ""}"#, ""),
        ("HtmlPart", r#"{"from": 0, "len": 0}"#, "required"),
        ("HtmlPart", r#"{"from": -1, "len": 0, "text": ""}"#, "body/from: minimum 0 does not hold for -1"),
        ("HtmlPart", r#"{"from": 0.5, "len": 0, "text": ""}"#, "integer"),
        ("HtmlPart", r#"{"from": 0, "len": 0, "text": "", "more": 1}"#, "no schema names the field more"),
        ("Step", r#"{"name": "page", "state": "asleep"}"#, "body/state: enum"),
        ("Frame", r#"{"type": "cancelled", "seq": 1, "at": "2026-03-01T10:00:00Z"}"#, ""),
        ("Frame", r#"{"type": "cancelled", "seq": 1, "at": "2026-03-01T10:00:00Z", "text": ""}"#, "text"),
        ("Frame", r#"{"type": "cancelled", "seq": 0, "at": "2026-03-01T10:00:00Z"}"#, "oneOf"),
        ("ServerSentEvent", r#"{"data": "{"}"#, "oneOf"),
    ] {
        let wrong = wrong(schema, json);
        assert_eq!(wrong.is_empty(), said.is_empty(), "{json}: {wrong:?}");
        assert!(wrong.iter().all(|line| said.is_empty() || line.contains(said)), "{json}: {wrong:?}");
    }
}
