//! One generation from beginning to end: its stream beside its state. Later parts ask about it again.

use std::time::Duration;

use hyper::header::CACHE_CONTROL;
use tokio::time::Instant;

use super::sample::{self, Sample};
use super::{Scene, agree, begin};
use crate::client::NoAnswer;
use crate::log;
use crate::point::Point;
use crate::record::Record;
use crate::report::Report;
use crate::stream::Stream;

/// A stream has so long to end after its terminal event.
const END_LIMIT: Duration = Duration::from_secs(2);

/// A generation that is over, and what is known of it.
pub(super) struct Known {
    pub(super) path: String,
    /// The stream from its first event on; `None` if there was none to read.
    pub(super) log: Option<Log>,
    /// States read while it ran.
    pub(super) samples: Vec<Sample>,
    /// The state after its end.
    pub(super) last: Option<Sample>,
}

/// What the stream brought, and when it was asked for.
pub(super) struct Log {
    pub(super) record: Record,
    pub(super) asked: Instant,
}

impl Known {
    /// How long a read took that was not held: half of them took less.
    pub(super) fn read_time(&self) -> Duration {
        let mut times: Vec<_> = self.samples.iter().chain(&self.last).map(Sample::took).collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }

    /// The longest time between two events.
    pub(super) fn pause_max(&self) -> Duration {
        let Some(log) = &self.log else { return Duration::ZERO };
        let times: Vec<_> = log.record.events().map(|(seen, _)| seen.at).collect();
        times.windows(2).map(|two| two[1] - two[0]).max().unwrap_or_default()
    }
}

/// Makes a generation and watches it to its end.
pub(super) async fn play(scene: &mut Scene<'_>) -> Option<Known> {
    let path = begin::create(scene, None).await?;
    let (stream, states) = watch(scene, &path).await;
    let log = stream.map(|stream| Log { asked: stream.asked, record: stream.record });
    let within = scene.options.within;
    let report = &mut scene.report;
    if let Some(log) = &log {
        log::judge(&log.record, within, report);
        report.expect(Point::TokenSecret, !log.record.leaked, || "the token stands in an event".to_owned());
    }
    let mut samples = Vec::new();
    for read in states {
        match read {
            Ok(sample) => samples.push(sample),
            Err(seen) => report.fail(Point::StateJson, seen),
        }
    }
    // Where there is no stream to tell, the state does.
    let rest = if log.is_some() { Duration::ZERO } else { within };
    let last = match sample::until(&scene.client, &path, rest, Sample::is_ended).await {
        Ok(sample) => {
            report.keep(Point::StateJson);
            Some(sample)
        }
        Err(seen) => {
            report.fail(Point::StateJson, seen);
            None
        }
    };
    let known = Known { path, log, samples, last };
    agree::judge(&known, report);
    agree::finished_page(scene, &known).await;
    Some(known)
}

/// The stream to its end, and the states meanwhile.
async fn watch(scene: &mut Scene<'_>, path: &str) -> (Option<Stream>, Vec<Result<Sample, String>>) {
    let mut states = Vec::new();
    let mut stream = match Stream::open(&scene.client, path, None).await {
        Ok(stream) => stream,
        Err(NoAnswer(why)) => {
            scene.report.fail(Point::Stream, why);
            return (None, states);
        }
    };
    headers(&stream, &mut scene.report);
    if !stream.is_stream() || stream.encoding().is_some() {
        return (None, states);
    }
    let within = scene.options.within;
    let reading = async {
        if stream.until_terminal(within).await {
            stream.until_end(END_LIMIT).await;
        }
    };
    tokio::select! {
        () = reading => {}
        () = sample::collect(&scene.client, path, &mut states) => {}
    }
    (Some(stream), states)
}

/// What the head of the answer says.
fn headers(stream: &Stream, report: &mut Report) {
    report.expect(Point::Stream, stream.status == 200, || format!("status {}", stream.status));
    if stream.status != 200 {
        return;
    }
    let said = |name: &str| format!("{name}: {}", stream.header(name).unwrap_or("none"));
    report.expect(Point::StreamType, stream.is_stream(), || said("content-type"));
    match &stream.compressed {
        Some(encoding) => report.fail(Point::Uncompressed, format!("Content-Encoding: {encoding}")),
        None => report.keep(Point::Uncompressed),
    }
    let cache = stream.header(CACHE_CONTROL.as_str()).unwrap_or_default().to_ascii_lowercase();
    let is_kept_out = cache.contains("no-cache") || cache.contains("no-store");
    report
        .expect(Point::NoTransform, is_kept_out && cache.contains("no-transform"), || said("cache-control"));
    for (point, name, wanted) in [
        (Point::NoBuffering, "x-accel-buffering", "no"),
        (Point::Incremental, "incremental", "?1"),
        (Point::KeepAlive, "connection", "keep-alive"),
    ] {
        let is_said = stream.header(name).is_some_and(|value| value.trim().eq_ignore_ascii_case(wanted));
        report.expect(point, is_said, || said(name));
    }
}
