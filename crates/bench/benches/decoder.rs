//! Our decoder beside the crates that Rust programs use, on the same traffic, natively.

use std::convert::Infallible;
use std::hint::black_box;
use std::time::Duration;

use bench::ours::Ours;
use bench::traffic::{self, Stream};
use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use eventsource_stream::Eventsource;
use futures_util::{StreamExt, stream};

/// Reads type, id and data of every event: how many events, and how many bytes.
type Decode = fn(&Input) -> (usize, usize);

/// One kind of traffic, in the form that each decoder takes.
struct Input {
    stream: Stream,
    shared: Vec<Bytes>,
}

impl Input {
    fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        self.stream.chunks()
    }
}

const DECODERS: [(&str, Decode); 4] = [
    ("ours", ours),
    ("sseer", sseer),
    ("sse-stream", sse_stream),
    ("eventsource-stream", eventsource_stream),
];

fn ours(stream: &Input) -> (usize, usize) {
    let mut ours = Ours::default();
    for chunk in stream.chunks() {
        ours.frames(chunk);
    }
    (ours.seen.events, ours.seen.sum)
}

/// The chunks as the others take them: an asynchronous stream that is always ready. It borrows, so that nobody pays for
/// a copy that the network would have made.
fn chunks(stream: &Input) -> impl futures_util::Stream<Item = Result<&[u8], Infallible>> {
    stream::iter(stream.chunks().map(Ok))
}

fn eventsource_stream(stream: &Input) -> (usize, usize) {
    futures_executor::block_on(chunks(stream).eventsource().fold((0, 0), async |(events, bytes), event| {
        let event = event.expect("valid");
        (events + 1, bytes + event.event.len() + event.id.len() + event.data.len())
    }))
}

fn sse_stream(stream: &Input) -> (usize, usize) {
    futures_executor::block_on(sse_stream::SseByteStream::new(chunks(stream)).fold(
        (0, 0),
        async |seen, event| {
            let event = event.expect("valid");
            let len = |text: &Option<String>| text.as_ref().map_or(0, String::len);
            (seen.0 + 1, seen.1 + len(&event.event) + len(&event.id) + len(&event.data))
        },
    ))
}

fn sseer(stream: &Input) -> (usize, usize) {
    // It takes shared bytes, and slices its events out of them.
    let chunks = stream::iter(stream.shared.iter().map(|chunk| Ok::<_, Infallible>(chunk.clone())));
    futures_executor::block_on(sseer::event_stream::EventStream::new(chunks).fold(
        (0, 0),
        async |seen, event| {
            let event = event.expect("valid");
            (seen.0 + 1, seen.1 + event.event.len() + event.id.len() + event.data.len())
        },
    ))
}

fn decoders(criterion: &mut Criterion) {
    for traffic in traffic::ALL {
        let stream = traffic.stream();
        let shared = stream.chunks().map(Bytes::copy_from_slice).collect();
        let stream = Input { stream, shared };
        let mut group = criterion.benchmark_group(traffic.name);
        group.throughput(Throughput::Bytes(stream.stream.bytes.len() as u64));
        group
            .sample_size(10)
            .measurement_time(Duration::from_secs(2))
            .warm_up_time(Duration::from_millis(500));
        let expected = ours(&stream);
        for (name, decode) in DECODERS {
            // It looks through a line again for each chunk of it: minutes.
            if name == "eventsource-stream" && traffic.name.contains("64 B") {
                continue;
            }
            assert_eq!(decode(&stream), expected, "{name} reads the same events");
            group.bench_with_input(BenchmarkId::from_parameter(name), &stream, |bencher, stream| {
                bencher.iter(|| black_box(decode(black_box(stream))));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, decoders);
criterion_main!(benches);
