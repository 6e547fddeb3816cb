//! The only loop: an input goes into the session, its commands are carried out, its updates are delivered.
//!
//! Knows how work is done, never which. Inputs that come while one is being handled (from a callback of the host) wait
//! their turn. Dropping the driver ends everything that it holds, and nothing is delivered any more.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use gloo_net::http::Method;

use super::clock;
use super::fetch::{Outgoing, Unanswered};
use super::pace::Pace;
use super::page::{self, PageEvents};
use super::seat::{self, Lock};
use super::target::Target;
use super::task::Task;
use super::timer::{Timer, next_frame};
use super::token::TokenProvider;
use crate::engine::{
    Command, Input, Moment, Options, OptionsError, RequestId, Session, StreamEnd, TokenAnswer, TokenReason,
    Update, is_header_value,
};

/// Most bytes of the answer to a post that are read: it is a state without HTML, or a problem.
const POST_ANSWER_BYTES_MAX: usize = 256 << 10;

/// Whoever is told the news.
pub trait Screen {
    /// Takes one piece of news. Must not block; may drop the driver.
    fn update(&self, update: Update);

    /// True while so much waits to be shown that no more is to be read. No.
    fn is_full(&self) -> bool {
        false
    }
}

/// Runs one generation's session. Dropping it aborts all requests and ends all timers and listeners.
pub struct Driver(Rc<Core>);

impl Driver {
    /// Starts a session for the generation at `target`, and tells `screen` all about it. The first news come after
    /// this has returned.
    ///
    /// # Errors
    /// If the options make no sense. Then nothing was started.
    pub fn start(
        target: Target,
        provider: TokenProvider,
        options: Options,
        screen: impl Screen + 'static,
    ) -> Result<Driver, OptionsError> {
        let sends_cookies = options.send_cookies;
        let core = Rc::new(Core {
            session: RefCell::new(Session::new(options, clock::seed())?),
            screen: Box::new(screen),
            target,
            provider,
            sends_cookies,
            inbox: RefCell::default(),
            held: RefCell::default(),
            pace: Pace::default(),
            is_busy: Cell::new(false),
            is_over: Cell::new(false),
        });
        let (listening, starting) = (Rc::downgrade(&core), Rc::downgrade(&core));
        let page = PageEvents::listen(move |event| post(&listening, Input::Page(event)));
        let start = Task::spawn(async move {
            post(&starting, Input::Start);
            for event in page::standing().into_iter().flatten() {
                post(&starting, Input::Page(event));
            }
        });
        let mut held = core.held.borrow_mut();
        held.page = Some(page);
        held.start = Some(start);
        drop(held);
        Ok(Driver(core))
    }

    /// The user has signed in again: begins anew, with all that is known. Ignored unless the session is signed out.
    pub fn start_again(&self) {
        post(&Rc::downgrade(&self.0), Input::Start);
    }

    /// The user wants the generation cancelled.
    pub fn cancel(&self) {
        post(&Rc::downgrade(&self.0), Input::Cancel);
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.is_over.set(true);
        // Taken out first: what is dropped may call back.
        let held = self.0.held.take();
        drop(held);
    }
}

/// All that the driver holds of the browser.
#[derive(Default)]
struct Held {
    requests: Vec<(RequestId, Task)>,
    /// The wait for a seat, and then the seat.
    seat: (Option<Task>, Option<Lock>),
    asking: Option<Task>,
    start: Option<Task>,
    timer: Option<(Moment, Timer)>,
    page: Option<PageEvents>,
    token: String,
}

struct Core {
    session: RefCell<Session>,
    screen: Box<dyn Screen>,
    target: Target,
    provider: TokenProvider,
    sends_cookies: bool,
    inbox: RefCell<VecDeque<Input<'static>>>,
    held: RefCell<Held>,
    pace: Pace,
    is_busy: Cell<bool>,
    is_over: Cell<bool>,
}

/// Hands in an input, at once or as soon as the one that is being handled is through.
fn post(core: &Weak<Core>, input: Input<'static>) {
    if let Some(core) = core.upgrade() {
        core.inbox.borrow_mut().push_back(input);
        core.work_off();
    }
}

/// Hands in an input that borrows its bytes: waits until it can be handled at once, and until the screen has had its
/// turn and caught up. False once the driver is gone.
async fn hand_in(core: &Weak<Core>, input: Input<'_>) -> bool {
    loop {
        let Some(running) = core.upgrade() else { return false };
        if running.is_over.get() {
            return false;
        }
        // Where nobody looks, no frame is kept waiting.
        let has_time = running.pace.allows(clock::now()) || page::is_hidden();
        if !running.is_busy.get() && has_time && !running.screen.is_full() {
            running.handle(input);
            running.work_off();
            running.pace.worked(clock::now());
            return !running.is_over.get();
        }
        drop(running);
        next_frame().await;
        if let Some(running) = core.upgrade() {
            running.pace.rested();
        }
    }
}

impl Core {
    fn work_off(self: &Rc<Self>) {
        while !self.is_busy.get() && !self.is_over.get() {
            let Some(input) = self.inbox.borrow_mut().pop_front() else { return };
            self.handle(input);
        }
    }

    fn handle(self: &Rc<Self>, input: Input<'_>) {
        self.is_busy.set(true);
        self.session.borrow_mut().handle(clock::now(), input);
        while let Some(command) = self.next_command() {
            self.perform(command);
        }
        while let Some(update) = self.next_update() {
            self.screen.update(update);
        }
        self.arm();
        self.is_busy.set(false);
    }

    fn next_command(&self) -> Option<Command> {
        self.session.borrow_mut().next_command()
    }

    /// Nothing is told once the driver was dropped, even by the callback that was told the last.
    fn next_update(&self) -> Option<Update> {
        if self.is_over.get() { None } else { self.session.borrow_mut().next_update() }
    }

    /// Sees to it that the session is woken when it wants to be. Each byte puts off when that is: a timer that comes too early
    /// costs less than a new one for each.
    fn arm(self: &Rc<Self>) {
        let wake = if self.is_over.get() { None } else { self.session.borrow().next_wake() };
        let mut held = self.held.borrow_mut();
        let armed = held.timer.as_ref().map(|(at, _)| *at);
        // Nothing is less than something.
        if armed.is_some() && armed <= wake {
            return;
        }
        held.timer = wake.map(|at| {
            let core = Rc::downgrade(self);
            let timer = Timer::after(at - clock::now(), move || {
                if let Some(core) = core.upgrade() {
                    // It has fired: the same moment has to be armed again, should the timer have been early.
                    let fired = core.held.borrow_mut().timer.take();
                    post(&Rc::downgrade(&core), Input::Wake);
                    drop(fired);
                }
            });
            (at, timer)
        });
    }

    fn perform(self: &Rc<Self>, command: Command) {
        match command {
            Command::OpenStream { id, last_event_id } => {
                let mut request = self.request(Method::GET, &self.target.below("events"));
                request = request.header("accept", "text/event-stream");
                if let Some(last) = last_event_id {
                    request = request.last_event_id(&last);
                }
                self.send(id, request, Reading::AsItComes, false);
            }
            Command::Read { id, if_none_match, html_from, wait, alone, body_bytes_max } => {
                let mut request = self.request(Method::GET, self.target.state());
                request = request.header("accept", "application/json");
                if let Some(etag) = if_none_match {
                    request = request.header("if-none-match", &etag);
                }
                if html_from > 0 {
                    request = request.header("html-from", &html_from.to_string());
                }
                if let Some(wait) = wait {
                    request = request.header("prefer", &["wait=", &wait.as_secs().to_string()].concat());
                }
                self.send(id, request, Reading::Whole { bytes_max: body_bytes_max }, alone);
            }
            Command::PostCancel { id, idempotency_key } => {
                let request = self.request(Method::POST, &self.target.below("cancel"));
                let request = request.header("idempotency-key", &idempotency_key);
                self.send(id, request, Reading::Whole { bytes_max: POST_ANSWER_BYTES_MAX }, false);
            }
            Command::Abort { id } => drop(self.let_go(id)),
            Command::AskSeat => {
                let task = Task::spawn(wait_for_seat(Rc::downgrade(self)));
                self.held.borrow_mut().seat.0 = Some(task);
            }
            Command::LeaveSeat => {
                let left = std::mem::take(&mut self.held.borrow_mut().seat);
                drop(left);
            }
            Command::AskToken { ticket, reason } => {
                let task = Task::spawn(ask_token(Rc::downgrade(self), ticket, reason));
                let before = self.held.borrow_mut().asking.replace(task);
                drop(before);
            }
        }
    }

    fn request(&self, method: Method, url: &str) -> Outgoing {
        Outgoing::new(method, url, &self.held.borrow().token, self.sends_cookies)
    }

    /// Sends a request, if need be when the others that have no seat are through, and tells all about its answer.
    fn send(self: &Rc<Self>, id: RequestId, request: Outgoing, reading: Reading, alone: bool) {
        let task = Task::spawn(carry(Rc::downgrade(self), id, request, reading, alone));
        self.held.borrow_mut().requests.push((id, task));
    }

    fn let_go(&self, id: RequestId) -> Option<(RequestId, Task)> {
        let mut held = self.held.borrow_mut();
        let place = held.requests.iter().position(|(held_id, _)| *held_id == id)?;
        Some(held.requests.swap_remove(place))
    }
}

/// How an answer is read.
#[derive(Clone, Copy)]
enum Reading {
    /// A stream.
    AsItComes,
    /// One message.
    Whole { bytes_max: usize },
}

/// One request from its sending to the last that there is to tell of it.
async fn carry(core: Weak<Core>, id: RequestId, request: Outgoing, reading: Reading, alone: bool) {
    let target = core.upgrade().map(|core| core.target.clone());
    let _turn = match target.filter(|_| alone) {
        Some(target) => seat::take(&target, seat::TURNS).await,
        None => None,
    };
    let end = match (tell(&core, id, request, reading).await, reading) {
        (Ok(()), Reading::Whole { .. }) => None,
        (Ok(()), Reading::AsItComes) => Some(Input::StreamEnded { id, how: StreamEnd::Closed }),
        (Err(Unanswered), Reading::Whole { .. }) => Some(Input::NoAnswer { id }),
        (Err(Unanswered), Reading::AsItComes) => Some(Input::StreamEnded { id, how: StreamEnd::Broken }),
    };
    if let Some(end) = end {
        post(&core, end);
    }
    // Last of all: it ends this very task.
    if let Some(core) = core.upgrade() {
        drop(core.let_go(id));
    }
}

/// Tells the answer to a read or a post as a whole; of a stream, all but its end.
async fn tell(
    core: &Weak<Core>,
    id: RequestId,
    request: Outgoing,
    reading: Reading,
) -> Result<(), Unanswered> {
    let (_aborting, answer) = request.send()?;
    let (head, mut body) = answer.answer().await?;
    if let Reading::Whole { bytes_max } = reading {
        let body = body.whole(bytes_max).await?;
        hand_in(core, Input::Answer { id, head, body: &body }).await;
        return Ok(());
    }
    let mut goes_on = hand_in(core, Input::StreamHead { id, head }).await;
    while goes_on && let Some(bytes) = body.next().await? {
        goes_on = hand_in(core, Input::StreamBytes { id, bytes }).await;
    }
    Ok(())
}

/// Waits for a seat, keeps it, and says so.
async fn wait_for_seat(core: Weak<Core>) {
    let Some(target) = core.upgrade().map(|core| core.target.clone()) else { return };
    let seat = seat::take(&target, seat::SEATS).await;
    let Some(core) = core.upgrade() else { return };
    core.held.borrow_mut().seat.1 = seat;
    post(&Rc::downgrade(&core), Input::Seat);
}

/// Asks the host for a token, keeps it, and tells what came of it.
async fn ask_token(core: Weak<Core>, ticket: u64, reason: TokenReason) {
    let Some(asked) = core.upgrade().map(|core| core.provider.ask(reason)) else { return };
    let answer = match asked.await {
        Ok(token) if is_header_value(&token.value) => {
            let Some(core) = core.upgrade() else { return };
            core.held.borrow_mut().token = token.value;
            TokenAnswer::Fresh { expires_in: token.expires_in.map(Into::into) }
        }
        Ok(_) => TokenAnswer::Failed,
        Err(error) => error.into(),
    };
    post(&core, Input::Token { ticket, answer });
}
