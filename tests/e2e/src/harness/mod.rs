//! What the tests stand on: processes, proxy, browser, and the page as a test sees it. Knows no test.

mod browser;
mod given;
mod http;
mod page;
mod process;
mod proxy;
mod server;
mod sink;
mod stage;
mod trunk;

pub(crate) use http::Request;
pub(crate) use page::Page;
pub(crate) use proxy::{Held, Which};
pub(crate) use server::Setup;
pub(crate) use sink::Sink;
pub(crate) use stage::{Stage, on_stage};
