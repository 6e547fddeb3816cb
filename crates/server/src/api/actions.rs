//! `POST …/cancel` and `POST …/retry`: the only two things that people can do to a generation. Closing a connection is
//! not one of them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use generation_screen::contract::EventBody;

use super::Mine;
use super::state::respond;
use crate::app::App;
use crate::generator;
use crate::problem::Refusal;
use crate::store::{Appended, Begin, Next};

pub(super) async fn cancel(State(app): State<App>, mine: Mine) -> Result<Response, Refusal> {
    match app.append(&mine.id, mine.head.run, EventBody::Cancelled).await? {
        Appended::At(_) => respond(&app, &mine.id, 0, StatusCode::ACCEPTED).await,
        Appended::Over => {
            conflict(&app, &mine.id, "already_ended", "There is nothing to cancel: the work has ended.").await
        }
    }
}

pub(super) async fn retry(State(app): State<App>, mine: Mine) -> Result<Response, Refusal> {
    if *app.closing.borrow() {
        return Err(Refusal::stopping());
    }
    match generator::next_run(&app, &mine.id, Begin::AfterFailure).await? {
        Next::Run(..) => respond(&app, &mine.id, 0, StatusCode::ACCEPTED).await,
        Next::NotFailed => {
            let detail = "Only failed or cancelled work can be tried again.";
            conflict(&app, &mine.id, "not_failed", detail).await
        }
        Next::TooMany => Err(Refusal::too_many_running()),
    }
}

async fn conflict(app: &App, id: &str, code: &'static str, detail: &str) -> Result<Response, Refusal> {
    let state = app.store.state(id, 0).ok_or_else(Refusal::not_found)?;
    Err(Refusal::conflict(code, detail, state))
}
