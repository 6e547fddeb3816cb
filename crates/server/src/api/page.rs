//! `GET /pages/{key}`: a finished page, for whoever has its address. The page is text that a model might have written:
//! it runs nothing, loads nothing, and is listed nowhere.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::ids::ID_LEN;
use crate::problem::Refusal;

pub(super) async fn page(
    State(app): State<App>,
    key: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let key =
        key.map(|Path(key)| key).ok().filter(|key| key.len() == ID_LEN).ok_or_else(Refusal::not_found)?;
    let html = app.store.page(&key).ok_or_else(Refusal::not_found)?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
        (CACHE_CONTROL, "private, no-cache"),
    ];
    Ok((headers, html).into_response())
}
