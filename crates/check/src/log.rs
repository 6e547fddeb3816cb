//! Judges one whole stream by itself: numbers, ids, offsets, progress, the terminal event, hellos. What the state says
//! beside it is judged elsewhere.

use std::collections::HashSet;
use std::time::Duration;

use generation_screen::contract::EventBody;

use crate::point::Point;
use crate::record::{End, Record, Said};
use crate::report::Report;
use crate::rfc3339::is_rfc3339;

/// The largest piece, in bytes.
const PIECE_MAX: usize = 64 * 1024;
/// Half of what a screen waits where no heartbeat is named: from then on it takes the stream for doubtful.
const SILENCE_MAX: Duration = Duration::from_secs(22);
/// The second hello comes after a second; this late it is missed.
const AGAIN_MAX: Duration = Duration::from_secs(2);

/// Judges the stream of a generation from its first event on. `limit` is what it was given.
pub(crate) fn judge(record: &Record, limit: Duration, report: &mut Report) {
    limits(record, report);
    frames(record, report);
    heartbeat(record, report);
    if let Some(why) = report.obstacle(&[Point::Limits, Point::Frames]) {
        let rest = [
            Point::Seq,
            Point::EventIds,
            Point::HtmlOffsets,
            Point::HtmlPieces,
            Point::Progress,
            Point::Terminal,
            Point::TerminalLast,
            Point::DoneLength,
            Point::Times,
        ];
        report.skip_all(&rest, &why);
        return hello(record, report);
    }
    terminal(record, limit, report);
    report.judge(Point::Seq, seqs(record));
    hello(record, report);
    report.judge(Point::EventIds, ids(record));
    html(record, report);
    report.judge(Point::Progress, progress(record));
    report.judge(Point::Times, times(record));
}

fn limits(record: &Record, report: &mut Report) {
    match &record.end {
        Some(End::Limit(what)) => report.fail(Point::Limits, what),
        _ => report.keep(Point::Limits),
    }
}

fn frames(record: &Record, report: &mut Report) {
    let malformed = record.frames.iter().find_map(|seen| match &seen.said {
        Said::Malformed(what) => Some(what),
        _ => None,
    });
    match malformed {
        Some(what) => report.fail(Point::Frames, what),
        None if record.frames.is_empty() => report.skip(Point::Frames, "no event came"),
        None => report.keep(Point::Frames),
    }
}

/// How a hello should look, at every place of the stream.
fn hello(record: &Record, report: &mut Report) {
    let first = record.frames.first();
    report.expect(Point::Hello, first.is_some_and(|seen| seen.hello().is_some()), || match first {
        None => "nothing came".to_owned(),
        Some(_) => "the first frame is none".to_owned(),
    });
    let hellos: Vec<_> = record.hellos().collect();
    let Some((first, _)) = hellos.first() else {
        report.skip_all(&[Point::HelloFields, Point::HelloAgain], "there is no hello");
        return;
    };
    match report.obstacle(&[Point::Limits, Point::Frames, Point::Seq]) {
        Some(why) => report.skip(Point::HelloFields, why),
        None => report.judge(Point::HelloFields, hello_fields(record)),
    }
    let lasted = record.frames.last().map_or(first.at, |last| last.at) - first.at;
    match hellos.get(1).map(|(seen, _)| seen.at - first.at) {
        _ if lasted < AGAIN_MAX => {
            report.skip(Point::HelloAgain, "the stream was over too soon: let the work take 3 s or more");
        }
        Some(after) if after <= AGAIN_MAX => report.keep(Point::HelloAgain),
        Some(after) => report.fail(Point::HelloAgain, format!("the second came {after:.1?} after the first")),
        None => report.fail(Point::HelloAgain, format!("there was no second one in {lasted:.1?}")),
    }
}

fn hello_fields(record: &Record) -> Result<(), String> {
    let (mut sent, mut id, mut run) = (None, "", None);
    for seen in &record.frames {
        if let Some(event) = seen.event() {
            sent = Some(event.seq);
        } else if let Some(hello) = seen.hello() {
            if seen.id != id {
                return Err(format!("a hello has the id `{}`", seen.id));
            }
            if hello.after != sent.unwrap_or(hello.after) {
                return Err(format!(
                    "a hello after event {} says `after` {}",
                    sent.unwrap_or(0),
                    hello.after
                ));
            }
            if hello.head < hello.after {
                return Err(format!("a hello says `head` {} and `after` {}", hello.head, hello.after));
            }
            if hello.run == 0 || run.is_some_and(|run| run != hello.run) {
                return Err(format!("a hello says `run` {}, another one of this stream {run:?}", hello.run));
            }
            run = Some(hello.run);
        }
        id = &seen.id;
    }
    let first = record.events().next().map(|(_, event)| event.seq);
    let before =
        record.frames.iter().take_while(|seen| seen.event().is_none()).filter_map(|seen| seen.hello());
    match (before.last(), first) {
        (Some(hello), Some(first)) if hello.after.saturating_add(1) != first => {
            Err(format!("`after` is {}, and event {first} follows", hello.after))
        }
        _ => Ok(()),
    }
}

fn heartbeat(record: &Record, report: &mut Report) {
    let named = record.hellos().find_map(|(_, hello)| hello.heartbeat_ms).map(Duration::from_millis);
    let most = named.map_or(SILENCE_MAX, |named| (named * 3 / 2 + AGAIN_MAX).min(SILENCE_MAX));
    report.expect(Point::Heartbeat, record.silence_max <= most, || {
        let named = named.map_or("none is named".to_owned(), |named| format!("it is {named:.1?}"));
        format!("no byte for {:.1?}; the heartbeat: {named}", record.silence_max)
    });
}

fn terminal(record: &Record, limit: Duration, report: &mut Report) {
    let last = match record.events().next_back() {
        Some((_, event)) => format!("after event {}", event.seq),
        None => "without any event".to_owned(),
    };
    let Some((_, terminal)) = record.terminal() else {
        report.fail(
            Point::Terminal,
            match &record.end {
                Some(End::Broken(error)) => format!("the connection broke {last}: {error}"),
                Some(_) => format!("the stream ended {last}"),
                None => format!("there was none within {limit:.1?} ({last}); --within gives more time"),
            },
        );
        report.skip(Point::TerminalLast, "there is no terminal event");
        return;
    };
    report.keep(Point::Terminal);
    let behind: Vec<u64> = record.seqs().into_iter().skip_while(|seq| *seq != terminal.seq).skip(1).collect();
    report.expect(Point::TerminalLast, behind.is_empty(), || {
        format!("event {} is terminal, and {} more came after it", terminal.seq, behind.len())
    });
    if record.end == Some(End::Closed) {
        report.keep(Point::StreamEnds);
    } else {
        report.fail(Point::StreamEnds, "it was open 2 s later");
    }
}

fn seqs(record: &Record) -> Result<(), String> {
    match record.seqs().into_iter().zip(1..).find(|(seq, expected)| seq != expected) {
        Some((seq, expected)) => Err(format!("event {seq} came where {expected} was due")),
        None => Ok(()),
    }
}

fn ids(record: &Record) -> Result<(), String> {
    let mut known = HashSet::new();
    // A frame without an id of its own has the one before it.
    let mut before = "";
    for seen in &record.frames {
        if let Some(event) = seen.event() {
            if seen.id.is_empty() || seen.id == before {
                return Err(format!("event {} has none", event.seq));
            }
            if !known.insert(&seen.id) {
                return Err(format!("event {} has the id of an earlier one: `{}`", event.seq, seen.id));
            }
        }
        before = &seen.id;
    }
    Ok(())
}

fn html(record: &Record, report: &mut Report) {
    let (mut bytes, mut units, mut chars) = (0, 0, 0);
    for (_, event) in record.events() {
        match &event.body {
            EventBody::Html { offset, text } => {
                report.expect(Point::HtmlOffsets, *offset == bytes, || {
                    format!(
                        "event {} says {offset}; before it are {}",
                        event.seq,
                        counted(*offset, bytes, units, chars)
                    )
                });
                report.expect(Point::HtmlPieces, text.len() <= PIECE_MAX, || {
                    format!("event {} has {} bytes", event.seq, text.len())
                });
                bytes += text.len() as u64;
                units += text.encode_utf16().count() as u64;
                chars += text.chars().count() as u64;
            }
            EventBody::Done { html_len, .. } => report.expect(Point::DoneLength, *html_len == bytes, || {
                format!(
                    "`html_len` is {html_len}; the pieces have {}",
                    counted(*html_len, bytes, units, chars)
                )
            }),
            _ => {}
        }
    }
    report.skip_all(&[Point::HtmlOffsets, Point::HtmlPieces], "there was no piece of HTML");
    report.skip(Point::DoneLength, "there was no done");
}

/// So many bytes; and if the other number is that of something else, what it counts.
pub(crate) fn counted(said: u64, bytes: u64, units: u64, chars: u64) -> String {
    match said {
        said if said == bytes => format!("{bytes} bytes"),
        said if said == units => format!("{bytes} bytes ({said} counts UTF-16 units)"),
        said if said == chars => format!("{bytes} bytes ({said} counts characters)"),
        _ => format!("{bytes} bytes"),
    }
}

fn progress(record: &Record) -> Result<(), String> {
    let mut most = 0.0;
    for (_, event) in record.events() {
        let EventBody::Status { progress: Some(progress), .. } = event.body else { continue };
        if !(0.0..=1.0).contains(&progress) {
            return Err(format!("event {} says {progress}", event.seq));
        }
        if progress < most {
            return Err(format!("event {} says {progress}, an earlier one {most}", event.seq));
        }
        most = progress;
    }
    Ok(())
}

fn times(record: &Record) -> Result<(), String> {
    for seen in &record.frames {
        let (what, time) = match &seen.said {
            Said::Event(event) => (format!("`at` of event {}", event.seq), &event.at),
            Said::Hello(hello) => ("`now` of hello".to_owned(), &hello.now),
            Said::Malformed(_) => continue,
        };
        match time {
            Some(time) if is_rfc3339(time) => {}
            Some(time) => return Err(format!("{what} is `{time}`")),
            None => return Err(format!("{what} is missing")),
        }
    }
    Ok(())
}
