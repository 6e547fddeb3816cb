//! For each point a server that breaks it: what it does otherwise, and which points that breaks. Where one fault cannot
//! but break two, both are named.

mod access;
mod advice;
mod resume;
mod truth;

use axum::http::{HeaderValue, StatusCode};
use contract_check::Point;
use serde_json::Value;

use crate::fault::{Asked, Fault, Frame, Head};

/// One row: the fault in words, the fault, the points that it breaks.
pub(crate) type Row = (&'static str, Fault, &'static [Point]);

/// All rows.
pub(crate) fn rows() -> impl Iterator<Item = Row> {
    [access::ROWS, truth::ROWS, advice::ROWS, resume::ROWS].into_iter().flatten().copied()
}

fn set(head: &mut Head<'_>, name: &'static str, value: &'static str) {
    head.headers.insert(name, HeaderValue::from_static(value));
}

fn status(head: &mut Head<'_>, asked: Asked, status: StatusCode) {
    if head.asked == asked && head.status.is_success() {
        *head.status = status;
    }
}

fn is(frame: &Frame, kind: &str) -> bool {
    frame.data["type"] == kind
}

fn is_ended(state: &Value) -> bool {
    state["status"] == "done"
}
