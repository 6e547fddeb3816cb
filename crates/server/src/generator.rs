//! The work: reads a place, writes a brief, writes a page, and says all of it into the log. It runs by itself: no
//! connection can end it, only the log can, by refusing an event (the run was cancelled, or another has begun).

use std::time::Duration;

use generation_screen::contract::{EventBody, Failure, PageResult, Step};
use tokio::time::{Instant, sleep_until};

use crate::app::App;
use crate::page::{self, Brief};
use crate::pieces;
use crate::place::{self, Place};
use crate::store::{Appended, Begin, Created, Head, NewRecord, Next, StoreError};
use crate::work::Over;

/// Names and labels of the steps, in order.
const STEPS: [(&str, &str); 3] =
    [("place", "Reading the place"), ("brief", "Writing the brief"), ("page", "Writing the page")];

/// When each part of the work is over, as shares of the whole time.
const PLACE_READ: f64 = 0.06;
const FACTS_FOUND: f64 = 0.14;
const BRIEF_WRITTEN: f64 = 0.20;

/// The steps of work that has not begun.
pub(crate) fn steps() -> Vec<Step> {
    let pending = |(name, label): (&str, &str)| Step {
        name: name.to_owned(),
        label: Some(label.to_owned()),
        ..Step::default()
    };
    STEPS.map(pending).to_vec()
}

/// What a script wants of the work. Honest work has none of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Mishaps {
    /// Time before the first event.
    pub(crate) late: Duration,
    /// Time without an event in the middle.
    pub(crate) pause: Duration,
    /// The work fails at this event.
    pub(crate) fails_at: Option<u64>,
    /// The work is lost at this event, and begins again as the next run.
    pub(crate) restarts_at: Option<u64>,
}

/// The number of the event in the middle where a [`Mishaps::pause`] falls.
const PAUSE_AT: u64 = 20;

/// Between two attempts to write into a store that fails: twice as long each time.
const STORE_PAUSE: Duration = Duration::from_millis(500);
const STORE_PAUSE_MAX: Duration = Duration::from_secs(30);

/// Begins run `run` of `id` as a task of its own. `url` was read before, when the generation was made.
pub(crate) fn start(app: &App, id: String, run: u64, url: String, mishaps: Mishaps) {
    if let Some(work) = &app.config.work {
        return work.start(app.clone(), id, run);
    }
    let (began, of) = (Instant::now() + mishaps.late, id.clone());
    let work = Work { app: app.clone(), id, run, began, mishaps };
    watch(app.clone(), of, run, async move {
        // Over is no failure: the log says why.
        let _over = work.through(&url).await;
    });
}

/// Runs work as a task of its own. Work that breaks off in a panic has failed, and says so.
pub(crate) fn watch(app: App, id: String, run: u64, work: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(async move {
        if tokio::spawn(work).await.is_err_and(|error| error.is_panic()) {
            let message = "The work broke off because of a fault of ours. Try again.".to_owned();
            let failure = Failure { code: "broke_off".to_owned(), message, retryable: true };
            let _over = append(&app, &id, run, EventBody::Error(failure)).await;
        }
    });
}

/// Makes a generation, and begins its work. Whoever asked may be gone before the answer: what is made is worked on all the same.
///
/// # Errors
/// Those of the store. Then nothing was made.
pub(crate) async fn create(app: &App, new: NewRecord, mishaps: Mishaps) -> Result<Created, StoreError> {
    let app = app.clone();
    let (id, url) = (new.id.clone(), new.url.clone());
    to_its_end(async move {
        let created = app.store.create(new).await?;
        if created == Created::New {
            start(&app, id, 1, url, mishaps);
        }
        Ok(created)
    })
    .await
}

/// Begins the next run, with its work, if that may be now; the same holds.
///
/// # Errors
/// Those of the store. Then no run was begun.
pub(crate) async fn next_run(app: &App, id: &str, begin: Begin) -> Result<Next, StoreError> {
    let (app, id) = (app.clone(), id.to_owned());
    to_its_end(async move {
        let next = app.store.next_run(&id, begin).await?;
        if let Next::Run(run, url) = &next {
            start(&app, id, *run, url.clone(), Mishaps::default());
        }
        Ok(next)
    })
    .await
}

/// A task of its own, which goes on if nobody waits for it any more.
async fn to_its_end<T: Send + 'static>(
    task: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(task).await.unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())))
}

/// So many runs, and the work is not begun once more by itself: it may be what ends the server.
const RUNS_MAX: u64 = 20;

/// Begins again what was under way when the last process ended: as the next run, or as a failure that may be tried again.
/// It has begun when this is over; where the store fails, it is tried again.
pub(crate) async fn resume(app: &App) {
    for (id, run) in app.store.unfinished() {
        if let Err(error) = resume_one(app, &id, run).await {
            tracing::error!(%error, "work could not be begun again");
            tokio::spawn(resume_later(app.clone(), id, run));
        }
    }
}

async fn resume_later(app: App, id: String, run: u64) {
    let mut pause = STORE_PAUSE;
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(STORE_PAUSE_MAX),
            () = app.closed() => return,
        }
        match resume_one(&app, &id, run).await {
            Ok(()) => return,
            Err(error) => tracing::error!(%error, "work could not be begun again"),
        }
    }
}

async fn resume_one(app: &App, id: &str, run: u64) -> Result<(), StoreError> {
    if run < RUNS_MAX {
        return next_run(app, id, Begin::Anyway).await.map(drop);
    }
    let message = "The server was stopped while it worked on this. Try again.".to_owned();
    let failure = Failure { code: "interrupted".to_owned(), message, retryable: true };
    app.append(id, run, EventBody::Error(failure)).await.map(drop)
}

/// While the store fails (its disk is full, say) the work waits, and viewers see that nothing comes: nothing is said that is not
/// kept.
pub(crate) async fn append(app: &App, id: &str, run: u64, body: EventBody) -> Result<Head, Over> {
    let mut pause = STORE_PAUSE;
    loop {
        match app.append(id, run, body.clone()).await {
            Ok(Appended::At(head)) => return Ok(head),
            Ok(Appended::Over) => return Err(Over),
            Err(_) if *app.closing.borrow() => return Err(Over),
            Err(error) => tracing::error!(%error, "an event could not be kept"),
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(STORE_PAUSE_MAX),
            () = app.closed() => return Err(Over),
        }
    }
}

struct Work {
    app: App,
    id: String,
    run: u64,
    began: Instant,
    mishaps: Mishaps,
}

impl Work {
    async fn through(mut self, url: &str) -> Result<(), Over> {
        sleep_until(self.began).await;
        self.status(0, 0.0).await?;
        let place = match place::read(url) {
            Ok(place) => place,
            Err(error) => return self.fail(error.code(), &error.to_string(), false).await,
        };
        self.reach(PLACE_READ).await;
        self.say(EventBody::Preview(page::first_card(&place))).await?;

        self.status(1, PLACE_READ).await?;
        let Some((brief, html)) = self.write(place).await else {
            return self.fail("page_failed", "The page could not be written. Try again.", true).await;
        };
        self.catch_up(FACTS_FOUND);
        self.reach(FACTS_FOUND).await;
        self.say(EventBody::Preview(brief.card())).await?;
        self.status(1, FACTS_FOUND).await?;
        self.reach(BRIEF_WRITTEN).await;

        self.status(2, BRIEF_WRITTEN).await?;
        self.send(&html).await?;
        self.done(&brief, html.len() as u64).await
    }

    /// Facts and page at once, off the tasks that serve: the gazetteer is built on first use.
    async fn write(&self, place: Place) -> Option<(Brief, String)> {
        let gazetteer = self.app.gazetteer.clone();
        let written = tokio::task::spawn_blocking(move || {
            let brief = Brief::new(place, &gazetteer);
            page::render(&brief).map(|html| (brief, html))
        });
        written.await.ok()?.map_err(|error| tracing::error!(%error, "a page could not be written")).ok()
    }

    async fn send(&mut self, html: &str) -> Result<(), Over> {
        let mut offset = 0;
        let pieces = pieces::cut(html);
        for (n, piece) in pieces.iter().enumerate() {
            self.reach(BRIEF_WRITTEN + (1.0 - BRIEF_WRITTEN) * piece.when).await;
            self.say(EventBody::Html { offset, text: piece.text.to_owned() }).await?;
            offset += piece.text.len() as u64;
            if n % 6 == 5 {
                self.status(2, BRIEF_WRITTEN + (1.0 - BRIEF_WRITTEN) * (offset as f64 / html.len() as f64))
                    .await?;
            }
        }
        Ok(())
    }

    async fn done(&mut self, brief: &Brief, html_len: u64) -> Result<(), Over> {
        self.status(2, 1.0).await?;
        let key = self.app.store.page_key(&self.id).ok_or(Over)?;
        let result = PageResult { url: Some(format!("/pages/{key}")), title: Some(brief.title().to_owned()) };
        self.say(EventBody::Done { html_len, result }).await
    }

    async fn fail(&mut self, code: &str, message: &str, retryable: bool) -> Result<(), Over> {
        let failure = Failure { code: code.to_owned(), message: message.to_owned(), retryable };
        self.say(EventBody::Error(failure)).await
    }

    /// Waits until `share` of the whole time has gone by.
    async fn reach(&self, share: f64) {
        sleep_until(self.began + self.app.config.generation_time.mul_f64(share)).await;
    }

    /// If the work took longer than its share, the rest keeps its pace instead of coming at once.
    fn catch_up(&mut self, share: f64) {
        let due = self.began + self.app.config.generation_time.mul_f64(share);
        self.began += Instant::now().saturating_duration_since(due);
    }

    async fn status(&mut self, step: usize, progress: f64) -> Result<(), Over> {
        let (name, label) = STEPS.get(step).copied().unwrap_or_default();
        let progress = (progress * 1000.0).round() / 1000.0;
        self.say(EventBody::Status {
            step: name.to_owned(),
            label: Some(label.to_owned()),
            progress: Some(progress),
        })
        .await
    }

    async fn say(&mut self, body: EventBody) -> Result<(), Over> {
        match append(&self.app, &self.id, self.run, body).await? {
            head if !head.ended => self.mishap(head).await,
            _ => Ok(()),
        }
    }

    async fn mishap(&mut self, head: Head) -> Result<(), Over> {
        let at = Some(head.seq);
        if self.mishaps.fails_at == at {
            self.mishaps = Mishaps::default();
            let message = "The writer lost its thread. Try again.".to_owned();
            let failure = Failure { code: "writer_failed".to_owned(), message, retryable: true };
            let _ = self.app.append(&self.id, self.run, EventBody::Error(failure)).await;
            return Err(Over);
        }
        if self.mishaps.restarts_at == at {
            let _ = next_run(&self.app, &self.id, Begin::Anyway).await;
            return Err(Over);
        }
        if head.seq == PAUSE_AT {
            self.began += self.mishaps.pause;
            sleep_until(Instant::now() + self.mishaps.pause).await;
        }
        Ok(())
    }
}
