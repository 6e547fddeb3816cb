//! What the tests stand on: processes, proxies, browser, and the page as a test sees it. Knows no test.

mod backend;
mod browser;
mod engine;
mod exact;
mod given;
mod hand;
mod http;
mod limits;
mod log;
mod page;
mod port;
mod process;
mod proxy;
mod real_proxy;
mod server;
mod sink;
mod site;
mod stage;
mod trunk;
mod watched;

pub use backend::Backend;
pub use engine::{Engine, Wishes};
pub use exact::{EIFFEL_TOWER, assert_complete_and_exact, assert_complete_as_stated, assert_same};
pub use given::axe;
pub use http::Request;
pub use limits::{READS_MAX, STREAMS_MAX};
pub use log::Exchange;
pub use page::Page;
pub use proxy::{Held, Proxy, Which};
pub use real_proxy::{Real, RealProxy};
pub use server::{Front, Setup};
pub use sink::Sink;
pub use site::{Host, Site, on_site};
pub use stage::{Stage, on_stage, on_stage_at};
