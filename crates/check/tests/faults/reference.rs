//! The reference server, which keeps the whole contract.

use std::time::Duration;

use contract_check::{Options, Point, Verdict, check};
use server::Config;

use crate::assert_keeps_all;

const ORIGIN: &str = "https://app.example";

#[tokio::test]
async fn the_reference_server_keeps_every_point() {
    let config = Config {
        generation_time: Duration::from_millis(2500),
        heartbeat: Duration::from_millis(1000),
        allowed_origins: vec![ORIGIN.to_owned()],
        ..Config::default()
    };
    let server = server::start(config).await.unwrap();
    let options = Options { origin: Some(ORIGIN.to_owned()), ..Options::new(server.origin()) };
    let report = check(&options).await.unwrap();
    assert_keeps_all(&report);
}

#[tokio::test]
async fn work_that_takes_too_long_is_said_to_and_left() {
    let server = server::start(Config { generation_time: Duration::from_secs(3600), ..Config::default() })
        .await
        .unwrap();
    let within = Duration::from_millis(500);
    let report = check(&Options { within, ..Options::new(server.origin()) }).await.unwrap();
    let Verdict::Broken(seen) = report.verdict(Point::Terminal) else { panic!("{report}") };
    assert!(seen.contains("there was none within 500.0ms (after event 1)"), "{seen}");
    assert_eq!(report.level(), 0);
}
