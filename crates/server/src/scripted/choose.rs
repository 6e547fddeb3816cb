//! Which scenario a new generation gets: the header `scenario`, or `scenario=…` in the fragment of what was pasted. The
//! fragment's part is taken out before the honest handler reads it.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use generation_screen::contract::NewGeneration;

use super::scenario::Scenario;
use crate::problem::Refusal;

const KEY: &str = "scenario=";

/// The scenario, and the body without its name. A body that is no JSON is left to the honest handler to refuse.
///
/// # Errors
/// 422 with all names, if there is none of that name.
pub(super) fn scenario(headers: &HeaderMap, sent: Bytes) -> Result<(Scenario, Bytes), Refusal> {
    let in_header = headers.get("scenario").map(|name| name.to_str().unwrap_or("?").to_owned());
    let asked: Option<NewGeneration> = serde_json::from_slice(&sent).ok();
    let (url, in_fragment) = asked.map(|asked| split(&asked.url)).unwrap_or_default();
    let sent = match &in_fragment {
        Some(_) => serde_json::to_vec(&NewGeneration { url }).map(Bytes::from).unwrap_or(sent),
        None => sent,
    };
    let Some(name) = in_header.or(in_fragment) else { return Ok((Scenario::Honest, sent)) };
    let scenario = Scenario::named(&name).ok_or_else(|| {
        let detail = format!("There is no scenario of that name. There are: {}.", Scenario::NAMES.join(", "));
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_scenario", detail)
    })?;
    Ok((scenario, sent))
}

/// What was pasted without the scenario's name, and the name.
fn split(url: &str) -> (String, Option<String>) {
    let Some((before, fragment)) = url.split_once('#') else { return (url.to_owned(), None) };
    let name = fragment.split('&').find_map(|part| part.strip_prefix(KEY)).map(|name| name.trim().to_owned());
    let rest: Vec<&str> = fragment.split('&').filter(|part| !part.starts_with(KEY)).collect();
    let url = if rest.is_empty() { before.to_owned() } else { format!("{before}#{}", rest.join("&")) };
    (url, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_taken_out_of_the_fragment() {
        for (pasted, url, name) in [
            ("geo:1,2#scenario=heals", "geo:1,2", Some("heals")),
            ("https://a.b/#map=1/2/3&scenario=heals&x", "https://a.b/#map=1/2/3&x", Some("heals")),
            ("geo:1,2#", "geo:1,2#", None),
            ("geo:1,2", "geo:1,2", None),
        ] {
            assert_eq!(split(pasted), (url.to_owned(), name.map(str::to_owned)), "{pasted}");
        }
    }
}
