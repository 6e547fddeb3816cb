//! One test's run: server, proxy, browser, the test, and then what holds after every test.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::backend::Backend;
use crate::engine::{Engine, Wishes};
use crate::page::Page;
use crate::proxy::Proxy;
use crate::real_proxy::RealProxy;
use crate::server::{Front, Setup, server};
use crate::trunk::Trunk;

/// Browsers at a time: a page that waits for a processor is not what is tested.
const SEATS_MAX: u32 = 3;
pub(crate) static SEATS: Semaphore = Semaphore::const_new(SEATS_MAX as usize);
/// How long a test may take.
const TEST_WITHIN: Duration = Duration::from_secs(90);

/// What a test has to do with.
pub struct Stage {
    /// In front of it all: what a person sees and does.
    pub page: Page,
    /// In front of the server: what was sent, and what happens to it.
    pub proxy: Proxy,
    real: Option<RealProxy>,
}

impl Stage {
    /// The proxy that the setup has put in front of [`Stage::proxy`].
    ///
    /// # Panics
    /// If it has put none there.
    pub fn real(&self) -> &RealProxy {
        self.real.as_ref().expect("the setup names a real proxy")
    }
}

/// Runs `test` against a server of this setup. When it fails, what the page held is kept; when it passes, nothing may
/// have been reported as an error.
pub async fn on_stage(name: &'static str, setup: Setup, test: impl AsyncFnOnce(&Stage)) {
    on_stage_at(TcpListener::bind("127.0.0.1:0").await.expect("a port is free"), name, setup, test).await;
}

/// The same, with the page on a port that the setup may name.
pub async fn on_stage_at(
    listener: TcpListener,
    name: &'static str,
    setup: Setup,
    test: impl AsyncFnOnce(&Stage),
) {
    let name = match (setup.engine, setup.backend) {
        (Engine::Chromium, Backend::Reference) => name.to_owned(),
        (Engine::Chromium, backend) => format!("{}-{name}", backend.name()),
        (engine, _) => format!("{}-{name}", engine.name()),
    };
    let seats = if setup.alone { SEATS_MAX } else { 1 };
    let _seats = SEATS.acquire_many(seats).await.expect("it is never closed");
    let server = tokio::task::spawn_blocking(move || server(setup)).await.expect("the server starts");
    let proxy = Proxy::on(listener, server);
    let (mut trunk, mut real) = (None, None);
    let origin = match setup.front {
        Front::Nothing => proxy.origin().to_owned(),
        Front::Trunk => trunk.insert(Trunk::serve(proxy.origin()).await).origin().to_owned(),
        Front::Real(which) => real.insert(RealProxy::start(which, &name, proxy.address()).await).origin(),
    };
    let wishes = Wishes { trusting: origin.starts_with("https:"), ..Wishes::default() };
    let page = Page::open(&name, &origin, setup.engine, wishes).await;
    let stage = Stage { page, proxy, real };
    let all = async {
        let whole = async {
            test(&stage).await;
            let complaints = stage.page.complaints().await;
            assert!(complaints.is_empty(), "{name}: reported in the browser: {complaints:#?}");
        };
        let in_time = tokio::time::timeout(TEST_WITHIN, whole).await;
        assert!(in_time.is_ok(), "{name} took more than {TEST_WITHIN:?}");
    };
    let result = caught(all).await;
    if result.is_err() {
        stage.page.report().await;
        println!("{name}: what was sent to the API, and when:");
        for request in stage.proxy.api_requests() {
            println!("  {} {}", request.at_unix_ms, request.line());
        }
    }
    stage.page.close().await;
    if let Err(panic) = result {
        resume_unwind(panic);
    }
}

/// Runs to the end, or to a panic: a browser has to be closed either way.
pub(crate) async fn caught(work: impl Future<Output = ()>) -> Result<(), Box<dyn Any + Send>> {
    let mut work = pin!(work);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(())) => Poll::Ready(Ok(())),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}
