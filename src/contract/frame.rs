//! What one frame of the event stream carries: a `hello`, or one numbered event.
//!
//! Frames are read by their type ([`UnreadFrame`]), and written from one flat struct ([`WireFrame`]). It never decides whether a frame fits what came before.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer};

use super::json::{self, FromObject, Object, Unfit};
use super::{Card, Failure, PageResult};

/// First frame of a connection, repeated as its heartbeat. It has neither an id nor a `seq`.
///
/// `after` is the last event that will *not* be sent on this connection, `head` the newest that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hello {
    /// The run whose events follow.
    pub run: u64,
    /// The events after this `seq` follow.
    pub after: u64,
    /// The newest `seq` there is.
    pub head: u64,
    /// The server's clock, RFC 3339.
    pub now: Option<String>,
    /// How often a heartbeat comes, in milliseconds.
    pub heartbeat_ms: Option<u64>,
}

/// One event of a generation's log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number: from 1, without gaps inside a run.
    pub seq: u64,
    /// When it happened by the server's clock, RFC 3339.
    pub at: Option<String>,
    /// What happened.
    pub body: EventBody,
}

/// What an event says.
#[derive(Clone, Debug, PartialEq)]
pub enum EventBody {
    /// The step that now runs, and how far the whole is.
    Status {
        /// The step's name.
        step: String,
        /// The server's word for it.
        label: Option<String>,
        /// 0 to 1; never goes back.
        progress: Option<f64>,
    },
    /// The card; the last one wins.
    Preview(Card),
    /// The next piece of the page, at most 64 KiB.
    Html {
        /// Where it starts in the page, in UTF-8 bytes.
        offset: u64,
        /// The piece.
        text: String,
    },
    /// Terminal: the page is whole.
    Done {
        /// The page's length in UTF-8 bytes.
        html_len: u64,
        /// What was made.
        result: PageResult,
    },
    /// Terminal: the generation failed.
    Error(Failure),
    /// Terminal: it was cancelled.
    Cancelled,
    /// A type that this version does not know. It counts, and says nothing.
    Unknown,
}

impl EventBody {
    /// True for the three after which nothing comes.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self, EventBody::Done { .. } | EventBody::Error(_) | EventBody::Cancelled)
    }
}

/// One frame: what the `data:` of one server-sent event says.
///
/// ```
/// # use generation_screen::contract::*;
/// let read = |json: &str| serde_json::from_str::<UnreadFrame>(json).unwrap().read("message");
///
/// assert_eq!(
///     read(r#"{"type": "hello", "run": 1, "after": 0, "head": 3, "heartbeat_ms": 15000}"#),
///     Ok(Frame::Hello(Hello { run: 1, after: 0, head: 3, now: None, heartbeat_ms: Some(15_000) })),
/// );
/// for (json, terminal) in [
///     (r#"{"seq": 1, "at": "2026-03-01T10:00:00Z", "type": "status", "step": "place", "progress": 0.1}"#, false),
///     (r#"{"seq": 2, "type": "preview", "title": "Eiffel Tower", "subtitle": "Paris"}"#, false),
///     (r#"{"seq": 3, "type": "html", "offset": 0, "text": "<!doctype html>"}"#, false),
///     (r#"{"seq": 4, "type": "from a later version"}"#, false),
///     (r#"{"seq": 5, "type": "done", "html_len": 15, "result": {"url": "/pages/3f"}}"#, true),
///     (r#"{"seq": 5, "type": "error", "code": "quota", "message": "Full.", "retryable": true}"#, true),
///     (r#"{"seq": 5, "type": "cancelled"}"#, true),
/// ] {
///     let Ok(Frame::Event(event)) = read(json) else { panic!("{json}") };
///     assert_eq!(event.body.is_terminal(), terminal);
/// }
/// // An event without a number is malformed, whatever else it says.
/// assert!(read(r#"{"type": "html", "offset": 0, "text": ""}"#).is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Frame {
    /// Who speaks, and from where on.
    Hello(Hello),
    /// The next event.
    Event(Event),
}

/// A frame's JSON as it stands on the wire: every field of every type, each optional.
///
/// For writing: `WireFrame::from` an [`Event`] or a [`Hello`]. Reading is [`UnreadFrame`]'s.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the types above, under the same names")]
pub struct WireFrame {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heartbeat_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html_len: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<PageResult>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retryable: Option<bool>,
}

/// A frame that lacks what its type needs: something between the server and us is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedFrame {
    /// Name of the field that is missing, or has no fitting value.
    pub field: &'static str,
}

/// A frame's JSON, parsed but not read: what its fields mean depends on its type.
pub struct UnreadFrame<'a>(Object<'a>);

impl<'de> Deserialize<'de> for UnreadFrame<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::read_fields(deserializer).map(UnreadFrame)
    }
}

impl<'a> UnreadFrame<'a> {
    /// Parses JSON; nothing if that is none, or no object.
    #[must_use]
    pub fn from_json(text: &'a str) -> Option<Self> {
        json::object(text).map(UnreadFrame)
    }

    /// The frame that this JSON means. `event_name` is the server-sent event's own type, which counts where the
    /// JSON has no `type`. Of a type from a later version only the `seq` is read.
    ///
    /// # Errors
    /// [`MalformedFrame`] where `seq`, or a field that the type cannot do without, is missing or unfit.
    pub fn read(mut self, event_name: &str) -> Result<Frame, MalformedFrame> {
        self.take(event_name).map_err(|Unfit(field)| MalformedFrame { field })
    }

    fn take(&mut self, event_name: &str) -> Result<Frame, Unfit> {
        let fields = &mut self.0;
        let named: Option<Cow<'_, str>> = fields.optional("type")?;
        let kind = named.as_deref().unwrap_or(event_name);
        if kind == "hello" {
            return Ok(Frame::Hello(Hello {
                run: fields.needed("run")?,
                after: fields.needed("after")?,
                head: fields.needed("head")?,
                now: fields.optional("now")?,
                heartbeat_ms: fields.optional("heartbeat_ms")?,
            }));
        }
        let body = match kind {
            "status" => EventBody::Status {
                step: fields.needed("step")?,
                label: fields.optional("label")?,
                progress: fields.optional("progress")?,
            },
            "preview" => EventBody::Preview(Card::from_object(fields)?),
            "html" => EventBody::Html { offset: fields.needed("offset")?, text: fields.needed("text")? },
            "done" => EventBody::Done {
                html_len: fields.needed("html_len")?,
                result: fields.optional("result")?.unwrap_or_default(),
            },
            "error" => EventBody::Error(Failure::from_object(fields)?),
            "cancelled" => EventBody::Cancelled,
            _ => EventBody::Unknown,
        };
        Ok(Frame::Event(Event { seq: fields.needed("seq")?, at: fields.optional("at")?, body }))
    }
}

impl From<Hello> for WireFrame {
    fn from(hello: Hello) -> Self {
        WireFrame {
            kind: Some("hello".to_owned()),
            run: Some(hello.run),
            after: Some(hello.after),
            head: Some(hello.head),
            now: hello.now,
            heartbeat_ms: hello.heartbeat_ms,
            ..WireFrame::default()
        }
    }
}

impl From<Event> for WireFrame {
    fn from(event: Event) -> Self {
        let mut wire = WireFrame { seq: Some(event.seq), at: event.at, ..WireFrame::default() };
        let kind = match event.body {
            EventBody::Status { step, label, progress } => {
                (wire.step, wire.label, wire.progress) = (Some(step), label, progress);
                "status"
            }
            EventBody::Preview(card) => {
                (wire.title, wire.subtitle) = (Some(card.title), card.subtitle);
                (wire.summary, wire.image) = (card.summary, card.image);
                "preview"
            }
            EventBody::Html { offset, text } => {
                (wire.offset, wire.text) = (Some(offset), Some(text));
                "html"
            }
            EventBody::Done { html_len, result } => {
                (wire.html_len, wire.result) = (Some(html_len), Some(result));
                "done"
            }
            EventBody::Error(failure) => {
                (wire.code, wire.message) = (Some(failure.code), Some(failure.message));
                wire.retryable = Some(failure.retryable);
                "error"
            }
            EventBody::Cancelled => "cancelled",
            EventBody::Unknown => "unknown",
        };
        wire.kind = Some(kind.to_owned());
        wire
    }
}
