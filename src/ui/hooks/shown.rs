//! What stands behind a `Generation`: the signals, and the driver of the session that is shown now.
//!
//! Translates: news become signals, the user's actions become inputs. Decides nothing about the connection.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;

use super::HtmlFeed;
use super::fact::Facts;
use super::generation::{ActionError, SrcRefused};
use crate::browser::page;
use crate::browser::timer::{NextFrame, Ticker};
use crate::browser::{Driver, Screen, Target, TargetError, Task, TokenProvider, clock, post_retry};
use crate::engine::{Note, Options, Outcome, Phase, Picture, Span, Update};

/// Most bytes of HTML that may wait for the next frame; the reader stops while more do.
const WAITING_BYTES_MAX: usize = 256 << 10;

/// The signals, and a way to what is behind them. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) facts: RwSignal<Facts>,
    pub(super) html: HtmlFeed,
    /// `None` on a server: there is nothing of the browser there, and values of one thread may be dropped on another.
    running: Option<StoredValue<Rc<Running>, LocalStorage>>,
}

/// What the browser holds for it. Dropping it ends everything.
struct Running {
    provider: TokenProvider,
    options: Options,
    on_note: Box<dyn Fn(Note)>,
    target: RefCell<Option<Target>>,
    driver: RefCell<Option<Rc<Driver>>>,
    retry: RefCell<Option<Task>>,
    ticker: RefCell<Option<Ticker>>,
    /// Counts the sessions, so that the news of an old one are not taken for those of the new.
    session: Cell<u32>,
}

impl Shown {
    /// Nothing is shown yet. Belongs to the current owner.
    pub(super) fn new(provider: TokenProvider, options: Options, on_note: Box<dyn Fn(Note)>) -> Self {
        let options = if options.check().is_ok() { options } else { Options::default() };
        let running = cfg!(target_arch = "wasm32").then(|| {
            StoredValue::new_local(Rc::new(Running {
                provider,
                options,
                on_note,
                target: RefCell::default(),
                driver: RefCell::default(),
                retry: RefCell::default(),
                ticker: RefCell::default(),
                session: Cell::default(),
            }))
        });
        Shown { facts: RwSignal::default(), html: HtmlFeed::new(), running }
    }

    /// These facts, and nothing behind them.
    pub(super) fn still(facts: Facts) -> Self {
        Shown { facts: RwSignal::new(facts), html: HtmlFeed::new(), running: None }
    }

    /// What a server sends: a browser will ask.
    pub(super) fn await_browser(&self) {
        self.change(|facts| facts.picture.phase = Phase::Connecting);
    }

    fn change(&self, change: impl FnOnce(&mut Facts)) {
        leptos::prelude::Update::try_update(&self.facts, change);
    }

    /// What is behind the signals; `None` on a server, and once the owner is gone.
    fn running(&self) -> Option<Rc<Running>> {
        self.running?.try_get_value()
    }

    /// Shows the generation at `src` instead of what was shown before.
    pub(super) fn show(&self, src: Option<String>) {
        let Some(running) = self.running() else { return };
        let target = src.map(|src| Target::resolve(&src, running.provider.origin()));
        let (target, refused) = match target.transpose() {
            Ok(target) => (target, None),
            Err(TargetError::Foreign) => (None, Some(SrcRefused::Foreign)),
            Err(TargetError::NotAGeneration) => (None, Some(SrcRefused::NotAGeneration)),
        };
        self.change(|facts| facts.refused = refused);
        running.target.replace(target);
        self.show_again();
    }

    /// Starts the session again, from nothing.
    fn show_again(&self) {
        let Some(running) = self.running() else { return };
        // Each is taken out before it is dropped: what ends may look at what is here.
        drop((running.driver.take(), running.retry.take(), running.ticker.take()));
        running.session.set(running.session.get().wrapping_add(1));
        self.change(|facts| {
            let phase = if facts.refused.is_some() { Phase::Ended(Outcome::NotFound) } else { Phase::Idle };
            *facts = Facts {
                picture: Picture { phase, ..Picture::default() },
                refused: facts.refused,
                ..Facts::default()
            };
        });
        self.html.reset();
        let target = running.target.borrow().clone();
        let Some(target) = target else {
            if self.facts.try_with_untracked(|facts| facts.refused.is_some()) == Some(true) {
                self.html.finish();
            }
            return;
        };
        let screen = SessionScreen { shown: *self, session: running.session.get(), html: Rc::default() };
        let driver = Driver::start(target, running.provider.clone(), running.options.clone(), screen);
        running.driver.replace(driver.ok().map(Rc::new));
    }

    fn driver(&self) -> Option<Rc<Driver>> {
        self.running()?.driver.borrow().clone()
    }

    /// Lets the session go on after it was signed out.
    pub(super) fn sign_in_again(&self) {
        self.change(|facts| facts.action_error = None);
        if let Some(driver) = self.driver() {
            driver.start_again();
        }
    }

    /// Hands the user's wish to the session.
    pub(super) fn cancel(&self) {
        self.change(|facts| facts.action_error = None);
        if let Some(driver) = self.driver() {
            driver.cancel();
        }
    }

    /// Sends the retry, and starts a new session when it is accepted.
    pub(super) fn retry(&self) {
        let shown = *self;
        let Some(running) = self.running() else { return };
        let Some(target) = running.target.borrow().clone() else { return };
        let has_ended = self.facts.try_with_untracked(|facts| matches!(facts.picture.phase, Phase::Ended(_)));
        if running.retry.borrow().is_some() || has_ended != Some(true) {
            return;
        }
        self.change(|facts| (facts.action_error, facts.retrying) = (None, true));
        let (provider, sends_cookies) = (running.provider.clone(), running.options.send_cookies);
        let task = Task::spawn(async move {
            match post_retry(&target, &provider, sends_cookies).await {
                Ok(()) => shown.show_again(),
                Err(status) => {
                    let error = Some(ActionError::Retry { status });
                    shown.change(|facts| (facts.action_error, facts.retrying) = (error, false));
                    let over = shown.running().and_then(|running| running.retry.take());
                    drop(over);
                }
            }
        });
        running.retry.replace(Some(task));
    }

    /// Takes the session's picture over, and lets the clock tick while it shows something that changes with time.
    fn draw(&self, running: &Running, picture: Picture) {
        let ticks = !matches!(picture.phase, Phase::Idle | Phase::Ended(_));
        let shown = *self;
        let mut ticker = running.ticker.borrow_mut();
        if !ticks {
            *ticker = None;
        } else if ticker.is_none() {
            *ticker = Some(Ticker::every(Span::from_secs(1), move || {
                shown.change(|facts| facts.now = clock::now());
            }));
        }
        drop(ticker);
        self.change(|facts| (facts.picture, facts.now) = (picture, clock::now()));
    }
}

/// What one session's driver talks to.
struct SessionScreen {
    shown: Shown,
    session: u32,
    html: Rc<Gathered>,
}

/// HTML that waits for the next frame.
#[derive(Default)]
struct Gathered {
    waiting: RefCell<String>,
    frame: RefCell<Option<NextFrame>>,
}

impl Gathered {
    /// Adds a piece; all that came until the next frame goes into `html` then.
    fn add(self: &Rc<Self>, piece: &str, html: HtmlFeed) {
        self.waiting.borrow_mut().push_str(piece);
        // Frames that nobody sees are rare.
        if self.is_full() && page::is_hidden() {
            return self.flush(html);
        }
        let mut frame = self.frame.borrow_mut();
        if frame.is_none() {
            let gathered = Rc::downgrade(self);
            *frame = Some(NextFrame::request(move || {
                if let Some(gathered) = gathered.upgrade() {
                    gathered.flush(html);
                }
            }));
        }
    }

    fn is_full(&self) -> bool {
        self.waiting.borrow().len() > WAITING_BYTES_MAX
    }

    fn flush(&self, html: HtmlFeed) {
        let waiting = self.take();
        if !waiting.is_empty() {
            html.push(&waiting);
        }
    }

    /// What waits; nothing waits then.
    fn take(&self) -> String {
        drop(self.frame.take());
        self.waiting.take()
    }
}

impl Screen for SessionScreen {
    fn update(&self, update: Update) {
        let Some(running) = self.shown.running() else { return };
        if running.session.get() != self.session {
            return;
        }
        match update {
            Update::Html(piece) => self.html.add(&piece, self.shown.html),
            Update::HtmlReset => {
                drop(self.html.take());
                self.shown.html.reset();
            }
            Update::Picture(picture) => {
                let has_ended = matches!(picture.phase, Phase::Ended(_));
                if has_ended {
                    self.html.flush(self.shown.html);
                }
                self.shown.draw(&running, *picture);
                if has_ended {
                    self.shown.html.finish();
                }
            }
            Update::Note(note) => {
                if let Note::CancelFailed { status } = note {
                    self.shown.change(|facts| facts.action_error = Some(ActionError::Cancel { status }));
                }
                (running.on_note)(note);
            }
        }
    }

    fn is_full(&self) -> bool {
        self.html.is_full()
    }
}
