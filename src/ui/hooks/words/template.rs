//! Texts with places for numbers and names, and the choice among plurals. Knows no entry.

use crate::browser::words::plural_category;
use crate::contract::Json;

/// A text that lives as long as the page.
pub(super) fn kept(text: &str) -> &'static str {
    text.to_owned().leak()
}

/// The text with `{name}` replaced, for each of the names. What is put in is not looked at again.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((*value, after))
        });
        let (text, after) = value.unwrap_or(("{", after));
        filled.push_str(text);
        rest = after;
    }
    filled + rest
}

/// Templates for a number: by number, by plural category, or one for all.
pub(super) struct Plural {
    lang: &'static str,
    forms: Vec<(String, String)>,
}

impl Plural {
    /// Reads it: one text, or an object of texts in which `other` has to be.
    pub(super) fn read(lang: &'static str, json: Json<'_>) -> Option<Plural> {
        let forms = match json {
            Json::Text(text) => vec![("other".to_owned(), text.into_owned())],
            Json::Object(forms) => forms
                .into_iter()
                .map(|(form, text)| match text {
                    Json::Text(text) => Some((form.into_owned(), text.into_owned())),
                    _ => None,
                })
                .collect::<Option<_>>()?,
            _ => return None,
        };
        let plural = Plural { lang, forms };
        plural.form("other").is_some().then_some(plural)
    }

    fn form(&self, name: &str) -> Option<&str> {
        self.forms.iter().find(|(form, _)| form == name).map(|(_, text)| text.as_str())
    }

    /// The text for so many.
    pub(super) fn say(&self, number: u64) -> String {
        let digits = number.to_string();
        if let [(_, only)] = self.forms.as_slice() {
            return fill(only, &[("n", &digits)]);
        }
        let of_category = || self.form(&plural_category(self.lang, number));
        let template = self.form(&digits).or_else(of_category).or_else(|| self.form("other"));
        fill(template.unwrap_or_default(), &[("n", &digits)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::parse_json;

    #[test]
    fn values_are_put_in_where_their_names_stand_and_not_looked_at_again() {
        let values = [("n", "2"), ("step", "{n} of {n}")];
        assert_eq!(fill("{step}: {n}, {n}", &values), "{n} of {n}: 2, 2");
        assert_eq!(fill("{other} {n {n}} {", &values), "{other} {n 2} {");
        assert_eq!(fill("", &values), "");
    }

    #[test]
    fn a_number_has_its_own_form_or_its_categorys_or_the_other() {
        let read = |json: &str| Plural::read("en", parse_json(json)?);
        let plural = read(r#"{"0": "none", "one": "{n} thing", "other": "{n} things"}"#).unwrap();
        assert_eq!([0, 1, 2].map(|n| plural.say(n)), ["none", "1 thing", "2 things"]);
        assert_eq!(read(r#""all {n}""#).unwrap().say(1), "all 1");
        for wrong in [r#"{"one": "x"}"#, r#"{"other": 1}"#, "1", "[]"] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
