//! Levels 2 and 3: resume and held reads.

use contract_check::Point;
use serde_json::json;

use super::Row;
use crate::fault::{Fault, Habit};

pub(super) const ROWS: &[Row] = &[
    ("events without ids", Fault::frame(|f| f.id = None), &[Point::EventIds]),
    (
        "the same id twice",
        Fault::frame(|f| {
            if f.data["seq"] == 9 {
                f.id = Some("1-3".to_owned());
            }
        }),
        &[Point::EventIds],
    ),
    ("the last event again", Fault::habit(Habit::RepeatsOne), &[Point::Resume]),
    ("nothing after an unknown id", Fault::habit(Habit::UnknownIsEnd), &[Point::ResumeUnknown]),
    ("ids without a run", Fault::habit(Habit::IdsWithoutRun), &[Point::ResumeOlderRun]),
    ("an old event_id", Fault::habit(Habit::OldEventId), &[Point::StateEventId]),
    ("no event_id", Fault::state(|s| s["event_id"] = json!(null)), &[Point::StateEventId]),
    ("no Html-From", Fault::habit(Habit::HeaderFromIgnored), &[Point::HtmlFrom]),
    ("no html_from", Fault::habit(Habit::QueryFromIgnored), &[Point::HtmlFromQuery]),
    ("characters cut", Fault::habit(Habit::CutsForward), &[Point::HtmlFromCharacter]),
    ("nothing past the end", Fault::habit(Habit::NothingPastEnd), &[Point::HtmlFromPastEnd]),
    ("no tags", Fault::head(|h| drop(h.headers.remove("etag"))), &[Point::Etag]),
    ("one tag for all", Fault::habit(Habit::ConstantTag), &[Point::EtagChanges, Point::EtagForm]),
    ("never 304", Fault::habit(Habit::NeverNotModified), &[Point::NotModified]),
    ("tags of another form", Fault::habit(Habit::OtherTagForm), &[Point::EtagForm]),
    ("no held reads", Fault::habit(Habit::NeverHolds), &[Point::Held, Point::HeldAfterEnd]),
    ("reads held after the end only", Fault::habit(Habit::HoldsAfterEndOnly), &[Point::Held]),
    ("reads held while work runs only", Fault::habit(Habit::HoldsWhileRunningOnly), &[Point::HeldAfterEnd]),
    ("reads that sleep through", Fault::habit(Habit::SleepsThrough), &[Point::HeldWakes]),
    ("reads held for ever", Fault::habit(Habit::HoldsForEver), &[Point::HeldWaitOver]),
    ("old tags held", Fault::habit(Habit::HoldsOldTags), &[Point::HeldStaleTag]),
    (
        "holding without saying so",
        Fault::head(|h| drop(h.headers.remove("preference-applied"))),
        &[Point::PreferenceApplied],
    ),
    ("reads without a tag held", Fault::habit(Habit::HoldsWithoutTag), &[Point::HeldNeedsTag]),
];
