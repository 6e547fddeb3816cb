//! What was sent for one generation, as numbers: the limits that hold in every scenario, and the line that each prints.

use harness::{READS_MAX, Request, STREAMS_MAX};

use super::gallery::{Gallery, Row};

/// A little less than a minute: what is sent in time may be seen a few milliseconds late, and those are multiplied.
const MINUTE_S: f64 = 58.0;

/// What a generation's requests come to.
pub(crate) struct Figures {
    streams: Vec<f64>,
    reads: Vec<f64>,
    first_s: Option<f64>,
    whole_s: f64,
}

impl Figures {
    pub(crate) fn of(gallery: &Gallery<'_>, requests: &[Request], rows: &[Row]) -> Figures {
        let began = rows.first().map_or(f64::NAN, |row| row.at_unix_ms);
        let at = |request: &Request| gallery.seconds(began, request.at_unix_ms as f64);
        let gets = || requests.iter().filter(|request| request.method == "GET");
        let content = rows.iter().find(|row| row.kind == "phase" && row.name != "connecting");
        let ended = rows.iter().find(|row| row.name == "ended").or(rows.last());
        Figures {
            streams: gets().filter(|request| request.is_stream()).map(at).collect(),
            reads: gets().filter(|request| !request.is_stream()).map(at).collect(),
            first_s: content.map(|row| gallery.seconds(began, row.at_unix_ms)),
            whole_s: ended.map_or(f64::NAN, |row| gallery.seconds(began, row.at_unix_ms)),
        }
    }

    /// The numbers per minute hold, whatever server and page did.
    pub(crate) fn assert_within_limits(&self) {
        for (what, times, most) in
            [("streams", &self.streams, STREAMS_MAX), ("reads", &self.reads, READS_MAX)]
        {
            let in_minute =
                |from: &f64| times.iter().filter(|at| (*from..from + MINUTE_S).contains(at)).count();
            let most_seen = times.iter().map(in_minute).max().unwrap_or(0);
            assert!(most_seen <= most, "{most_seen} {what} in a minute, more than {most}: {times:?}");
        }
    }

    /// The line that can be quoted.
    pub(crate) fn print(&self, name: &str) {
        let first = self.first_s.map_or("none".to_owned(), |first| format!("after {first:.1} s"));
        let sent = (self.streams.len() + self.reads.len()) as f64;
        // What was cut short says nothing of a minute.
        let pace = if self.whole_s < MINUTE_S / 2.0 {
            String::new()
        } else {
            format!(", {:.0} requests a minute", sent * 60.0 / self.whole_s)
        };
        println!(
            "figures: {name}: {} streams, {} reads in {:.0} s{pace}, first content {first}",
            self.streams.len(),
            self.reads.len(),
            self.whole_s,
        );
    }
}
