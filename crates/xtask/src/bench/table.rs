//! The report of the page that measures decoders, as a table for people.

use std::fmt::Write;

use serde_json::Value;

use crate::fail::Fail;

/// How the names of ours begin. All others are people's decoders but one.
const OURS: &str = "ours";
/// Not a decoder: a line to compare with.
const REFERENCE: &str = "TextDecoder alone";

/// MB/s of each decoder, the median of its runs; of ours, how many times as fast as the best of the others it is.
pub(crate) fn of(report: &Value) -> Result<String, Fail> {
    if let Some(error) = report["error"].as_str() {
        return Err(Fail::task(format!("the page that measures failed: {error}")));
    }
    let odd = || Fail::task("the page reported something else than was expected");
    let mut text = format!("\n{}\n", report["browser"].as_str().unwrap_or_default());
    for measured in report["measured"].as_array().ok_or_else(odd)? {
        let decoders = measured["decoders"].as_object().ok_or_else(odd)?;
        let bytes = measured["bytes"].as_f64().ok_or_else(odd)?;
        let speed = |name: &str| Some(bytes / median(&decoders.get(name)?["ms"])? / 1000.0);
        let (traffic, row) = (measured["traffic"].as_str(), measured["row"].as_str());
        let _ = writeln!(text, "\n{}, {}", traffic.unwrap_or_default(), row.unwrap_or_default());
        let seen = |decoder: &Value| {
            (decoder["events"].clone(), (row == Some("typed")).then(|| decoder["sum"].clone()))
        };
        let ours = decoders.iter().find(|(name, _)| name.starts_with(OURS)).map(|(_, ours)| seen(ours));
        let is_right = |name: &str| decoders.get(name).map(&seen) == ours;
        let others = decoders.keys().filter(|name| !name.starts_with(OURS) && is_right(name));
        let best = others.filter_map(|name| speed(name)).fold(f64::NAN, f64::max);
        for (name, decoder) in decoders {
            let speed = speed(name).ok_or_else(odd)?;
            let note = if name != REFERENCE && !is_right(name) {
                "  does not see the same events: does not count"
            } else if decoder["ms"].as_array().is_some_and(|ms| ms.len() == 1) {
                "  one run, it is that slow"
            } else {
                ""
            };
            let note = if name.starts_with(OURS) {
                format!("{:>7.2} × the best of the others{note}", speed / best)
            } else {
                note.to_owned()
            };
            let _ = writeln!(text, "  {name:<20} {speed:>8.1} MB/s{note}");
        }
    }
    Ok(text)
}

fn median(times: &Value) -> Option<f64> {
    let mut times: Vec<f64> = times.as_array()?.iter().filter_map(Value::as_f64).collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_of_medians_and_to_the_best_decoder() {
        let report = serde_json::json!({ "browser": "b", "measured": [{
            "traffic": "t", "row": "frames", "bytes": 1_000_000,
            "decoders": {
                "ours, small": { "events": 2, "ms": [1.0, 100.0, 2.0] },
                "slow": { "events": 2, "ms": [8.0] },
                "best": { "events": 2, "ms": [4.0, 4.0, 4.0] },
                "wrong": { "events": 1, "ms": [1.0, 1.0, 1.0] },
                "TextDecoder alone": { "events": 0, "ms": [0.5, 0.5, 0.5] },
            },
        }]});
        let table = of(&report).unwrap();
        for line in [
            "  ours, small             500.0 MB/s   2.00 × the best of the others\n",
            "  best                    250.0 MB/s\n",
            "  slow                    125.0 MB/s  one run, it is that slow\n",
            "  wrong                  1000.0 MB/s  does not see the same events: does not count\n",
            "  TextDecoder alone      2000.0 MB/s\n",
        ] {
            assert!(table.contains(line), "{table}");
        }
    }

    #[test]
    fn an_error_of_the_page_is_told() {
        let fail = of(&serde_json::json!({ "error": "no wasm" })).unwrap_err();
        assert_eq!(fail.to_string(), "the page that measures failed: no wasm");
    }
}
