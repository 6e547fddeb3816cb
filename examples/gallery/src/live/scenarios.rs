//! The scenarios that the reference server can play (`--scripted`), and what happens in each, in a few words.

/// Name and meaning, in the server's order.
pub(crate) const SCENARIOS: &[(&str, &str)] = &[
    ("honest", "Nothing goes wrong."),
    ("clean-drip", "Everything is fine, one byte at a time."),
    ("one-gulp", "The whole stream comes in one piece at the end."),
    ("split-anywhere", "Pieces end inside characters, line ends and field names."),
    ("headers-never", "The stream is never answered."),
    ("body-held", "A proxy holds the stream’s body back until the end."),
    ("half-open", "The stream goes silent in the middle, with its socket open."),
    ("only-heartbeats", "Five minutes without news: the work really is slow."),
    ("cut-mid-event", "The stream is cut inside an event."),
    ("clean-eof", "The stream ends in the middle, as if all were said."),
    ("eof-every-minute", "The server closes the stream once a minute."),
    ("dies-young", "A hundred streams die after 0.2 s each."),
    ("retry-after", "503 with Retry-After: 20 everywhere, for a minute."),
    ("stream-429", "Too many streams, says the server; reads are fine."),
    ("bad-gateway", "502 with a page of HTML, for ten seconds."),
    ("captive-portal", "Somebody else answers everything, for 15 seconds."),
    ("not-a-stream", "The stream’s address answers with JSON."),
    ("no-stream", "404 on the stream."),
    ("no-stream-405", "405 on the stream."),
    ("no-stream-406", "406 on the stream."),
    ("no-stream-501", "501 on the stream."),
    ("stream-204", "The stream has no content."),
    ("expired-token", "The token is taken away in the middle; a new one is given."),
    ("signed-out", "The token is taken away in the middle, and so are new ones, for 20 seconds."),
    ("two-401s", "The first token is refused on stream and state at once."),
    ("forbidden", "403 on everything."),
    ("not-yet", "404 on everything, for two seconds."),
    ("not-found", "404 on everything, for ever."),
    ("replay-50", "A resumed stream repeats fifty events."),
    ("reordered", "Two events change places."),
    ("missing-one", "One event is left out."),
    ("restarted", "The work is lost in the middle, and begins again."),
    ("restart-while-away", "The same, between two connections."),
    ("stale-old-run", "A cached state of the first run comes back in the second."),
    ("after-the-end", "More events after the last one."),
    ("garbage-frame", "An event that is no JSON."),
    ("endless-line", "3 MiB without a line end."),
    ("stale-state", "Every other read answers with an old state; there is no stream."),
    ("empty-polls", "Held reads answer at once, with nothing; there is no stream."),
    ("poll-hangs", "Reads are never answered, for 45 seconds; nor streams, for 15."),
    ("proxy-cuts-holds", "A proxy cuts held reads off after five seconds; there is no stream."),
    ("block-4k", "A proxy passes the stream on in lumps of 4 KB."),
    ("hello-then-held", "A proxy passes the first frame on and holds the rest."),
    ("live-then-buffered", "The stream is fine until the middle, and is then held back."),
    ("gap-and-slow-state", "One event is left out, and reads take a second."),
    ("foreign-id", "Event ids with emoji and spaces, and of 10 KB."),
    ("heals", "503 on the stream for 20 seconds; then it works."),
    ("final-read-hangs", "Reads after the end are never answered."),
    ("slow-start", "The first event comes after 20 seconds."),
    ("job-fails", "The work fails in the middle."),
];

#[cfg(test)]
mod tests {
    use super::SCENARIOS;

    #[test]
    fn they_are_the_servers() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/server/src/scripted/scenario.rs");
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let list = text
            .split_once("\nscenarios! {")
            .and_then(|(_, rest)| rest.split_once('}'))
            .unwrap_or_default()
            .0;
        let names: Vec<&str> = list.lines().filter_map(|line| line.split('"').nth(1)).collect();
        assert_eq!(SCENARIOS.iter().map(|(name, _)| *name).collect::<Vec<_>>(), names);
    }
}
