//! The path between browser and server, in a test's hands: writes down every request, and cuts, holds, refuses or
//! answers in the server's place. It adds no wait of its own, and decides nothing by time.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::http::{Request, closing, read_head};
use crate::log::{Exchange, Log};

/// Which requests a fault is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Event streams only.
    Streams,
    /// All that go to the API.
    All,
}

/// What the path does to the requests of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Weather {
    /// Grows by one when all open connections are cut.
    cuts: u64,
    /// New requests are cut as soon as they have been read.
    refuses: bool,
    /// Sockets stay open, and this of an answer is not handed on.
    held: Held,
}

/// What of an answer is held back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd)]
pub enum Held {
    /// Nothing.
    #[default]
    Nothing,
    /// The body, or what is still to come of it.
    Body,
    /// All of it.
    Answer,
}

type Instead = Box<dyn Fn(&Request) -> Option<String> + Send + Sync>;
type Edit = Box<dyn Fn(&Request, String) -> String + Send + Sync>;

/// What the proxy's connections share.
struct Shared {
    server: SocketAddr,
    streams: watch::Sender<Weather>,
    rest: watch::Sender<Weather>,
    log: Log,
    instead: Mutex<Option<Instead>>,
    edit: Mutex<Option<Edit>>,
}

/// A proxy in front of one server. Dropping it ends its connections.
pub struct Proxy {
    origin: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Listens on a free port.
    pub async fn before(server: SocketAddr) -> Proxy {
        Proxy::on(TcpListener::bind("127.0.0.1:0").await.expect("a port is free"), server)
    }

    /// Takes its connections from `listener`.
    pub fn on(listener: TcpListener, server: SocketAddr) -> Proxy {
        let origin = format!("http://{}", listener.local_addr().expect("it listens"));
        let shared = Arc::new(Shared {
            server,
            streams: watch::Sender::default(),
            rest: watch::Sender::default(),
            log: Log::default(),
            instead: Mutex::default(),
            edit: Mutex::default(),
        });
        let task = tokio::spawn(accept(listener, shared.clone()));
        Proxy { origin, shared, task }
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        self.origin.trim_start_matches("http://")
    }

    /// `http://127.0.0.1:PORT`: the page's origin, if nothing else stands in front.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The server behind it.
    pub fn server(&self) -> SocketAddr {
        self.shared.server
    }

    /// How many requests to the API have an open connection now.
    pub fn open(&self) -> usize {
        let is_open = |it: &&Exchange| it.request.is_api() && it.until_unix_ms.is_none();
        self.shared.log.all().iter().filter(is_open).count()
    }

    /// All requests to the API so far, without the tests' own.
    pub fn api_requests(&self) -> Vec<Request> {
        self.api_exchanges().into_iter().map(|it| it.request).collect()
    }

    /// The same, with how long each was open.
    pub fn api_exchanges(&self) -> Vec<Exchange> {
        let mut exchanges = self.shared.log.all();
        exchanges.retain(|it| it.request.is_api() && it.request.header("x-test").is_none());
        exchanges
    }

    /// How many of them have this method and a path that ends so.
    pub fn count(&self, method: &str, path_end: &str) -> usize {
        let requests = self.api_requests();
        requests.iter().filter(|request| request.method == method && request.path.ends_with(path_end)).count()
    }

    /// Every request so far, for whatever, by whomever.
    pub fn all_requests(&self) -> Vec<Request> {
        self.shared.log.all().into_iter().map(|it| it.request).collect()
    }

    /// Ends the open connections in the middle of whatever they bring.
    pub fn cut(&self, which: Which) {
        self.change(which, |weather| weather.cuts += 1);
    }

    /// From now on requests are not answered; with [`Proxy::cut`], nothing gets through.
    pub fn refuse(&self, which: Which) {
        self.change(which, |weather| weather.refuses = true);
    }

    /// From now on connections stay open, and this of their answers does not come.
    pub fn hold(&self, which: Which, held: Held) {
        self.change(which, |weather| weather.held = held);
    }

    /// Everything gets through again, but what was cut.
    pub fn heal(&self) {
        self.change(Which::All, |weather| (weather.refuses, weather.held) = (false, Held::Nothing));
        *locked(&self.shared.instead) = None;
        *locked(&self.shared.edit) = None;
    }

    /// Answers a request in the server's place, where `answer` gives a whole message.
    pub fn answer_instead(&self, answer: impl Fn(&Request) -> Option<String> + Send + Sync + 'static) {
        *locked(&self.shared.instead) = Some(Box::new(answer));
    }

    /// Changes the heads of the server's answers.
    pub fn edit_answers(&self, edit: impl Fn(&Request, String) -> String + Send + Sync + 'static) {
        *locked(&self.shared.edit) = Some(Box::new(edit));
    }

    fn change(&self, which: Which, change: impl Fn(&mut Weather)) {
        self.shared.streams.send_modify(&change);
        if which == Which::All {
            self.shared.rest.send_modify(change);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        let _ = socket.set_nodelay(true);
        let shared = shared.clone();
        connections.spawn(async move {
            // Whoever ends a connection ends it for both sides: an error is nothing else.
            let _ended = carry(socket, &shared).await;
        });
    }
}

/// One connection: one request, one answer.
async fn carry(mut browser: TcpStream, shared: &Shared) -> Option<()> {
    let (head, body) = read_head(&mut browser).await?;
    let request = Request::parse(&head)?;
    let _open = shared.log.begin(request.clone());
    let mut weather = match (request.is_stream(), request.is_api()) {
        (true, _) => shared.streams.subscribe(),
        (_, true) => shared.rest.subscribe(),
        _ => watch::Sender::new(Weather::default()).subscribe(),
    };
    let cuts = weather.borrow().cuts;
    if weather.borrow().refuses {
        return None;
    }
    let instead = locked(&shared.instead).as_ref().and_then(|answer| answer(&request));
    if let Some(answer) = instead {
        browser.write_all(answer.as_bytes()).await.ok()?;
        return browser.shutdown().await.ok();
    }
    let mut server = TcpStream::connect(shared.server).await.ok()?;
    let _ = server.set_nodelay(true);
    server.write_all(closing(&head).as_bytes()).await.ok()?;
    server.write_all(&body).await.ok()?;
    let cut = async {
        let is_cut = weather.wait_for(|weather| weather.cuts != cuts).await.is_ok();
        // Nobody is left who could cut it: then this never is the reason for an end.
        if !is_cut {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = cut => None,
        done = both_ways(&mut browser, &mut server, &request, shared) => done,
    }
}

/// Hands bytes on in both directions until the answer is whole or the browser is gone.
async fn both_ways(
    browser: &mut TcpStream,
    server: &mut TcpStream,
    request: &Request,
    shared: &Shared,
) -> Option<()> {
    let (mut from_browser, mut to_browser) = browser.split();
    let (mut from_server, mut to_server) = server.split();
    let up = async {
        let _ = tokio::io::copy(&mut from_browser, &mut to_server).await;
    };
    let down = async {
        let (head, mut piece) = read_head(&mut from_server).await?;
        let head = closing(&head);
        let head = match &*locked(&shared.edit) {
            Some(edit) => edit(request, head),
            None => head,
        };
        let_through(request, shared, Held::Answer).await;
        to_browser.write_all(head.as_bytes()).await.ok()?;
        loop {
            let_through(request, shared, Held::Body).await;
            to_browser.write_all(&piece).await.ok()?;
            piece.clear();
            if from_server.read_buf(&mut piece).await.ok()? == 0 {
                return to_browser.shutdown().await.ok();
            }
        }
    };
    tokio::select! {
        () = up => None,
        done = down => done,
    }
}

/// Waits while this part of an answer to such a request is held.
async fn let_through(request: &Request, shared: &Shared, part: Held) {
    let weather = if request.is_stream() { &shared.streams } else { &shared.rest };
    if request.is_api() {
        let _ = weather.subscribe().wait_for(|weather| weather.held < part).await;
    }
}
