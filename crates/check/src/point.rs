//! The points of the contract, in the order in which they are told: name, level, weight, what the contract asks, and
//! what to fix. It judges nothing.

/// What a point is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Without it the level is not reached.
    Must,
    /// The screen does without, but something is slower, less safe or less clear.
    Advice,
}

/// The three levels, each of which holds the ones before it.
pub const LEVELS: [&str; 3] = ["plain events and a state", "resume", "held polls"];

macro_rules! points {
    ($($level:literal $weight:ident $point:ident $name:literal: $asks:literal, $fix:literal;)+) => {
        /// One thing that the contract asks of a server, and that can be seen from outside.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each says of itself what it asks")]
        pub enum Point { $($point),+ }

        impl Point {
            /// Every point, in the order of the report.
            pub const ALL: &[Point] = &[$(Point::$point),+];

            /// Its name in the report.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Point::$point => $name),+ }
            }

            /// The level it belongs to: 1 to 3.
            #[must_use]
            pub fn level(self) -> u8 {
                match self { $(Point::$point => $level),+ }
            }

            /// Whether its level is reached without it.
            #[must_use]
            pub fn weight(self) -> Weight {
                match self { $(Point::$point => Weight::$weight),+ }
            }

            /// What the contract asks, as a sentence.
            #[must_use]
            pub fn asks(self) -> &'static str {
                match self { $(Point::$point => $asks),+ }
            }

            /// What to do where it fails.
            #[must_use]
            pub fn fix(self) -> &'static str {
                match self { $(Point::$point => $fix),+ }
            }
        }
    };
}

points! {
    1 Must Reach "reach": "The server answers over HTTP.",
        "start the server, and give its origin as URL, with the path before /api if there is one";
    1 Must Token "token": "There is a token: POST /api/session answers {access_token, expires_in}, or one was given.",
        "give a token in CONTRACT_CHECK_TOKEN or with --token, or answer POST /api/session";
    1 Must Create "create": "A POST begins a generation and says which.",
        "answer with 202, `Location: /api/generations/{id}` and the state; --path and --body say what is posted";
    1 Must LocationOrigin "location-origin": "`Location` stays on the origin that was asked.",
        "send a path: a token goes only to the origin that the host configured, so another one is refused";
    1 Must GenerationId "generation-id": "A generation's id is 1 to 64 of A-Z, a-z, 0-9, `_` and `-`.",
        "choose ids such as 22 characters of base64url";
    1 Must NeedsToken "needs-token": "A request without a valid token is refused with 401; a cookie does not count.",
        "check `Authorization: Bearer` on every address of a generation; only 401 lets the screen ask for a new token";
    1 Must TokenSecret "token-secret": "The token is in no URL, no state and no event.",
        "take the token out of what is sent: addresses end up in logs and histories";
    1 Must ForeignClosed "foreign-closed": "Somebody else's generation cannot be read.",
        "compare the generation's owner with the token's user";
    1 Must Missing "missing": "A generation that does not exist is 404.",
        "answer 404: the screen then says that there is nothing, instead of trying for ever";
    1 Must StateJson "state": "GET of a generation is 200, application/json, with at least `seq` and `status`.",
        "answer with the state: {id, run, seq, event_id, now, status, steps, progress, preview, html, error, result}";
    1 Must StateHtml "state-html": "`html` of a state is {from, len, text}; `text` is the bytes from..len, in UTF-8.",
        "count bytes, not characters: Buffer.byteLength(text), len(text.encode())";
    1 Must Stream "stream": "GET of …/events with `Accept: text/event-stream` is 200.",
        "serve the event stream there; the same token opens it";
    1 Must StreamType "stream-type": "The stream is `Content-Type: text/event-stream`.",
        "set the header before the first byte is sent";
    1 Must Uncompressed "uncompressed": "The stream is not compressed, whatever `Accept-Encoding` says.",
        "leave text/event-stream out of the compression: compressors hold events back";
    1 Must Limits "limits": "A line is at most 1 MiB, an event 4 MiB, an id 1 KiB; the page at most 32 MiB.",
        "cut the HTML into smaller pieces, and choose shorter ids";
    1 Must Frames "frames": "Each event is one JSON object that has what its type needs, and a `seq`.",
        "write `data: {\"seq\": 7, \"at\": …, \"type\": …}` on one line, and an empty line after it";
    1 Must Seq "seq": "`seq` counts from 1, without a gap or a double.",
        "number the events where they are logged, not where they are sent";
    1 Must Timely "timely": "The stream brings an event within 2.5 s of the state knowing it.",
        "flush after each event; look for buffering in the framework, the compression and the proxy";
    1 Must HtmlOffsets "html-offsets": "`offset` of a piece is the number of UTF-8 bytes before it.",
        "count bytes, not characters: Buffer.byteLength(text), len(text.encode())";
    1 Must HtmlPieces "html-pieces": "A piece of HTML is at most 64 KiB.",
        "cut it at a character's start into pieces of at most 65,536 bytes";
    1 Must Progress "progress": "`progress` is between 0 and 1 and never goes back.",
        "send a share of the whole work, and the larger one of old and new";
    1 Must HelloFields "hello-fields": "A `hello` has the run, the last `seq` sent as `after`, and the newest as `head`; no id.",
        "write `data: {\"type\": \"hello\", \"run\": 1, \"after\": 0, \"head\": 7}` without an `id:` line";
    1 Must Terminal "terminal": "A stream ends with done, error or cancelled, never without.",
        "log one of the three when the work is over, also when it failed, and send it before the stream ends";
    1 Must TerminalLast "terminal-last": "The terminal event is the last, and the only one.",
        "log nothing after it, whatever the work still says";
    1 Must DoneLength "done-length": "`html_len` of done is the length of all pieces in UTF-8 bytes.",
        "count bytes, not characters; a page of another length is shown as incomplete";
    1 Must Replay "replay": "A stream that is opened without `Last-Event-ID` begins with the first event.",
        "keep the log of a generation, and send all of it to whoever comes later";
    1 Must StateAgrees "state-agrees": "After the terminal event the state has its `seq` and its `status`.",
        "write the state and the log in one go, and from one source";
    1 Must StatePage "state-page": "After the end the state's HTML is the pieces, joined.",
        "keep the page that was streamed, byte by byte, and send it as `html.text`";
    1 Must StateDetails "state-details": "`preview`, `progress`, `error` and `result` of the state are the newest events'.",
        "put what events say into the state: whoever comes later sees nothing else";
    1 Must Joins "joins": "The state at `seq` N has what the events up to N say, and nothing of later ones.",
        "take `seq`, `status` and `html` of a state under one lock";
    1 Must Viewers "viewers": "Each stream brings all events, however many are open.",
        "give each connection a place of its own in the log, not one queue to all";
    1 Must Closing "closing": "Closing a connection does not cancel or stop a generation.",
        "run the work as a job of its own, not inside the handler of a stream";
    1 Must Cancel "cancel": "After …/cancel the stream ends with cancelled, and the state says so.",
        "log `cancelled` at once, and refuse what the work logs after it";
    1 Must NextRun "next-run": "After …/retry `run` is the next number, and `seq` counts from 1 again.",
        "begin an empty log and an empty page, and raise `run` by one";
    1 Must OldStreams "old-streams": "A new run ends every stream of the old one.",
        "end the streams of a run when the next one begins";
    1 Advice CreateAnswer "create-answer": "The answer to the POST is 202, with `Location` and the state.",
        "send all three: the screen can then start without another request";
    1 Advice SessionCookie "session-cookie": "The session's cookie is HttpOnly, SameSite=Strict, Path=/api/session.",
        "set all three, so that no script reads it and no other request carries it";
    1 Advice Hello "hello": "A stream begins with a `hello`, at once.",
        "send it before the first event: it tells a live stream from one that a proxy holds back";
    1 Advice HelloAgain "hello-again": "`hello` comes again about 1 s after the first.",
        "send it then, and as the heartbeat: a proxy that holds bytes back shows at once";
    1 Advice Heartbeat "heartbeat": "A stream is never silent for longer than its heartbeat.",
        "send a hello or a comment every 15 s, or say another time as `heartbeat_ms`";
    1 Advice StreamEnds "stream-ends": "The server closes the stream after the terminal event.",
        "end the answer there: an open one holds a connection for nothing";
    1 Advice NoTransform "no-transform": "The stream says `Cache-Control: no-cache, no-transform`.",
        "set it: no-transform keeps proxies from compressing the stream";
    1 Advice NoBuffering "no-buffering": "The stream says `X-Accel-Buffering: no`.",
        "set it: nginx then passes each event on at once";
    1 Advice Incremental "incremental": "The stream says `Incremental: ?1`.",
        "set it for proxies that know draft-ietf-httpbis-incremental";
    1 Advice KeepAlive "keep-alive": "The stream says `Connection: keep-alive` on HTTP/1.1.",
        "set it: some proxies close the connection early without";
    1 Advice Times "times": "`at`, `now`, `started_at` and `finished_at` are RFC 3339.",
        "write times as 2026-03-01T10:00:00.000Z: durations, and a stream that is late, are told by them";
    1 Advice Steps "steps": "The state has every step that an event named; after done none of them runs.",
        "list the steps in order, with name, label, state, started_at and finished_at";
    1 Advice Fresh "fresh": "A state is never older than the stream.",
        "read the state from where the log is written; a replica that lags shows old content";
    1 Advice Problems "problems": "An error is application/problem+json with its status (RFC 9457).",
        "answer {\"type\": \"about:blank\", \"title\": …, \"status\": 404, \"detail\": …}";
    1 Advice Challenge "challenge": "401 says `WWW-Authenticate: Bearer error=\"invalid_token\"`.",
        "send that header with every 401";
    1 Advice Foreign404 "foreign-404": "Somebody else's generation is 404, as a missing one.",
        "answer 404: anything else tells strangers which ids exist";
    1 Advice Idempotency "idempotency": "The same `Idempotency-Key` makes one generation, not two.",
        "remember the key with the generation: the screen repeats a POST whose answer got lost";
    1 Advice CancelOffered "cancel-offered": "POST …/cancel is 202.",
        "offer it: people want to stop what takes minutes";
    1 Advice CancelEnded "cancel-ended": "Cancel of an ended generation is 409, with the state.",
        "answer 409 with problem+json that has the state as `state`";
    1 Advice RetryOffered "retry-offered": "POST …/retry of a failed or cancelled generation is 202.",
        "offer it: otherwise people have to begin anew";
    1 Advice RetryRunning "retry-running": "Retry of a running generation is 409, with the state.",
        "answer 409 with problem+json that has the state as `state`";
    1 Advice RetryAfter "retry-after": "429 and 503 say `Retry-After`.",
        "send the seconds: the screen waits them out, instead of guessing";
    1 Advice ResultUrl "result-url": "`result.url` is https, or on the same origin.",
        "send such an address: another one is not linked";
    1 Advice PageSandbox "page-sandbox": "A finished page on the API's origin has a CSP with `sandbox`, and `nosniff`.",
        "send `Content-Security-Policy: sandbox; …` with it: generated HTML must not act as your site";
    1 Advice CorsOrigin "cors-origin": "Cross-origin: the preflight and the answers allow the origin.",
        "send Access-Control-Allow-Origin, on errors too, and allow GET and POST";
    1 Advice CorsRequest "cors-request": "Cross-origin: the preflight allows the contract's request headers.",
        "allow authorization, last-event-id, if-none-match, prefer, html-from, idempotency-key, content-type by name";
    1 Advice CorsResponse "cors-response": "Cross-origin: the contract's answer headers are exposed.",
        "expose etag, retry-after, preference-applied, location, www-authenticate";

    2 Must EventIds "event-ids": "Every event has an `id:` of its own.",
        "write an `id:` line with each event, such as run-seq";
    2 Must Resume "resume": "After `Last-Event-ID` the stream goes on with the next event, without gap or double.",
        "read the header, find the event with that id, send what comes after it";
    2 Must ResumeUnknown "resume-unknown": "With an unknown `Last-Event-ID` the stream begins with the first event.",
        "take an id that is not in the log as none; an id of the future is unknown, too";
    2 Must ResumeOlderRun "resume-older-run": "An id of an older run is unknown: the new run is sent from its first event.",
        "put the run into the id, or look ids up in the current run only";
    2 Must StateEventId "state-event-id": "`event_id` of a state resumes the stream after its `seq`.",
        "send the id of the newest event, taken together with `seq`";
    2 Must HtmlFrom "html-from": "`Html-From: N` sends the HTML from byte N on.",
        "send `html` as {from: N, len: the whole length, text: the bytes from N on}";
    2 Must HtmlFromQuery "html-from-query": "`?html_from=N` does the same.",
        "read the parameter where the header is missing";
    2 Must HtmlFromCharacter "html-from-character": "N inside a character goes back to its first byte.",
        "go back while the byte at N is 10xxxxxx, and say so in `from`";
    2 Must HtmlFromPastEnd "html-from-past-end": "N past the end sends everything, from 0.",
        "take an N that is larger than the length as 0";
    2 Must Etag "etag": "A state has an `ETag`.",
        "send `ETag: \"run-seq\"` with each state";
    2 Must EtagChanges "etag-changes": "The `ETag` changes with every event, and only then.",
        "make it of run and seq alone; `now` must not change it";
    2 Must NotModified "not-modified": "`If-None-Match` with the current tag is 304, with another one 200.",
        "compare the header with the current tag";
    2 Advice EtagForm "etag-form": "The `ETag` is `\"run-seq\"`.",
        "send it in this form: people who look at the network can then read it";

    3 Must Held "held": "`Prefer: wait=N` with the current tag is held until the state changes.",
        "wait for the next event, or N seconds, before answering 304";
    3 Must HeldWakes "held-wakes": "A held request is answered as soon as something happens.",
        "wake held requests when an event is logged, instead of looking again at the end";
    3 Must HeldWaitOver "held-wait-over": "A held request is 304 when its wait is over.",
        "end the wait after the N seconds that were asked for, 30 at most";
    3 Must HeldStaleTag "held-stale-tag": "`Prefer: wait` with an old tag is answered at once, 200.",
        "compare the tag first, and wait only if it is the current one";
    3 Must PreferenceApplied "preference-applied": "A held answer says `Preference-Applied: wait=N`.",
        "send it on 200 and 304: the screen goes on holding only if it is there";
    3 Advice HeldAfterEnd "held-after-end": "After the end, too, a request is held: a retry changes the state.",
        "hold it as any other";
    3 Advice HeldNeedsTag "held-needs-tag": "`Prefer: wait` without `If-None-Match` is answered at once.",
        "hold only what knows a state";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unlike_each_other_and_sentences_end() {
        for (at, point) in Point::ALL.iter().enumerate() {
            assert!(Point::ALL[..at].iter().all(|other| other.name() != point.name()), "{point:?}");
            assert!(point.asks().ends_with('.') && !point.fix().ends_with('.'), "{point:?}");
            assert!((1..=LEVELS.len()).contains(&usize::from(point.level())), "{point:?}");
        }
    }
}
